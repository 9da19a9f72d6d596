from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detectors.camera_shaking import CameraShaking, CameraShakingRule, swings
from ingest.detectors.camera_shifted import CameraShifted, CameraShiftedRule
from ingest.detectors.shift import Compass, Move, sight
from ingest.detectors.small import Glass
from ingest.measuring.lenses import dusk, moved
from ingest.values import Image
from layers.cameras.steadiness import limit_for
from tests.ingest.detectors.pictures import HEIGHT, WIDTH, noisy, street, watch

STREET = street()
PUSHED_S = 8.0


def pushed(dx: float, dy: float, turn_deg: float = 0.0) -> Callable[[float], Image]:
    there = moved(STREET, dx, dy, turn_deg)
    return lambda at_s: there if at_s >= PUSHED_S else STREET


@settings(max_examples=12, deadline=None)
@given(dx=st.floats(-60, 60), dy=st.floats(-40, 40), light=st.floats(0.6, 1.3))
def test_a_shift_is_measured_to_a_seventh_of_a_percent_in_any_light(dx: float, dy: float, light: float) -> None:
    glass = Glass()
    there = np.clip(moved(STREET, dx, dy) * light, 0, 255).astype(np.uint8)
    before, now = (sight(glass.look(noisy(image, number))[0]) for number, image in enumerate((STREET, there)))
    move = Compass().move(before, now)
    assert move.how == "shift"
    assert abs(2 * move.dx - dx) < 0.0015 * WIDTH and abs(2 * move.dy - dy) < 0.0015 * HEIGHT + 0.4


@settings(max_examples=8, deadline=None)
@given(percent=st.floats(1.2, 30), limit=st.sampled_from([0.5, 1.0]), across=st.booleans(), back=st.booleans())
def test_a_push_beyond_the_limit_is_told_with_its_size(percent: float, limit: float, across: bool, back: bool) -> None:
    far = percent / 100 * (WIDTH if across else HEIGHT) * (-1 if back else 1)
    told = watch(
        CameraShiftedRule(CameraShifted(), limit_percent=limit),
        pushed(far * across, far * (not across)),
        seconds=24,
        fps=1,
    )
    assert len(told) == 1
    at_s, seen = told[0]
    assert at_s - PUSHED_S <= 11 and seen.itself and seen.details["limit_percent"] == limit
    assert seen.details["shift_percent"] == pytest.approx(percent, abs=0.2)
    assert seen.details["shift_px"][0 if across else 1] == pytest.approx(far, abs=1.5)


@settings(max_examples=8, deadline=None)
@given(percent=st.floats(0, 0.8), limit=st.just(1.0), across=st.booleans())
def test_a_push_within_the_limit_is_not_told(percent: float, limit: float, across: bool) -> None:
    far = percent / 100 * (WIDTH if across else HEIGHT)
    rule = CameraShiftedRule(CameraShifted(), limit_percent=limit)
    assert watch(rule, pushed(far * across, far * (not across)), seconds=24, fps=1) == []


def test_a_turned_camera_and_one_that_looks_elsewhere_are_told() -> None:
    (_, turned), *rest = watch(CameraShiftedRule(CameraShifted()), pushed(0, 0, 12), seconds=24, fps=1)
    assert turned.details["by"] == "corners" and turned.details["turn_deg"] == pytest.approx(-12, abs=0.5) and not rest
    other = street(seed=9)[:, ::-1].copy()
    told = watch(CameraShiftedRule(CameraShifted()), lambda at_s: other if at_s >= 8 else STREET, seconds=80, fps=1)
    assert [(seen.details["by"], at_s > 60) for at_s, seen in told] == [("other_view", True)]


