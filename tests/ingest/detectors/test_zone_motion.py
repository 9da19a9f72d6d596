from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.detectors.zone_motion import ZoneMotion, ZoneMotionRule
from ingest.values import Point, Scene, Seen, Track

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))


def stander(foot: Point, number: int = 1) -> Track:
    box = (foot[0] - 10, foot[1] - 40, foot[0] + 10, foot[1])
    return Track(id=number, label="person", score=0.7, box=box, foot=foot, confirmed=True, seen=True)


def watch(rule: ZoneMotionRule, feet: list[Point | None], step_s: float = 0.5) -> list[Seen]:
    scenes = [
        Scene(at=START + timedelta(seconds=step_s * i), tracks=(stander(foot),) if foot else ())
        for i, foot in enumerate(feet)
    ]
    return [seen for scene in scenes for seen in rule.update(scene)]


IN: Point = (50.0, 50.0)


def test_a_stay_is_told_once_after_its_dwell() -> None:
    told = watch(ZoneMotionRule(ZoneMotion(zone=ZONE, dwell_s=2, cooldown_s=0)), [IN] * 20)
    assert [(seen.at - START).total_seconds() for seen in told] == [2.0]
    assert told[0].details["stayed_s"] == 2.0


def test_a_stay_survives_a_blink_and_not_a_leave() -> None:
    settings = ZoneMotion(zone=ZONE, dwell_s=2, cooldown_s=0)
    assert len(watch(ZoneMotionRule(settings), [IN, IN, None, IN, IN, IN])) == 1
    assert watch(ZoneMotionRule(settings), [IN, IN, None, None, None, IN, IN]) == []


@given(feet=st.lists(st.tuples(st.floats(100.5, 500), st.floats(-500, 500)), max_size=30))
def test_nothing_outside_the_zone_is_ever_told(feet: list[Point]) -> None:
    assert watch(ZoneMotionRule(ZoneMotion(zone=ZONE, dwell_s=0)), list(feet)) == []


@given(
    feet=st.lists(st.one_of(st.none(), st.tuples(st.floats(0, 200), st.floats(0, 200))), max_size=60),
    cooldown_s=st.floats(0, 20),
)
def test_events_are_never_closer_than_the_cooldown(feet: list[Point | None], cooldown_s: float) -> None:
    told = watch(ZoneMotionRule(ZoneMotion(zone=ZONE, dwell_s=0, cooldown_s=cooldown_s)), feet)
    apart = [(b.at - a.at).total_seconds() for a, b in pairwise(told)]
    assert all(gap >= cooldown_s - 1e-3 for gap in apart)


def test_bare_motion_counts_from_256_pixels_on() -> None:
    rule = ZoneMotionRule(ZoneMotion(zone=ZONE, by="motion", dwell_s=0))
    small, large = (40.0, 40.0, 55.0, 55.0), (40.0, 40.0, 56.0, 56.0)  # Almaty 213, art. 13.3: 16 x 16
    assert rule.update(Scene(at=START, tracks=(), motion=(small,))) == ()
    told = rule.update(Scene(at=START + timedelta(seconds=1), tracks=(), motion=(small, large)))
    assert [seen.box for seen in told] == [large]


@pytest.mark.parametrize(
    "wrong", [{"zone": ZONE[:2]}, {"zone": ZONE, "dwell_s": -1.0}, {"zone": ((0, float("inf")), *ZONE)}]
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"zone needs|must not be negative"):
        ZoneMotion(**wrong)
