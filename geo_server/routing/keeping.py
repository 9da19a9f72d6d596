"""Keeps the ways of dispatches up to date: a new route as the car moves or a road closes, and none for a silent car."""

import asyncio
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.routing import queries
from geo_server.routing.profiles import profiles
from geo_server.routing.queries import DRIVES
from geo_server.routing.roads import RoadsNow
from geo_server.routing.router import Reached, Router, Stands
from geo_server.routing.schema import UnderWay
from geo_server.routing.straight_line import StraightLine, distances_m
from layers.areas.scope import visit_whole
from layers.changes import ring
from layers.closures import queries as closures
from layers.database import Session
from layers.incidents import queries as incidents
from layers.units.rules import is_stale
from layers.values import LonLat

EVERY_S = 10.0
AT_A_TIME = 10  # dispatches written in one transaction: whoever takes one of them a step on waits for it
MOVED_M = 50.0  # less is a receiver that wanders, or a light
WHO = "qyran"  # the log says so where nobody did it


@dataclass(slots=True)
class Keeping:
    """One a server; of several servers one keeps the ways at a time. Closures that turn by their hour are rung too."""

    engine: AsyncEngine
    roads: RoadsNow
    beat: Beat = field(default_factory=lambda: Beat("routes", EVERY_S))
    # By dispatch: routed from where, on which roads, and where to: an incident may turn out to be elsewhere.
    _from: dict[int, tuple[LonLat, int, LonLat]] = field(default_factory=dict)
    _looked_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def run(self) -> NoReturn:
        """Look every ten seconds, and at once where somebody drew or ended a closure, until cancelled."""
        while True:
            began = time.monotonic()
            self.roads.stirred.clear()
            await self.beat.take(self.look)
            await self._pause(began + EVERY_S - time.monotonic())

    async def look(self) -> None:
        """Take one pass; raises SQLAlchemyError or OSError where the store does not answer.

        Where no roads are loaded nothing is kept: a straight line that follows a car says less than the route it had.
        """
        if not self.roads.loaded:
            return
        async with visit_whole(self.engine) as session:
            if not await queries.may_route(session):
                return
            found = await queries.under_way(session)
            routers = {blue: await self._router(session, blue_light=blue) for blue in (False, True)}
            version = self.roads.version
            await self._ring_closures(session)
        due = self._due(found)
        ways = await asyncio.to_thread(_ways, due, routers)
        for some in _batches([*due, *_silent(found), *_heard(found)]):
            if not await self._write(some, ways, version):
                return  # another server is at it
        self._forget({one.dispatch_id for one in found})

    async def _write(self, some: Sequence[UnderWay], ways: Mapping[int, Reached], version: int) -> bool:
        """Write new ways, and that a car fell silent; False where another server keeps them.

        What is being acted on right now waits for nobody here: it comes with the next look.
        """
        async with visit_whole(self.engine) as session:
            if not await queries.may_route(session):
                return False
            free = await queries.hold_under_way(session, some)
            changed = [one for one in some if one.dispatch_id in free]
            routed = [one for one in changed if one.dispatch_id in ways]
            await queries.reroute(session, [(one.dispatch_id, ways[one.dispatch_id]) for one in routed])
            await queries.silence(session, [(one.dispatch_id, one.at) for one in _silent(changed)])
            await queries.hear(session, [one.dispatch_id for one in _heard(changed)])
            await self._tell(session, changed)
            told = [one.incident_id for one in changed if is_stale(one.age_s) or one.silent_since is not None]
            await ring(session, {"dispatches": [one.dispatch_id for one in changed], "incidents": told})
        self._from |= {one.dispatch_id: (one.place, version, one.goal) for one in routed if one.place is not None}
        return True

    def _due(self, found: Sequence[UnderWay]) -> list[UnderWay]:
        """Return those whose way is to be reckoned anew: the unit moved, is heard again, or the roads changed."""
        return [one for one in found if one.place is not None and _drives(one) and self._is_due(one)]

    def _is_due(self, one: UnderWay) -> bool:
        known = self._from.get(one.dispatch_id)
        if known is None or one.silent_since is not None or known[1:] != (self.roads.version, one.goal):
            return True
        assert one.place is not None
        return _metres(known[0], one.place) > MOVED_M

    def _forget(self, still: Collection[int]) -> None:
        self._from = {id: known for id, known in self._from.items() if id in still}

    async def _router(self, session: Session, *, blue_light: bool) -> Router:
        return await self.roads.by_road(session, blue_light=blue_light) or StraightLine()

    async def _tell(self, session: Session, changed: Sequence[UnderWay]) -> None:
        """Write into the timeline that a crew fell silent, and that it is heard again."""
        for one in changed:
            now_silent = is_stale(one.age_s)
            if now_silent == (one.silent_since is not None):
                continue
            kind = "unit_silent" if now_silent else "unit_heard"
            told: Mapping[str, object] = {"unit": one.call_sign, "dispatch_id": one.dispatch_id}
            await incidents.add_entry(session, one.incident_id, kind, WHO, told)

    async def _ring_closures(self, session: Session) -> None:
        until = datetime.now(UTC)
        await ring(session, {"closures": await closures.turned(session, self._looked_at, until)})
        self._looked_at = until

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.roads.stirred.wait(), max(0.0, seconds))
        except TimeoutError:
            return


def _silent(found: Sequence[UnderWay]) -> list[UnderWay]:
    """Return those whose unit has just fallen silent."""
    return [one for one in found if is_stale(one.age_s) and one.silent_since is None]


def _heard(found: Sequence[UnderWay]) -> list[UnderWay]:
    """Return those whose unit is heard again and that need no new way: it stands, or carries a patient elsewhere."""
    return [
        one for one in found if one.silent_since is not None and not is_stale(one.age_s) and one.status not in DRIVES
    ]


def _drives(one: UnderWay) -> bool:
    return one.status in DRIVES and not is_stale(one.age_s)


def _batches(those: Sequence[UnderWay]) -> Iterator[Sequence[UnderWay]]:
    return (those[n : n + AT_A_TIME] for n in range(0, len(those), AT_A_TIME))


def _ways(due: Sequence[UnderWay], routers: Mapping[bool, Router]) -> dict[int, Reached]:
    """Return each one's way by road, or straight, flagged, where no road leads there."""
    found = {}
    for one in due:
        assert one.place is not None
        stands = Stands.of([(one.unit_id, one.place)])
        blue_light = profiles().blue_light.drives(one.service, one.priority)
        ways = routers[blue_light].reach(one.goal, stands, 1) or StraightLine().reach(one.goal, stands, 1)
        found[one.dispatch_id] = ways[0]
    return found


def _metres(one: LonLat, other: LonLat) -> float:
    return float(distances_m(one, np.array([other.lon]), np.array([other.lat]))[0])
