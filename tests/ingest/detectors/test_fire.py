from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detectors.fire import Fire, FireRule
from ingest.measuring.flames import Flame, Lamp
from ingest.values import Image
from tests.ingest.detectors.pictures import street, watch

STREET = street()


def burning(since_s: float = 2.0, size: int = 60, x: int = 320) -> Callable[[float], Image]:
    flame = Flame(x=x, y=300, size=size, seed=1)
    return lambda at_s: flame.draw(STREET, at_s - since_s) if at_s >= since_s else STREET


@pytest.mark.parametrize("fps", [5, 10, 25])
def test_a_flame_is_told_within_seconds_where_it_burns_at_any_usual_frame_rate(fps: float) -> None:
    told = watch(FireRule(Fire()), burning(), seconds=8, fps=fps)
    assert len(told) == 1
    at_s, seen = told[0]
    assert 2 < at_s < 8 and seen.kind == "fire"
    assert 260 < seen.foot[0] < 380 and 200 < seen.box[1] < seen.box[3] < 320


def test_with_fewer_than_four_frames_a_second_nothing_is_known() -> None:
    assert watch(FireRule(Fire()), burning(), seconds=20, fps=2) == []


@settings(max_examples=8, deadline=None)
@given(hz=st.floats(0.3, 4.5), size=st.integers(10, 50), x=st.integers(80, 560), red=st.integers(0, 2))
def test_a_lamp_that_blinks_is_no_fire(hz: float, size: int, x: int, red: int) -> None:
    colour = ((40, 150, 255), (30, 60, 255), (60, 190, 255))[red]
    lamp = Lamp(x=x, y=250, size=size, hz=hz, colour=colour)
    assert watch(FireRule(Fire()), lambda at_s: lamp.draw(STREET, at_s), seconds=5) == []


def test_what_has_the_colour_of_fire_and_stands_still_is_none() -> None:
    painted = STREET.copy()
    cv2.circle(painted, (300, 200), 40, (40, 140, 255), -1)
    assert watch(FireRule(Fire()), lambda _: painted, seconds=6) == []


def test_fire_in_a_mask_is_not_looked_at() -> None:
    mask = ((200.0, 150.0), (440.0, 150.0), (440.0, 360.0), (200.0, 360.0))
    assert watch(FireRule(Fire(), (mask,)), burning(), seconds=8) == []


def test_a_fire_that_burns_on_is_told_once_a_cooldown() -> None:
    told = watch(FireRule(Fire(cooldown_s=5)), burning(), seconds=16)
    assert len(told) == 3 and all(later[0] - sooner[0] >= 5 for sooner, later in pairwise(told))
    assert [seen.details["merged"] for _, seen in told] == [0, 0, 0]  # it is one fire


def test_a_clock_that_jumps_and_frames_of_another_size_begin_anew() -> None:
    rule = FireRule(Fire(cooldown_s=0))
    watch(rule, burning(since_s=0), seconds=6)
    assert watch(rule, burning(since_s=-100), seconds=1.4, since_s=-90) == []
    double = lambda at_s: np.repeat(np.repeat(burning(since_s=0)(at_s), 2, 0), 2, 1)  # noqa: E731
    assert watch(rule, double, seconds=1.4, since_s=10) == []


@pytest.mark.parametrize("wrong", [{"persist_s": 0}, {"persist_s": 9}, {"cooldown_s": -1}, {"least_blocks": 0}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="persist_s must lie"):
        Fire(**wrong)  # type: ignore[arg-type]
