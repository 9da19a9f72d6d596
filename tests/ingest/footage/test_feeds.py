import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import pytest

from ingest.footage.feeds import Feed, Feeds, NoCamera
from ingest.footage.fragments import Footage, Fragment, Init
from ingest.footage.subscription import Subscription
from layers.cameras.queries import CameraRow
from layers.values import LonLat

Serve = Callable[..., AbstractContextManager[int]]
NO_POSE: dict[str, Any] = dict.fromkeys(("height_m", "heading_deg", "tilt_deg", "hfov_deg", "width_px", "height_px"))


def row(url: str, reader: str = "rtsp", **other: Any) -> CameraRow:
    plain: dict[str, Any] = {"roll_deg": 0.0, "control_points": [], "rules": [], **NO_POSE}
    return CameraRow(id=7, code="c-7", place=LonLat(lon=77.0, lat=43.0), url=url, reader=reader, **plain, **other)


@contextmanager
def feed_of(of: CameraRow, home: Path) -> Iterator[Feed]:
    feed = Feed(of, home)
    try:
        yield feed
    finally:
        feed.stop()


def fetched_of(subscription: Subscription, came: threading.Event, fragments: int) -> list[Footage]:
    found: list[Footage] = []
    deadline = time.monotonic() + 20
    while sum(isinstance(one, Fragment) for one in found) < fragments:
        assert time.monotonic() < deadline, f"only {len(found)} came"
        came.wait(1)
        came.clear()
        found += subscription.fetch()
    return found


def test_a_camera_is_read_once_for_all_and_who_comes_late_begins_at_a_key_frame(home: Path, serve: Serve) -> None:
    came, later = threading.Event(), threading.Event()
    with serve("a") as port, feed_of(row(f"rtsp://127.0.0.1:{port}/a"), home) as feed:
        first = fetched_of(feed.subscribe(came.set), came, 5)
        second = fetched_of(feed.subscribe(later.set), later, 1)
        health = feed.health()
    for found in (first, second):
        init, fragment = found[:2]
        assert isinstance(init, Init) and init.codec.startswith("avc1.") and (init.width, init.height) == (768, 576)
        assert isinstance(fragment, Fragment) and fragment.key
    assert health is not None and health.state == "live"
    assert abs((datetime.now(UTC) - first[1].at).total_seconds()) < 30  # type: ignore[union-attr]


def test_a_camera_that_comes_back_is_a_new_take_and_time_goes_on(home: Path, serve: Serve) -> None:
    came = threading.Event()
    with serve("a") as port, feed_of(row(f"rtsp://127.0.0.1:{port}/a"), home) as feed:
        subscription = feed.subscribe(came.set)
        before = fetched_of(subscription, came, 3)
        feed.change(row(f"rtsp://127.0.0.1:{port}/a", main_url=f"rtsp://127.0.0.1:{port}/a"))
        after = fetched_of(subscription, came, 3)
    takes = [one.take for one in before + after if isinstance(one, Init)]
    numbers = [one.sequence for one in before + after if isinstance(one, Fragment)]
    assert takes == [1, 2] and numbers == sorted(set(numbers))


def test_a_clip_of_another_codec_says_that_it_can_be_watched_by_pictures_alone(home: Path) -> None:
    with feed_of(row("fetched/vtest.avi", "video_file"), home) as feed:
        feed.subscribe()
        deadline = time.monotonic() + 10
        while feed.pictures_only is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        health = feed.health()
    assert feed.pictures_only.endswith("picture by picture alone.")
    assert health is not None and health.state == "down"


def test_a_clip_without_a_frame_is_one_sentence(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "empty.mp4"), "w") as written:
        written.add_stream("libx264", rate=25)
        written.start_encoding()
    with feed_of(row("empty.mp4", "video_file"), tmp_path) as feed:
        feed.subscribe()
        deadline = time.monotonic() + 10
        while (health := feed.health()) is None or health.state != "down":
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert health.reason is not None and health.reason.endswith(".")


def part(number: int, *, key: bool = False, size: int = 100) -> Fragment:
    return Fragment(
        data=b"x" * size, at=datetime.now(UTC), key=key, duration_s=0.04, sequence=number, take=1
    )  # fmt: skip


INIT = Init(data=b"i", codec="avc1.640028", width=1, height=1, take=1)


def test_who_does_not_fetch_loses_to_the_next_key_frame_and_nobody_else_notices(tmp_path: Path) -> None:
    feed = Feed(row("a.mp4", "video_file"), tmp_path)
    slow, quick = Subscription(feed, lambda: None, 1000), Subscription(feed, lambda: None, 1000)
    got: list[Footage] = []
    for number in range(1, 26):
        for one in (slow, quick):
            one.offer(INIT, part(number, key=number % 6 == 1))
        got += quick.fetch()
    assert [one.sequence for one in got if isinstance(one, Fragment)] == list(range(1, 26)) and quick.lost == 0
    left = slow.fetch()
    assert left[0] is INIT and isinstance(left[1], Fragment) and left[1].key
    assert slow.lost == 25 - (len(left) - 1) and len(left) <= 11


def test_a_frame_greater_than_what_may_wait_is_left_out(tmp_path: Path) -> None:
    one = Subscription(Feed(row("a.mp4", "video_file"), tmp_path), lambda: None, 1000)
    one.offer(INIT, part(1, key=True, size=5000))
    assert one.fetch() == []


def test_a_stream_that_nobody_wants_is_closed(home: Path, serve: Serve) -> None:
    came = threading.Event()
    with serve("a") as port, feed_of(row(f"rtsp://127.0.0.1:{port}/a"), home) as feed:
        subscription = feed.subscribe(came.set)
        fetched_of(subscription, came, 1)
        feed.sweep(linger_s=0)
        assert feed.health() is not None
        subscription.close()
        feed.sweep(linger_s=60)
        assert feed.health() is not None
        feed.sweep(linger_s=0)
        assert feed.health() is None


def test_feeds_follow_the_rows(tmp_path: Path) -> None:
    feeds = Feeds(tmp_path)
    feeds.keep([row("a.mp4", "video_file")])
    feed = feeds.of(7)
    feeds.keep([replace(row("a.mp4", "video_file"), life_safety=True)])
    assert feeds.of(7) is feed and feed.row.life_safety and feeds.open_now() == 0
    feeds.keep([])
    with pytest.raises(NoCamera):
        feeds.of(7)


class Between:
    """A lock in whose first pause somebody comes in."""

    def __init__(self, come: Callable[[], object]) -> None:
        self._lock, self._come, self._done = threading.Lock(), come, False

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        if not self._done:
            self._done = True
            self._come()


def test_who_comes_while_an_unwanted_stream_is_being_closed_has_an_open_one(tmp_path: Path) -> None:
    feed = Feed(row("a.mp4", "video_file"), tmp_path)
    feed.leave(feed.subscribe())
    feed._lock = Between(feed.subscribe)  # type: ignore[assignment]
    feed.sweep(linger_s=0)
    assert feed.watched == 1 and feed.health() is not None
    feed.stop()


def test_cameras_that_changed_in_what_their_views_show_are_told(tmp_path: Path) -> None:
    feeds, mask = Feeds(tmp_path), {"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]]}
    feeds.keep([row("a.mp4", "video_file")])
    assert feeds.shown_anew([row("a.mp4", "video_file", fps_limit=1.0)]) == set()
    assert feeds.shown_anew([row("a.mp4", "video_file", masks=[mask])]) == {7}
    assert feeds.shown_anew([row("b.mp4", "video_file")]) == {7}