def test_a_bus_that_stands_before_the_lens_for_minutes_is_no_shift() -> None:
    bus = STREET.copy()
    rows, columns = np.mgrid[:300, :480]
    bus[40:340, 20:500] = np.where((rows // 20 + columns // 30) % 2, 60, 190)[..., None]
    assert (
        watch(CameraShiftedRule(CameraShifted()), lambda at_s: bus if at_s >= 8 else STREET, seconds=200, fps=0.5) == []
    )


def test_a_camera_that_creeps_is_told_though_the_view_follows_the_light() -> None:
    told = watch(CameraShiftedRule(CameraShifted()), lambda at_s: moved(STREET, at_s * 0.02, 0), seconds=500, fps=0.25)
    assert 1.0 < told[0][1].details["shift_percent"] < 1.4


def test_nightfall_is_no_shift_and_a_push_at_its_end_is() -> None:
    def shown(at_s: float) -> Image:
        night = dusk(STREET, min(0.9, at_s / 800))
        return moved(night, 20, 0) if at_s > 900 else night

    told = watch(CameraShiftedRule(CameraShifted()), shown, seconds=960, fps=0.25)
    assert [at_s > 900 for at_s, _ in told] == [True]


def test_a_knock_that_springs_back_within_the_hold_is_not_told() -> None:
    there = moved(STREET, 20, 0)
    rule = CameraShiftedRule(CameraShifted())
    assert watch(rule, lambda at_s: there if 8 <= at_s < 16 else STREET, seconds=40, fps=1) == []


def test_a_new_view_that_was_told_is_the_one_from_then_on() -> None:
    rule = CameraShiftedRule(CameraShifted(cooldown_s=0))
    assert len(watch(rule, pushed(20, 0), seconds=60, fps=1)) == 1
    assert len(watch(rule, lambda _: STREET, seconds=30, fps=1, since_s=60)) == 1


def test_half_as_much_is_borne_where_plates_are_read_or_persons_watched() -> None:
    assert limit_for(None, frozenset({"motion"})) == 1.0
    assert limit_for(None, frozenset({"motion", "person_down"})) == limit_for(None, frozenset({"plate_read"})) == 0.5
    assert limit_for(0.7, frozenset({"plate_read"})) == 0.7


def test_how_far_a_turned_or_zoomed_picture_moved_is_how_far_its_edge_did() -> None:
    assert Move(how="shift", dx=3.2).percent(320, 180) == pytest.approx(1.0)
    assert Move(how="corners", turn_deg=2).percent(320, 180) == pytest.approx(100 * 0.0349 * 160 / 180, rel=0.01)
    assert Move(how="corners", zoom=1.1).percent(320, 180) == pytest.approx(5)
    assert Move(how="other_view").percent(320, 180) == 100


@pytest.mark.parametrize("hz", [0.4, 1.3])
def test_a_mast_that_swings_is_told_and_one_push_is_not(hz: float) -> None:
    rule = CameraShakingRule(CameraShaking())
    told = watch(rule, lambda at_s: moved(STREET, 8 * np.sin(2 * np.pi * hz * at_s), 0), seconds=20)
    assert len(told) == 1 and told[0][1].details["turns"] >= 6 and told[0][1].itself
    assert watch(CameraShakingRule(CameraShaking()), pushed(20, 10), seconds=16) == []


@settings(max_examples=5, deadline=None)
@given(swing=st.floats(0, 0.8), hz=st.floats(0.2, 2.4))
def test_a_swing_within_the_limit_is_not_told(swing: float, hz: float) -> None:
    amplitude = swing / 200 * WIDTH
    rule = CameraShakingRule(CameraShaking())
    assert watch(rule, lambda at_s: moved(STREET, amplitude * np.sin(2 * np.pi * hz * at_s), 0), seconds=12) == []


@given(way=st.lists(st.floats(-5, 5), max_size=50))
def test_a_way_turns_back_no_oftener_than_it_has_steps_and_never_in_less_than_the_least(way: list[float]) -> None:
    assert swings(way, 1.0) <= max(0, len(way) - 2)
    assert swings([value / 11 for value in way], 1.0) == 0
    assert swings([0, 2, 0, 2, 0], 1.0) == 3


@pytest.mark.parametrize(
    "wrong", [{"limit_percent": 0.1}, {"limit_percent": 100.0}, {"every_s": 0}, {"cooldown_s": -1}]
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    for settings_of in (CameraShifted, CameraShaking):
        with pytest.raises(ValueError, match=r"limit_percent must lie|must be positive"):
            settings_of(**wrong)  # type: ignore[arg-type]
