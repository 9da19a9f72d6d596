"""What the house knows about categories, kinds of event, services and statuses: data/*.json as frozen values."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from geo_server.operations import content as written
from geo_server.operations.checking import OTHER, Around
from geo_server.operations.content import Answer, Content, Urgency
from geo_server.operations.reading import read_files
from layers.values import Service, Title

DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer of several."""

    name: str
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the caller, and what kind of answer it has."""

    name: str
    title: Title
    answer: Answer
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of incident: whose it is, how urgent it is (1 highest – 4), what is asked.

    `urgency` is that of an ambulance's call; `units` how many of which service its plan sends at the first level.
    """

    name: str
    title: Title
    group: str
    priority: int
    urgency: Urgency | None
    questions: tuple[Question, ...]
    units: Mapping[Service, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """A kind of event, and the category it opens."""

    name: str
    title: Title
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKind:
    """A kind of unit, and the service that has it."""

    name: str
    title: Title
    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of it, by name; categories and plans as they stand in one version (0: the files themselves)."""

    version: int
    content: Content
    categories: Mapping[str, Category]
    questions: Mapping[str, Question]
    kinds: Mapping[str, EventKind]
    services: Mapping[Service, Title]
    unit_kinds: Mapping[str, UnitKind]
    skills: Mapping[str, Title]
    unit_statuses: Mapping[str, Title]
    event_states: Mapping[str, Title]
    incident_states: Mapping[str, Title]
    dispositions: Mapping[str, Title]

    def kind(self, name: str) -> EventKind:
        """Return the kind of that name; one nobody described is a report of an outside system."""
        return self.kinds.get(name, self.kinds["outside"])

    def category(self, name: str) -> Category:
        """Return the category of that name; one that is no longer kept is `other`."""
        return self.categories.get(name, self.categories[OTHER])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What the files alone say, in every version alike."""

    kinds: Mapping[str, EventKind]
    services: Mapping[Service, Title]
    unit_kinds: Mapping[str, UnitKind]
    skills: Mapping[str, Title]
    unit_statuses: Mapping[str, Title]
    event_states: Mapping[str, Title]
    incident_states: Mapping[str, Title]
    dispositions: Mapping[str, Title]


@cache
def catalogue(folder: Path = DATA) -> Catalogue:
    """Read the files once. Raises ValueError where one is wrong or names what is not there."""
    return catalogue_of(read_files(folder, around(folder)), 0, folder)


def around(
    folder: Path = DATA,
    borne: Mapping[str, Collection[Service]] | None = None,
    able: Collection[str] = (),
    areas: Collection[str] | None = None,
) -> Around:
    """Return what plans may name beside themselves.

    `borne` are kinds that units of the store have, by service; `able` the skills that they have and what they carry,
    `areas` the codes of the store's areas.
    """
    more = fixed(folder)
    listed = {name: {kind.service} | set((borne or {}).get(name, ())) for name, kind in more.unit_kinds.items()}
    return Around(
        unit_kinds={**(borne or {}), **listed},
        skills={*more.skills, *able},
        opens={name: kind.category for name, kind in more.kinds.items()},
        areas=areas,
    )


def catalogue_of(content: Content, version: int, folder: Path = DATA) -> Catalogue:
    """Return the catalogue of one version of the plans."""
    more = fixed(folder)
    questions = {name: _question(name, row) for name, row in content.questions.items()}
    return Catalogue(
        version=version,
        content=content,
        categories={name: _category(content, questions, name) for name in content.categories},
        questions=questions,
        kinds=more.kinds,
        services=more.services,
        unit_kinds=more.unit_kinds,
        skills=more.skills,
        unit_statuses=more.unit_statuses,
        event_states=more.event_states,
        incident_states=more.incident_states,
        dispositions=more.dispositions,
    )


@cache
def fixed(folder: Path = DATA) -> Fixed:
    """Read once what no version of the plans changes. Raises ValueError or KeyError where a file is wrong."""
    statuses = _read(folder / "statuses.json")
    return Fixed(
        kinds={name: _kind(name, row) for name, row in _read(folder / "event_kinds.json").items()},
        services={Service(name): _title(row) for name, row in _read(folder / "services.json").items()},
        unit_kinds={name: _unit_kind(name, row) for name, row in _read(folder / "unit_kinds.json").items()},
        skills={name: _title(row) for name, row in _read(folder / "skills.json").items()},
        unit_statuses=_titles(statuses["units"]),
        event_states=_titles(statuses["events"]),
        incident_states=_titles(statuses["incidents"]),
        dispositions=_titles(statuses["dispositions"]),
    )


def _read(file: Path) -> dict[str, Any]:
    rows = orjson.loads(file.read_bytes())
    return {str(name): row for name, row in rows.items()}


def _titles(words: Mapping[str, Mapping[str, str]]) -> Mapping[str, Title]:
    return {name: Title(**word) for name, word in words.items()}


def _title(row: Mapping[str, Any]) -> Title:
    return Title(**row["title"])


def _question(name: str, row: written.Question) -> Question:
    choices = tuple(Choice(name=choice.name, title=choice.title.title()) for choice in row.choices)
    return Question(name=name, title=row.title.title(), answer=row.answer, choices=choices)


def _category(content: Content, questions: Mapping[str, Question], name: str) -> Category:
    row, units = content.categories[name], Counter[Service]()
    for need in content.plans[name].levels[0].needs:
        units[need.service] += need.count
    return Category(
        name=name,
        title=row.title.title(),
        group=row.group,
        priority=row.priority,
        urgency=row.urgency,
        questions=tuple(questions[asked] for asked in row.asks),
        units=dict(units),
    )


def _kind(name: str, row: Mapping[str, Any]) -> EventKind:
    return EventKind(
        name=name,
        title=_title(row),
        category=row["category"],
    )


def _unit_kind(name: str, row: Mapping[str, Any]) -> UnitKind:
    return UnitKind(name=name, title=_title(row), service=Service(row["service"]))
