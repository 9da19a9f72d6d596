"""Each purpose asks for the pixels and the angle that its article names."""

import math

import pytest

from geo_server.planning.purposes import CLASSES_2014, CLASSES_2025, purposes
from geo_server.planning.viewsheds.seen import seen_by
from tests.geo_server.planning.viewsheds.scenes import views, walls


def test_the_densities_are_those_of_the_articles() -> None:
    """Almaty 213: 16 px of 0.5 m, 45 px of 0.5 m, 150 px of 0.52 m, 80 px of 0.16 m."""
    told = {name: round(one.density_px_m, 1) for name, one in purposes().items()}
    assert told == {"situation": 32.0, "left_object": 90.0, "plate": 288.5, "person": 500.0}


def test_the_classes_of_the_standard_grow_finer() -> None:
    assert list(CLASSES_2025) == sorted(CLASSES_2025) and list(CLASSES_2014) == sorted(CLASSES_2014)
    assert (len(CLASSES_2025), len(CLASSES_2014)) == (7, 4)


def test_a_plate_is_read_neither_too_far_nor_too_steeply() -> None:
    """A 4K camera with 10 degrees across, 6 m over the road: 288.5 px/m reach 76 m, and 20 degrees begin at 14.8 m."""
    plate = purposes()["plate"]
    fit = plate.fit(seen_by(views(width_px=3840.0, hfov_deg=10.0, above_m=plate.above_m), walls()))
    assert fit.parts[:, 0].min() == pytest.approx((6 - 0.6) / math.tan(math.radians(20)), rel=1e-6)
    assert fit.parts[:, 1].max() == pytest.approx(3840 / 2 / math.tan(math.radians(5)) / plate.density_px_m, rel=1e-2)


def test_a_situation_may_be_seen_from_straight_above() -> None:
    situation = purposes()["situation"]
    assert situation.fit(seen_by(views(tilt_deg=90.0), walls())).parts[:, 0].min() == 0
