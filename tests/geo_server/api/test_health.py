"""Parts are judged by how fresh they are."""

from datetime import UTC, datetime, timedelta

import pytest

from geo_server.api.health import cameras_part, disk_part, ingest_part, recordings_part
from geo_server.api.map import zoom_for
from layers.pulse import Pulse
from layers.recordings.queries import DiskSeen
from layers.values import BBox

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_what_came_in_lately_is_ok_and_what_stopped_is_stale() -> None:
    felt = Pulse(fix_at=NOW - timedelta(seconds=3), frame_at=NOW - timedelta(hours=1), cameras={})
    assert ingest_part(felt, NOW).state == "ok" and "last fix 3 s ago" in ingest_part(felt, NOW).detail
    assert ingest_part(felt, NOW + timedelta(minutes=2)).state == "stale"
    assert ingest_part(Pulse(fix_at=None, frame_at=None, cameras={}), NOW).state == "ok"


@pytest.mark.parametrize(
    ("cameras", "state"), [({}, "ok"), ({"live": 2}, "ok"), ({"live": 1, "down": 1}, "stale"), ({"down": 2}, "down")]
)
def test_cameras_are_as_well_as_they_deliver(cameras: dict[str, int], state: str) -> None:
    assert cameras_part(Pulse(fix_at=None, frame_at=None, cameras=cameras)).state == state


@pytest.mark.parametrize(("free_mb", "state"), [(50_000, "ok"), (1000, "stale"), (0, "down")])
def test_a_disk_that_fills_is_told_before_it_is_full(free_mb: int, state: str) -> None:
    assert disk_part(free_mb).state == state


@pytest.mark.parametrize(
    ("fares", "pressure", "state"),
    [
        ({}, "", "ok"),
        ({"recording": 2, "ring": 1}, "", "ok"),
        ({"recording": 2, "waiting": 1}, "", "stale"),
        ({"recording": 2}, "The disk is nearly full.", "stale"),
        ({"recording": 2, "failing": 1}, "", "down"),
    ],
)
def test_recordings_are_as_well_as_they_are_written(fares: dict[str, int], pressure: str, state: str) -> None:
    part = recordings_part(fares, DiskSeen(at=NOW, free_bytes=1, total_bytes=9, pressure=pressure))
    assert part.state == state and pressure.rstrip(".") in part.detail


def test_the_map_opens_so_that_its_box_fills_the_window() -> None:
    city = zoom_for(BBox(west=76.7, south=43.0, east=77.2, north=43.4))
    country = zoom_for(BBox(west=46.5, south=40.5, east=87.4, north=55.5))
    assert 9.5 < city < 11.5 and 3.5 < country < 5.5
    assert zoom_for(BBox(west=1, south=1, east=1, north=1)) == 15
