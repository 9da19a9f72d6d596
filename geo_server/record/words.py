"""What the record says in the three languages: its own words, and those of the windows where they have them."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from geo_server.operations.catalogue import DATA, Question, catalogue
from geo_server.record.schema import Language, LogLine
from layers.calls.schema import Call
from layers.values import Title

ZONE = timezone(timedelta(hours=5))  # the one zone of the country since 2024-03


@cache
def _own(folder: Path = DATA) -> Mapping[str, Mapping[str, str]]:
    read: dict[str, dict[str, str]] = orjson.loads((folder / "record.json").read_bytes())
    return read


@cache
def _windows(language: Language, folder: Path = DATA) -> Mapping[str, Any]:
    read: dict[str, Any] = orjson.loads((folder / "words" / f"{language}.json").read_bytes())
    return read


def say(word: str, language: Language) -> str:
    """Return a word of the record; KeyError where it has none of that name."""
    return _own()[word][language]


def title(of: Title, language: Language) -> str:
    """Return a title in a language."""
    return str(getattr(of, language))


def clock(at: datetime | None, *, day: bool = True) -> str:
    """Return a moment as the wall clock of the country says it; nothing where there is none."""
    if at is None:
        return ""
    return at.astimezone(ZONE).strftime("%d.%m.%Y %H:%M:%S" if day else "%H:%M:%S")


def status(name: str, language: Language) -> str:
    """Return a unit's status as people say it."""
    known = catalogue().unit_statuses.get(name)
    return name if known is None else title(known, language)


def state(name: str, language: Language) -> str:
    """Return an incident's state as people say it."""
    known = catalogue().incident_states.get(name)
    return name if known is None else title(known, language)


def category(name: str, language: Language) -> str:
    """Return a category as people say it; one that the files no longer have by its name."""
    known = catalogue().categories.get(name)
    return name if known is None else title(known.title, language)


def window(word: str, language: Language) -> str | None:
    """Return a word of the windows; None where they have none of that name, or one that counts."""
    told = _windows(language).get(word)
    return told if isinstance(told, str) else None


def what(line: LogLine, language: Language) -> str:
    """Return what a line says was done."""
    if line.source == "dispatch":
        return status(line.kind, language)
    family = {"incident": "timeline", "call": "call.entry", "notice": "notice.state"}[line.source]
    told = window(f"{family}.{line.kind}", language) or line.kind.replace("_", " ")
    return told if line.source == "incident" else f"{say(f'source.{line.source}', language)}: {told}"


def told_by(call: Call, questions: Mapping[str, Question], language: Language) -> str:
    """Return what a caller said, and what they answered, a line each."""
    return "\n".join(filter(None, (call.said, *answers(call.answers, questions, language))))


def answers(given: Mapping[str, str | None], questions: Mapping[str, Question], language: Language) -> list[str]:
    """Return what a caller answered, a line a question; of one that nobody knows any more its name."""
    return [
        f"{_asked(questions.get(name), name, language)} {_answered(questions.get(name), value, language)}"
        for name, value in given.items()
    ]


def _asked(question: Question | None, name: str, language: Language) -> str:
    return f"{name.replace('_', ' ')}:" if question is None else title(question.title, language)


def _answered(question: Question | None, value: str | None, language: Language) -> str:
    if value is None:
        return "—"
    if question is not None and question.answer == "yes_no" and value in ("yes", "no"):
        return str(_windows(language)[value])
    named = () if question is None else question.choices
    return next((title(choice.title, language) for choice in named if choice.name == value), value)
