"""Speed, measured by `./qyran bench`: each bench measures on a database of its own and answers with figures."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure beside its floor, both of the same run.

    `ratio` is value / floor (None where there is no floor); `asked` says what was asked, in words such as
    "p99 <= 250 ms"; `holds` whether the figure keeps to it (None where nothing was asked).
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    asked: str | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a bench stands on: a fresh migrated database of its own (no areas, no rows), and the home folder."""

    database_url: str
    home: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One bench: its name on the command line, what it measures, and how."""

    name: str
    about: str
    run: Callable[[Ground], Awaitable[Sequence[Figure]]]
