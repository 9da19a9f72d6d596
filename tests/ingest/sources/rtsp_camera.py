"""An RTSP camera that misbehaves as a test wants: small, interleaved over TCP, each connection with a script."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import av
import numpy as np

MP2T = 33  # the payload of MPEG-TS (RFC 3551)
SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP {0}\r\na=rtpmap:{0} {1}/90000\r\na=control:t\r\n"
)
CODECS = {"libx264": (96, "H264"), "libx265": (96, "H265"), "mpegts": (MP2T, "MP2T")}
TICKS = 3600  # of 90 kHz, from one of 25 frames a second to the next


def units(
    codec: str = "libx264", size: tuple[int, int] = (96, 64), count: int = 25, *, reordered: bool = False
) -> list[list[bytes]]:
    """The coded frames of a clip, each as its NAL units; every fifth is a key frame with its headers."""
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.gop_size, encoder.framerate = *size, "yuv420p", 5, 25
    quiet = {"x265-params": "log-level=none:repeat-headers=1:pools=1:keyint=5"} if codec == "libx265" else {}
    held = {"x264-params": "bframes=3:b-adapt=0"} if reordered else {"tune": "zerolatency"}
    encoder.options = {"preset": "ultrafast", **held, **quiet}
    packets = []
    for number in range(count):
        image = np.full((size[1], size[0], 3), 60 + number * 5, np.uint8)
        packets += encoder.encode(av.VideoFrame.from_ndarray(image, format="bgr24"))
    packets += encoder.encode(None)
    return [_nals(bytes(packet)) for packet in packets]


def _nals(packet: bytes) -> list[bytes]:
    return [nal for nal in packet.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if nal]


@dataclass(eq=False)
class Session:
    """One who has asked to PLAY."""

    connection: socket.socket
    ticks: int = 0
    number: int = 0

    def send(self, nals: list[bytes]) -> None:
        """Send one frame, and a fortieth of a second of time."""
        for at, nal in enumerate(nals):
            kind = 96 | (at == len(nals) - 1) << 7  # the marker of a frame's last packet
            head = struct.pack(">BBHII", 0x80, kind, self.number & 0xFFFF, self.ticks & 0xFFFFFFFF, 7)
            self.raw(head + nal)
            self.number += 1
        self.ticks += TICKS

    def raw(self, packet: bytes) -> None:
        """Send one packet of media, whatever it is."""
        self.connection.sendall(b"$\0" + len(packet).to_bytes(2) + packet)

    def play(self, frames: list[list[bytes]], *, times: int = 10**6) -> None:
        """Send frames round and round at their pace."""
        for number in range(times):
            self.send(frames[number % len(frames)])
            time.sleep(0.02)


Script = Callable[[Session], None]


@dataclass(frozen=True)
class Play:
    """What a connection is answered: the codec and the script, or a raw answer in the place of a description."""

    script: Script = lambda _: None
    codec: str = "libx264"
    instead: bytes | None = None


@contextmanager
def rtsp_serving(plays: Callable[[int], Play], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve, through TLS if so told; `plays` says what the connection of that number is answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, plays, tls), daemon=True).start()
        yield server.getsockname()[1]


def _accept(server: socket.socket, plays: Callable[[int], Play], tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        for number in range(10**6):
            connection, _ = server.accept()
            threading.Thread(target=_serve, args=(connection, plays(number), tls), daemon=True).start()


def _serve(connection: socket.socket, play: Play, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        connection = tls.wrap_socket(connection, server_side=True) if tls else connection
        _answer_all(connection, play)


def _answer_all(connection: socket.socket, play: Play) -> None:
    with connection, connection.makefile("rb") as lines:
        while request := _request(lines):
            method, number = request
            if method == "DESCRIBE" and play.instead is not None:
                connection.sendall(play.instead)
                continue
            connection.sendall(_answer(method, number, play))
            if method == "PLAY":
                play.script(Session(connection))
                return


def _request(lines: Any) -> tuple[str, str] | None:
    first, number = lines.readline().decode(), "0"
    while (line := lines.readline().decode().strip()) or not first:
        if not first:
            return None
        number = line.partition(":")[2].strip() if line.lower().startswith("cseq:") else number
    return first.split(" ")[0], number


def _answer(method: str, number: str, play: Play) -> bytes:
    body = SDP.format(*CODECS[play.codec]) if method == "DESCRIBE" else ""
    head = f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nSession: 1\r\nContent-Length: {len(body)}\r\n"
    kind = "Content-Type: application/sdp\r\n" if body else ""
    way = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n" if method == "SETUP" else ""
    public = "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n" if method == "OPTIONS" else ""
    return f"{head}{kind}{way}{public}\r\n{body}".encode()
