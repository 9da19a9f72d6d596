"""The hotlist in memory: whether a plate is looked for at a camera at a moment. Nobody asks the store for a plate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from layers.hotlist.schema import Wanted


class Hotlist(Protocol):
    """Whatever knows which plates are looked for."""

    def wanted(self, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
        """Return the entries that stand at this moment for this plate where this camera stands."""
        ...


class NothingWanted:
    """A hotlist without entries, for where there is none."""

    def wanted(self, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
        """Return nothing."""
        return ()


NOTHING_WANTED = NothingWanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The list as it was read last; it is replaced whole, so that a reader on another thread meets one or the other."""

    by_plate: Mapping[str, tuple[Wanted, ...]] = field(default_factory=dict)
    areas: Mapping[int, frozenset[int]] = field(default_factory=dict)


class LiveHotlist:
    """A hotlist that somebody keeps fresh (`ingest/plates/keeping.py`); it may be asked from any thread."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known = _Known()

    def learn(self, entries: Iterable[Wanted], areas: Mapping[int, frozenset[int]]) -> None:
        """Take the entries that stand, and the areas that each camera stands in, its own and all above."""
        by_plate: dict[str, tuple[Wanted, ...]] = {}
        for entry in entries:
            by_plate[entry.plate] = (*by_plate.get(entry.plate, ()), entry)
        self._known = _Known(by_plate=by_plate, areas=areas)

    def wanted(self, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
        """Return the entries that stand at this moment for this plate where this camera stands."""
        known = self._known
        inside = known.areas.get(camera_id, frozenset())
        found = known.by_plate.get(plate, ())
        return tuple(one for one in found if one.area_id in inside and one.begins_at <= at < one.ends_at)
