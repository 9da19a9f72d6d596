"""How things stood at each moment, by what was kept and by what their dispatches did."""

from datetime import UTC, datetime

import pytest

from geo_server.replay.schema import CallPlace, CallStand, DispatchThen, Move, Span, Stand
from geo_server.replay.standing import begun, call_stands, incident_then, moved_once, stands, was_within, within
from layers.values import BBox, LonLat

HERE = LonLat(lon=76.9, lat=43.2)
AROUND = BBox(west=76.8, south=43.1, east=77.0, north=43.3)


def stand(since: int, state: str, *, priority: int = 2) -> Stand:
    return Stand(since=since, state=state, category="fire", priority=priority, alarm=1, place=HERE)


def sent(*steps: tuple[int, str]) -> DispatchThen:
    at, status = zip(*steps, strict=True)
    return DispatchThen(id=1, incident_id=1, unit_id=1, at=at, status=status)


def told(found: tuple[Stand, ...]) -> list[tuple[int, str]]:
    return [(one.since, one.state) for one in found]


def test_what_was_kept_comes_first_and_then_what_is() -> None:
    kept = [stand(0, "pending"), stand(3, "assigned")]
    found = stands(kept, stand(9, "closed"), closed_at=9, dispatches=[])
    assert told(found) == [(0, "pending"), (3, "assigned"), (9, "closed")]


def test_what_says_the_same_again_is_told_once() -> None:
    kept = [stand(0, "pending"), stand(3, "pending"), stand(4, "pending", priority=1)]
    found = stands(kept, stand(5, "pending", priority=1), closed_at=None, dispatches=[])
    assert [(one.since, one.priority) for one in found] == [(0, 2), (4, 1)]


def test_one_that_ended_before_changes_were_kept_stood_as_its_dispatches_did() -> None:
    one = sent((2, "dispatched"), (5, "enroute"), (8, "cancelled"))
    other = sent((6, "dispatched"), (20, "onscene"))
    found = stands([], stand(0, "closed"), closed_at=30, dispatches=[one, other])
    expected = [(0, "pending"), (2, "assigned"), (5, "enroute"), (8, "assigned"), (20, "onscene"), (30, "closed")]
    assert told(found) == expected


def test_one_that_nobody_changed_stands_as_it_was_opened() -> None:
    assert told(stands([], stand(0, "pending"), closed_at=None, dispatches=[])) == [(0, "pending")]


def went(*ways: tuple[int, int]) -> list[Move]:
    return [Move(what="dispatch", id=1, incident_id=of, until=until) for until, of in ways]


def test_what_both_incidents_tell_of_one_move_is_told_once() -> None:
    assert list(moved_once(went((5, 1), (6, 1), (9, 2), (11, 1)))) == went((5, 1), (9, 2), (11, 1))


@pytest.mark.parametrize(("at_ms", "of"), [(4, 1), (5, 1), (6, 2), (9, 2), (10, 3)])
def test_a_thing_belongs_where_it_went_next_from(at_ms: int, of: int) -> None:
    assert incident_then(went((5, 1), (9, 2)), 3, at_ms) == of


# ── calls ──


def held(since: int, by: str, radius_m: float | None = None) -> CallPlace:
    return CallPlace(since=since, by=by, place=None if by == "none" else HERE, radius_m=radius_m)


def rung(states: list[tuple[int, str]], *places: CallPlace) -> list[tuple[int, str, str, float | None]]:
    return [(one.since, one.state, one.placed_by, one.radius_m) for one in call_stands(states, places)]


def test_a_call_stands_as_its_line_did_and_where_its_caller_was_then_held_to_be() -> None:
    line = [(10, "ringing"), (20, "answered"), (90, "ended")]
    assert rung(line, held(15, "aml", 400), held(18, "aml", 30), held(40, "address")) == [
        (10, "ringing", "none", None),
        (15, "ringing", "aml", 400),
        (18, "ringing", "aml", 30),
        (20, "answered", "aml", 30),
        (40, "answered", "address", None),
        (90, "ended", "address", None),
    ]


def test_a_place_that_was_taken_away_is_none_from_then_on() -> None:
    found = call_stands([(10, "answered")], [held(10, "click"), held(30, "none")])
    assert [(one.since, one.place) for one in found] == [(10, HERE), (30, None)]


def test_a_place_known_before_the_ring_stands_with_it_and_one_after_the_end_not_at_all() -> None:
    assert rung([(10, "ringing"), (20, "ended")], held(5, "aml", 9), held(25, "aml", 1)) == [
        (10, "ringing", "aml", 9),
        (20, "ended", "aml", 9),
    ]


def test_an_exchange_whose_clocks_disagree_turns_no_call_round() -> None:
    line = [(10, "ringing"), (8, "answered"), (30, "ended")]
    assert [one[:2] for one in rung(line)] == [(10, "answered"), (30, "ended")]


# ── intervals and boxes ──


def span(since_s: int, until_s: int) -> Span:
    return Span(since=datetime.fromtimestamp(since_s, UTC), until=datetime.fromtimestamp(until_s, UTC))


def test_what_begins_with_the_end_of_an_interval_is_not_of_it() -> None:
    found = begun([stand(1000, "pending"), stand(2999, "assigned"), stand(3000, "closed")], span(1, 3))
    assert told(found) == [(1000, "pending"), (2999, "assigned")]


@pytest.mark.parametrize(("since_s", "there"), [(1, True), (4, True), (5, False)])
def test_what_moved_away_was_within_the_box_until_then(since_s: int, there: bool) -> None:
    away = LonLat(lon=75, lat=43.2)
    here = CallStand(since=1000, state="ringing", placed_by="aml", place=HERE, radius_m=None)
    moved = CallStand(since=5000, state="ringing", placed_by="aml", place=away, radius_m=None)
    assert was_within([here, moved], span(since_s, 9), AROUND) is there


def test_what_has_no_place_is_within_no_box() -> None:
    nowhere = CallStand(since=0, state="ringing", placed_by="none", place=None, radius_m=None)
    assert not was_within([nowhere], span(1, 9), BBox(west=-180, south=-90, east=180, north=90))


def test_a_box_whose_west_is_east_of_its_east_lies_across_the_antimeridian() -> None:
    across = BBox(west=179, south=-1, east=-179, north=1)
    there = [lon for lon in (178.0, 179.5, -179.5, 0.0) if within(LonLat(lon=lon, lat=0), across)]
    assert there == [179.5, -179.5]
