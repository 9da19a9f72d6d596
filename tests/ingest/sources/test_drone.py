import io
import socket
import struct
import threading
import time
from itertools import cycle, islice
from pathlib import Path

import av
import pytest

from ingest.sources import klv
from ingest.sources.datagrams import Datagrams
from ingest.sources.networks import Networks
from ingest.sources.source import SourceError
from tests.ingest.sources.clips import add_video, pictures
from tests.ingest.sources.packets import packet
from tests.ingest.sources.rtsp_camera import MP2T, Play, Session, rtsp_serving
from tests.ingest.sources.running import frames, reads, until

CHUNK = 7 * 188  # bytes of MPEG-TS in one packet of RTP (RFC 2250)
FLIGHT = {
    klv.HEADING: 45.0, klv.LAT: 43.24, klv.LON: 76.94, klv.ALTITUDE: 900.0, klv.HFOV: 60.0, klv.AZIMUTH: 0.0,
    klv.ELEVATION: -30.0, klv.CENTRE_ELEVATION: 800.0,
}  # fmt: skip


def flight(*, broken: bool = False) -> bytes:
    """Two seconds of MPEG-TS whose drone flies north; every second packet is garbage where it is broken."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as written:
        video = add_video(written)
        data = written.add_data_stream("klv")
        for number, coded in enumerate(pictures(video, 0, 50)):
            if number % 5 == 0:
                told = packet({**FLIGHT, klv.LAT: 43.24 + number * 1e-5})
                beside = av.Packet(told[:-1] + b"\0" if broken else told)
                beside.stream, beside.pts, beside.dts, beside.time_base = data, coded.pts, coded.dts, coded.time_base
                written.mux(beside)
            written.mux(coded)
    return file.getvalue()


def test_a_file_of_a_flight_is_played_with_the_places_it_was_taken_from(tmp_path: Path) -> None:
    (tmp_path / "flight.ts").write_bytes(flight())
    with reads("drone", tmp_path, "flight.ts", fps=50) as source:
        source.set_active(True)
        found = frames(source, 10)
        place = source.health().place
    poses = [frame.pose for frame in found if frame.pose is not None]
    assert len(poses) >= 9
    assert (poses[-1].heading_deg, poses[-1].tilt_deg, poses[-1].hfov_deg) == pytest.approx((45, 30, 60), abs=0.01)
    assert poses[-1].height_m == pytest.approx(100, abs=0.5)
    assert poses[-1].place.lat > poses[0].place.lat
    assert place is not None and place.lat == pytest.approx(43.24, abs=0.01)


def test_packets_that_are_not_true_cost_the_place_and_not_the_picture(tmp_path: Path) -> None:
    (tmp_path / "flight.ts").write_bytes(flight(broken=True))
    with reads("drone", tmp_path, "flight.ts", fps=50) as source:
        assert all(frame.pose is None for frame in frames(source, 3))
        assert source.health().place is None


def test_a_flight_is_read_by_rtsp_that_carries_mpeg_ts(tmp_path: Path) -> None:
    sent = flight()

    def send(session: Session) -> None:
        for number, at in enumerate(islice(cycle(range(0, len(sent), CHUNK)), 10_000)):
            head = struct.pack(">BBHII", 0x80, MP2T, number & 0xFFFF, number * 900, 7)
            session.raw(head + sent[at : at + CHUNK])
            time.sleep(0.005)

    with (
        rtsp_serving(lambda _: Play(send, codec="mpegts")) as port,
        reads("drone", tmp_path, f"rtsp://127.0.0.1:{port}/a", fps=50, networks=Networks(loopback=True)) as source,
    ):
        found = frames(source, 5)
    pose = found[-1].pose
    assert pose is not None and pose.place.lat == pytest.approx(43.24, abs=0.01)
    assert found[-1].image.shape == (64, 96, 3)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("", 0))
        return int(one.getsockname()[1])


def test_a_flight_is_read_by_udp_and_its_silence_told(tmp_path: Path) -> None:
    port, sent, stop = free_port(), flight(), threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for at in range(0, len(sent) * 50, 1316):
                if stop.wait(0.002):
                    return
                out.sendto((sent * 2)[at % len(sent) : at % len(sent) + 1316], ("127.0.0.1", port))

    threading.Thread(target=send, daemon=True).start()
    with reads("drone", tmp_path, f"udp://:{port}", timeout_s=1) as source:
        found = frames(source, 3)
        stop.set()
        assert found[-1].pose is not None and found[-1].image.shape == (64, 96, 3)
        until(lambda: source.health().state == "down")
        assert source.health().reason == "The drone has sent nothing for 1 s."


def test_what_others_send_to_the_port_is_not_looked_at() -> None:
    port = free_port()
    with Datagrams(f"udp://:{port}", Networks(), 0.3) as coming, socket.socket(type=socket.SOCK_DGRAM) as out:
        out.sendto(b"G" * 188, ("127.0.0.1", port))
        began = time.monotonic()
        with pytest.raises(SourceError, match=r"^The drone has sent nothing for 0\.3 s\.$"):
            coming.read(1000)
        assert time.monotonic() - began >= 0.25
        with pytest.raises(SourceError, match="cannot be listened at"):
            Datagrams(f"udp://:{port}", Networks(), 0.3)
