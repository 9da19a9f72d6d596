"""What is looked for counts in its area and below, from its beginning to its end."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.plates.hotlist import NOTHING_WANTED, LiveHotlist
from layers.hotlist.schema import Wanted

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CITY, MEDEU, OTHER = 2, 21, 22
CAMERAS = {1: frozenset({1, CITY, MEDEU}), 2: frozenset({1, CITY, OTHER})}


def entry(number: int, area_id: int, plate: str = "123ABC02") -> Wanted:
    return Wanted(
        id=number,
        plate=plate,
        kind="stolen",
        legal_basis="ERDR 1",
        owner="Medeu",
        area_id=area_id,
        begins_at=NOW,
        ends_at=NOW + timedelta(days=1),
    )


def ids(found: tuple[Wanted, ...]) -> list[int]:
    return [one.id for one in found]


def test_an_entry_counts_for_the_cameras_of_its_area_and_below() -> None:
    hotlist = LiveHotlist()
    hotlist.learn([entry(1, CITY), entry(2, MEDEU), entry(3, OTHER, "777AAA02")], CAMERAS)
    assert ids(hotlist.wanted("123ABC02", 1, NOW)) == [1, 2]
    assert ids(hotlist.wanted("123ABC02", 2, NOW)) == [1]
    assert ids(hotlist.wanted("123ABC02", 99, NOW)) == []


@pytest.mark.parametrize(("after_h", "counts"), [(-0.1, False), (0, True), (23.9, True), (24, False)])
def test_an_entry_counts_from_its_beginning_to_its_end(after_h: float, counts: bool) -> None:
    hotlist = LiveHotlist()
    hotlist.learn([entry(1, CITY)], CAMERAS)
    assert bool(hotlist.wanted("123ABC02", 1, NOW + timedelta(hours=after_h))) == counts


def test_what_is_learnt_anew_replaces_all_that_was_known() -> None:
    hotlist = LiveHotlist()
    hotlist.learn([entry(1, CITY)], CAMERAS)
    hotlist.learn([], CAMERAS)
    assert hotlist.wanted("123ABC02", 1, NOW) == NOTHING_WANTED.wanted("123ABC02", 1, NOW) == ()
