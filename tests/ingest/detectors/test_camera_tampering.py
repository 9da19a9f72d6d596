from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detectors.camera_tampering import CameraTampering, CameraTamperingRule
from ingest.measuring.lenses import Spoil, covered, darkened, dazzled, defocused, dusk, headlights
from ingest.values import Image
from tests.ingest.detectors.pictures import street, watch

STREET = street()
BEGINS_S = 12.0
WAYS: list[tuple[Spoil, str]] = [
    (darkened, "dark"), (dazzled, "bright"), (covered, "covered"), (defocused, "defocused"),
]  # fmt: skip


def spoilt(spoil: Spoil, over_s: float) -> Callable[[float], Image]:
    return lambda at_s: spoil(STREET, min(1.0, max(0.0, at_s - BEGINS_S) / over_s))


@pytest.mark.parametrize("over_s", [0.5, 30])
@pytest.mark.parametrize(("spoil", "how"), WAYS)
def test_what_is_done_to_a_lens_is_told_once_with_how_it_was_done(spoil: Spoil, how: str, over_s: float) -> None:
    told = watch(CameraTamperingRule(CameraTampering(cooldown_s=0)), spoilt(spoil, over_s), seconds=70, fps=1)
    assert [seen.details["how"] for _, seen in told] == [how]
    assert told[0][0] - BEGINS_S <= over_s + 12 and told[0][1].itself


def test_key_frames_of_an_idle_camera_four_seconds_apart_suffice() -> None:
    told = watch(CameraTamperingRule(CameraTampering()), spoilt(covered, 0.5), seconds=60, fps=0.25)
    assert [seen.details["how"] for _, seen in told] == ["covered"]


@pytest.mark.parametrize("falls", [True, False])
def test_dusk_and_dawn_are_slow_and_not_told(falls: bool) -> None:
    def shown(at_s: float) -> Image:
        share = min(1.0, at_s / 1200)
        return dusk(STREET, share if falls else 1 - share)

    assert watch(CameraTamperingRule(CameraTampering()), shown, seconds=1300, fps=0.1) == []


@settings(max_examples=6, deadline=None)
@given(shines_s=st.floats(0.5, 9), night=st.floats(0, 0.95))
def test_headlights_that_pass_are_not_told(shines_s: float, night: float) -> None:
    def shown(at_s: float) -> Image:
        street_now = dusk(STREET, night)
        return headlights(street_now, 1.0) if 10 <= at_s < 10 + shines_s else street_now

    assert watch(CameraTamperingRule(CameraTampering()), shown, seconds=30, fps=1) == []


def test_a_blink_shorter_than_the_hold_is_not_told_and_what_goes_on_is_not_told_again() -> None:
    rule = CameraTamperingRule(CameraTampering(cooldown_s=0))
    blind = covered(STREET, 1.0)
    assert watch(rule, lambda at_s: blind if 10 <= at_s < 19 else STREET, seconds=30, fps=1) == []
    assert len(watch(rule, lambda _: blind, seconds=200, fps=0.5, since_s=30)) == 1


def test_a_lens_freed_and_covered_again_is_told_again() -> None:
    rule, blind = CameraTamperingRule(CameraTampering(cooldown_s=0)), covered(STREET, 1.0)
    told = watch(rule, lambda at_s: blind if at_s % 40 >= 20 else STREET, seconds=80, fps=1)
    assert [seen.details["how"] for _, seen in told] == ["covered", "covered"]


def test_a_picture_that_stays_the_same_to_the_last_bit_is_frozen_and_one_with_noise_is_not() -> None:
    rule = CameraTamperingRule(CameraTampering(cooldown_s=0, frozen_s=20))
    assert watch(rule, lambda _: STREET, seconds=60, fps=1) == []
    told = watch(rule, lambda _: STREET, seconds=60, fps=1, since_s=60, noise=False)
    assert [(at_s, seen.details["how"]) for at_s, seen in told] == [(80, "frozen")]


def test_only_the_ways_asked_for_are_told() -> None:
    rule = CameraTamperingRule(CameraTampering(ways=("frozen",)))
    assert watch(rule, spoilt(covered, 0.5), seconds=40, fps=1) == []


def test_after_a_long_gap_the_picture_is_learnt_anew() -> None:
    rule = CameraTamperingRule(CameraTampering())
    watch(rule, lambda _: STREET, seconds=10, fps=1)
    assert watch(rule, lambda _: darkened(STREET, 1.0), seconds=60, fps=1, since_s=3600) == []


def test_a_bus_that_stands_before_the_lens_has_edges_of_its_own_and_is_no_tampering() -> None:
    bus = STREET.copy()
    rows, columns = np.mgrid[:300, :560]
    bus[40:340, 40:600] = np.where((rows // 20 + columns // 30) % 2, 60, 190)[..., None]
    cv2.rectangle(bus, (40, 40), (600, 340), (20, 20, 160), 6)
    assert (
        watch(CameraTamperingRule(CameraTampering()), lambda at_s: bus if at_s > 10 else STREET, seconds=40, fps=1)
        == []
    )


@pytest.mark.parametrize("wrong", [{"hold_s": 0}, {"frozen_s": -1}, {"every_s": 0}, {"cooldown_s": -1}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        CameraTampering(**wrong)  # type: ignore[arg-type]


def test_a_lens_covered_again_in_the_quiet_and_left_so_is_told_when_that_is_over() -> None:
    blind = covered(STREET, 1.0)
    told = watch(
        CameraTamperingRule(CameraTampering()),
        lambda at_s: blind if 20 <= at_s < 35 or at_s >= 40 else STREET,
        seconds=130,
        fps=1,
    )
    assert [(at_s, seen.details["merged"]) for at_s, seen in told] == [(30, 0), (90, 0)]
