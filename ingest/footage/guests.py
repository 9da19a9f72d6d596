"""Who is watching now: let in by a ticket, written down, and sent away when their session ends."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.errors import Refusal, unstored
from ingest.footage.metrics import ENDED, VIEWS
from layers.cameras import standing_queries
from layers.cameras.queries import CameraRow
from layers.cameras.standing import Stood
from layers.database import visit
from layers.video import queries
from layers.video.schema import Kind, Ticket, digest

log = structlog.get_logger()

Why = Literal["left", "session_ended", "too_slow", "camera_gone", "changed", "pictures_only", "fault"]
CODES: dict[Why, int] = {  # of websockets; 4000 and up are an application's own (RFC 6455, 7.4.2)
    "left": 1000,
    "fault": 1011,
    "session_ended": 4401,
    "camera_gone": 4404,
    "too_slow": 4408,
    "changed": 4409,
    "pictures_only": 4415,
}
MOST = {"live": 512, "mjpeg": 16}  # a view picture by picture costs a decoder and an encoder of its own
LOOK_S = 1.0


@dataclass(slots=True, eq=False)
class View:
    """One view of one camera; `why` says how it ended, once it has."""

    ticket: Ticket
    id: int
    sent_bytes: int = 0
    why: Why = "left"
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, why: Why) -> None:
        """Ask whoever serves it to end it."""
        if not self.over.is_set():
            self.why = why
            self.over.set()


class Guests:
    """Everybody who is watching."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store of tickets and views."""
        self._engine = engine
        self.views: set[View] = set()
        self._coming: Counter[Kind] = Counter()  # whose ticket is being looked at: they count, or a crowd comes in

    @asynccontextmanager
    async def admitted(self, token: str, kind: Kind) -> AsyncIterator[View]:
        """Let in whoever has such a ticket, for as long as the block lasts.

        Raises Refusal: too_many_viewers, bad_ticket, ticket_over, store_away.
        """
        if self.count(kind) + self._coming[kind] >= MOST.get(kind, 64):
            raise Refusal("too_many_viewers")
        self._coming[kind] += 1
        try:
            view = await self._open(token, kind)
            self.views.add(view)
        finally:
            self._coming[kind] -= 1
        async with self.seated(view):
            yield view

    @asynccontextmanager
    async def seated(self, view: View) -> AsyncIterator[View]:
        """Count a view that was opened for as long as the block lasts, and write its end."""
        self.views.add(view)
        VIEWS.labels(view.ticket.kind).inc()
        try:
            yield view
        finally:
            self.views.discard(view)
            VIEWS.labels(view.ticket.kind).dec()
            ENDED.labels(view.why).inc()
            await asyncio.shield(self._close(view))

    def count(self, kind: Kind) -> int:
        """Return how many watch in that way."""
        return sum(view.ticket.kind == kind for view in self.views)

    async def watch_sessions(self, every_s: float = LOOK_S) -> None:
        """End the views whose session may not watch any more, for ever. While the store is away they go on."""
        while True:
            await asyncio.sleep(every_s)
            try:
                await self.end_of_ended()
            except (SQLAlchemyError, OSError) as error:
                log.warning("sessions_unseen", error=type(error).__name__)

    async def end_of_ended(self) -> None:
        """End the views whose session has ended, or sees the camera no more: its grant is over, say."""
        asked = list(self.views)  # who comes in while the store answers was not asked for
        if not asked:
            return
        async with visit(self._engine) as session:
            holding = await queries.holding(session, {view.ticket.id for view in asked})
        for view in asked:
            if view.ticket.id not in holding:
                view.end("session_ended")

    async def stood(self, row: CameraRow) -> Stood | None:
        """Return how a camera stands, None for one that does not turn; while the store is away nobody knows."""
        try:
            async with visit(self._engine) as session:
                return await standing_queries.stood(session, row.id)
        except (SQLAlchemyError, OSError):
            return Stood(asked_at=datetime.now(UTC)) if row.kind == "ptz" else None

    def end_of(self, cameras: Collection[int], why: Why) -> None:
        """End the views of these cameras."""
        for view in list(self.views):
            if view.ticket.camera_id in cameras:
                view.end(why)

    def end_all(self, why: Why, but: Collection[int] = ()) -> None:
        """End every view, but those of these cameras."""
        for view in list(self.views):
            if view.ticket.camera_id not in but:
                view.end(why)

    async def _open(self, token: str, kind: Kind) -> View:
        try:
            async with visit(self._engine) as session:
                ticket = await queries.redeem(session, digest(token), [kind])
                if ticket is None:
                    known = await queries.is_known(session, digest(token))
                    raise Refusal("ticket_over" if known else "bad_ticket")
                return View(ticket=ticket, id=await queries.open_view(session, ticket))
        except (SQLAlchemyError, OSError) as error:
            raise unstored(error) from None

    async def _close(self, view: View) -> None:
        try:
            async with visit(self._engine) as session:
                await queries.close_view(session, view.id, sent_bytes=view.sent_bytes, why=view.why)
        except (SQLAlchemyError, OSError) as error:
            log.error("view_not_closed", view=view.id, error=type(error).__name__)
