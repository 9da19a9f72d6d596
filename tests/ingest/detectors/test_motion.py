from datetime import timedelta

import pytest

from ingest.detectors.described import schema
from ingest.detectors.motion import Motion, MotionRule
from ingest.detectors.register import FUNCTIONS
from ingest.detectors.rule import function_of
from ingest.detectors.zone_motion import ZoneMotion, ZoneMotionRule
from ingest.values import Box, Scene, Seen
from tests.ingest.detectors.moving import START
from tests.ingest.surroundings import AMONG

WHOLE = ((0.0, 0.0), (768.0, 0.0), (768.0, 576.0), (0.0, 576.0))
REGION = (100.0, 100.0, 140.0, 140.0)


def moves(rule: MotionRule | ZoneMotionRule, regions: list[tuple[Box, ...]]) -> list[Seen]:
    scenes = [Scene(at=START + timedelta(seconds=0.2 * n), motion=motion) for n, motion in enumerate(regions)]
    return [seen for scene in scenes for seen in rule.update(scene)]


def test_motion_that_lasts_is_told_with_its_largest_region() -> None:
    told = moves(MotionRule(Motion(), (768, 576)), [((5.0, 5.0, 22.0, 22.0), REGION)] * 10)
    assert [(seen.box, seen.details["moved_s"]) for seen in told] == [(REGION, 1.0)]


def test_a_flash_and_a_region_below_the_norm_are_no_motion() -> None:
    assert moves(MotionRule(Motion(), (768, 576)), [(REGION,), (REGION,), (), (), (), (), (), (), ()]) == []
    assert moves(MotionRule(Motion(), (768, 576)), [((0.0, 0.0, 15.0, 15.0),)] * 20) == []


def test_what_changes_most_of_the_picture_is_light_and_no_motion() -> None:
    whole = (0.0, 0.0, 768.0, 500.0)
    assert moves(MotionRule(Motion(), (768, 576)), [(whole,)] * 20) == []
    assert len(moves(MotionRule(Motion(most_share=1), (768, 576)), [(whole,)] * 20)) == 1


def test_motion_outside_the_zone_is_not_told() -> None:
    zone = ((300.0, 0.0), (768.0, 0.0), (768.0, 576.0), (300.0, 576.0))
    assert moves(MotionRule(Motion(zone=zone), (768, 576)), [(REGION,)] * 20) == []


RULES = (MotionRule(Motion(), (768, 576)), ZoneMotionRule(ZoneMotion(zone=WHOLE, by="motion", dwell_s=1)))


@pytest.mark.parametrize("rule", RULES)
def test_motion_that_goes_on_is_no_repeat_and_motion_that_comes_again_is_one(rule: MotionRule | ZoneMotionRule) -> None:
    moving, calm, blink = [(REGION,)] * 100, [()] * 75, [()] * 5
    told = moves(rule, [*moving, *blink, *moving, *moving, *moving, *calm, *moving, *calm, *moving])
    assert [seen.details["merged"] for seen in told] == [0, 0, 1]


def test_a_rule_of_before_with_labels_that_motion_never_looked_at_goes_on() -> None:
    _, function = function_of({"function": "motion", "settings": {"labels": ["dragon"], "dwell_s": 0}}, AMONG)
    assert function.update(Scene(at=START, motion=((0, 0, 90, 90),)))
    offered = schema(Motion, next(one.unseen for one in FUNCTIONS if one.name == "motion"))
    assert "labels" not in offered["$defs"]["Motion"]["properties"]
