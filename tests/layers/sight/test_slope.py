import numpy as np
import pytest

from layers.sight.slope import grade_of

FLAT = np.random.default_rng(1).uniform(-60, 60, (12, 2))


def test_the_plane_through_the_foot_is_found_in_spite_of_a_lamp() -> None:
    up = FLAT @ np.array([0.02, -0.01]) + np.random.default_rng(2).normal(0, 0.05, 12)
    up[4] += 6.0
    found = grade_of(FLAT, up, 0.15)
    assert found is not None
    assert found[0] == pytest.approx([0.02, -0.01], abs=0.003)
    assert np.sqrt(np.diag(found[1])).max() < 0.003


def test_without_four_elevations_in_two_directions_there_is_no_slope_to_know() -> None:
    unknown = np.full(12, np.nan)
    assert grade_of(FLAT, unknown, 0.15) is None
    few = unknown.copy()
    few[:3] = 0.0
    assert grade_of(FLAT, few, 0.15) is None
    along = np.column_stack([np.linspace(1, 60, 12), np.linspace(2, 120, 12)])
    assert grade_of(along, np.zeros(12), 0.15) is None
