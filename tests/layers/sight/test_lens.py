import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sight.lens import STRAIGHT, distort, folded, undistort

LENS = (-0.2, 0.05, 0.001, -0.002, 0.0)


@given(x=st.floats(-0.7, 0.7), y=st.floats(-0.4, 0.4))
@settings(max_examples=50)
def test_what_a_lens_bends_is_straightened_again(x: float, y: float) -> None:
    point = np.array([[x, y]])
    assert np.allclose(undistort(distort(point, LENS), LENS), point, atol=1e-7)


def test_a_straight_lens_changes_nothing() -> None:
    points = np.array([[0.3, 0.2]])
    assert undistort(points, STRAIGHT) is points


def test_beyond_what_a_lens_can_show_there_is_nothing_rather_than_a_wrong_place() -> None:
    barrel = (-0.25, 0.0, 0.0, 0.0, 0.0)  # shows nothing further out than 0.77
    assert np.isnan(undistort(np.array([[0.8, 0.0]]), barrel)).all()
    assert np.isfinite(undistort(np.array([[0.7, 0.0]]), barrel)).all()
    assert folded(np.array([[1.3, 0.0], [0.5, 0.5]]), barrel).tolist() == [True, False]
