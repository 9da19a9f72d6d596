"""The card of an incident as a page that prints: nothing of it is fetched from anywhere."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from geo_server.operations.catalogue import catalogue
from geo_server.record import telling, words
from geo_server.record.schema import Language, LogLine, Record
from layers.dispatches.schema import Dispatch
from layers.incidents.schema import Incident

# Families of the system that hold every letter of Kazakh; the last is whatever stands in for a sans.
FONT = '"Noto Sans", "DejaVu Sans", sans-serif'
_TWICE = frozenset({"dispatched", "status"})  # what the dispatches' own lines say with both clocks
Row = tuple[str, ...]
Sheet = tuple[str, Row, Sequence[Row]]


def html(record: Record, language: Language) -> str:
    """Return the card as one HTML document; whatever anyone typed stands in it as text."""
    made = f"{words.say('made', language)}: {record.made_by}, {words.clock(record.made_at)}"
    sheets = _sheets(record, language)
    return (
        _environment()
        .get_template("card.html")
        .render(
            language=language,
            font=Markup(FONT),
            say=lambda word: words.say(word, language),
            record=record,
            incident=record.incident,
            category=words.title(record.category, language),
            area=words.title(record.area, language),
            made=made,
            facts=_facts(record, language),
            tables=sheets,
            times={name: {n for n, head in enumerate(heads) if head in _clocks(language)} for name, heads, _ in sheets},
        )
    )


def log_rows(lines: Sequence[LogLine], language: Language) -> list[Row]:
    """Return the log as rows: server time, device time, who, what, details."""
    return [
        (
            words.clock(line.at),
            words.clock(line.device_at),
            line.who,
            words.what(line, language),
            telling.details(line, language),
        )
        for line in lines
    ]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    made.filters["css"] = _css
    return made


def _css(told: str) -> Markup:
    """Return a text as the inside of a CSS string: whatever could end it or the sheet is written by its number."""
    return Markup(
        "".join(letter if letter.isalnum() or letter in " .,:-" else f"\\{ord(letter):06x}" for letter in told)
    )


def _clocks(language: Language) -> frozenset[str]:
    own = {words.say(name, language) for name in ("server_time", "device_time", "rang", "answered", "opened")}
    return frozenset(own | {words.status(name, language) for name in _STEPS})


_LOG = ("server_time", "device_time", "who", "done", "details")
_STEPS = ("dispatched", "acknowledged", "enroute", "onscene", "clear")


def _facts(record: Record, language: Language) -> list[tuple[str, str]]:
    one = record.incident
    caller = one.caller
    told = {
        "state": words.state(one.state.value, language),
        "priority": str(one.priority),
        "alarm": str(one.alarm) if one.alarm > 1 else "",
        "urgency": one.urgency or "",
        "opened": words.clock(one.opened_at),
        "closed": words.clock(one.closed_at),
        "by": one.opened_by,
        "what": one.description,
        "address": one.address or "",
        "place": f"{one.place.lat:.6f}, {one.place.lon:.6f}",
        "area": words.title(one.area.name, language),
        "caller": ", ".join(part for part in (caller.name, caller.phone) if part) if caller else "",
        "disposition": "\n".join(_dispositions(one, language)),
    }
    return [(words.say(name, language), value) for name, value in told.items() if value]


def _dispositions(one: Incident, language: Language) -> list[str]:
    known = catalogue()
    return [
        " · ".join(
            part
            for part in (
                words.title(known.services[told.service], language),
                words.title(known.dispositions[told.code], language) if told.code in known.dispositions else told.code,
                told.note,
            )
            if part
        )
        for told in one.disposition
    ]


def _sheets(record: Record, language: Language) -> list[Sheet]:
    def heads(*names: str) -> Row:
        return tuple(words.say(name, language) for name in names)

    known = catalogue()
    steps = tuple(words.status(name, language) for name in _STEPS)
    events = [
        (words.clock(event.at), words.title(known.kind(event.kind).title, language), _said(event.details))
        for event in record.events
    ]
    calls = [
        (words.clock(call.rang_at), words.clock(call.answered_at), words.told_by(call, record.questions, language))
        for call in record.calls
    ]
    # But where a unit was diverted to, or from where, no line of a dispatch says.
    twice = [
        line.source == "incident" and line.kind in _TWICE and not line.details.keys() & {"to", "from"}
        for line in record.log
    ]
    log = [line for line, told in zip(record.log, twice, strict=True) if not told]
    return [
        (words.say("dispatches", language), (*heads("unit", "service"), *steps), _units(record.dispatches, language)),
        (words.say("events", language), heads("server_time", "event", "details"), events),
        (words.say("calls", language), heads("rang", "answered", "said"), calls),
        (words.say("log", language), heads(*_LOG), log_rows(log, language)),
    ]  # fmt: skip


def _units(sent: Sequence[Dispatch], language: Language) -> list[Row]:
    known = catalogue()

    def row(dispatch: Dispatch) -> Row:
        at = {entry.status.value: words.clock(entry.at, day=False) for entry in reversed(dispatch.entries)}
        unit = dispatch.unit
        return (unit.call_sign, words.title(known.services[unit.service], language), *(at.get(s, "") for s in _STEPS))

    return [row(dispatch) for dispatch in sent]


def _said(details: object) -> str:
    told = details.get("description") if isinstance(details, dict) else None
    return told if isinstance(told, str) else ""
