"""Cameras meet, break or cannot be told to meet the rules of installation, each with how much is lacking."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.planning.compliance.judging import Cameras, Judged, Verdict, judged
from geo_server.planning.compliance.rules import Rule, rules

BY_NAME = {rule.name: rule for rule in rules()}


def one(*flags: str, **facts: float) -> Cameras:
    """Return a single camera."""
    columns = {name: np.array([value]) for name, value in facts.items()}
    return Cameras(count=1, facts=columns, flags={flag: np.array([True]) for flag in flags})


def verdict(name: str, camera: Cameras) -> tuple[Verdict, float]:
    found = judged([BY_NAME[name]], camera)
    return Verdict(int(found.verdicts[0, 0])), float(found.off[0, 0])


def test_each_rule_has_an_article_a_limit_and_three_titles() -> None:
    assert len(BY_NAME) == len(rules())
    for rule in rules():
        assert rule.least is not None or rule.most is not None
        assert all((rule.title.kk, rule.title.ru, rule.title.en)) and rule.article


@pytest.mark.parametrize(
    ("name", "camera", "expected", "off"),
    [
        ("person_height", one("person", height_m=2.2), Verdict.MEETS, 0.0),
        ("person_height", one("person", height_m=float(np.float32(1.8))), Verdict.MEETS, 0.0),
        ("person_height", one("person", height_m=1.0), Verdict.BREAKS, 0.8),
        ("person_height", one("person", height_m=5.0), Verdict.BREAKS, -1.0),
        ("person_height", one("person"), Verdict.CANNOT_TELL, math.nan),
        ("person_height", one("plate", height_m=1.0), Verdict.NOT_ASKED, math.nan),
        ("situation_tilt", one("situation", tilt_deg=82.0), Verdict.BREAKS, -7.0),
        ("crowd_height", one("situation", "function:crowd_gathering", height_m=3.0), Verdict.BREAKS, 1.0),
        ("crowd_height", one("situation", "function:motion", height_m=3.0), Verdict.NOT_ASKED, math.nan),
        ("plate_infrared", one("plate", infrared=0.0), Verdict.BREAKS, 1.0),
        ("no_light_into_the_lens", one(light_into_lens=1.0), Verdict.BREAKS, -1.0),
    ],
)
def test_a_rule_is_judged_by_its_limits(name: str, camera: Cameras, expected: Verdict, off: float) -> None:
    found, found_off = verdict(name, camera)
    assert found is expected and found_off == pytest.approx(off, nan_ok=True)


def test_where_it_is_not_known_what_is_watched_a_height_is_not_told_to_break() -> None:
    assert verdict("road_height", one("plate", height_m=1.0))[0] is Verdict.CANNOT_TELL
    assert verdict("road_height", one("plate", "road", height_m=1.0))[0] is Verdict.BREAKS
    assert verdict("road_height", one("plate", "barrier", height_m=1.0))[0] is Verdict.NOT_ASKED


def test_over_all_rules_a_break_counts_most_and_what_is_not_known_before_what_is_met() -> None:
    def over(*verdicts: Verdict) -> int:
        row = np.array([verdicts], np.int8)
        return int(Judged(rules=(), verdicts=row, off=np.zeros(row.shape)).worst()[0])

    assert over(Verdict.MEETS, Verdict.CANNOT_TELL, Verdict.BREAKS) == Verdict.BREAKS
    assert over(Verdict.MEETS, Verdict.CANNOT_TELL, Verdict.NOT_ASKED) == Verdict.CANNOT_TELL
    assert over(Verdict.MEETS, Verdict.NOT_ASKED) == Verdict.MEETS
    assert over(Verdict.NOT_ASKED) == Verdict.NOT_ASKED


@settings(deadline=None)
@given(st.sampled_from(rules()), st.floats(-1e4, 1e4))
def test_what_breaks_a_rule_meets_it_once_it_is_mended_by_what_is_told(rule: Rule, value: float) -> None:
    flags = [rule.of, *(f"function:{name}" for name in rule.for_), *([rule.when] if rule.when else [])]
    broken = judged([rule], one(*flags, **{rule.fact: value}))
    if broken.verdicts[0, 0] == Verdict.BREAKS:
        mended = one(*flags, **{rule.fact: value + float(broken.off[0, 0])})
        assert judged([rule], mended).verdicts[0, 0] == Verdict.MEETS


def test_a_camera_that_watches_a_road_and_a_barrier_is_judged_by_the_rules_of_both() -> None:
    both = one("plate", "road", "barrier", height_m=1.0)
    assert verdict("road_height", both)[0] is Verdict.BREAKS and verdict("barrier_height", both)[0] is Verdict.MEETS


def test_of_a_camera_whose_functions_nobody_told_a_height_is_only_met_or_not_told() -> None:
    assert verdict("crowd_height", one("situation", height_m=5.0))[0] is Verdict.MEETS
    assert verdict("crowd_height", one("situation", height_m=2.0))[0] is Verdict.CANNOT_TELL
    assert verdict("crowd_height", one("situation", "function:loitering", height_m=2.0))[0] is Verdict.NOT_ASKED


def test_what_is_that_much_at_most_meets_a_rule_or_tells_nothing() -> None:
    def shaking(share: float) -> Verdict:
        facts, flags = {"shake_share": np.array([share])}, {"person": np.array([True])}
        at_most = {"shake_share": np.array([True])}
        return verdict("person_steady", Cameras(count=1, facts=facts, flags=flags, at_most=at_most))[0]

    assert (shaking(0.005), shaking(0.01)) == (Verdict.MEETS, Verdict.CANNOT_TELL)
