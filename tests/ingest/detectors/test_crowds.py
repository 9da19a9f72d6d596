from ingest.detectors.crowd_gathering import CrowdGathering, CrowdGatheringRule
from ingest.detectors.overcrowding import Overcrowding, OvercrowdingRule
from ingest.detectors.spacing import groups, spacing_m
from ingest.values import Track
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat
from tests.ingest.detectors.moving import seconds, track, watch
from tests.ingest.surroundings import AMONG

NOWHERE = AMONG.place
SOMEWHERE = from_pose(
    LonLat(lon=76.94, lat=43.24), Pose(height_m=7, heading_deg=35, tilt_deg=25, hfov_deg=60), (768, 576)
).place


def people(count: int, *, apart_px: float, left: float = 200, first: int = 1) -> list[Track]:
    return [track((left + apart_px * n, 400), number=first + n) for n in range(count)]


def gathering(**change: float) -> CrowdGatheringRule:
    return CrowdGatheringRule(CrowdGathering(**{"people": 5, "dwell_s": 5, "cooldown_s": 0, **change}), NOWHERE)  # type: ignore[arg-type]


def test_people_who_stand_close_for_long_are_a_gathering_told_once() -> None:
    told = watch(gathering(), [people(6, apart_px=40)] * 200)
    assert [(seconds(seen), seen.details["count"]) for seen in told] == [(5.4, 6)]  # looked at twice a second


def test_people_apart_or_too_few_are_no_gathering() -> None:
    assert watch(gathering(), [people(9, apart_px=70)] * 100) == []
    assert watch(gathering(), [people(4, apart_px=30)] * 100) == []


def test_a_group_that_walks_past_does_not_gather() -> None:
    assert watch(gathering(), [people(6, apart_px=30, left=12 * n) for n in range(50)]) == []


def test_a_gathering_that_grows_by_half_is_told_again() -> None:
    told = watch(
        gathering(), [people(6, apart_px=40)] * 50 + [people(8, apart_px=40)] * 50 + [people(9, apart_px=40)] * 50
    )
    assert [(seen.details["count"], seen.details["grown"]) for seen in told] == [(6, 0), (9, 3)]


def test_on_known_ground_metres_are_metres() -> None:
    near, far = people(2, apart_px=60), [track((200, 120), number=1), track((260, 120), number=2)]
    assert spacing_m(near, SOMEWHERE)[0, 1] < 1.5 < 3 < spacing_m(far, SOMEWHERE)[0, 1]
    assert spacing_m(near, NOWHERE)[0, 1] == 1.7


def test_groups_are_those_who_stand_close_to_one_another() -> None:
    some = [*people(3, apart_px=40), *people(4, apart_px=40, left=500, first=9)]
    assert [[one.id for one in group] for group in groups(some, NOWHERE, 1.5)] == [[1, 2, 3], [9, 10, 11, 12]]
    assert groups([], NOWHERE, 1.5) == []


def test_two_gatherings_of_which_now_one_now_the_other_is_larger_are_both_told_once() -> None:
    moments = [
        [*people(5 + n // 3 % 2, apart_px=30, left=60), *people(6 - n // 3 % 2, apart_px=30, left=500, first=9)]
        for n in range(200)
    ]
    (told,) = watch(gathering(), moments)
    assert (seconds(told), told.details["merged"]) == (5.4, 1)


def test_too_many_in_a_zone_are_told_once_while_it_lasts_and_again_when_they_come_back() -> None:
    rule = OvercrowdingRule(Overcrowding(most=3, dwell_s=2, cooldown_s=0))
    full, room = [people(4, apart_px=100)], [people(3, apart_px=100)]
    told = watch(rule, full * 50 + room * 5 + full * 50 + room * 20 + full * 50)
    assert [(seconds(seen), seen.details["count"]) for seen in told] == [(2.0, 4), (27.0, 4)]


def test_as_many_as_the_zone_is_meant_for_are_not_too_many() -> None:
    assert watch(OvercrowdingRule(Overcrowding(most=4, dwell_s=0)), [people(4, apart_px=100)] * 50) == []
