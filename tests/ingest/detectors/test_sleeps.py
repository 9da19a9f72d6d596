"""A camera sleeps between motions, or its stream breaks off: what a rule tells after it, it has seen.

The tracks are those of the real tracker, which numbers anew whatever it has not seen for a second and a half.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detectors.detector import Function
from ingest.tracking import Tracker
from ingest.values import Box, Detection, Point, Scene, Seen
from tests.ingest.detectors.moving import START, STEP_S
from tests.ingest.detectors.test_track_rules import SHORTEST, SLEEPING, rule_of

GAPS_S = (5.0, 30.0, 300.0)
LASTED = ("stayed_s", "lasted_s", "lies_s", "moved_s")  # what events say of how long something was so
WIDE: dict[str, dict[str, Any]] = {  # each rule takes what is shown here, and by any of its ways
    **{name: {"labels": []} for name in SHORTEST if name != "motion"},
    "motion": {},
    "zone_motion by motion": {"by": "motion"},
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What stands or moves: its place on the ground, px, and how it moves, px/s."""

    foot: Point
    speed: Point = (0.0, 0.0)
    label: str = "car"
    size: tuple[float, float] = (60.0, 40.0)

    def box(self, passed_s: float) -> Box:
        x, y = self.foot[0] + passed_s * self.speed[0], self.foot[1] + passed_s * self.speed[1]
        return (x - self.size[0] / 2, y - self.size[1], x + self.size[0] / 2, y)


def wide(name: str, **change: Any) -> Function:
    return rule_of(name.split()[0], **WIDE[name], **change)


class Camera:
    """What one rule tells of what the tracker follows."""

    def __init__(self, rule: Function) -> None:
        self.rule, self.tracker, self.at, self.watched_s = rule, Tracker(), START, 0.0

    def looks(self, things: Sequence[Thing], moments: int, *, moves: bool = False) -> list[tuple[int, Seen]]:
        """Show so many moments; return what is told, with the number of its moment."""
        told: list[tuple[int, Seen]] = []
        for moment in range(moments):
            boxes = [(thing.label, thing.box(moment * STEP_S)) for thing in things]
            found = [Detection(label=label, score=0.9, box=box) for label, box in boxes]
            motion = tuple(box for _, box in boxes) if moves else ()
            scene = Scene(at=self.at, tracks=self.tracker.update(found, self.at), motion=motion)
            told += [(moment, seen) for seen in self.rule.update(scene)]
            self.at, self.watched_s = self.at + timedelta(seconds=STEP_S), self.watched_s + STEP_S
        return told

    def sleeps(self, gap_s: float) -> "Camera":
        self.at += timedelta(seconds=gap_s)
        return self


things = st.builds(
    Thing,
    foot=st.tuples(st.floats(100, 668), st.floats(100, 500)),
    speed=st.one_of(st.just((0.0, 0.0)), st.tuples(st.floats(-60, 60), st.floats(-20, 20))),
    label=st.sampled_from(["person", "car", "boat"]),
    size=st.sampled_from([(24.0, 60.0), (60.0, 40.0), (60.0, 24.0)]),
)
some = st.tuples(st.lists(things, max_size=3), st.integers(1, 20), st.booleans())
parts = st.lists(some, min_size=1, max_size=2)


def shown(camera: Camera, told: list[Any]) -> list[tuple[int, Seen]]:
    """Show parts after each other; moments are counted over all of them."""
    seen: list[tuple[int, Seen]] = []
    before = 0
    for things, moments, moves in told:
        seen += [(before + moment, one) for moment, one in camera.looks(things, moments, moves=moves)]
        before += moments
    return seen


@pytest.mark.parametrize("name", WIDE)
@settings(max_examples=10, deadline=None)
@given(before=parts, after=parts, gap_s=st.sampled_from(GAPS_S), cooldown_s=st.sampled_from([0.0, 7.0, 60.0]))
def test_nothing_is_told_of_a_gap_as_if_it_had_been_seen(
    name: str, before: list[Any], after: list[Any], gap_s: float, cooldown_s: float
) -> None:
    camera = Camera(wide(name, cooldown_s=cooldown_s))
    shown(camera, before)
    for moment, seen in shown(camera.sleeps(gap_s), after):
        assert moment > 0, "one moment is no evidence"
        assert all(seen.details[key] <= camera.watched_s + 0.1 for key in LASTED if key in seen.details)


