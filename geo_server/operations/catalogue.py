"""What the house knows about categories, kinds of event, services and statuses: data/*.json as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from layers.values import Service, Title

DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of incident: how urgent it is (1 highest – 4) and how many units of which service it wants."""

    name: str
    title: Title
    priority: int
    units: Mapping[Service, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """A kind of event: the category it opens, and how near in metres and seconds an incident must be to be joined."""

    name: str
    title: Title
    category: str
    join_radius_m: float
    join_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of it, by name."""

    categories: Mapping[str, Category]
    kinds: Mapping[str, EventKind]
    services: Mapping[Service, Title]
    unit_statuses: Mapping[str, Title]
    event_states: Mapping[str, Title]

    def kind(self, name: str) -> EventKind:
        """Return the kind of that name; one nobody described is a report of an outside system."""
        return self.kinds.get(name, self.kinds["outside"])

    def category(self, name: str) -> Category:
        """Return the category of that name; one that is no longer kept is `other`."""
        return self.categories.get(name, self.categories["other"])


@cache
def catalogue(folder: Path = DATA) -> Catalogue:
    """Read the four files once; KeyError or ValueError where one names what another does not have."""
    categories = {name: _category(name, row) for name, row in _read(folder / "categories.json").items()}
    kinds = {name: _kind(name, row) for name, row in _read(folder / "event_kinds.json").items()}
    services = {Service(name): _title(row) for name, row in _read(folder / "services.json").items()}
    statuses = _read(folder / "statuses.json")
    for kind in kinds.values():
        categories[kind.category]
    return Catalogue(
        categories=categories,
        kinds=kinds,
        services=services,
        unit_statuses=_titles(statuses["units"]),
        event_states=_titles(statuses["events"]),
    )


def _read(file: Path) -> dict[str, Any]:
    rows = orjson.loads(file.read_bytes())
    return {str(name): row for name, row in rows.items()}


def _titles(words: Mapping[str, Mapping[str, str]]) -> Mapping[str, Title]:
    return {name: Title(**word) for name, word in words.items()}


def _title(row: Mapping[str, Any]) -> Title:
    return Title(**row["title"])


def _category(name: str, row: Mapping[str, Any]) -> Category:
    units = {Service(service): int(count) for service, count in row["units"].items()}
    return Category(name=name, title=_title(row), priority=int(row["priority"]), units=units)


def _kind(name: str, row: Mapping[str, Any]) -> EventKind:
    return EventKind(
        name=name,
        title=_title(row),
        category=row["category"],
        join_radius_m=float(row["join_radius_m"]),
        join_s=float(row["join_s"]),
    )
