"""Keeps the clocks: each is reckoned anew when its incident changes, and told once when it runs over its target."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.clocks import queries
from geo_server.clocks.schema import NewClock, Timed
from geo_server.clocks.standing import plan_targets
from geo_server.notify import chain_queries
from geo_server.notify.schema import Recipient
from geo_server.operations.clocks import Clock, Key, State, running
from geo_server.operations.plans import Target
from layers import changes
from layers.areas.scope import visit_whole
from layers.database import Session
from layers.incidents import queries as incidents

EVERY_S = 1.0
AT_A_TIME = 20  # incidents in one transaction: who rings waits for it
BACK_DAYS = 31  # what ended so long ago, and before there were clocks, gets them: figures need a past
NEWS_FOR = timedelta(minutes=10)  # what was over its target for longer when it is first seen is told to nobody
URGENT = 2  # up to this priority whoever commands the area is told, once an incident, that nobody arrived in time
COMMANDER = Recipient(kind="role", role="area_commander")
WHO = "qyran"  # the timeline says so where nobody did it
_LAST_ID = 2**63 - 1
_OVER = (State.BREACHED, State.MISSED)


@dataclass(slots=True)
class ClockKeeper:
    """One a server; of several servers one keeps at a time, and what one has told no other tells again."""

    engine: AsyncEngine
    every_s: float = EVERY_S
    beat: Beat = field(default_factory=lambda: Beat("clocks", EVERY_S))
    _seen: int | None = None  # how far the bell was followed; None: nowhere yet, so all that is open is looked at
    _before: int = field(default=_LAST_ID)  # how far back what ended without clocks was looked at

    async def run(self) -> NoReturn:
        """Look every second, until cancelled."""
        while True:
            await asyncio.sleep(self.every_s)
            await self.beat.take(self.look)

    async def look(self) -> None:
        """Take one pass; raises SQLAlchemyError or OSError where the store does not answer."""
        async with visit_whole(self.engine) as session:
            until = await changes.newest(session)
            stirred = await self._stirred(session, until)
        for some in _batches(sorted(stirred)):
            if not await self._keep(some):
                return  # another server is at it; what is left comes again
        self._seen = until
        if not stirred:
            await self._look_back()

    async def _stirred(self, session: Session, until: int) -> set[int]:
        if self._seen is None:
            return await queries.open_ones(session)
        return await queries.due(session) | await queries.changed(session, self._seen, until)

    async def _keep(self, ids: Collection[int]) -> bool:
        async with visit_whole(self.engine) as session:
            if not await queries.may_keep(session):
                return False
            found = await queries.timed(session, ids)
            rung = await _keep(session, found.values(), datetime.now(UTC))
            await changes.ring(session, {"incidents": rung})
        return True

    async def _look_back(self) -> None:
        """Give clocks to some of what ended before they were kept."""
        if self._before == 0:
            return
        async with visit_whole(self.engine) as session:
            found = await queries.unkept(session, days=BACK_DAYS, before=self._before, most=AT_A_TIME)
        if not found or await self._keep(found):
            self._before = found[-1] if found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reckoned:
    """The clocks of one incident as they stand now, and those of them that people have to hear of."""

    one: Timed
    rows: Sequence[NewClock]
    news: Sequence[Clock]

    @property
    def dropped(self) -> set[Key]:
        """Return what its plan no longer asks for."""
        return {kept.key for kept in self.one.kept} - {(row.target.clock, row.target.service) for row in self.rows}

    @property
    def rings(self) -> bool:
        """Say whether people are to look."""
        return bool(self.news) or (self.one.is_open and not self.one.kept and bool(self.rows))


async def _keep(session: Session, those: Iterable[Timed], now: datetime) -> list[int]:
    """Write the clocks of incidents, and into each timeline those that are over; return where people are to look."""
    reckoned = [_reckon(one, await _targets(session, one), now) for one in those]
    await queries.keep(session, [(each.one.id, row) for each in reckoned for row in each.rows])
    await queries.drop(session, [(each.one.id, key) for each in reckoned for key in each.dropped])
    for each in reckoned:
        await _tell(session, each)
    return [each.one.id for each in reckoned if each.rings]


def _reckon(one: Timed, targets: Sequence[Target], now: datetime) -> _Reckoned:
    asked_at = _asked_at(one, targets, now)
    clocks = running(replace(one.facts, asked_at=_since(asked_at)), targets, now)
    over = [clock for clock in clocks if clock.state in _OVER and _key(clock) not in _told(one)]
    news = [clock for clock in over if one.kept or now - _over_at(clock) < NEWS_FOR]
    return _Reckoned(one=one, rows=tuple(_rows(targets, clocks, asked_at, over)), news=news)


async def _tell(session: Session, each: _Reckoned) -> None:
    one, late = each.one, False
    for clock in each.news:
        late |= clock.name == "on_scene" and clock.state is State.BREACHED
        await incidents.add_entry(session, one.id, "clock_breached", WHO, _words(clock))
    if late and one.priority <= URGENT:
        await chain_queries.queue(session, [COMMANDER], kind="clock", incident_id=one.id, priority=one.priority, by=WHO)


async def _targets(session: Session, one: Timed) -> Sequence[Target]:
    """Return what is asked: of what has ended nothing new."""
    if one.kept and not one.is_open:
        return [kept.target for kept in one.kept]
    return await plan_targets(session, one)


def _asked_at(one: Timed, targets: Sequence[Target], now: datetime) -> dict[Key, datetime | None]:
    """Return since when each target is asked; what comes to an incident that had its clocks already, is asked now."""
    known = {kept.key: kept.asked_at for kept in one.kept}
    late = now if one.kept else None
    return {key: known.get(key, late) for key in ((target.clock, target.service) for target in targets)}


def _since(asked_at: dict[Key, datetime | None]) -> dict[Key, datetime]:
    return {key: at for key, at in asked_at.items() if at is not None}


def _rows(
    targets: Sequence[Target], clocks: Sequence[Clock], asked_at: dict[Key, datetime | None], over: Sequence[Clock]
) -> Iterator[NewClock]:
    by_key, told = {_key(clock): clock for clock in clocks}, {_key(clock) for clock in over}
    for target in targets:
        key = target.clock, target.service
        clock = by_key.get(key)
        yield NewClock(
            target=target,
            asked_at=asked_at[key],
            began_at=None if clock is None else clock.began_at,
            ended_at=None if clock is None else clock.ended_at,
            told=key in told,
        )


def _told(one: Timed) -> set[Key]:
    return {kept.key for kept in one.kept if kept.told_at is not None}


def _key(clock: Clock) -> Key:
    return clock.name, clock.service


def _over_at(clock: Clock) -> datetime:
    return clock.began_at + timedelta(seconds=clock.target_s)


def _words(clock: Clock) -> dict[str, object]:
    return {"clock": clock.name, "service": clock.service and clock.service.value, "target_s": clock.target_s}


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + AT_A_TIME] for n in range(0, len(ids), AT_A_TIME))
