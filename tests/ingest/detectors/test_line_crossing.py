from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.detectors.line_crossing import LineCrossing, LineCrossingRule
from ingest.values import Point, Scene, Seen, Track

START = datetime(2026, 1, 1, tzinfo=UTC)
LINE = ((100.0, 0.0), (100.0, 200.0))  # from top to bottom: left of it is x > 100
SETTINGS: dict[str, Any] = {"line": LINE, "cooldown_s": 0.0}


def walker(foot: Point, number: int = 1, **change: Any) -> Track:
    box = (foot[0] - 10, foot[1] - 40, foot[0] + 10, foot[1])
    whole = {"id": number, "label": "person", "score": 0.8, "box": box, "foot": foot, "confirmed": True, "seen": True}
    return Track(**{**whole, **change})


def walk(rule: LineCrossingRule, feet: list[Point], step_s: float = 0.2, **change: Any) -> list[Seen]:
    moments = [START + timedelta(seconds=step_s * index) for index in range(len(feet))]
    return [
        seen
        for at, foot in zip(moments, feet, strict=True)
        for seen in rule.update(Scene(at=at, tracks=(walker(foot, **change),)))
    ]


ACROSS = [(80.0, 100.0), (90.0, 100.0), (110.0, 100.0), (120.0, 100.0)]


def test_a_walk_over_the_line_is_told_once() -> None:
    told = walk(LineCrossingRule(LineCrossing(**SETTINGS)), ACROSS + ACROSS[::-1] + ACROSS)
    assert [seen.kind for seen in told] == ["line_crossing"]
    assert told[0].details["direction"] == "right_to_left"


@given(feet=st.lists(st.tuples(st.floats(0, 95), st.floats(0, 200)), max_size=30))
def test_a_walk_that_stays_on_one_side_is_never_told(feet: list[Point]) -> None:
    assert walk(LineCrossingRule(LineCrossing(**SETTINGS)), feet) == []


@given(xs=st.lists(st.floats(96.1, 103.9), max_size=40))
def test_trembling_on_the_line_is_never_told(xs: list[float]) -> None:
    assert (
        walk(LineCrossingRule(LineCrossing(**SETTINGS)), [(80.0, 50.0), *((x, 50.0) for x in xs), (80.0, 50.0)]) == []
    )


@given(y=st.floats(201, 400), past=st.floats(110, 300))
def test_a_walk_past_the_ends_of_the_line_is_never_told(y: float, past: float) -> None:
    assert walk(LineCrossingRule(LineCrossing(**SETTINGS)), [(50.0, y), (past, y)]) == []


@given(before=st.floats(0, 95), after=st.floats(105, 300), y=st.floats(1, 199))
def test_each_direction_is_told_by_its_own_rule_alone(before: float, after: float, y: float) -> None:
    counts = {
        direction: [
            len(walk(LineCrossingRule(LineCrossing(**SETTINGS, direction=direction)), feet))
            for feet in ([(before, y), (after, y)], [(after, y), (before, y)])
        ]
        for direction in ("any", "left_to_right", "right_to_left")
    }
    assert counts == {"any": [1, 1], "left_to_right": [0, 1], "right_to_left": [1, 0]}


@pytest.mark.parametrize(
    "change",
    [{"confirmed": False}, {"seen": False}, {"label": "dog"}, {"box": (95.0, 95.0, 110.0, 100.0)}],
)
def test_what_is_unconfirmed_unseen_unwanted_or_too_small_is_not_told(change: dict[str, Any]) -> None:
    assert walk(LineCrossingRule(LineCrossing(**SETTINGS)), ACROSS, **change) == []


def test_repeats_within_the_cooldown_are_counted_in_the_next_event() -> None:
    rule = LineCrossingRule(LineCrossing(line=LINE, cooldown_s=60))
    told: list[Seen] = []
    for number in range(4):
        for index, foot in enumerate(ACROSS):
            at = START + timedelta(seconds=20 * number + index)
            told += rule.update(Scene(at=at, tracks=(walker(foot, number),)))
    assert [seen.details["merged"] for seen in told] == [0, 2]


def test_a_rule_that_settles_is_quiet_at_first() -> None:
    rule = LineCrossingRule(LineCrossing(line=LINE, settle_s=10, cooldown_s=0))
    assert walk(rule, ACROSS) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": ((1.0, 1.0), (1.0, 1.0))},
        {"line": ((float("nan"), 1.0), (2.0, 1.0))},
        {"line": LINE, "cooldown_s": -1.0},
        {"line": LINE, "cooldown_s": float("nan")},
        {"line": LINE, "min_area_px2": 10.0},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"line needs|must not be negative"):
        LineCrossing(**wrong)
