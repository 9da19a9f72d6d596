"""Cameras that misbehave: each is told in one sentence of its own, and another camera goes on beside it."""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import av
import pytest

from ingest.sources import following, opening
from ingest.sources import source as source_module
from ingest.sources.decoded import Decoded
from ingest.sources.networks import Networks
from ingest.sources.opening import opened
from ingest.sources.rtsp import hop
from ingest.sources.source import Source, SourceError
from tests.ingest.sources.rtsp_camera import Play, Script, Session, rtsp_serving, units
from tests.ingest.sources.running import frames, reads, until

CLIP = units()


def good(session: Session) -> None:
    session.play(CLIP)


@contextmanager
def beside_a_good_one(home: Path, plays: Callable[[int], Play], **other: float) -> Iterator[Source]:
    """A camera under test, at whose end the one beside it still sends."""
    with (
        rtsp_serving(lambda _: Play(good)) as port,
        rtsp_serving(plays) as bad,
        reads("rtsp", home, f"rtsp://127.0.0.1:{port}/a", camera_id=1) as steady,
        reads("rtsp", home, f"rtsp://eagle:secret@127.0.0.1:{bad}/a", camera_id=2, **other) as source,
    ):
        frames(steady, 1)
        yield source
        frames(steady, 2)
        assert (steady.health().state, steady.health().reconnects) == ("live", 0)


def always(script: Script) -> Callable[[int], Play]:
    return lambda _: Play(script)


def told(source: Source, reason: str) -> None:
    until(lambda: source.health().state == "down" and source.health().reason == reason, 15)


def test_a_stream_that_stalls_in_the_middle_of_a_frame(tmp_path: Path) -> None:
    def stalls(session: Session) -> None:
        session.play(CLIP, times=25)
        session.connection.sendall(b"$\0\x01\x00half of a packet")
        time.sleep(5)

    with beside_a_good_one(tmp_path, always(stalls), timeout_s=1.0) as source:
        frames(source, 1)
        told(source, "The camera did not answer within 1 s.")


def test_a_stream_that_changes_its_size_on_the_way(tmp_path: Path) -> None:
    other = units(size=(128, 96))

    def changes(session: Session) -> None:
        session.play(CLIP, times=25)
        session.play(other)

    with beside_a_good_one(tmp_path, always(changes), fps=50) as source:
        source.set_active(True)
        seen = {frames(source, 1)[0].image.shape}
        until(lambda: source.health().width_px == 128)
        seen.add(frames(source, 2)[1].image.shape)
        assert source.health().reconnects == 0
    assert seen == {(64, 96, 3), (96, 128, 3)}


def test_a_stream_that_comes_back_with_another_codec(tmp_path: Path) -> None:
    other = units("libx265")

    def plays(number: int) -> Play:
        return Play(lambda s: s.play(CLIP, times=25)) if number == 0 else Play(lambda s: s.play(other), "libx265")

    with beside_a_good_one(tmp_path, plays) as source:
        frames(source, 1)
        assert source.health().codec == "h264"
        until(lambda: source.health().codec == "hevc")
        assert (source.health().state, source.health().reconnects) == ("live", 1)


def test_garbage_in_the_place_of_media(tmp_path: Path) -> None:
    def garbage(session: Session) -> None:
        session.play(CLIP, times=25)
        for _ in range(1000):
            session.send([CLIP[0][-1][:1] + os.urandom(200)])  # the head of a key frame, and nonsense
        session.connection.sendall(os.urandom(50_000))
        time.sleep(5)

    with beside_a_good_one(tmp_path, always(garbage), timeout_s=1.0) as source:
        source.set_active(True)
        frames(source, 1)
        until(lambda: source.health().state == "down", 15)
        assert source.health().reason in (
            "The camera sends what is no video.",
            "The camera did not answer within 1 s.",
            "What is there is no video.",
        )


def test_garbage_of_which_the_decoder_guesses_pictures_is_told_and_none_of_them_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def garbage(session: Session) -> None:
        session.play(CLIP, times=25)
        while True:
            session.send([CLIP[0][-1][:1] + os.urandom(300)])  # of one in ten the decoder makes a picture
            time.sleep(0.005)

    guessed: list[bool] = []

    def decoded(frame: av.VideoFrame) -> Decoded:
        guessed.append(frame.is_corrupt)
        return Decoded(frame)

    monkeypatch.setattr(following, "Decoded", decoded)
    with beside_a_good_one(tmp_path, always(garbage), fps=50) as source:
        source.set_active(True)
        frames(source, 1)
        told(source, "The camera sends what is no video.")
    assert sum(guessed) < 5  # but those before the first packet that cannot be decoded at all


def test_garbage_in_the_place_of_answers(tmp_path: Path) -> None:
    def garbage(_: int) -> Play:
        return Play(instead=os.urandom(100_000))

    with beside_a_good_one(tmp_path, garbage, timeout_s=1.0) as source:
        until(lambda: source.health().state == "down", 15)
        reason = source.health().reason
        assert reason and reason.endswith(".") and "secret" not in reason


def test_a_stream_without_a_frame(tmp_path: Path) -> None:
    with beside_a_good_one(tmp_path, always(lambda _: None), timeout_s=1.0) as source:
        told(source, "What is there is no video.")


def test_a_stream_that_lies_about_time(tmp_path: Path) -> None:
    def lies(session: Session) -> None:
        session.play(CLIP, times=25)
        session.ticks += 90_000 * 3600
        session.play(CLIP, times=25)
        session.ticks -= 90_000 * 7200
        session.play(CLIP)

    with beside_a_good_one(tmp_path, always(lies), fps=50) as source:
        source.set_active(True)
        began = time.time()
        until(lambda: abs(source.health().skew_s or 0) > 3000)
        until(lambda: [one.code for one in source.health().why] == ["clock"])
        found = frames(source, 5)
        assert [frame.at for frame in found] == sorted(frame.at for frame in found)
        assert all(began - 1 <= frame.at.timestamp() <= time.time() + 1 for frame in found)
        assert source.health().state == "live"


