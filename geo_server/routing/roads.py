"""The roads as they stand now: loaded at start in a thread, masked anew when a closure comes or goes."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.routing import road_graph
from geo_server.routing.register import router_for
from geo_server.routing.router import Router
from layers.cities import queries as cities
from layers.database import Session, visit
from layers.roads import queries as roads
from layers.roads.queries import Restrictions, RoadRows
from layers.values import LonLat

if TYPE_CHECKING:
    from geo_server.routing.road_router import RoadRouter

log = structlog.get_logger()


class RoadsNow:
    """Keeps one road router and asks the store for the closures in force before each use.

    Closures are asked for, not listened for: one that ends by its own time rings no bell.
    """

    def __init__(self) -> None:
        """Know no road yet; until `load` has run every answer is a straight line."""
        self._router: RoadRouter | None = None
        self._closed: frozenset[int] = frozenset()
        self._engine: AsyncEngine | None = None
        self._cities: tuple[int, ...] = ()
        self._loading: asyncio.Task[None] | None = None

    @property
    def loaded(self) -> bool:
        """Say whether roads are loaded."""
        return self._router is not None

    async def load(self, engine: AsyncEngine) -> None:
        """Read every road and build the router beside the event loop; call it again when a city was imported."""
        self._engine = engine
        async with visit(engine) as session:
            self._cities = await _cities(session)
            rows, turns = await roads.graph(session), await roads.restrictions(session)
        if len(rows.id):
            router = await asyncio.to_thread(_router_over, rows, turns)
            self._router, self._closed = router, frozenset()
        log.info("roads_loaded", roads=len(rows.id), turns=len(turns.via_node))

    async def router(self, session: Session, place: LonLat) -> Router:
        """Return the router for a place, with the closures that are in force now.

        Where a city was imported since, its roads are loaded beside this answer and serve the next ones.
        """
        if self._engine is not None and self._cities != await _cities(session):
            self._load_again(self._engine)
        if self._router is not None:
            self._close(frozenset(closure.road_id for closure in await roads.closures(session)))
        return router_for(self._router, place)

    def _load_again(self, engine: AsyncEngine) -> None:
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self.load(engine))

    def _close(self, closed: Collection[int]) -> None:
        closed = frozenset(closed)
        if self._router is not None and closed != self._closed:
            self._router, self._closed = self._router.closing(closed), closed


async def _cities(session: Session) -> tuple[int, ...]:
    return tuple(city.id for city in await cities.every(session))


def _router_over(rows: RoadRows, turns: Restrictions) -> "RoadRouter":
    # Imported here, beside the event loop: numba takes half a second to load, and the map need not wait for it.
    from geo_server.routing.road_router import RoadRouter

    return RoadRouter.over(road_graph.build(rows, turns))
