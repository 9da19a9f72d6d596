"""A plan that is asked for in the shell: what it cannot be is said in a sentence."""

from pathlib import Path

import orjson
import pytest

from geo_server.planning.placement.wishing import BadWish, Wish

CORNERS = [(76.94, 43.24), (76.95, 43.24), (76.95, 43.25), (76.94, 43.25)]
CROSSED = [CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]]


def wish(file: Path | None, purpose: str = "situation", number: int | None = 1, cover: float | None = None) -> Wish:
    return Wish.of("KZ-75", purpose, None, number, cover, file, "")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (b"{}", "There is no GeoJSON polygon in"),
        (orjson.dumps({"type": "LineString", "coordinates": CORNERS}), "but a LineString"),
        (orjson.dumps({"type": "Polygon", "coordinates": [[*CROSSED, CROSSED[0]]]}), "must not cross itself"),
    ],
)
def test_a_file_without_a_region_is_refused(tmp_path: Path, told: bytes, said: str) -> None:
    file = tmp_path / "region.geojson"
    file.write_bytes(told)
    with pytest.raises(BadWish, match=said):
        wish(file)


def test_a_region_is_read_and_one_aim_and_a_known_purpose_are_needed(tmp_path: Path) -> None:
    file = tmp_path / "region.geojson"
    file.write_bytes(orjson.dumps({"type": "Polygon", "coordinates": [[*CORNERS, CORNERS[0]]]}))
    assert wish(file).drawn and wish(None).drawn is None
    for bad in ({"number": None}, {"cover": 50.0}, {"purpose": "beauty"}):
        with pytest.raises(BadWish, match="Tell one of --budget, --number and --cover, and a purpose"):
            wish(None, **bad)
