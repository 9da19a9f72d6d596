"""Places are measured in the metres of their own UTM zone, and headings are told from its north."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.planning.ground import Ground

EARTH = pyproj.Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (76.94, 43.24, 32643), (71.43, 51.13, 32642), (51.2, 51.2, 32639), (180.0, 10.0, 32660), (24.94, 60.17, 32635),
        (-58.4, -34.6, 32721),
    ],
)  # fmt: skip
def test_the_zone_is_chosen_by_the_place(lon: float, lat: float, epsg: int) -> None:
    assert Ground.around(lon, lat).epsg == epsg


@pytest.mark.parametrize(("lon", "lat"), [(43.24, 95.0), (200.0, 10.0), (float("nan"), 10.0), (10.0, 89.0)])
def test_what_is_no_place_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="no metre grid"):
        Ground.around(lon, lat)


@settings(deadline=None)
@given(st.floats(46.5, 87.3), st.floats(40.6, 55.4), st.floats(0, 360), st.floats(10, 500))
def test_who_goes_so_far_along_a_heading_is_there_in_the_grid_too(
    lon: float, lat: float, heading: float, far_m: float
) -> None:
    ground = Ground.around(lon, lat)
    to_lon, to_lat, _ = EARTH.fwd(lon, lat, heading, far_m)
    here, there = ground.metres(np.array([lon, to_lon]), np.array([lat, to_lat]))
    turned = np.radians(ground.from_grid_north(np.array([lon]), np.array([lat]), np.array([heading]))[0])
    gone = here + far_m * np.array([np.sin(turned), np.cos(turned)])
    assert np.hypot(*(gone - there)) <= 0.002 * far_m


def test_shapes_go_there_and_back() -> None:
    ground, shapes = Ground.around(76.94, 43.24), np.array([shapely.box(76.9, 43.2, 76.95, 43.25)], dtype=object)
    there = ground.in_metres(shapes)
    assert shapely.area(there)[0] == pytest.approx(4058 * 5555, rel=0.01)
    assert shapely.equals_exact(ground.in_degrees(there), shapes, 1e-9).all()
