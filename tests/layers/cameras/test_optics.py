"""What is stored of a calibration places as the one that was judged, and is as sure of itself."""

from dataclasses import asdict

import numpy as np
import pytest

from layers.cameras.optics import Optics, calibration_of, known_of, locator_of, with_found
from tests.layers.sight.worlds import HFOV, ORIGIN, SIZE, camera, points


def optics(hfov_deg: float | None, count: int = 7) -> Optics:
    rows = [asdict(one) for one in points(camera(), np.random.default_rng(3), count)]
    return Optics(place=ORIGIN, width_px=SIZE[0], height_px=SIZE[1], hfov_deg=hfov_deg, control_points=rows)


def test_a_field_of_view_that_points_found_is_found_again_and_not_taken_as_known() -> None:
    judged = calibration_of(optics(None))
    assert judged is not None
    stored = with_found(optics(None), judged)
    assert stored.hfov_deg == pytest.approx(HFOV, abs=3) and stored.hfov_found and known_of(stored).hfov_deg is None
    again = locator_of(stored)
    assert again is not None
    foot = (960.0, 700.0)
    assert again.place(foot).ellipse.major_m == pytest.approx(judged.locator.place(foot).ellipse.major_m)


def test_a_field_of_view_that_somebody_knew_stays_known() -> None:
    judged = calibration_of(optics(HFOV))
    assert judged is not None
    stored = with_found(optics(HFOV), judged)
    assert not stored.hfov_found and known_of(stored).hfov_deg == pytest.approx(HFOV)
