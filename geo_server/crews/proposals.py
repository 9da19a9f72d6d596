"""What positions propose, and what a person makes of it; nothing moves by a position alone."""

import asyncio
from dataclasses import dataclass, field
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.errors import Refusal
from geo_server.operations import sending
from layers.areas.scope import visit_whole
from layers.changes import ring
from layers.database import Session
from layers.dispatches import proposal_queries
from layers.dispatches.arriving import Stay, look
from layers.dispatches.schema import Dispatch, NewStatus, Proposed
from layers.viewer import Viewer

EVERY_S = 3.0


@dataclass(slots=True)
class Watching:
    """One a server, one at a time: it looks at the positions of crews under way and proposes what they show."""

    engine: AsyncEngine
    every_s: float = EVERY_S
    beat: Beat = field(default_factory=lambda: Beat("positions", EVERY_S))
    _stays: dict[int, Stay] = field(default_factory=dict)  # by dispatch, of those that stand at their incident

    async def run(self) -> NoReturn:
        """Look every few seconds until cancelled."""
        while True:
            await self.beat.take(self.look)
            await asyncio.sleep(self.every_s)

    async def look(self) -> None:
        """Take one pass; raises SQLAlchemyError or OSError where the store does not answer."""
        async with visit_whole(self.engine) as session:
            if not await proposal_queries.may_watch(session):
                return
            seen = await proposal_queries.seen_under_way(session)
            looked = {one.dispatch_id: look(one, self._stays.get(one.dispatch_id)) for one in seen}
            new = await proposal_queries.propose(session, [one.proposal for one in looked.values() if one.proposal])
            about = [one for one in seen if one.dispatch_id in new]
            incidents, units = [one.incident_id for one in about], [one.unit_id for one in about]
            await ring(session, {"dispatches": new, "incidents": incidents, "units": units})
        self._stays = {id: one.stay for id, one in looked.items() if one.stay is not None}


async def take(session: Session, viewer: Viewer, proposal_id: int) -> Dispatch:
    """Take a dispatch the step that a position proposed, at the time of that position; ring.

    Raises Refusal: no_such_proposal, proposal_decided, wrong_transition.
    """
    found = await _open(session, viewer, proposal_id)
    await proposal_queries.decide(session, proposal_id, "taken", viewer.name)
    step = NewStatus(status=found.status, at=found.at, who=viewer.name, means="position")
    return await sending.advance(session, viewer, found.dispatch_id, step, as_fact=True)


async def drop(session: Session, viewer: Viewer, proposal_id: int) -> None:
    """Drop a proposal, which is not made again; ring. Raises Refusal: no_such_proposal, proposal_decided."""
    found = await _open(session, viewer, proposal_id)
    await proposal_queries.decide(session, proposal_id, "dropped", viewer.name)
    await ring(session, {"dispatches": [found.dispatch_id], "incidents": [found.incident_id], "units": [found.unit_id]})


async def _open(session: Session, viewer: Viewer, proposal_id: int) -> Proposed:
    held = await proposal_queries.hold(session, viewer, proposal_id)
    if held is None:
        raise Refusal("no_such_proposal", id=proposal_id)
    found, state = held
    if state != "open":
        raise Refusal("proposal_decided", id=proposal_id, decided=state)
    return found
