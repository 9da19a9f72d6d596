"""How things stood at each moment, by what was kept and by what their dispatches did."""

from geo_server.replay.schema import DispatchThen, Stand
from geo_server.replay.standing import stands
from layers.values import LonLat

HERE = LonLat(lon=76.9, lat=43.2)


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
