import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path

import av

import ingest
from ingest.sources.opening import opened, video_stream

SERVER = Path(ingest.__file__).parent / "demo" / "rtsp_server.py"
Serve = Callable[..., AbstractContextManager[int]]


def test_every_name_plays_h264_whose_times_run_on(serve: Serve) -> None:
    with serve("a", "b") as port:
        for name in ("a", "b"):
            url = f"rtsp://127.0.0.1:{port}/{name}"
            with opened(url, protocols="rtsp,rtp,tcp,udp", timeout_s=10, options={"rtsp_transport": "tcp"}) as stream:
                video = video_stream(stream)
                assert video.codec_context.name == "h264"
                times = [frame.pts for frame, _ in zip(stream.decode(video), range(15), strict=False)][2:]
                assert all(a is not None and b is not None and a < b for a, b in pairwise(times))


def test_a_clip_shorter_than_the_watching_comes_round_again(film: Path, tmp_path: Path) -> None:
    code = SERVER.read_text().split("def serve(")[0] + "class Sink:\n    def emit(self, _, b): got.append(b)\n"
    code += "Gst.init(None)\ngot = []\nloop = Loop([b'one', b'two'], 10)\nfor _ in range(5): loop.give(Sink(), 0)\n"
    code += "print([b.extract_dup(0, 3).decode() for b in got], [b.pts // loop.frame_ns for b in got])\n"
    done = subprocess.run(["/usr/bin/python3", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "['one', 'two', 'one', 'two', 'one'] [0, 1, 2, 3, 4]", done.stderr


def test_a_clip_that_is_no_h264_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.h264").write_bytes(b"nothing")
    done = subprocess.run(["/usr/bin/python3", SERVER, "0", tmp_path / "a.h264"], capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stderr.strip().endswith("holds no H264 frames with delimiters.")


def test_the_film_holds_every_frame_of_the_clip_and_a_key_frame_every_tenth(film: Path) -> None:
    with av.open(str(film)) as clip:
        keys = [frame.key_frame for frame in clip.decode(video=0)]
    assert len(keys) == 795
    assert [index for index, key in enumerate(keys) if key] == list(range(0, 795, 10))
