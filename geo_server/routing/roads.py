"""The roads as they stand now: loaded at start in a thread; masked anew by closures, timed anew by the hour."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.routing import queries, road_graph
from geo_server.routing.profiles import profiles
from geo_server.routing.register import router_for
from geo_server.routing.road_graph import Floats
from geo_server.routing.router import Router
from geo_server.routing.speeds import drive_kmh, now_band, with_blue_light
from layers import opening
from layers.asking import together
from layers.closures import queries as closures
from layers.database import Session, visit
from layers.roads import queries as roads
from layers.roads.queries import Restrictions, RoadRows
from layers.values import LonLat

if TYPE_CHECKING:
    from geo_server.routing.road_router import RoadRouter

log = structlog.get_logger()


class RoadsNow:
    """Keeps one road router and asks the store for the closures in force before each use.

    Closures are asked for, not listened for: one that begins or ends by its own hour rings no bell.
    """

    def __init__(self) -> None:
        """Know no road yet; until `load` has run every answer is a straight line."""
        self._router: RoadRouter | None = None
        self._demand: Floats = np.empty(0)
        self._kmh: Floats = np.empty(0)  # by drive, of `_band`
        self._band = -1
        self._closures: frozenset[int] = frozenset()
        self._closed: frozenset[int] = frozenset()
        self._engine: AsyncEngine | None = None
        self._ground = -1  # as the store counts imports
        self._loading: asyncio.Task[None] | None = None
        self._driven: dict[bool, RoadRouter] = {}
        self.version = 0  # grows with whatever changes a way: roads, closures, the hour
        self.stirred = asyncio.Event()  # set by whoever drew or ended a closure, for those who keep routes up to date

    @property
    def loaded(self) -> bool:
        """Say whether roads are loaded."""
        return self._router is not None

    @property
    def demand(self) -> Floats:
        """Return by road how much cover of it counts: its addresses, and one for itself."""
        return self._demand

    async def load(self, engine: AsyncEngine) -> None:
        """Read every road and build the router beside the event loop; call it again when a city was imported."""
        self._engine = engine
        async with visit(engine) as session:
            ground = await opening.imported(session)
            rows, turns = await roads.graph(session), await roads.restrictions(session)
            houses = await queries.houses(session)
        if len(rows.id):
            router, demand = await asyncio.to_thread(_router_over, rows, turns, houses)
            self._router, self._demand = router, demand
            self._band, self._closures, self._closed = -1, frozenset(), frozenset()
            self._turn()
        self._ground = ground
        log.info("roads_loaded", roads=len(rows.id), turns=len(turns.via_node))

    async def router(self, session: Session, place: LonLat, *, blue_light: bool = False) -> Router:
        """Return the router for a place at this hour, with the closures that are in force now.

        Where a city was imported since, its roads are loaded beside this answer and serve the next ones.
        """
        return router_for(await self.by_road(session, blue_light=blue_light), place)

    async def routers(self, session: Session, place: LonLat) -> dict[bool, Router]:
        """Return the routers for a place without and with blue light, by one look at the store."""
        plain = await self.by_road(session)
        lit = None if plain is None else self._of(plain, blue_light=True)
        return {False: router_for(plain, place), True: router_for(lit, place)}

    async def by_road(self, session: Session, *, blue_light: bool = False) -> "RoadRouter | None":
        """Return the road router wherever one drives, None while the roads are not loaded, or there are none."""
        while not await self._follow(session):
            pass
        return None if self._router is None else self._of(self._router, blue_light=blue_light)

    def _of(self, router: "RoadRouter", *, blue_light: bool) -> "RoadRouter":
        if blue_light not in self._driven:
            self._driven[blue_light] = self._drive(router, blue_light=blue_light)
        return self._driven[blue_light]

    async def _follow(self, session: Session) -> bool:
        """Take over the hour and the closures of now, which builds nothing of the graph anew.

        False where other roads were loaded meanwhile: what was asked belongs to the old ones.
        """
        router, band = self._router, now_band()
        async with together(session) as ask:
            ground, in_force = ask(opening.asked_imported()), ask(closures.asked_in_force())
        if self._engine is not None and self._ground != ground.value:
            self._load_again(self._engine)
        held = in_force.value
        learned = None if router is None or band == self._band else await roads.speeds(session, band)
        closed = self._closed if held == self._closures else await closures.roads_of(session, held)
        if router is not self._router:
            return False
        if router is not None and learned is not None:
            self._kmh, self._band = drive_kmh(router.graph, learned), band
            self._turn()
        if held != self._closures:
            self._closed, self._closures = closed, held
            self._turn()
        return True

    def _drive(self, router: "RoadRouter", *, blue_light: bool) -> "RoadRouter":
        kmh = with_blue_light(router.graph, self._kmh, profiles().blue_light) if blue_light else self._kmh
        timed = router.timed(kmh)
        return timed.closing(self._closed) if self._closed else timed

    def _turn(self) -> None:
        self.version += 1
        self._driven = {}

    def _load_again(self, engine: AsyncEngine) -> None:
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self.load(engine))


def _router_over(rows: RoadRows, turns: Restrictions, houses: Floats) -> tuple["RoadRouter", Floats]:
    # Imported here, beside the event loop: numba takes half a second to load, and the map need not wait for it.
    from geo_server.routing import reaching
    from geo_server.routing.road_router import RoadRouter

    router = RoadRouter.over(road_graph.build(rows, turns))
    middle = router.index.snap(rows.lon[:1], rows.lat[:1])
    reaching.reach(router.graph, middle, np.zeros(1), 1.0)  # compiled now, so that no user waits for it
    near = router.index.snap(houses[:, 0], houses[:, 1]).road
    demand = 1.0 + np.bincount(near[near >= 0], minlength=len(router.graph.road_ids)).astype(np.float64)
    return router, np.asarray(demand, dtype=np.float64)
