"""Tiles are laid under what cameras look into, each in the zone of its camera."""

import pytest

from geo_server.planning.laying import TILE_M, squares

IN_THE_MIDST = (76.94, 43.22)


def keys(*hanging: tuple[float, float, float]) -> list[tuple[int, int, int]]:
    return [(one.epsg, one.col, one.row) for one in squares([], hanging)]


def test_a_camera_has_the_tile_it_hangs_in_and_those_within_its_range() -> None:
    ((epsg, col, row),) = keys((*IN_THE_MIDST, 120.0))
    around = [(epsg, col + east, row + north) for east in (-1, 0, 1) for north in (-1, 0, 1)]
    assert epsg == 32643 and keys((*IN_THE_MIDST, TILE_M)) == around


def test_cameras_of_two_zones_have_tiles_of_both_and_those_of_one_tile_share_it() -> None:
    west, east = (71.999, 43.0, 50.0), (72.001, 43.0, 50.0)
    assert {epsg for epsg, _, _ in keys(west, east)} == {32642, 32643}
    assert keys(west, east) == sorted(keys(west) + keys(east))
    assert keys(*[(*IN_THE_MIDST, 120.0)] * 1000) == keys((*IN_THE_MIDST, 120.0))


def test_where_no_camera_hangs_no_tile_is_laid_and_at_no_place_none_is() -> None:
    assert keys() == []
    with pytest.raises(ValueError, match="no metre grid"):
        keys((200.0, 43.0, 50.0))
