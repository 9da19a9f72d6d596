from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.pictures import MOST_PICTURE_BYTES
from ingest.posted import take
from ingest.serve import event_kinds
from layers.areas.queries import by_code
from layers.cameras.queries import NewCamera, put_up
from layers.database import INGEST, as_role, engine_for, visit
from layers.sources.queries import create
from layers.sources.schema import SourceKind
from layers.values import LonLat, Title
from tests.ingest.sources.running import frames, reads

pytestmark = pytest.mark.anyio
JPEG = cv2.imencode(".jpg", np.full((48, 64, 3), 90, np.uint8))[1].tobytes()
HUGE = JPEG.replace(b"\x00\x30\x00\x40", b"\xff\x00\xff\x00", 1)


@dataclass(frozen=True)
class Gate:
    """The door, three keys, and the cameras that stand behind it: P takes pictures, R does not."""

    client: httpx.AsyncClient
    home: Path
    camera_id: int
    keys: dict[str, str]

    async def post(self, body: bytes = JPEG, camera: str = "P", key: str = "here") -> tuple[int, str]:
        answer = await self.client.post(
            "/pictures", params={"camera": camera}, content=body, headers={"X-Qyran-Key": self.keys[key]}
        )
        return answer.status_code, answer.json().get("code", "taken")


def new(code: str, reader: str) -> NewCamera:
    title, place = Title(kk="а", ru="б", en="c"), LonLat(lon=76.94, lat=43.24)
    return NewCamera(code=code, title=title, place=place, url="-", reader=reader, settings={})


@pytest.fixture
async def gate(engine: AsyncEngine, database_url: str, tmp_path: Path) -> AsyncIterator[Gate]:
    kinds: dict[str, tuple[SourceKind, str]] = {
        "here": ("pictures", "KZ"), "there": ("pictures", "KZ-19"), "events": ("events", "KZ"),
    }  # fmt: skip
    keys: dict[str, str] = {}
    async with visit(engine) as session:
        camera_id, _ = await put_up(session, [new("P", "pictures"), new("R", "rtsp")])
        for name, (kind, code) in kinds.items():
            area: Any = await by_code(session, code)
            keys[name] = await create(session, name=name, kind=kind, area_id=area.id)
    own = engine_for(as_role(database_url, INGEST))
    app = door_app(own, event_kinds(), tmp_path)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://door") as client,
    ):
        yield Gate(client, tmp_path, camera_id, keys)
    await own.dispose()


async def test_a_posted_picture_is_read_by_the_process_that_runs_the_camera(gate: Gate) -> None:
    with reads("pictures", gate.home, "-", camera_id=gate.camera_id, fps=50) as source:
        assert await gate.post(b"\r\n" + JPEG) == (400, "no_picture")
        assert await gate.post() == (200, "taken")
        (frame,) = frames(source, 1)
        health = source.health()
    assert frame.image.shape == (48, 64, 3) and frame.camera_id == gate.camera_id
    assert (health.state, health.codec, health.width_px) == ("live", "mjpeg", 64)


async def test_the_latest_of_many_waits_and_nothing_behind_a_picture_is_kept(gate: Gate) -> None:
    other = cv2.imencode(".jpg", np.full((48, 64, 3), 200, np.uint8))[1].tobytes()
    assert [await gate.post(), await gate.post(other + b"<script>")] == [(200, "taken")] * 2
    assert take(gate.home, gate.camera_id) == other


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"camera": "R"}, (400, "unknown_camera")),
        ({"camera": "../P"}, (400, "unknown_camera")),
        ({"key": "there"}, (400, "unknown_camera")),
        ({"key": "events"}, (403, "wrong_kind")),
        ({"body": b""}, (400, "no_picture")),
        ({"body": b"GIF89a" * 50}, (400, "no_picture")),
        ({"body": JPEG[:-9]}, (400, "no_picture")),
        ({"body": HUGE}, (413, "picture_too_big")),
        ({"body": b"\xff\xd8\xff" + bytes(MOST_PICTURE_BYTES)}, (413, "too_large")),
    ],
)
async def test_what_is_no_picture_for_a_camera_of_this_source_is_refused(
    gate: Gate, sent: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert await gate.post(**sent) == expected
    assert take(gate.home, gate.camera_id) is None
