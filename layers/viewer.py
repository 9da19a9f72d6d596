"""Who is looking: every question about territory-bound rows takes one."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from layers.values import Role

Sight = tuple[int, tuple[int, ...], tuple[int, ...], int | None]
SIGHTS_KEPT = 256

_T = TypeVar("_T")
_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A signed-in account as the ground floor needs to know it.

    `unit_id` is the one unit of a crew, which sees its own unit and the incident it is bound to, and no area at all.
    `area_id` is the area entered, `own_area_id` the one the account answers for: the same, or above it. `also_areas`
    and `also_incidents` are what other areas granted to the own one; they count only while that is the one entered.
    """

    account_id: int
    name: str
    role: Role
    area_id: int
    own_area_id: int
    also_areas: tuple[int, ...] = ()
    also_incidents: tuple[int, ...] = ()
    unit_id: int | None = None


def sight(viewer: Viewer) -> Sight:
    """Return what decides which rows a viewer sees; those of the same sight share what is kept of an answer."""
    return viewer.area_id, viewer.also_areas, viewer.also_incidents, viewer.unit_id


def built_once(build: Callable[Concatenate[Viewer, _P], _T]) -> Callable[Concatenate[Viewer, _P], _T]:
    """Let a question be built once for all viewers of one sight: building it takes longer than the store's answer.

    It may hold of the viewer nothing but what decides the sight, and no moment: whatever else is asked is bound.
    """
    kept: dict[Hashable, _T] = {}

    @wraps(build)
    def built(viewer: Viewer, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        key = (sight(viewer), args, tuple(kwargs.items()))
        found = kept.get(key)
        if found is None:
            while len(kept) >= SIGHTS_KEPT:
                kept.pop(next(iter(kept)))
            found = kept[key] = build(viewer, *args, **kwargs)
        return found

    return built