def redirect(to: str) -> bytes:
    return f"RTSP/1.0 302 Moved\r\nCSeq: 2\r\nLocation: {to}\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("rtsp://10.0.0.1/a", "No camera may live at 10.0.0.1: the address is not one that is allowed."),
        ("rtsp://169.254.169.254/a", "No camera may live at 169.254.169.254: the address is not one that is allowed."),
        ("http://127.0.0.1/a", "The camera leads to what is no camera's address."),
        ("rtsp://127.0.0.1:{port}/a", "The camera leads from one address to the next without end."),
    ],
)
def test_a_redirect_to_where_no_camera_lives(tmp_path: Path, to: str, reason: str) -> None:
    def leads(_: int) -> Play:
        return Play(instead=redirect(to.format(port=port)))

    with rtsp_serving(leads) as port, reads("rtsp", tmp_path, f"rtsp://eagle:secret@127.0.0.1:{port}/a") as source:
        told(source, reason)


def test_a_camera_that_breaks_the_connection_it_has_just_taken(tmp_path: Path) -> None:
    def breaks(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=breaks, args=(server,), daemon=True).start()
        host = f"127.0.0.1:{server.getsockname()[1]}"
        with reads("rtsp", tmp_path, f"rtsp://{host}/a") as source:
            until(lambda: source.health().state == "down")
            assert [one.code for one in source.health().why] == ["unreachable"]


def test_a_redirect_to_a_camera_is_followed(tmp_path: Path) -> None:
    def leads(_: int) -> Play:
        return Play(instead=redirect(f"rtsp://127.0.0.1:{port}/a"))

    with (
        rtsp_serving(lambda _: Play(good)) as port,
        rtsp_serving(leads) as first,
        reads("rtsp", tmp_path, f"rtsp://127.0.0.1:{first}/a") as source,
    ):
        frames(source, 1)


def test_a_redirect_from_a_public_address_to_a_private_one(tmp_path: Path, public_here: Networks) -> None:
    def leads(_: int) -> Play:
        return Play(instead=redirect("rtsp://127.0.0.2:9/a"))

    with (
        rtsp_serving(leads) as port,
        reads("rtsp", tmp_path, f"rtsp://127.0.0.1:{port}/a", networks=public_here) as source,
    ):
        told(source, "No camera may live at 127.0.0.2: the address is not one that is allowed.")


def test_nothing_leads_out_of_tls_with_or_without_the_password() -> None:
    with pytest.raises(SourceError, match=r"^The camera leads away from TLS\.$"):
        hop("rtsps://eagle:secret@10.0.0.1/a", "rtsp://10.0.0.1/a")
    assert hop("rtsp://eagle:secret@10.0.0.1/a", "rtsps://10.0.0.1/b") == "rtsps://eagle:secret@10.0.0.1/b"


def test_no_more_than_eight_streams_are_opened_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def slow(*_: object, **__: object) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.02)
        with lock:
            inside -= 1
        raise OSError("closed")

    monkeypatch.setattr(av, "open", slow)

    def opens(_: int) -> None:
        with pytest.raises(SourceError), opened("x", protocols="", timeout_s=1):
            raise AssertionError

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(opens, range(40)))
    assert most == 8


def test_cameras_that_take_a_connection_and_say_nothing_keep_no_turn_from_one_that_answers(tmp_path: Path) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(rtsp_serving(always(good)))
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=50))
        url = f"rtsp://127.0.0.1:{silent.getsockname()[1]}/a"
        mute = [stack.enter_context(reads("rtsp", tmp_path, url, camera_id=n)) for n in range(10, 26)]
        taken = [silent.accept()[0] for _ in mute]
        frames(stack.enter_context(reads("rtsp", tmp_path, f"rtsp://127.0.0.1:{port}/a", camera_id=1)), 1)
        assert [one.health().reconnects for one in mute] == [0] * len(mute)
        for end in (silent, *taken):
            end.close()  # so that nobody waits for a timeout


def test_a_stream_that_grows_beyond_all_measure_is_told_and_never_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "TOO_BIG_PX", 30_000)
    other = units(size=(320, 192))

    def grows(session: Session) -> None:
        session.play(CLIP, times=25)
        for number in range(2000):
            session.send(other[number % len(other)])

    with beside_a_good_one(tmp_path, always(grows), timeout_s=1.0, fps=50) as source:
        source.set_active(True)
        assert frames(source, 1)[0].image.shape == (64, 96, 3)
        until(lambda: source.health().state == "down", 15)
        assert source.health().width_px == 96


def test_a_stream_that_sends_and_never_shows_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "SPARSE_S", 1.0)

    def no_key_frame_again(session: Session) -> None:
        session.play(CLIP[:5], times=5)
        session.play(CLIP[1:5])

    with beside_a_good_one(tmp_path, always(no_key_frame_again)) as source:
        frames(source, 1)
        told(source, "The camera sends, but no picture has come for 1 s.")


def test_the_first_key_frame_is_shown_as_it_comes_though_the_decoder_would_wait_for_others(tmp_path: Path) -> None:
    clip = units(reordered=True)

    def once(session: Session) -> None:
        session.play(clip[:5], times=5)
        session.play(clip[1:5])

    with rtsp_serving(always(once)) as port, reads("rtsp", tmp_path, f"rtsp://127.0.0.1:{port}/a") as source:
        assert frames(source, 1)[0].sequence == 1
