"""What comes while a rule is quiet after an event: counted, and told afterwards where it lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.detectors.congestion import Congestion, CongestionRule
from ingest.detectors.cooldown import Cooldown
from ingest.detectors.crowd_gathering import CrowdGathering, CrowdGatheringRule
from ingest.detectors.detector import Function
from ingest.detectors.fall_into_water import FallIntoWater, FallIntoWaterRule
from ingest.detectors.loitering import Loitering, LoiteringRule
from ingest.detectors.overcrowding import Overcrowding, OvercrowdingRule
from ingest.detectors.person_down import PersonDown, PersonDownRule
from ingest.detectors.vehicle_stopped import VehicleStopped, VehicleStoppedRule
from ingest.detectors.zone_motion import ZoneMotion, ZoneMotionRule
from ingest.values import Scene, Seen, Track
from tests.ingest.detectors.moving import seconds, track, watch
from tests.ingest.surroundings import AMONG

AT = datetime(2026, 1, 1, tzinfo=UTC)
LYING = (60.0, 24.0)
RIGHT = ((400.0, 0.0), (768.0, 0.0), (768.0, 576.0), (400.0, 576.0))


def falls(foot: tuple[float, float], number: int, *, at_s: float, until_s: float) -> dict[int, Track]:
    """Return one who stands for two seconds, and then lies until the end."""
    return {
        step: track(foot, number, size=(24.0, 60.0) if step < (at_s + 2) * 5 else LYING)
        for step in range(round(at_s * 5), round(until_s * 5))
    }


def scenes(*people: dict[int, Track]) -> list[list[Track]]:
    last = max(max(one) for one in people)
    return [[one[step] for one in people if step in one] for step in range(last + 1)]


def test_who_falls_in_the_quiet_after_another_and_lies_there_still_is_told_when_it_is_over() -> None:
    first, second = falls((200, 400), 1, at_s=0, until_s=40), falls((600, 400), 2, at_s=10, until_s=80)
    told = watch(PersonDownRule(PersonDown(), (768, 576)), scenes(first, second))
    assert [(seen.details["track"], seconds(seen), seen.details["merged"]) for seen in told] == [
        (1, 6.0, 0),
        (2, 66.0, 0),
    ]


def test_who_got_up_in_the_quiet_is_counted_and_not_told() -> None:
    first, second = falls((200, 400), 1, at_s=0, until_s=20), falls((600, 400), 2, at_s=10, until_s=30)
    third = falls((400, 400), 3, at_s=70, until_s=80)
    told = watch(PersonDownRule(PersonDown(), (768, 576)), scenes(first, second, third))
    assert [(seen.details["track"], seen.details["merged"]) for seen in told] == [(1, 0), (3, 1)]


def test_two_who_are_down_at_once_are_one_event_and_neither_is_told_again() -> None:
    both = falls((200, 400), 1, at_s=0, until_s=100), falls((600, 400), 2, at_s=0, until_s=100)
    (told,) = watch(PersonDownRule(PersonDown(), (768, 576)), scenes(*both))
    assert told.details["merged"] == 1


def five(x: float, since: int, until: int) -> list[dict[int, Track]]:
    """Return five who stand together on one half of the picture, a crowd from step to step."""
    feet = [(x + 20 * n, 300.0) for n in range(5)]
    return [{step: track(foot, since + n) for step in range(since, until)} for n, foot in enumerate(feet)]


@pytest.mark.parametrize(
    "rule",
    [
        OvercrowdingRule(Overcrowding(most=4, dwell_s=2)),
        CrowdGatheringRule(CrowdGathering(people=5, dwell_s=2), AMONG.place),
        LoiteringRule(Loitering(dwell_s=2)),
        ZoneMotionRule(ZoneMotion(zone=RIGHT, dwell_s=2)),
    ],
)
def test_a_state_that_began_anew_in_the_quiet_and_lasts_is_told_once_after_it(rule: Function) -> None:
    crowds = [*five(420, 0, 50), *five(600, 100, 1000)]
    first, second, *rest = watch(rule, scenes(*crowds))
    assert [seconds(first), seconds(second)] == pytest.approx([2, 62], abs=0.5) and not rest


def test_a_second_one_in_the_water_is_told_though_the_first_was_told_just_before() -> None:
    shore, wet = (300.0, 300.0), (500.0, 300.0)
    walks = [{n: track(shore if n < since + 5 else wet, since) for n in range(since, 500)} for since in (1, 60)]
    told = watch(FallIntoWaterRule(FallIntoWater(zone=RIGHT), (768, 576)), scenes(*walks))
    assert [seen.details["track"] for seen in told] == [1, 60]


def test_a_clock_that_jumps_back_keeps_nobody_quiet_for_longer_than_the_settings_say() -> None:
    quiet = Cooldown(cooldown_s=60)
    assert quiet.speak(AT, 1) == 0
    back = AT - timedelta(hours=3)
    assert quiet.speak(back, 1) is None
    assert quiet.speak(back + timedelta(seconds=61), 1) == 1


def asleep(rule: Function, before: list[Track], slept_s: float, after: list[Track]) -> list[Seen]:
    """Show a scene for ten seconds, let the camera sleep, and show another, which the tracker numbers anew."""
    waking = [(10 + slept_s + n / 5, after if n > 9 else []) for n in range(500)]  # two seconds until confirmed
    moments = [*((n / 5, before) for n in range(50)), *waking]
    scenes = (Scene(at=AT + timedelta(seconds=at_s), tracks=tuple(tracks)) for at_s, tracks in moments)
    return [seen for scene in scenes for seen in rule.update(scene)]


def cars(x: float, number: int) -> list[Track]:
    return [track((x + 90 * n, 300.0), number + n, size=(80.0, 40.0), label="car") for n in range(3)]


def parked() -> list[Function]:
    return [
        VehicleStoppedRule(VehicleStopped(zone=RIGHT, dwell_s=5)),
        ZoneMotionRule(ZoneMotion(zone=RIGHT, dwell_s=2, labels=("car",))),
        CongestionRule(Congestion(vehicles=3, dwell_s=3, cooldown_s=60)),
    ]


@pytest.mark.parametrize("slept_s", [4.0, 600.0, 30_000.0])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_was_told_and_stands_there_still_when_the_camera_wakes_is_not_told_again(
    which: int, slept_s: float
) -> None:
    assert len(asleep(parked()[which], cars(420, 1), slept_s, cars(423, 11))) == 1


@pytest.mark.parametrize("which", [0, 1])
def test_what_stands_elsewhere_after_a_sleep_is_told(which: int) -> None:
    assert len(asleep(parked()[which], cars(420, 1), 600, cars(465, 11))) == 2


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_stands_where_another_stood_a_day_ago_is_told(which: int) -> None:
    assert len(asleep(parked()[which], cars(420, 1), 86_400, cars(420, 11))) == 2


def test_who_comes_after_a_sleep_to_where_nobody_was_told_is_told_in_a_zone() -> None:
    rule = ZoneMotionRule(ZoneMotion(zone=RIGHT, dwell_s=12, labels=("car",)))
    (told,) = asleep(rule, cars(420, 1), 600, cars(420, 11))
    assert (told.at - AT).total_seconds() == pytest.approx(624, abs=0.5)  # the untold stay began anew
