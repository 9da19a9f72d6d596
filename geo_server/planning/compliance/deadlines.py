"""By when a camera has to comply (Almaty 213, art. 6): new ones at once, older private ones until 1 January 2026."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geo_server.planning.compliance.words import words

Grounds = Literal["installed", "older_private", "older_state", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The day by which it has to comply, None where there is none or nobody knows; and on what grounds."""

    day: date | None
    why: Grounds


def deadline(installed_on: date | None, owner_kind: str) -> Deadline:
    """Return a camera's deadline; an older camera of the state has none, for the article names private ones alone."""
    if installed_on is None:
        return Deadline(day=None, why="unknown")
    if installed_on >= words().newly_installed_from:
        return Deadline(day=installed_on, why="installed")
    if owner_kind == "private":
        return Deadline(day=words().older_private_until, why="older_private")
    return Deadline(day=None, why="older_state")
