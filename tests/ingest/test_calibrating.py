import asyncio
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.calibrating import Asked, CannotCalibrate, calibrate, points_in, run, take_picture
from ingest.settings import Settings
from ingest.sources.source import SourceError
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera
from layers.database import visit
from layers.values import LonLat, Title
from tests.layers.sight.worlds import HFOV, ORIGIN, SIZE
from tests.layers.sight.worlds import camera as world
from tests.layers.sight.worlds import points as marks

pytestmark = pytest.mark.anyio
POINTS = [{"x": p.x, "y": p.y, "lon": p.lon, "lat": p.lat} for p in marks(world(), np.random.default_rng(1), 8)]


async def hang(engine: AsyncEngine, url: str = "absent.avi", **settings: Any) -> None:
    title = Title(kk="а", ru="б", en="c")
    place = LonLat(lon=ORIGIN.lon, lat=ORIGIN.lat)
    new = NewCamera(code="C-1", title=title, place=place, url=url, reader="video_file", settings=settings)
    async with visit(engine) as session:
        await put_up(session, [new])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    as_json, as_csv = tmp_path / "points.json", tmp_path / "points.csv"
    as_json.write_text(json.dumps(POINTS))
    with as_csv.open("w", newline="") as file:
        rows = csv.DictWriter(file, ["lon", "lat", "x", "y", "elevation"])
        rows.writeheader()
        rows.writerows({**point, "elevation": ""} for point in POINTS)
    return as_json, as_csv


def test_points_come_from_json_and_from_csv_alike(files: tuple[Path, Path]) -> None:
    first, second = (points_in(file) for file in files)
    assert first == second
    assert first[0]["x"] == pytest.approx(POINTS[0]["x"]) and first[0]["elevation_m"] is None


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("a.json", "{", "holds no control points"),
        ("a.json", '[{"x": 1}]', "missing required field"),
        ("a.csv", "x,y\n1,2\n", "names no column lon, lat"),
        ("a.csv", "x,y,lon,lat\n1,2,three,4\n", "holds no control points"),
    ],
)
def test_a_file_of_something_else_says_so(tmp_path: Path, name: str, said: str, words: str) -> None:
    (tmp_path / name).write_text(said)
    with pytest.raises(CannotCalibrate, match=words):
        points_in(tmp_path / name)
    with pytest.raises(CannotCalibrate, match="cannot be read"):
        points_in(tmp_path / "absent.csv")


async def test_a_calibration_is_printed_and_stored_only_where_that_is_asked(
    engine: AsyncEngine, database_url: str, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    await hang(engine, width_px=SIZE[0], height_px=SIZE[1], hfov_deg=HFOV, calibration="broken")
    states = []
    for write in (False, True):
        asked = Asked(camera="C-1", points=files[1], preset=None, write=write, picture=None)
        await run(Settings(database_url=database_url), asked)
        async with visit(engine) as session:
            states.append((await session.execute(select(camera))).one())
    told = capsys.readouterr().out
    assert "Left out one by one: median" in told and "Pose: " in told and "10 m ±" in told
    assert [row.calibration for row in states] == ["broken", "good"]
    assert states[1].calibrated_by == "shell" and len(states[1].control_points) == 8
    assert states[1].height_m == pytest.approx(8, abs=0.6) and states[1].calibration_error_m > 0


async def test_what_cannot_be_calibrated_says_why(engine: AsyncEngine) -> None:
    with pytest.raises(CannotCalibrate, match="no camera C-1"):
        await calibrate(engine, "C-1", POINTS, preset=None, write=True)
    await hang(engine)
    with pytest.raises(CannotCalibrate, match="how large its picture is"):
        await calibrate(engine, "C-1", POINTS, preset=None, write=True)
    with pytest.raises(CannotCalibrate, match="no preset gate; it has none"):
        await calibrate(engine, "C-1", POINTS, preset="gate", write=True)


async def test_a_picture_is_taken_and_its_size_told_to_the_row(engine: AsyncEngine, home: Path, tmp_path: Path) -> None:
    await hang(engine, "fetched/vtest.avi")
    file = tmp_path / "now.jpg"
    assert await take_picture(engine, home, "C-1", file) == (768, 576)
    assert file.read_bytes()[:2] == b"\xff\xd8"
    async with visit(engine) as session:
        row = (await session.execute(select(camera))).one()
    assert (row.width_px, row.height_px) == (768, 576)
    with pytest.raises(CannotCalibrate, match="cannot be written"):
        await take_picture(engine, home, "C-1", tmp_path / "no" / "now.jpg")


async def test_of_a_camera_that_shows_nothing_there_is_no_picture(
    engine: AsyncEngine, home: Path, tmp_path: Path
) -> None:
    await hang(engine)
    with pytest.raises(SourceError, match="absent"):
        await asyncio.wait_for(take_picture(engine, home, "C-1", tmp_path / "now.jpg"), 30)
