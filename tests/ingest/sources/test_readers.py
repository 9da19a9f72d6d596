import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.sources.decoded import Decoded
from ingest.sources.register import READERS, open_source
from ingest.sources.source import Source, SourceError, SourceSettings
from ingest.values import Frame

Serve = Callable[..., AbstractContextManager[int]]


def settings(home: Path, url: str, timeout_s: float = 8.0) -> SourceSettings:
    return SourceSettings(camera_id=7, url=url, home=home, timeout_s=timeout_s, backoff_s=(0.1, 0.2))


@contextmanager
def running(source: Source) -> Iterator[Source]:
    source.start()
    try:
        yield source
    finally:
        source.stop()


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.02)


def frames(source: Source, count: int) -> list[Frame]:
    found: list[Frame] = []
    came = threading.Event()
    source.mailbox.on_frame = came.set
    deadline = time.monotonic() + 30
    while len(found) < count:
        assert time.monotonic() < deadline, f"only {len(found)} frames came"
        came.wait(1)
        came.clear()
        frame = source.mailbox.take()
        if frame is not None:
            found.append(frame)
    return found


def test_a_real_rtsp_camera_is_read_and_dated_by_the_wall_clock(home: Path, serve: Serve) -> None:
    with serve("a") as port, running(open_source("rtsp", settings(home, f"rtsp://127.0.0.1:{port}/a"))) as source:
        source.set_active(True)
        found = frames(source, 5)
        assert {frame.image.shape for frame in found} == {(576, 768, 3)}
        assert [frame.at for frame in found] == sorted(frame.at for frame in found)
        assert source.health().state == "live"


def test_a_camera_that_goes_away_is_told_and_read_again_when_it_comes_back(home: Path, serve: Serve) -> None:
    with serve("a") as port:
        source = open_source("rtsp", settings(home, f"rtsp://127.0.0.1:{port}/a", timeout_s=3))
        source.start()
        frames(source, 1)
    until(lambda: source.health().state == "down")
    assert source.health().reason
    with serve("a", port=port):
        until(lambda: source.health().state == "live")
    source.stop()


def test_an_idle_rtsp_camera_gives_key_frames_alone(home: Path, film: Path, serve: Serve) -> None:
    with serve("a") as port, running(open_source("rtsp", settings(home, f"rtsp://127.0.0.1:{port}/a"))) as source:
        found = frames(source, 4)
    with av.open(str(film)) as clip:
        keys = [Decoded(frame).image() for frame in clip.decode(video=0) if frame.key_frame]
    assert all(any(np.array_equal(frame.image, key) for key in keys) for frame in found)


def test_a_camera_that_never_answers_is_one_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"rtsp://user:secret@127.0.0.1:{deaf.getsockname()[1]}/a"
        with running(open_source("rtsp", settings(home, url, timeout_s=1))) as source:
            until(lambda: source.health().reason == "The camera did not answer within 1 s.")
            assert source.health().state == "down"


def test_a_refused_connection_and_an_unknown_name_are_told_without_the_password(home: Path, serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with running(open_source("rtsp", settings(home, f"rtsp://user:secret@127.0.0.1:{port}/a"))) as source:
        until(lambda: source.health().state == "down")
        assert source.health().reason == f"127.0.0.1:{port} refuses the connection."
    with serve("a") as port, running(open_source("rtsp", settings(home, f"rtsp://127.0.0.1:{port}/b"))) as source:
        until(lambda: source.health().state == "down")
        assert source.health().reason == "The camera has no stream of that name."


def test_a_clip_is_played_round_and_round(home: Path) -> None:
    with running(open_source("video_file", settings(home, "fetched/vtest.avi#t=78.5"))) as source:
        found = frames(source, 8)  # the clip ends at 79.5 s: five frames at most
    assert len({frame.sequence for frame in found}) == 8


def test_a_clip_that_is_no_video_is_one_sentence(home: Path) -> None:
    (home / "note.avi").write_text("this is no video " * 100)
    with running(open_source("video_file", settings(home, "note.avi"))) as source:
        until(lambda: source.health().state == "down")
        assert source.health().reason == "What is there is no video."


def test_a_playlist_in_disguise_leads_nowhere(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(1.0)
        text = f"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:{trap.getsockname()[1]}/a.ts\n#EXT-X-ENDLIST\n"
        (home / "list.m3u8").write_text(text)
        with running(open_source("video_file", settings(home, "list.m3u8"))) as source:
            until(lambda: source.health().state == "down")
        with pytest.raises(TimeoutError):
            trap.accept()


def test_a_clip_that_is_not_there_is_one_sentence(home: Path) -> None:
    with running(open_source("video_file", settings(home, "absent.avi"))) as source:
        until(lambda: source.health().state == "down")
        assert source.health().reason == "The clip absent.avi is not there."


@pytest.mark.parametrize(
    ("reader", "url"),
    [
        ("rtsp", "http://127.0.0.1/a"),
        ("rtsp", "file:///etc/passwd"),
        ("rtsp", "rtsp:///a"),
        ("rtsp", "rtsp://[::1/a"),
        ("rtsp", "rtsp://127.0.0.1:99999/a"),
        ("rtsp", "rtsp://127.0.0.1/a\r\nEvil: 1"),
        ("rtsp", "concat:/etc/passwd"),
        ("video_file", "../../etc/passwd"),
        ("video_file", "/etc/passwd"),
        ("video_file", "http://127.0.0.1/a.avi"),
        ("video_file", "fetched/vtest.avi#t=nan"),
        ("telepathy", "x"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused_before_anything_is_opened(
    tmp_path: Path, reader: str, url: str
) -> None:
    with pytest.raises(SourceError, match=r"\.$"):
        open_source(reader, settings(tmp_path, url))


def test_readers_have_the_names_that_camera_rows_use() -> None:
    assert set(READERS) == {"rtsp", "video_file"}
