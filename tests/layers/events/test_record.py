from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from layers.database import Session
from layers.events.record import NewEvent, NewPicture, record
from layers.events.table import event, event_picture
from layers.values import Ellipse, LonLat

pytestmark = pytest.mark.anyio
AT = datetime(2026, 1, 1, tzinfo=UTC)


def new(**change: Any) -> NewEvent:
    whole: dict[str, Any] = {
        "kind": "smoke",
        "source": "smoke-towers",
        "source_event_id": "a",
        "at": AT,
        "certainty": 0.9,
        "place": LonLat(lon=76.94, lat=43.24),
        "placed_by": "sender",
        **change,
    }
    return NewEvent(**whole)


async def test_an_event_and_its_picture_are_written_and_the_area_follows_the_place(session: Session) -> None:
    picture = NewPicture(jpeg=b"\xff\xd8", width_px=10, height_px=20, box=(1, 2, 3, 4))
    ellipse = Ellipse(major_m=3, minor_m=1, bearing_deg=45)
    event_id = await record(session, new(picture=picture, ellipse=ellipse, details={"caller": "x"}))
    row = (await session.execute(select(event).where(event.c.id == event_id))).one()
    kept = (await session.execute(select(event_picture).where(event_picture.c.event_id == event_id))).one()
    assert (row.state, row.ellipse_major_m, row.details) == ("new", 3.0, {"caller": "x"})
    assert row.area_id is not None
    assert (bytes(kept.jpeg), kept.box) == (b"\xff\xd8", [1.0, 2.0, 3.0, 4.0])


async def test_a_repeat_of_the_same_source_is_the_same_event(session: Session) -> None:
    assert await record(session, new()) is not None
    assert await record(session, new(certainty=0.1)) is None
    assert await record(session, new(source="another")) is not None


async def test_events_without_a_number_of_their_source_are_all_new(session: Session) -> None:
    assert await record(session, new(source_event_id=None)) is not None
    assert await record(session, new(source_event_id=None)) is not None


async def test_a_place_off_the_globe_is_refused_by_the_store(session: Session) -> None:
    with pytest.raises(DBAPIError):
        await record(session, new(place=LonLat(lon=float("nan"), lat=43.0)))
