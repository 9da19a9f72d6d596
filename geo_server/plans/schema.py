"""Versions, regimes and ticks as they are handed on."""

from dataclasses import dataclass
from datetime import datetime

from geo_server.operations.content import Content, Regime
from layers.areas.schema import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the plans, without what it holds; `from_files` where it is what data/ says."""

    id: int
    made_at: datetime
    made_by: str
    note: str
    from_files: bool
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What is to be the newest version."""

    content: Content
    sha256: str
    made_by: str
    note: str
    from_files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRegime:
    """A regime that was set for an area, and why."""

    area: Area
    name: Regime
    reason: str
    set_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeNow:
    """The regime an area works in, and where it is set: at the area or above it; None where nobody set any."""

    name: Regime
    by: SetRegime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of a checklist that somebody marked as done, or as not done after all."""

    item: str
    done: bool
    at: datetime
    who: str
