import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.demo.clips import Options, h264_of
from ingest.sources.decoded import Decoded
from ingest.sources.register import READERS, open_source
from ingest.sources.source import Source, SourceError
from tests.ingest.sources.clips import add_video
from tests.ingest.sources.rtsp_camera import units
from tests.ingest.sources.running import frames, reads, running, settings, until
from tests.ingest.sources.servers import jpeg

Serve = Callable[..., AbstractContextManager[int]]
Capture = pytest.CaptureFixture[str]


def test_a_real_rtsp_camera_is_read_and_dated_by_the_wall_clock(home: Path, serve: Serve) -> None:
    with serve("a") as port, running(open_source("rtsp", settings(home, f"rtsp://127.0.0.1:{port}/a"))) as source:
        source.set_active(True)
        found = frames(source, 5)
        assert {frame.image.shape for frame in found} == {(576, 768, 3)}
        assert [frame.at for frame in found] == sorted(frame.at for frame in found)
        health = source.health()
        assert (health.state, health.codec, health.width_px, health.height_px) == ("live", "h264", 768, 576)
        assert health.reconnects == 0 and health.skew_s is not None and abs(health.skew_s) < 2


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


def test_h265_over_udp_with_a_password_by_digest_is_read(home: Path, serve: Serve) -> None:
    clip = h264_of(home / "fetched" / "vtest.avi", home / "clips" / "short.h265", Options(frames=20))
    with serve("a", clip=clip, login="eagle:a b/c") as port:
        url = f"rtsp://eagle:a%20b%2Fc@127.0.0.1:{port}/a"
        with running(open_source("rtsp", settings(home, url, transport="udp"))) as source:
            source.set_active(True)
            assert {frame.image.shape for frame in frames(source, 2)} == {(576, 768, 3)}
            assert source.health().codec == "hevc"


def test_a_wrong_password_is_one_sentence_without_it(home: Path, serve: Serve, capfd: Capture) -> None:
    with serve("a", login="eagle:right") as port:
        source = open_source("rtsp", settings(home, f"rtsp://eagle:wr0ng@127.0.0.1:{port}/a"))
        with running(source):
            until(lambda: source.health().state == "down")
    assert source.health().reason == "The camera refuses the user name or password."
    assert "wr0ng" not in "".join(capfd.readouterr())


def test_no_more_frames_a_second_come_than_the_settings_allow(home: Path, serve: Serve) -> None:
    with serve("a") as port:
        source = open_source("rtsp", settings(home, f"rtsp://127.0.0.1:{port}/a", fps=2))
        with running(source):
            source.set_active(True)
            found = frames(source, 4)
    assert (found[-1].at - found[1].at).total_seconds() > 0.8  # two spans of half a second


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


def test_a_picture_larger_than_any_camera_s_is_told_by_its_size(home: Path) -> None:
    wide, high = 8192, 4400  # 36 million pixels of H.264
    with av.open(str(home / "huge.mp4"), "w") as written:
        stream = written.add_stream("libx264", rate=5, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
        written.mux(stream.encode(av.VideoFrame(wide, high, "yuv420p")))
        written.mux(stream.encode(None))
    with running(open_source("video_file", settings(home, "huge.mp4"))) as source:
        until(lambda: is_down(source))
        assert source.health().reason == "No camera's picture is 8192 by 4400 pixels."


def is_down(source: Source) -> bool:
    return source.health().state == "down"


def test_a_clip_without_a_frame_is_one_sentence(home: Path) -> None:
    with av.open(str(home / "empty.ts"), "w", format="mpegts") as written:
        add_video(written)
        written.start_encoding()
    with av.open(str(home / "bare.avi"), "w") as written:
        add_video(written, "mpeg4")
        written.start_encoding()
    for name in ("empty.ts", "bare.avi"):
        with running(open_source("video_file", settings(home, name))) as source:
            until(partial(is_down, source))
            assert (source.health().reason or "").startswith(("The clip", "What is there")), source.health().reason


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
        ("mjpeg", "rtsp://127.0.0.1/a"),
        ("hls", "file:///etc/passwd"),
        ("drone", "udp://127.0.0.1:5004"),
        ("drone", "udp://:80"),
        ("drone", "../../etc/passwd"),
        ("telepathy", "x"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused_before_anything_is_opened(
    tmp_path: Path, reader: str, url: str
) -> None:
    with pytest.raises(SourceError, match=r"\.$"):
        open_source(reader, settings(tmp_path, url))


def test_readers_have_the_names_that_camera_rows_use() -> None:
    assert list(READERS) == ["rtsp", "mjpeg", "hls", "drone", "pictures", "video_file"]


def test_a_clip_of_one_frame_is_shown_as_often_as_a_camera_would_and_no_oftener(tmp_path: Path) -> None:
    (tmp_path / "still.jpg").write_bytes(jpeg())
    with reads("video_file", tmp_path, "still.jpg", fps=10) as source:
        found = frames(source, 4)
    assert (found[3].at - found[1].at).total_seconds() > 0.18
    assert found[3].sequence - found[1].sequence == 2


def test_a_clip_that_says_no_times_is_played_at_its_rate(tmp_path: Path) -> None:
    nals = b"".join(b"\0\0\0\1" + nal for frame in units() for nal in frame)
    (tmp_path / "raw.h264").write_bytes(nals)
    with reads("video_file", tmp_path, "raw.h264", fps=50) as source:
        found = frames(source, 6)
    assert (found[5].at - found[1].at).total_seconds() > 0.12
