"""Terrain is read as its file tells it, and a bad file is refused in one sentence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo_server.errors import Refusal
from geo_server.planning.ground import Ground
from geo_server.planning.terrain_files import grids_of
from geo_server.planning.viewsheds.relief import Relief
from layers.terrain.heights import heights_at, known_in
from layers.terrain.schema import VOID, TerrainGrid
from layers.values import BBox

ESRI = "ncols 3\nnrows 2\nxllcorner 76.0\nyllcorner 43.0\ncellsize 0.1\nNODATA_value -9999\n1 2 3\n4 5.5 -9999\n"


def srtm(folder: Path, name: str = "N43E076.hgt", **heights: int) -> Path:
    """Write a square degree at 700 m, with heights told by `rROWcCOLUMN` from the north-west."""
    told = np.full((1201, 1201), 700, ">i2")
    for at, height in heights.items():
        row, column = at[1:].split("c")
        told[int(row), int(column)] = height
    file = folder / name
    file.write_bytes(told.tobytes())
    return file


def esri(folder: Path, text: str = ESRI) -> Path:
    file = folder / "hill.asc"
    file.write_text(text)
    return file


def at(grids: list[TerrainGrid], lon: float, lat: float) -> float:
    return float(heights_at(grids, np.array([(lon, lat)]))[0])


def test_srtm_is_big_endian_and_begins_in_the_north_west(tmp_path: Path) -> None:
    grids = grids_of(srtm(tmp_path, r0c0=1000, r1200c1200=300, r600c600=800))
    assert [at(grids, 76, 44), at(grids, 77, 43), at(grids, 76.5, 43.5)] == pytest.approx([1000, 300, 800])
    assert at(grids, 76.5 + 0.5 / 1200, 43.5) == pytest.approx(750)
    assert all(one.kind == "int16" and len(one.heights) <= 2 * 257**2 for one in grids)


def test_a_name_in_the_south_and_west_is_read_so(tmp_path: Path) -> None:
    assert at(grids_of(srtm(tmp_path, "s44w077.hgt", r1200c0=5)), -77, -44) == pytest.approx(5)


def test_between_a_void_and_a_height_nobody_knows_the_ground(tmp_path: Path) -> None:
    grids = grids_of(srtm(tmp_path, r600c600=VOID))
    assert np.isnan(at(grids, 76.5 + 0.5 / 1200, 43.5)) and at(grids, 76.502, 43.502) == pytest.approx(700)
    assert known_in(grids, BBox(west=76.5, south=43.5, east=76.501, north=43.501)) == "part"
    assert known_in(grids, BBox(west=76.1, south=43.1, east=76.2, north=43.2)) == "whole"
    assert known_in(grids, BBox(west=86.1, south=43.1, east=86.2, north=43.2)) == "none"


def test_heights_of_an_esri_grid_are_those_of_the_middles_of_its_cells(tmp_path: Path) -> None:
    grids = grids_of(esri(tmp_path))
    assert at(grids, 76.05, 43.15) == pytest.approx(1) and at(grids, 76.1, 43.05) == pytest.approx(4.75)
    assert at(grids, 76.01, 43.19) == pytest.approx(1)  # half a cell beyond the outer middles
    assert np.isnan(at(grids, 76.25, 43.05)) and np.isnan(at(grids, 75.99, 43.1))
    centred = ESRI.replace("xllcorner 76.0\nyllcorner 43.0", "XLLCENTER 76.05\nYLLCENTER 43.05")
    assert at(grids_of(esri(tmp_path, centred)), 76.05, 43.15) == pytest.approx(1)


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("terrain_no_file", lambda folder: folder / "N43E076.hgt"),
        ("terrain_strange_file", lambda folder: folder / "hill.tif"),
        ("terrain_bad_name", lambda folder: srtm(folder, "hill.hgt")),
        ("terrain_off_earth", lambda folder: srtm(folder, r5c5=20_000)),
        ("terrain_bad_header", lambda folder: esri(folder, "ncols 3\nnrows 2\n1 2 3\n4 5 6\n")),
        ("terrain_bad_header", lambda folder: esri(folder, ESRI.replace("0.1", "wide"))),
        ("terrain_bad_heights", lambda folder: esri(folder, ESRI.replace("5.5", "5,5"))),
        ("terrain_bad_heights", lambda folder: esri(folder, ESRI.replace("5.5", ""))),
        ("terrain_bad_heights", lambda folder: esri(folder, ESRI.replace("5.5", "inf"))),
        ("terrain_not_degrees", lambda folder: esri(folder, ESRI.replace("76.0", "576000"))),
        ("terrain_too_large", lambda folder: esri(folder, ESRI.replace("ncols 3", "ncols 300000000"))),
        ("terrain_no_heights", lambda folder: esri(folder, ESRI.replace("1 2 3\n4 5.5 -9999", "-9999 " * 6))),
    ],
)
def test_a_bad_file_is_refused(code: str, make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        grids_of(make(tmp_path))
    assert refused.value.code == code


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    file = srtm(tmp_path)
    file.write_bytes(file.read_bytes()[:-2])
    with pytest.raises(Refusal) as refused:
        grids_of(file)
    assert (refused.value.code, refused.value.details["bytes"]) == ("terrain_bad_size", 2 * 1201**2 - 2)


def test_carried_into_metres_the_ground_is_as_high_as_its_file_tells(tmp_path: Path) -> None:
    """To within the bend of a slope between two heights: here they rise 1 m in 100, and are told each 92 m."""
    steps = np.arange(1201)
    told = (500 + steps[None, :] + steps[::-1, None] // 2).astype(">i2")
    file = tmp_path / "N43E076.hgt"
    file.write_bytes(told.tobytes())
    box = BBox(west=76.4, south=43.2, east=76.45, north=43.24)
    grids = [part for one in grids_of(file) if (part := one.within(box)) is not None]
    assert sum(len(one.heights) for one in grids) < 10_000
    ground = Ground.around(76.4, 43.2)
    relief = Relief.of(grids, ground)
    assert relief is not None and relief.march_m < relief.step_m <= 0.5 * 68
    lon, lat = np.random.default_rng(1).uniform((76.4, 43.2), (76.45, 43.24), (500, 2)).T
    found = relief.at(ground.metres(lon, lat))
    assert found == pytest.approx(heights_at(grids, np.column_stack([lon, lat])), abs=0.2)
