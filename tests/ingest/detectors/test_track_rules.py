"""What holds of every rule on tracks, whatever it is shown."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detectors.detector import Function, build_function
from ingest.detectors.memory import MOST, Memory, Steady
from ingest.detectors.register import FUNCTIONS
from ingest.detectors.stays import Stays
from ingest.values import Scene, Seen, Track
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat
from tests.ingest.detectors.moving import START, track
from tests.ingest.surroundings import AMONG

PICTURE = [[0, 0], [768, 0], [768, 576], [0, 576]]
LINE = [[384, 0], [384, 576]]
SHORTEST: dict[str, dict[str, Any]] = {  # each function as eager as it can be
    "line_crossing": {"line": LINE},
    "zone_motion": {"zone": PICTURE, "dwell_s": 0.4},
    "motion": {"dwell_s": 0.4},
    "loitering": {"dwell_s": 0.4, "within": 20},
    "crowd_gathering": {"people": 2, "radius_m": 50, "dwell_s": 0.4},
    "overcrowding": {"most": 0, "dwell_s": 0.4},
    "counting": {"line": LINE, "most_inside": 0, "most_an_interval": 1},
    "person_down": {"dwell_s": 0.4, "still": 10},
    "fall_into_water": {"zone": [[384, 0], [768, 0], [768, 576], [384, 576]], "dwell_s": 0},
    "vehicle_stopped": {"zone": PICTURE, "dwell_s": 0.4, "within": 20},
    "wrong_way": {"way": [[0, 0], [100, 0]], "dwell_s": 0, "travel": 0.1},
    "congestion": {"vehicles": 1, "slow": 100, "dwell_s": 0.4},
    "speed": {"limit_kmh": 1, "over_s": 1, "most_error_m": 100},
}
SLEEPING = {"vehicle_stopped", "zone_motion", "congestion"}
TRACKERS = [entry for entry in FUNCTIONS if entry.looks == "tracks"]
PLACING = replace(
    AMONG,
    place=from_pose(
        LonLat(lon=76.94, lat=43.24), Pose(height_m=7, heading_deg=35, tilt_deg=25, hfov_deg=60), (768, 576)
    ).place,
)

tracks = st.builds(
    track,
    st.tuples(st.floats(0, 768), st.floats(0, 576)),
    st.integers(1, 4),
    size=st.tuples(st.floats(1, 200), st.floats(1, 200)),
    label=st.sampled_from(["person", "car", "boat", "dog"]),
    score=st.floats(0, 1),
)
some = st.lists(tracks, max_size=4, unique_by=lambda track: track.id)
boxes = st.lists(st.tuples(*[st.floats(0, 300)] * 2, *[st.floats(300, 700)] * 2), max_size=2)
scenes = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 1.0, 5.0]), some, boxes), max_size=30)


def rule_of(name: str, **change: Any) -> Function:
    entry = next(entry for entry in TRACKERS if entry.name == name)
    return build_function(entry, {**SHORTEST[name], "cooldown_s": 0, **change}, PLACING)


def shown(rule: Function, moments: Sequence[tuple[float, list[Track], list[Any]]]) -> list[tuple[float, Seen]]:
    """Show scenes so many seconds after each other, and return what was told and when by a clock that never jumps."""
    told, passed, at = [], 0.0, START
    for step_s, seen, motion in moments:
        passed, at = passed + max(0.0, step_s), at + timedelta(seconds=step_s)
        told += [(passed, one) for one in rule.update(Scene(at=at, tracks=tuple(seen), motion=tuple(motion)))]
    return told


def test_every_rule_on_tracks_is_tried_here() -> None:
    assert set(SHORTEST) == {entry.name for entry in TRACKERS if not entry.with_image}


@pytest.mark.parametrize("name", SHORTEST)
@settings(max_examples=25, deadline=None)
@given(moments=scenes, cooldown_s=st.sampled_from([0.0, 1.0, 7.0]), back=st.lists(st.booleans(), min_size=30))
def test_events_are_finite_and_never_closer_than_the_cooldown_though_time_runs_back(
    name: str, moments: list[Any], cooldown_s: float, back: list[bool]
) -> None:
    jumping = [(-3600.0 if jumps else step, *rest) for (step, *rest), jumps in zip(moments, back, strict=False)]
    for one in (moments, jumping):
        told = shown(rule_of(name, cooldown_s=cooldown_s), one)
        assert all(after[0] - before[0] >= cooldown_s - 1e-6 for before, after in pairwise(told))
        for _, seen in told:
            numbers = [seen.certainty, *seen.box, *seen.foot, *(v for v in seen.details.values() if type(v) is float)]
            assert seen.kind == name and 0 <= seen.certainty <= 1 and all(map(math.isfinite, numbers))
            assert seen.details["merged"] >= 0


@pytest.mark.parametrize("name", SHORTEST)
@settings(max_examples=15, deadline=None)
@given(moments=scenes, change=st.sampled_from([{"confirmed": False}, {"seen": False}, {"score": 0.5}]))
def test_what_is_unconfirmed_or_unseen_or_too_small_or_no_number_is_never_told(
    name: str, moments: list[Any], change: dict[str, Any]
) -> None:
    size = {} if change != {"score": 0.5} else {"box": (math.nan, 0.0, 10.0, 10.0)}
    hidden: list[Any] = [(step, [replace(one, **change, **size) for one in seen], []) for step, seen, _ in moments]
    assert shown(rule_of(name), hidden) == []


@pytest.mark.parametrize("name", SHORTEST)
@settings(max_examples=15, deadline=None)
@given(seen=some, motion=boxes)
def test_one_moment_is_no_evidence(name: str, seen: list[Track], motion: list[Any]) -> None:
    assert shown(rule_of(name), [(0.0, seen, motion)]) == []


@pytest.mark.parametrize("name", SHORTEST)
@settings(max_examples=10, deadline=None)
@given(moments=scenes, gap_s=st.sampled_from([600.0, 1e6]))
def test_after_a_gap_a_rule_tells_what_a_new_one_would(name: str, moments: list[Any], gap_s: float) -> None:
    old = rule_of(name)
    shown(old, moments)
    gap_s = 1e6 if name in SLEEPING else gap_s  # what these told may stand there still when an idle camera wakes
    later = [(gap_s, *moments[0][1:]), *moments[1:]] if moments else []
    if name != "counting":  # its counts are the day's
        fresh, after = shown(rule_of(name), moments), shown(old, later)
        assert [seen.box for _, seen in after] == [seen.box for _, seen in fresh]


@pytest.mark.parametrize("name", SHORTEST)
def test_thousands_of_tracks_leave_a_bounded_memory(name: str) -> None:
    rule = rule_of(name)
    feet = [(50.0 + number * 37 % 600, 100.0 + number * 91 % 400) for number in range(4 * MOST)]
    crowd = [track(foot, n, label=("person", "car", "boat")[n % 3]) for n, foot in enumerate(feet)]
    shown(rule, [(0.0, crowd[first : first + 50], []) for first in range(0, len(crowd), 50)])
    assert all(len(kept) <= MOST + 50 for kept in kept_in(rule))


def kept_in(thing: Any) -> list[Any]:
    """Return every memory that a rule holds."""
    held = list(getattr(thing, "__dict__", {}).values())
    held += [getattr(thing, name) for name in getattr(type(thing), "__slots__", ()) if hasattr(thing, name)]
    below = [kept for one in held if type(one).__module__.startswith("ingest.") for kept in kept_in(one)]
    return [one for one in held if isinstance(one, Memory | Stays | dict | list | set)] + below


def test_a_clock_that_jumps_back_goes_on_from_where_it_was() -> None:
    clock = Steady()
    steps_s = [0, 10, -3600, 5, 5]
    at, shown_s = START, []
    for step_s in steps_s:
        at += timedelta(seconds=step_s)
        shown_s.append((clock(at) - START).total_seconds())
    assert shown_s == [0, 10, 10, 15, 20]
