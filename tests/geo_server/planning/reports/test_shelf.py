"""Finished reports lie for a day, and the oldest make room."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from geo_server.planning.reports import shelf as shelves
from geo_server.planning.reports.schema import Made
from geo_server.planning.reports.shelf import KEPT, MOST_FILES, Shelf, outdated

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def of_age(hours: float, size: int = 1) -> Made:
    return Made(path=Path(f"{hours}.html"), bytes=size, made_at=NOW - timedelta(hours=hours))


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, shelves.MOST_BYTES)), max_size=80))
def test_what_stays_fits_is_young_and_is_the_newest(told: list[tuple[float, int]]) -> None:
    found = [of_age(hours, size) for hours, size in told]
    gone = outdated(found, NOW)
    stays = [one for one in found if all(one is not other for other in gone)]
    assert len(stays) <= MOST_FILES and sum(one.bytes for one in stays) <= shelves.MOST_BYTES
    assert all(NOW - one.made_at < KEPT for one in stays)
    if stays and gone:
        assert min(one.made_at for one in stays) >= max(one.made_at for one in gone)


def test_whoever_looks_finds_a_report_whole_or_not_at_all(tmp_path: Path) -> None:
    shelf = Shelf.under(tmp_path)
    assert shelf.find(7, "html") is None
    draft = shelf.begin(7, "html")
    draft.write_text("half")
    assert shelf.find(7, "html") is None
    draft.write_text("whole")
    shelf.finish(7, "html")
    made = shelf.find(7, "html")
    assert made is not None and made.bytes == 5 and made.path.stat().st_mode & 0o077 == 0


def test_what_was_begun_and_left_is_thrown_away(tmp_path: Path) -> None:
    shelf = Shelf.under(tmp_path)
    for job_id in (1, 2):
        draft = shelf.begin(job_id, "gpkg")
        draft.write_text("half")
        draft.with_name(f"{draft.name}-journal").write_text("of SQLite")
    shelf.give_up(1, "gpkg")
    assert sorted(path.name for path in shelf.folder.iterdir()) == [".2.gpkg", ".2.gpkg-journal"]
    long_ago = (NOW - KEPT).timestamp()
    for path in shelf.folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    shelf.tidy(NOW)
    assert not list(shelf.folder.iterdir())
