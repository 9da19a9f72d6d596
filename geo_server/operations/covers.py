"""The cover of each service by the units that a viewer sees: kept for some seconds, reckoned anew beside answers."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.operations.cover import Cover, Target, cover_of, ground_of, standard
from geo_server.routing import queries
from geo_server.routing.profiles import profiles
from geo_server.routing.road_graph import Floats
from geo_server.routing.roads import RoadsNow
from geo_server.routing.standing import Bools, Standing
from layers.areas import queries as areas
from layers.areas.schema import Area
from layers.areas.scope import visit_as
from layers.database import Session
from layers.values import Service
from layers.viewer import Sight, Viewer, sight

if TYPE_CHECKING:  # numba takes half a second to load: it comes with the roads
    from geo_server.routing.road_router import RoadRouter

log = structlog.get_logger()

FRESH_S = 10.0  # as old as that it is taken as it is
USABLE_S = 60.0  # as old as that it serves once more, while a new one is reckoned
KEPT = 200  # of several viewers and services


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    cover: Cover
    at: float
    roads_version: int


class Covers:
    """Keeps what was reckoned, by whose sight it is; a viewer's cover is made of the units that the viewer sees."""

    def __init__(self, engine: AsyncEngine, roads: RoadsNow) -> None:
        """Know the store and the roads."""
        self._engine, self._roads = engine, roads
        self._kept: OrderedDict[tuple[Sight, Service], _Kept] = OrderedDict()
        self._at_work: dict[tuple[Sight, Service], asyncio.Task[None]] = {}

    def is_of(self, roads: RoadsNow) -> bool:
        """Say whether these are the roads that it reckons on."""
        return self._roads is roads

    async def of(
        self, session: Session, viewer: Viewer, service: Service, among: Standing | None = None
    ) -> Cover | None:
        """Return the cover of a service; None while the roads are not loaded.

        `among` are the units as they were just read, where the caller has them.
        """
        key = (sight(viewer), service)
        kept = self._kept.get(key)
        if kept is not None and kept.roads_version == self._roads.version:
            age_s = time.monotonic() - kept.at
            if age_s <= FRESH_S:
                return kept.cover
            if age_s <= USABLE_S:
                self._renew(viewer, service)
                return kept.cover
        return await self._reckon(session, viewer, service, among)

    async def _reckon(self, session: Session, viewer: Viewer, service: Service, among: Standing | None) -> Cover | None:
        blue_light = service in profiles().blue_light.services
        router = await self._roads.by_road(session, blue_light=blue_light)
        if router is None:
            return None
        version, demand = self._roads.version, self._roads.demand
        if len(demand) != len(router.graph.road_ids):  # other roads were loaded this very moment
            return None
        found = await queries.standing(session, viewer, [service]) if among is None else among
        free = found.of_service(service) & found.free
        tree, inside = await areas.every(session), await areas.inside(session, viewer)
        cover = await asyncio.to_thread(_work, service, router, demand, tree, inside, found, free)
        self._keep((sight(viewer), service), _Kept(cover=cover, at=time.monotonic(), roads_version=version))
        return cover

    def _keep(self, key: tuple[Sight, Service], kept: _Kept) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _renew(self, viewer: Viewer, service: Service) -> None:
        key = (sight(viewer), service)
        if key not in self._at_work:
            task = self._at_work[key] = asyncio.create_task(self._renewed(viewer, service))
            task.add_done_callback(lambda _: self._at_work.pop(key, None))

    async def _renewed(self, viewer: Viewer, service: Service) -> None:
        try:
            async with visit_as(self._engine, viewer) as session:
                await self._reckon(session, viewer, service, None)
        except (SQLAlchemyError, OSError) as error:  # what is kept serves until it is too old
            log.warning("cover_not_renewed", error=type(error).__name__)


def _work(
    service: Service,
    router: "RoadRouter",
    demand: Floats,
    tree: Sequence[Area],
    inside: frozenset[int],
    standing: Standing,
    free: Bools,
) -> Cover:
    target: Target = standard().services[service]
    ground = ground_of(router, demand, target, tree, inside)
    home = dict(zip(standing.ids[free].tolist(), standing.area_id[free].tolist(), strict=True))
    return cover_of(service, router, ground, standing.stands(free), home, target.share)
