"""The roster: what it leaves uncovered, and the duty that it gives a unit for which nobody signed on."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from layers import changes
from layers.areas.scope import visit_whole
from layers.database import Session
from layers.units import crew_queries, roster_queries
from layers.units import queries as units
from layers.units.rules import Rostered, by_roster
from layers.units.schema import DutyWord, OnRoster
from layers.values import Service

EVERY_S = 30.0
AHEAD = timedelta(minutes=30)  # a shift that comes so soon counts: a crew dresses and checks its vehicle before it
WHO = "roster"
Time = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """From when until when no unit of a service has a shift."""

    service: Service
    since: datetime
    until: datetime


def gaps(rows: Iterable[OnRoster], since: datetime, until: datetime) -> list[Gap]:
    """Return what the shifts of each service leave uncovered between two moments, by service and time."""
    shifts: dict[Service, list[Time]] = {}
    for row in rows:
        shifts.setdefault(row.unit.service, []).extend((one.begins_at, one.ends_at) for one in row.shifts)
    found = ((service, time) for service in sorted(shifts) for time in uncovered(shifts[service], since, until))
    return [Gap(service=service, since=begins, until=ends) for service, (begins, ends) in found]


def uncovered(times: Iterable[Time], since: datetime, until: datetime) -> list[Time]:
    """Return the parts between two moments that none of these times covers."""
    found, covered = list[Time](), since
    for begins, ends in sorted(times):
        if begins > covered and covered < until:
            found.append((covered, min(begins, until)))
        covered = max(covered, ends)
    return [*found, (covered, until)] if covered < until else found


@dataclass(slots=True)
class RosterKeeper:
    """One a server; of several servers one keeps at a time."""

    engine: AsyncEngine
    every_s: float = EVERY_S
    beat: Beat = field(default_factory=lambda: Beat("roster", EVERY_S))

    async def run(self) -> NoReturn:
        """Look every half minute, until cancelled."""
        while True:
            await asyncio.sleep(self.every_s)
            await self.beat.take(self.look)

    async def look(self) -> None:
        """Take one pass; raises SQLAlchemyError or OSError where the store does not answer."""
        async with visit_whole(self.engine) as session:
            if not await roster_queries.may_keep(session):
                return
            due = [one.id for one in await roster_queries.rostered(session, ahead=AHEAD) if _turns(one)]
            if due:
                await self._turn(session, due)

    async def _turn(self, session: Session, due: list[int]) -> None:
        """Turn the duties; the units are read again once they are held, for somebody may have signed on meanwhile."""
        await units.lock(session, due)
        turned = [one for one in await roster_queries.rostered(session, ahead=AHEAD, ids=due) if _turns(one)]
        for one in turned:
            duty, crew = by_roster(one)
            await roster_queries.turn(session, one.id, duty, crew)
            word = DutyWord(duty=duty, at=datetime.now(UTC), who=WHO, means="roster")
            await crew_queries.add_duty(session, one.id, word)
        await changes.ring(session, {"units": [one.id for one in turned]})


def _turns(unit: Rostered) -> bool:
    return by_roster(unit)[0] != unit.duty
