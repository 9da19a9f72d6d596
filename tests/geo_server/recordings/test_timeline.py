"""Every moment of an interval is told once: recorded, or missing with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from geo_server.recordings.timeline import Part, missing, recorded, timeline
from layers.recordings.schema import Gap, Recording

START = datetime(2026, 3, 1, 10, tzinfo=UTC)
LATER = START + timedelta(days=1)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def file(since: float, until: float, why: str | None = None) -> Recording:
    return Recording(
        id=1, camera_id=1, code="C", path="p", begins_at=at(since), ends_at=at(until), size=1, init_size=1, codec="",
        index=(), state="deleted" if why else "closed", retention="public", deleted_why=why,
    )  # fmt: skip


def gap(since: float, until: float | None, reason: str = "disk_full") -> Gap:
    return Gap(camera_id=1, begins_at=at(since), ends_at=None if until is None else at(until), reason=reason)


def told(parts: list[Part]) -> list[tuple[float, float, str | None]]:
    return [((p.begins_at - START).total_seconds(), (p.ends_at - START).total_seconds(), p.reason) for p in parts]


def test_files_that_follow_each_other_are_one_and_what_lacks_says_why() -> None:
    files = [file(0, 300), file(300.04, 600), file(900, 1000), file(1000, 1100, "retention")]
    parts = timeline(files, [gap(650, 850)], at(0), at(1200), record="continuous", now=LATER)
    assert told(parts) == [
        (0, 600, None), (600, 650, "not_recorded"), (650, 850, "disk_full"), (850, 900, "not_recorded"),
        (900, 1000, None), (1000, 1100, "deleted_retention"), (1100, 1200, "not_recorded"),
    ]  # fmt: skip


def test_what_is_too_young_is_not_yet_told_and_an_open_gap_reaches_to_now() -> None:
    parts = timeline([file(0, 95)], [], at(0), at(100), record="continuous", now=at(100))
    assert told(parts) == [(0, 95, None), (95, 100, "not_yet")]
    parts = timeline([file(0, 50)], [gap(50, None, "no_footage")], at(0), at(100), record="continuous", now=at(100))
    assert told(parts) == [(0, 50, None), (50, 100, "no_footage")]


def test_a_camera_recorded_around_events_says_so() -> None:
    assert told(timeline([], [], at(0), at(60), record="events", now=LATER)) == [(0, 60, "events_only")]


class Counted(datetime):
    """A moment that counts how often it is compared."""

    compared = 0

    def __le__(self, other: datetime) -> bool:  # type: ignore[override]
        Counted.compared += 1
        return super().__le__(other)


def test_a_day_of_many_files_is_told_in_one_pass() -> None:
    """The answer is made in the server's one loop: a week of files compared each with each held it for a minute."""
    start = Counted(2026, 3, 1, tzinfo=UTC)
    moments = [start + timedelta(minutes=n) for n in range(1440)]
    files = [replace(file(0, 0), begins_at=one, ends_at=one + timedelta(seconds=50)) for one in moments]
    parts = timeline(files, [], start, start + timedelta(days=1), record="continuous", now=start + timedelta(days=2))
    assert len(parts) == 2 * len(files) and Counted.compared < 20 * len(files)


SPANS = st.tuples(st.integers(0, 900), st.integers(1, 400)).map(lambda both: (both[0], both[0] + both[1]))


@given(st.lists(SPANS, max_size=6), st.lists(SPANS, max_size=4))
def test_no_moment_is_left_out_and_none_is_told_twice(
    files: list[tuple[int, int]], gaps: list[tuple[int, int]]
) -> None:
    there = [file(*span) for span in sorted(files)]
    parts = timeline(there, [gap(*span) for span in gaps], at(0), at(1000), record="continuous", now=LATER)
    assert parts[0].begins_at == at(0) and parts[-1].ends_at == at(1000)
    assert all(a.ends_at == b.begins_at and a.reason != b.reason for a, b in pairwise(parts))
    for second in range(0, 1000, 7):
        covered = any(span[0] <= second and second + 1 <= span[1] for span in files)
        part = next(p for p in parts if p.begins_at <= at(second) < p.ends_at)
        assert part.reason is None or not covered
    assert recorded(parts) + missing(parts) == sorted(parts, key=lambda one: one.reason is not None)