@pytest.mark.parametrize("name", sorted(set(WIDE) - {"counting"}))
@settings(max_examples=10, deadline=None)
@given(before=parts, after=parts, gap_s=st.sampled_from(GAPS_S))
def test_after_a_gap_a_rule_tells_no_more_than_a_new_one_would(
    name: str, before: list[Any], after: list[Any], gap_s: float
) -> None:
    camera, fresh = Camera(wide(name)), Camera(wide(name))
    shown(camera, before)
    told, would = shown(camera.sleeps(gap_s), after), shown(fresh, after)
    if name == "fall_into_water" and gap_s < 10:  # who was there so shortly before is known still, and looked for first
        assert all(moment >= 15 for moment, seen in told if seen.details["how"] == "ended")
    elif name in SLEEPING:  # what stands there still is not told again, and later where it moves on
        assert len(told) <= len(would)
    else:
        assert [(moment, seen.box) for moment, seen in told] == [(moment, seen.box) for moment, seen in would]


CAR, BOAT, MAN = Thing(foot=(500, 400)), Thing(foot=(500, 400), label="boat"), (24.0, 60.0)


@pytest.mark.parametrize("gap_s", GAPS_S)
@pytest.mark.parametrize("name", sorted(SLEEPING))
def test_what_was_told_and_stands_there_still_is_not_told_again(name: str, gap_s: float) -> None:
    camera = Camera(rule_of(name, labels=["car"]))
    assert len(camera.looks([CAR], 30)) == 1
    assert camera.sleeps(gap_s).looks([CAR], 30) == []


@pytest.mark.parametrize("gap_s", GAPS_S)
@pytest.mark.parametrize("name", sorted(SLEEPING))
def test_what_was_due_in_the_quiet_and_is_told_after_a_gap_has_stayed_for_as_long_as_it_was_seen(
    name: str, gap_s: float
) -> None:
    camera, other = Camera(rule_of(name, labels=["car"], cooldown_s=30)), Thing(foot=(200, 400))
    assert len(camera.looks([CAR], 20)) == 1
    if name == "congestion":
        camera.looks([], 30)  # it is over, and another comes
    camera.looks([CAR, other], 20)
    assert camera.rule.awaits  # type: ignore[attr-defined]
    ((_, told),) = camera.sleeps(gap_s).looks([CAR, other], 200)
    assert all(told.details[key] <= camera.watched_s for key in LASTED if key in told.details)


@pytest.mark.parametrize("gap_s", GAPS_S)
def test_what_moves_after_a_sleep_has_not_moved_all_the_while(gap_s: float) -> None:
    camera = Camera(rule_of("zone_motion", by="motion"))
    assert camera.looks([CAR], 10, moves=True)
    ((moment, seen), *_) = camera.sleeps(gap_s).looks([CAR], 10, moves=True)
    assert moment > 0 and seen.details["stayed_s"] <= 1


@pytest.mark.parametrize("gap_s", GAPS_S)
def test_a_moored_boat_has_not_sunk_because_its_idle_camera_slept(gap_s: float) -> None:
    camera = Camera(rule_of("fall_into_water"))
    assert camera.looks([BOAT], 20) == [] and camera.sleeps(gap_s).looks([BOAT], 60) == []


@pytest.mark.parametrize("label", ["boat", "person"])
def test_what_the_tracker_numbers_anew_in_the_water_has_not_sunk(label: str) -> None:
    camera, here = Camera(rule_of("fall_into_water", swimmers=True)), Thing(foot=(500, 400), label=label, size=MAN)
    camera.looks([here], 20)
    camera.looks([], 10)  # two seconds: the tracker gives it up
    assert camera.looks([here], 60) == []


@pytest.mark.parametrize("name", sorted({*SLEEPING, "loitering", "overcrowding", "crowd_gathering", "person_down"}))
def test_a_blink_of_the_detector_lets_no_camera_sleep_while_something_is_awaited(name: str) -> None:
    camera, stands = Camera(rule_of(name, dwell_s=60)), Thing(foot=(500, 400), label="person", size=MAN)
    if name in ("vehicle_stopped", "congestion"):
        here = [CAR]
    elif name == "person_down":
        camera.looks([stands], 10)
        here = [Thing(foot=(500, 400), label="person", size=(60.0, 24.0))]
    else:
        here = [stands, Thing(foot=(520, 400), label="person", size=MAN)]
    camera.looks(here, 20)
    assert camera.rule.awaits  # type: ignore[attr-defined]
    camera.looks([], 1)
    assert camera.rule.awaits  # type: ignore[attr-defined]
    camera.looks([], 40)
    assert not camera.rule.awaits  # type: ignore[attr-defined]
