import io
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.packet import Packet

from ingest.footage.fragments import Footage, Fragment, Fragmenter, Init, NotFootage, between

LIVE = {"preset": "ultrafast", "tune": "zerolatency"}


def clip(
    codec: str = "libx264", size: tuple[int, int] = (320, 240), frames: int = 12, form: str = "h264", **options: str
) -> bytes:
    """A clip of moving noise with a key frame every six frames."""
    written = io.BytesIO()
    with av.open(written, "w", format=form) as out:
        stream: Any = out.add_stream(codec, rate=25, options={"g": "6", **LIVE, **options})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p" if codec != "mjpeg" else "yuvj420p"
        for number in range(frames):
            picture = np.full((size[1], size[0], 3), number * 7 % 255, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        out.mux(stream.encode(None))
    return written.getvalue()


BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def came(number: int) -> datetime:
    return BEGAN + timedelta(seconds=number / 25)


def footage(data: bytes, form: str | None = None, first: int = 0) -> list[Footage]:
    """What a clip gives from its packet number `first`, read in its own pace of 25 a second."""
    with av.open(io.BytesIO(data), "r", format=form) as opened:
        stream = opened.streams.video[0]
        fragmenter = Fragmenter(stream)
        taken = list(opened.demux(stream))[first:]
        return [one for number, packet in enumerate(taken) for one in fragmenter.of(packet, came(number))]


def played(made: list[Footage]) -> list[tuple[float, tuple[int, ...]]]:
    """Decode footage as a player would: time and shape of each picture."""
    with av.open(io.BytesIO(b"".join(one.data for one in made)), "r", format="mp4") as opened:
        return [(float(frame.time or 0), frame.to_ndarray(format="bgr24").shape) for frame in opened.decode(video=0)]


@pytest.mark.parametrize(
    ("codec", "form", "name"),
    [
        ("libx264", "h264", "avc1."),
        ("libx264", "mp4", "avc1."),
        ("libx265", "hevc", "hvc1.1.6.L"),
        ("libx265", "mp4", "hvc1."),
    ],
)
def test_a_stream_becomes_fragments_that_a_player_shows_frame_by_frame(codec: str, form: str, name: str) -> None:
    made = footage(clip(codec, form=form), form)
    assert isinstance(made[0], Init) and (made[0].width, made[0].height) == (320, 240)
    assert made[0].codec.startswith(name)
    assert sum(isinstance(one, Init) for one in made) == 1
    assert [one.sequence for one in made if isinstance(one, Fragment)] == list(range(1, 13))
    shown = played(made)
    assert {shape for _, shape in shown} == {(240, 320, 3)} and len(shown) == 12
    assert np.allclose(np.diff([at for at, _ in shown]), 0.04, atol=0.002)


def test_frames_that_are_shown_in_another_order_than_they_come_keep_their_times() -> None:
    made = footage(clip(form="mp4", preset="medium", tune="film", bf="2"), "mp4")
    times = [at for at, _ in played(made)]
    assert len(times) == 12 and times == sorted(times)


def test_a_fragment_leaves_with_its_own_packet() -> None:
    with av.open(io.BytesIO(clip(form="mp4")), "r") as opened:
        stream = opened.streams.video[0]
        fragmenter = Fragmenter(stream)
        counts = [len(list(fragmenter.of(packet))) for packet in opened.demux(stream) if packet.size]
    assert counts == [2] + [1] * 11


def test_a_new_size_is_a_new_take_and_time_runs_on() -> None:
    data = clip(frames=6) + clip(size=(640, 360), frames=6)
    made = footage(data, "h264")
    takes = [one for one in made if isinstance(one, Init)]
    assert [(one.take, one.width) for one in takes] == [(1, 320), (2, 640)]
    second = made.index(takes[1])
    assert {shape for _, shape in played(made[:second])} == {(240, 320, 3)}
    later = played(made[second:])
    assert {shape for _, shape in later} == {(360, 640, 3)} and later[0][0] > 0.2


def test_nothing_is_handed_on_before_the_first_key_frame() -> None:
    made = footage(clip(), "h264", first=3)
    assert isinstance(made[0], Init) and isinstance(made[1], Fragment) and made[1].key
    assert len(made) == 1 + 6


@pytest.mark.parametrize("lie", [None, 0, -(2**40), 2**50])
def test_a_stream_without_times_or_with_mad_ones_still_runs_evenly_by_our_clock(lie: int | None) -> None:
    with av.open(io.BytesIO(clip(form="mp4")), "r") as opened:
        stream = opened.streams.video[0]
        fragmenter = Fragmenter(stream)
        made: list[Footage] = []
        for number, packet in enumerate(opened.demux(stream)):
            if number % 3 == 1 or lie is None:
                packet.pts = packet.dts = lie
            made += fragmenter.of(packet, BEGAN + timedelta(seconds=number / 10))
    parts = [one for one in made if isinstance(one, Fragment)]
    assert all(0 < one.duration_s <= 10 for one in parts)
    times = [at for at, _ in played(made)]
    assert len(times) == 12 and times == sorted(set(times))
    assert [one.at for one in parts] == [BEGAN + timedelta(seconds=number / 10) for number in range(12)]


def test_how_far_apart_two_frames_are() -> None:
    assert between(0.1, 5.0, 0.04) == 0.1
    assert between(None, 0.2, 0.04) == 0.2
    assert between(-3.0, 0.2, 0.04) == 0.2
    assert between(1e9, 1e9, 0.04) == 10.0
    assert between(None, None, 0.04) == 0.04


def test_garbage_between_the_frames_is_left_out() -> None:
    with av.open(io.BytesIO(clip(form="mp4")), "r") as opened:
        stream = opened.streams.video[0]
        fragmenter = Fragmenter(stream)
        made: list[Footage] = []
        for packet in opened.demux(stream):
            junk: Any = Packet(b"\x00\x13\x37" * 50)
            junk.time_base = Fraction(1, 90_000)
            for one in (junk, packet):
                made += fragmenter.of(one)
    assert len(played(made)) == 12


def test_a_stream_of_another_kind_is_one_sentence(fetched: Path) -> None:
    with av.open(str(fetched / "vtest.avi")) as opened, pytest.raises(NotFootage, match=r"mpeg4.*alone\.$"):
        Fragmenter(opened.streams.video[0])
