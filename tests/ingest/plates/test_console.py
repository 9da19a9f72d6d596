"""From a frame to the console: a hit goes to those who answer for its place, and of an ended entry to nobody."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import pipeline, report
from ingest.detectors.plate_read import PlateRead, PlateReadRule
from ingest.geolocate import nowhere
from ingest.picture import Pixels
from ingest.pipeline import Moment
from ingest.plates import keeping
from ingest.plates.hotlist import LiveHotlist
from ingest.plates.voting import Read
from ingest.values import EventDraft, Frame, Image, Track
from layers.cameras.queries import NewCamera, put_up
from layers.database import visit
from layers.hotlist import queries
from layers.hotlist.schema import NewEntry
from layers.values import LonLat, Title
from tests.ingest.surroundings import AMONG
from tests.scene import MEDEU, changes_in, cookie, open_socket, served

pytestmark = pytest.mark.anyio
ELSEWHERE = LonLat(lon=71.45, lat=51.15)
LISTED, CANARY = "123ABC02", "777XYZ05"
IMAGE = np.zeros((576, 768, 3), np.uint8)
CAR = Track(id=1, label="car", score=0.8, box=(100, 100, 400, 300), foot=(250, 300), confirmed=True, seen=True)


class Reads:
    """A reader that always reads one plate."""

    def __init__(self, plate: str) -> None:
        self.plate = plate

    def read(self, vehicle: Image) -> Read | None:
        return Read(text=self.plate, certainty=0.9, width_px=160)


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


@pytest.fixture
async def hotlist(engine: AsyncEngine) -> AsyncIterator[LiveHotlist]:
    """A hotlist that hears the bell, and reads the list by nothing else."""
    kept = LiveHotlist()
    task = asyncio.create_task(keeping.keep(engine, kept, every_s=3600))
    yield kept
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(holds: Callable[[], Any]) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come in time")


async def camera(engine: AsyncEngine, code: str, place: LonLat) -> int:
    new = NewCamera(code=code, title=Title(kk=code, ru=code, en=code), place=place, url="x", reader="rtsp", settings={})
    async with visit(engine) as session:
        return (await put_up(session, [new]))[0]


async def look_for(engine: AsyncEngine) -> int:
    async with visit(engine) as session:
        area_id = (await session.execute(text("SELECT id FROM area WHERE code = 'KZ'"))).scalar_one()
        ends_at = datetime.now(UTC) + timedelta(days=1)
        grounds = {"kind": "stolen", "legal_basis": "ERDR 1", "owner": "x"}
        new = NewEntry(plate=LISTED, area_id=area_id, ends_at=ends_at, **grounds)  # type: ignore[arg-type]
        (made,) = await queries.add(session, [new], by="x")
    assert made is not None
    return made


def passes(hotlist: LiveHotlist, plate: str, camera_id: int, place: LonLat) -> list[EventDraft]:
    """A vehicle with this plate passes the camera; return what is told of it."""
    among = replace(AMONG, camera_id=camera_id, hotlist=hotlist)
    rule = PlateReadRule(PlateRead(reads_per_s=30), among, Reads(plate))
    steps = [pipeline.tell([rule], with_image=True), pipeline.place(lambda _: nowhere(place)), pipeline.draft("C")]
    drafts: list[EventDraft] = []
    for n in range(4):
        at = datetime.now(UTC) + timedelta(seconds=n / 10)
        frame = Frame(picture=Pixels(IMAGE), at=at, camera_id=camera_id, sequence=n)
        moment: Moment | None = Moment(frame=frame, tracks=(CAR,))
        for step in steps:
            moment = step(moment) if moment else None
        drafts += moment.drafts if moment else ()
    return drafts


async def test_a_hit_reaches_the_console_of_its_place_and_none_once_its_entry_is_ended(
    engine: AsyncEngine, url: str, hotlist: LiveHotlist
) -> None:
    here, far = await camera(engine, "H", MEDEU), await camera(engine, "F", ELSEWHERE)
    entry_id = await look_for(engine)
    await until(lambda: hotlist.wanted(LISTED, here, datetime.now(UTC)))
    assert passes(hotlist, CANARY, here, MEDEU) == []
    async with open_socket(url, await cookie(url, "dispatcher")) as socket:
        ids = [
            await report.event(engine, draft)
            for camera_id, place in ((far, ELSEWHERE), (here, MEDEU))
            for draft in passes(hotlist, LISTED, camera_id, place)
        ]
        told = [one["id"] async for one in _events(socket)]
    assert len(ids) == 2 and told == [ids[1]]  # the one before it lies elsewhere

    late = passes(hotlist, LISTED, here, MEDEU)
    async with visit(engine) as session:
        await queries.end(session, entry_id, by="x")
    assert [await report.event(engine, draft) for draft in late] == [None]  # it was seen while the entry stood
    await until(lambda: not hotlist.wanted(LISTED, here, datetime.now(UTC)))
    assert passes(hotlist, LISTED, here, MEDEU) == []


async def _events(socket: Any) -> AsyncIterator[dict[str, Any]]:
    """Yield the events that the console is told of until the first one has come; nobody is waited for without end."""
    async with asyncio.timeout(15):
        async for message in socket:
            events = [one for one in changes_in(message) if one["layer"] == "events"]
            for one in events:
                yield one
            if events:
                return
