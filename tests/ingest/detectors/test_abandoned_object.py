from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Literal

import cv2
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ingest.detectors.abandoned_object import StayingObject, StayingObjectRule
from ingest.measuring.bags import Bag
from ingest.values import Image, Scene, Track
from tests.ingest.detectors.moving import track
from tests.ingest.detectors.pictures import HEIGHT, START, WIDTH, street, watch

Kind = Literal["abandoned_object", "removed_object"]
STREET = street()
BAG = Bag(x=300, y=260, width=60, height=60, since_s=8)
AFTER_S = 10.0


def rule(kind: Kind = "abandoned_object", **settings: Any) -> StayingObjectRule:
    return StayingObjectRule(kind, StayingObject(**{"after_s": AFTER_S, "cooldown_s": 0.0, **settings}))


def drawn(bag: Bag) -> Callable[[float], Image]:
    with_it = bag.draw(STREET, max(bag.since_s, 0.0))
    return lambda at_s: with_it if bag.since_s <= at_s < bag.until_s else STREET


def owner(until_s: float) -> Callable[[float], Sequence[Track]]:
    return lambda at_s: [track((350, 262), size=(40, 110))] if 6 <= at_s < until_s else []


def test_a_bag_is_told_once_it_has_been_alone_for_long_enough() -> None:
    told = watch(rule(), drawn(BAG), seconds=40, fps=2, tracks=owner(12))
    assert len(told) == 1
    at_s, seen = told[0]
    assert 12 + AFTER_S <= at_s <= 12 + AFTER_S + 6 and seen.kind == "abandoned_object"
    assert np.allclose(seen.box, (270, 200, 330, 260), atol=8)


def test_a_bag_is_told_also_by_the_key_frames_of_a_camera_that_fell_asleep() -> None:
    told = watch(rule(), drawn(BAG), seconds=60, fps=0.5)
    assert len(told) == 1 and 8 + AFTER_S <= told[0][0] <= 8 + AFTER_S + 8


def test_while_its_owner_is_by_it_though_standing_so_still_that_the_camera_sleeps_a_bag_is_not_alone() -> None:
    own = rule()
    assert watch(own, drawn(BAG), seconds=16, fps=2, tracks=owner(99)) == []
    assert watch(own, drawn(BAG), seconds=60, fps=0.5, since_s=16) == []  # asleep: no tracks come, and nobody has gone
    woken = watch(own, drawn(BAG), seconds=20, fps=2, since_s=76, tracks=lambda _: [])
    assert len(woken) == 1 and woken[0][0] >= 76 + AFTER_S - 3


@pytest.mark.parametrize(
    "bag",
    [
        Bag(x=300, y=260, width=60, height=60, since_s=8, until_s=16),
        Bag(x=300, y=260, width=40, height=40, since_s=8),
    ],
    ids=["fetched again in time", "below 45 x 45 px"],
)
def test_what_is_fetched_again_or_too_small_is_not_told(bag: Bag) -> None:
    assert watch(rule(), drawn(bag), seconds=40, fps=2) == []


def test_what_is_taken_away_is_told_by_its_own_rule_alone() -> None:
    bag = Bag(x=300, y=260, width=60, height=60, since_s=-1, until_s=12)
    assert watch(rule(), drawn(bag), seconds=40, fps=2) == []
    told = watch(rule("removed_object"), drawn(bag), seconds=40, fps=2)
    assert [seen.kind for _, seen in told] == ["removed_object"]
    assert watch(rule("removed_object"), drawn(BAG), seconds=40, fps=2) == []


@pytest.mark.parametrize("label", ["person", "car"])
def test_a_person_or_a_vehicle_that_stands_is_no_thing(label: str) -> None:
    who = track((300, 260), size=(60, 60), label=label)
    assert watch(rule(), drawn(BAG), seconds=40, fps=2, tracks=lambda at_s: [who] if at_s >= 8 else []) == []


def test_whoever_was_there_when_the_watch_began_leaves_nothing_taken() -> None:
    bag = Bag(x=300, y=260, width=60, height=60, since_s=-1, until_s=12)
    who = track((300, 260), size=(60, 60))
    told = watch(rule("removed_object"), drawn(bag), seconds=40, fps=2, tracks=lambda at_s: [who] if at_s < 12 else [])
    assert told == []


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(light=st.sampled_from([0.4, 0.6, 0.75, 1.3]), x=st.integers(0, 500), width=st.integers(60, 140))
def test_a_shadow_or_a_spot_of_light_on_ground_with_a_grain_is_no_thing(light: float, x: int, width: int) -> None:
    grain = np.random.default_rng(4).normal(0, 12, (HEIGHT // 3, WIDTH // 3, 1)).repeat(3, 0).repeat(3, 1)
    paved = np.clip(STREET[:, : WIDTH // 3 * 3] + grain, 0, 255).astype(np.uint8)
    lit = paved.copy()
    lit[120:300, x : x + width] = np.clip(paved[120:300, x : x + width] * light, 0, 255).astype(np.uint8)
    kinds: tuple[Kind, ...] = ("abandoned_object", "removed_object")
    for kind in kinds:
        assert watch(rule(kind), lambda at_s: lit if at_s >= 8 else paved, seconds=24, fps=1) == []


def test_light_that_changes_everywhere_is_learnt_anew() -> None:
    bright = cv2.convertScaleAbs(STREET, alpha=1.0, beta=60).astype(np.uint8)
    assert watch(rule(), lambda at_s: bright if at_s >= 8 else STREET, seconds=40, fps=2) == []


def test_a_bag_in_a_mask_is_not_looked_at() -> None:
    mask = ((200.0, 150.0), (400.0, 150.0), (400.0, 300.0), (200.0, 300.0))
    masked = StayingObjectRule("abandoned_object", StayingObject(after_s=AFTER_S), (mask,))
    assert watch(masked, drawn(BAG), seconds=40, fps=2) == []


def test_an_hour_without_frames_is_not_an_hour_alone() -> None:
    own = rule(after_s=60.0)
    watch(own, drawn(BAG), seconds=20, fps=2)
    assert own.update(Scene(at=START + timedelta(hours=1), image=BAG.draw(STREET, 9))) == ()


@pytest.mark.parametrize("wrong", [{"after_s": 0}, {"min_area_px2": 2000}, {"reach": -1}, {"cooldown_s": float("nan")}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must be positive|must not be below"):
        StayingObject(**wrong)
