"""Every router, the one to be asked first on top; the last answers always."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from geo_server.routing.router import Router
from geo_server.routing.straight_line import StraightLine
from layers.values import LonLat

if TYPE_CHECKING:  # at run time it comes with the roads themselves: see `geo_server.routing.roads`
    from geo_server.routing.road_router import RoadRouter

Roads: TypeAlias = "RoadRouter | None"  # None while the roads are not loaded, or there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A router by name, and how to have it for a place: None where it cannot serve there."""

    name: str
    serve: Callable[[Roads, LonLat], Router | None]


def _by_road(roads: Roads, place: LonLat) -> Router | None:
    return roads if roads is not None and roads.has_road(place) else None


def _straight(_roads: Roads, _place: LonLat) -> Router | None:
    return StraightLine()


ROUTERS: tuple[Entry, ...] = (
    Entry(name="road graph", serve=_by_road),
    Entry(name="straight line", serve=_straight),
)


def router_for(roads: Roads, place: LonLat) -> Router:
    """Return the first router that serves the place."""
    return next(router for entry in ROUTERS if (router := entry.serve(roads, place)) is not None)
