import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from layers.sight.ground import ellipse_95, from_metres, to_metres
from layers.values import LonLat

GEOD = Geod(ellps="WGS84")


@given(lat=st.floats(-80, 80), east=st.floats(-1000, 1000), north=st.floats(-1000, 1000))
def test_metres_agree_with_the_geodesic_and_come_back(lat: float, east: float, north: float) -> None:
    origin = LonLat(lon=76.94, lat=lat)
    place = from_metres(origin, np.array([east, north]))
    assert np.allclose(to_metres(origin, place), [east, north], atol=1e-6)
    distance = GEOD.inv(origin.lon, origin.lat, place.lon, place.lat)[2]
    assert distance == pytest.approx(np.hypot(east, north), abs=1.0)


def test_an_ellipse_of_a_known_covariance() -> None:
    ellipse = ellipse_95(np.diag([4.0, 1.0]))
    assert ellipse is not None
    assert (ellipse.major_m, ellipse.minor_m) == pytest.approx((2 * 2.4478, 2.4478), abs=1e-3)
    assert ellipse.bearing_deg == pytest.approx(90)


def test_no_ellipse_where_the_covariance_is_not_finite() -> None:
    assert ellipse_95(np.full((2, 2), np.nan)) is None
