from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.detectors.counting import Counting, CountingRule
from ingest.values import Scene, Track
from ingest.video_metrics import CROSSINGS
from tests.ingest.detectors.moving import track, watch
from tests.ingest.surroundings import AMONG

LINE = ((384.0, 0.0), (384.0, 576.0))  # from top to bottom: in is from right to left
INSIDE, OUTSIDE = (350.0, 300.0), (420.0, 300.0)


def goes(number: int, *, into: bool) -> list[list[Track]]:
    way = [OUTSIDE, INSIDE] if into else [INSIDE, OUTSIDE]
    return [[track(foot, number)] for foot in way]


def counted(code: str, way: str) -> float:
    return float(CROSSINGS.labels(code, way)._value.get())


def test_whoever_crosses_is_counted_each_way_and_nothing_is_told() -> None:
    rule = CountingRule(Counting(line=LINE), replace(AMONG, camera_code="quiet"))
    assert watch(rule, goes(1, into=True) + goes(2, into=True) + goes(1, into=False)) == []
    assert (counted("quiet", "in"), counted("quiet", "out")) == (2, 1)


def test_an_event_comes_once_when_a_limit_is_passed_and_again_after_it_was_kept() -> None:
    rule = CountingRule(Counting(line=LINE, most_inside=1, cooldown_s=0), AMONG)
    three = [moment for n in range(3) for moment in goes(n, into=True)]
    leave = [moment for n in range(2) for moment in goes(n, into=False)]
    told = watch(rule, three + leave + goes(7, into=True))
    assert [(seen.details["in"], seen.details["out"], seen.details["limit"]) for seen in told] == [
        (2, 0, "most_inside"),
        (4, 2, "most_inside"),
    ]


def test_a_limit_of_an_interval_counts_both_ways_and_begins_anew_with_each() -> None:
    rule = CountingRule(Counting(line=LINE, most_an_interval=2, interval_s=60, cooldown_s=0), AMONG)
    told = watch(rule, [moment for n in range(3) for moment in goes(n, into=n % 2 == 0)], step_s=5)
    assert [seen.details["lately"] for seen in told] == [3]
    rule = CountingRule(Counting(line=LINE, most_an_interval=2, interval_s=60, cooldown_s=0), AMONG)
    assert watch(rule, [moment for n in range(3) for moment in goes(n, into=True)], step_s=25) == []


def test_an_event_says_since_when_was_counted_so_that_nobody_takes_a_part_of_the_day_for_the_day() -> None:
    """Counts are in memory alone: a program that was started anew, or a rule that was changed, has but a part."""
    began = datetime(2026, 1, 1, 7, 30, tzinfo=UTC)  # half past twelve in Almaty
    rule = CountingRule(Counting(line=LINE, most_inside=0, cooldown_s=0), AMONG)
    assert rule.update(Scene(at=began)) == ()
    told = [
        seen.details["since"]
        for day, number in ((0, 1), (1, 2))
        for moment in goes(number, into=True)
        for seen in rule.update(Scene(at=began + timedelta(days=day, hours=1), tracks=tuple(moment)))
    ]
    assert told == ["2026-01-01T07:30:00+00:00", "2026-01-01T19:00:00+00:00"]  # of the next day: Almaty's midnight


def test_counts_begin_anew_at_midnight_in_almaty() -> None:
    rule = CountingRule(Counting(line=LINE, most_inside=1, cooldown_s=0), AMONG)
    evening, morning = datetime(2026, 1, 1, 18, 59, tzinfo=UTC), datetime(2026, 1, 1, 19, 1, tzinfo=UTC)
    for at, number in ((evening, 1), (morning, 2)):
        for moment in goes(number, into=True):
            assert rule.update(Scene(at=at, tracks=tuple(moment))) == ()
