from ingest.detectors.person_down import PersonDown, PersonDownRule
from ingest.values import Track
from tests.ingest.detectors.moving import seconds, track, watch

TALL, FLAT, CUT = (24.0, 60.0), (60.0, 24.0), (40.0, 30.0)
STANDS = [[track((300.0, 300.0), size=TALL)]] * 10


def lies(moments: int, number: int = 1) -> list[list[Track]]:
    return [[track((300.0, 300.0), number, size=FLAT)]] * moments


def rule() -> PersonDownRule:
    return PersonDownRule(PersonDown(dwell_s=4, cooldown_s=0), (768, 576))


def test_who_stood_and_lies_still_is_told_once() -> None:
    assert [seconds(seen) for seen in watch(rule(), STANDS + lies(60))] == [6.0]


def test_one_whom_the_tracker_numbers_anew_while_falling_is_still_the_same() -> None:
    told = watch(rule(), STANDS + [[]] * 5 + lies(60, number=2))
    assert [(seconds(seen), seen.details["track"]) for seen in told] == [(7.0, 2)]


def test_what_never_stood_is_a_bench() -> None:
    assert watch(rule(), lies(100)) == []


def test_who_gets_up_again_is_not_told_and_may_fall_again() -> None:
    assert watch(rule(), STANDS + lies(15) + STANDS) == []
    assert len(watch(rule(), STANDS + lies(30) + STANDS + lies(30))) == 2


def test_who_crawls_on_does_not_lie_still() -> None:
    crawls = [[track((300.0 + 10 * n, 300.0), size=FLAT)] for n in range(40)]
    assert watch(rule(), STANDS + crawls) == []


def test_a_box_cut_off_by_the_edge_of_the_picture_says_nothing() -> None:
    at_edge = [[track((300.0, 576.0), size=CUT)]] * 60
    assert watch(rule(), [[track((300.0, 560.0))]] * 10 + at_edge) == []
