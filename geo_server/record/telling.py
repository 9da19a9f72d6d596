"""What a line of the log tells beyond its kind, in the three languages; the windows' `told.ts` says much the same."""

from collections.abc import Mapping
from typing import Any

from geo_server.operations.catalogue import catalogue
from geo_server.record import words
from geo_server.record.schema import Language, LogLine
from layers.values import Service

_OF_CALL = ("line", "phone", "caller_name", "address", "common_name")
_SAID = ("text", "note", "reason", "said")
_OTHERS = ("of", "into", "other")


def details(line: LogLine, language: Language) -> str:
    """Return what is told: what was asked and answered, from what to what and why, units, what was written."""
    told = line.details
    parts = [_named(told.get(name), language) for name in _OTHERS]
    parts += [_moved(line, language), *_urgent(line, language), *_because(told, language), _regime(told, language)]
    parts += [_ticked(told), _clock(told, language), line.subject, told.get("call_sign") or told.get("unit")]
    parts += [_listed(told.get("units")), _status(told, language), *_of_call(line, language)]
    parts += [_left_out(told, language), *(told.get(name) for name in _SAID), (told.get("was") or {}).get("said")]
    parts += words.answers(told.get("answers") or {}, catalogue().questions, language)
    return " · ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))


def _moved(line: LogLine, language: Language) -> str | None:
    """Return from what to what; of one side alone what it is, an incident with the word for where it is."""
    ends = {name: line.details.get(name) for name in ("from", "to")}
    said = {name: _end(value, line, language) for name, value in ends.items()}
    if said["from"] and said["to"]:
        return said["to"] if said["from"] == said["to"] else f"{said['from']} → {said['to']}"
    for name in ("to", "from"):
        value = ends[name]
        if isinstance(value, Mapping) and "number" in value:
            return f"{words.say(name, language)}: {said[name]}"
    return said["to"]


def _end(value: Any, line: LogLine, language: Language) -> str | None:
    if line.source == "incident" and line.kind == "category":
        return words.category(str(value), language)
    if line.source == "incident" and line.kind == "state":
        return words.state(str(value), language)
    return _named(value, language) or (str(value) if isinstance(value, (str, int)) else None)


def _named(value: Any, language: Language) -> str | None:
    """Return an incident by its number, an area or a question by its title, a place by its address or where it lies."""
    if not isinstance(value, Mapping):
        return None
    told = value.get("number") or value.get(language) or value.get("address")
    return told or (f"{value['lat']:.6f}, {value['lon']:.6f}" if "lat" in value and "lon" in value else None)


def _urgent(line: LogLine, language: Language) -> list[str]:
    """Return what another category made of priority and urgency."""
    told = {name: line.details.get(name) for name in ("priority", "urgency")} if line.kind == "category" else {}
    return [f"{words.say(name, language)}: {value}" for name, value in told.items() if value]


def _because(told: Mapping[str, Any], language: Language) -> list[str | None]:
    why = told.get("because")
    return [_named(one, language) for one in why] if isinstance(why, list) else []


def _regime(told: Mapping[str, Any], language: Language) -> str | None:
    return words.window(f"regime.{told['regime']}", language) if "regime" in told else None


def _ticked(told: Mapping[str, Any]) -> str | None:
    item = told.get("item")
    if not isinstance(item, str):
        return None
    return f"{'✓' if told.get('done') else '✗'} {item.rpartition('.')[2].replace('_', ' ')}"


def _clock(told: Mapping[str, Any], language: Language) -> str | None:
    """Return which clock ran out, of which service, and its target."""
    name, service, target_s = told.get("clock"), told.get("service"), told.get("target_s")
    if not isinstance(name, str):
        return None
    whose = words.title(catalogue().services[Service(service)], language) if service else None
    target = (words.window("clock.target", language) or "{time}") if isinstance(target_s, int) else None
    time = "{}:{:02}".format(*divmod(target_s or 0, 60))
    return " · ".join(
        filter(None, (whose, words.window(f"clock.name.{name}", language) or name, target and target.format(time=time)))
    )


def _status(told: Mapping[str, Any], language: Language) -> str | None:
    return words.status(str(told["status"]), language) if "status" in told else None


def _of_call(line: LogLine, language: Language) -> list[str]:
    """Return what was told of a call later or noted, each by the name of its field."""
    if line.source != "call":
        return []
    told = {name: line.details[name] for name in _OF_CALL if isinstance(line.details.get(name), str)}
    named = [f"{words.window(f'call.field.{name}', language) or name}: {text}" for name, text in told.items() if text]
    category = line.details.get("category")
    return [*([words.category(category, language)] if isinstance(category, str) else []), *named]


def _left_out(told: Mapping[str, Any], language: Language) -> str | None:
    """Return how many notes of a document had no room."""
    left = told.get("left_out")
    return f"{words.window('exchange.part.notesComponent', language)}: {left}" if isinstance(left, int) else None


def _listed(value: Any) -> str | None:
    return ", ".join(map(str, value)) if isinstance(value, list) else None
