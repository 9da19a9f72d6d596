from collections.abc import Collection

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.guests import Guests, View
from layers.database import Session, engine_for
from layers.video import queries
from layers.video.schema import Ticket


def view(number: int) -> View:
    ticket = Ticket(
        id=number, kind="live", camera_id=1, account="desk", session_id=number, watermark="desk", masked=False,
        begins_at=None, until=None,
    )  # fmt: skip
    return View(ticket=ticket, id=number)


@pytest.mark.anyio
async def test_who_comes_in_while_the_store_is_asked_who_may_stay_is_not_sent_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine: AsyncEngine = engine_for(database_url)
    guests = Guests(engine)
    early, late = view(1), view(2)
    guests.views.add(early)

    async def nobody(_: Session, tickets: Collection[int]) -> set[int]:
        assert set(tickets) == {early.ticket.id}
        guests.views.add(late)
        return set()

    monkeypatch.setattr(queries, "holding", nobody)
    await guests.end_of_ended()
    assert early.why == "session_ended"
    assert not late.over.is_set()
    await engine.dispose()
