"""The whole way of stored video in its own process: recorded, played against a ticket, a clip, an export taken home."""

import asyncio
import io
import re
import time
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import httpx
import numpy as np
import pytest

from layers import evidence
from layers.video.schema import digest
from tests.ingest.footage.conftest import ORIGIN, Shown
from tests.ingest.footage.conftest import shown as shown

pytestmark = pytest.mark.anyio
Serve = Callable[..., AbstractContextManager[int]]


def ticket(shown: Shown, camera: int, token: str, kind: str = "playback", **of: int) -> str:
    asked = """INSERT INTO video_ticket (token_sha256, kind, camera_id, account_id, account, session_id, watermark,
        masked, begins_at, until, event_id, export_id) VALUES (%s, %s, %s, 71, 'desk', 7, 'desk', false,
        now() - interval '1 h', now() + interval '1 h', %s, %s)"""
    shown.sql(asked, (digest(token), kind, camera, of.get("event"), of.get("export")))
    return token


async def got(shown: Shown, token: str, path: str = "playback", origin: str = ORIGIN, **asked: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=20) as client:
        address = f"http://127.0.0.1:{shown.port}/{path}"
        return await client.get(address, params={"ticket": token, **asked}, headers={"Origin": origin})


async def until(shown: Shown, asked: str, seconds: float = 45) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := await asyncio.to_thread(shown.sql, asked)):
        assert time.monotonic() < deadline, f"it did not come in time: {asked}"
        await asyncio.sleep(0.1)
    return found[0]


async def _jumped(shown: Shown) -> None:
    with suppress(httpx.RemoteProtocolError):  # the next one has ended it
        await got(shown, "t")


async def _masked(shown: Shown, camera: int, event: int, since: datetime) -> None:
    """Who may not see what lies under a mask plays both, recording and clip, picture by picture and covered alone."""
    half = '[{"kind": "privacy", "polygon": [[0, 0], [384, 0], [384, 400], [0, 400]]}]'
    shown.sql("UPDATE camera SET masks = %s, width_px = 768, height_px = 576", (half,))
    await until(shown, "SELECT 1 FROM video_ticket WHERE used_at < now() - interval '1 day'")  # spent by the mask
    of: dict[str, int]
    for token, of in (("m", {}), ("n", {"event": event})):
        ticket(shown, camera, token, "playback", **of)
        shown.sql("UPDATE video_ticket SET masked = true WHERE token_sha256 = %s", (digest(token),))
        assert (await got(shown, token)).json()["code"] == "bad_ticket"
        told = await got(shown, token, "stills", **({} if of else {"from": since.isoformat()}))
        stills = re.findall(rb"X-At: (.+?)\r\n\r\n(.+?)\r\n(?=--qyran|$)", told.content, re.DOTALL)
        moments = [datetime.fromisoformat(at.decode()) for at, _ in stills]
        assert moments == sorted(set(moments)) and len(stills) >= 2, told.headers
        assert of or since - timedelta(seconds=0.3) <= moments[0] <= since + timedelta(seconds=0.3)
        assert all(b - a >= timedelta(seconds=0.15) for a, b in pairwise(moments))
        image = cv2.imdecode(np.frombuffer(stills[0][1], np.uint8), cv2.IMREAD_COLOR)
        assert image is not None and image[:380, :370].mean() < 8 < 40 < image[:380, 400:].mean()


def frames(data: bytes) -> int:
    with av.open(io.BytesIO(data), "r", format="mp4") as film:
        return sum(1 for _ in film.decode(video=0))


async def test_what_was_recorded_is_played_found_again_and_taken_home(
    shown: Shown, serve: Serve, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.recording.recorder.PROGRESS_S", 0.5)
    monkeypatch.setattr("ingest.recording.clips.BEFORE_S", 1.0)
    monkeypatch.setattr("ingest.recording.clips.AFTER_S", 2.0)
    with serve("a") as port:
        camera = shown.camera(f"rtsp://127.0.0.1:{port}/a")
        shown.sql("UPDATE camera SET record = 'continuous'")
        await until(shown, "SELECT 1 FROM recording WHERE ends_at - begins_at > interval '2 s'")
        event = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom) SELECT 'line_crossing',
            't', id, now(), 0.9, 'camera', geom FROM camera RETURNING id"""
        ((event_id,),) = shown.sql(event)
        await until(shown, "SELECT 1 FROM event_clip WHERE state = 'ready'")
    export = """INSERT INTO video_export (asked_by, account_id, area_id, reason, legal_basis, camera_ids, begins_at,
        ends_at) SELECT 'desk', 71, area_id, 'r', 'b', ARRAY[id], now() - interval '1 h', now() FROM camera
        RETURNING id"""
    ((export_id,),) = shown.sql(export)

    whole = await got(shown, ticket(shown, camera, "t"))
    assert whole.status_code == 200 and frames(whole.content) >= 20
    assert whole.headers["x-codec"].startswith("avc1.") and float(whole.headers["x-media-s"]) >= 0
    begins, ends = (datetime.fromisoformat(whole.headers[name]) for name in ("x-begins-at", "x-ends-at"))
    middle = begins + (ends - begins) / 2
    later = await got(shown, "t", **{"from": middle.isoformat()})
    assert later.status_code == 200 and 0 < len(later.content) < len(whole.content)
    assert begins < datetime.fromisoformat(later.headers["x-begins-at"]) <= middle
    assert float(later.headers["x-media-s"]) > float(whole.headers["x-media-s"])
    sent = len(whole.content) + len(later.content)
    await until(shown, f"SELECT 1 FROM video_view WHERE bytes = {sent} AND closed_why = 'left'")
    assert shown.sql("SELECT count(*) FROM video_view") == [(1,)]
    async with asyncio.TaskGroup() as group:  # a window that jumps asks before the answer before has ended
        for _ in range(3):
            group.create_task(_jumped(shown))
    await until(shown, f"SELECT 1 FROM video_view WHERE bytes >= {sent} + {len(whole.content)}")

    clip = await got(shown, ticket(shown, camera, "c", event=event_id))
    assert clip.status_code == 200 and frames(clip.content) >= 10
    await until(shown, "SELECT 1 FROM video_export WHERE state = 'ready'")
    archive = await got(shown, ticket(shown, camera, "e", "export", export=export_id), "export")
    assert archive.headers["content-disposition"].endswith(f"qyran-export-{export_id}.zip")
    (home / "taken.zip").write_bytes(archive.content)
    assert zipfile.is_zipfile(home / "taken.zip") and evidence.faults(home / "taken.zip") == []

    refused = {
        "foreign_page": await got(shown, "t", origin="http://elsewhere.invalid"),
        "ticket_over": await got(shown, "none"),
        "bad_moment": await got(shown, "t", **{"from": "0001-01-01T00:00:00+14:00"}),
        "no_recording": await got(shown, "t", **{"from": datetime.now(UTC).isoformat()}),
    }
    assert {code: answer.json()["code"] for code, answer in refused.items()} == {code: code for code in refused}
    assert (await got(shown, "e", "playback")).json()["code"] == "ticket_over"
    await _masked(shown, camera, event_id, middle)
    shown.sql("UPDATE account_session SET ended_at = now()")
    assert (await got(shown, "m", "stills")).json()["code"] == "ticket_over"
