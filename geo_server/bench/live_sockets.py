"""The listeners of the live bench, a light process of their own: they read frames and note when each fix came.

A fix carries the moment it was made: the second as its time, the millisecond in its speed, in tenths of km/h.
"""

import asyncio
import base64
import os
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import orjson
import uvloop

from geo_server.access import cookie
from geo_server.live.messages import HEADER, MAGIC, RECORD

BARE = "bare"  # the token of who listens to a server without sessions


@dataclass(slots=True)
class Listener(asyncio.Protocol):
    """One raw websocket that asks for a viewport and keeps every frame with the time it came."""

    request: bytes
    view: bytes
    frames: list[tuple[float, bytes]] = field(default_factory=list)
    texts: asyncio.Queue[tuple[float, bytes]] = field(default_factory=asyncio.Queue)
    buffer: bytearray = field(default_factory=bytearray)
    upgraded: bool = False
    lost: bool = False
    transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is none of asyncio's
        self.transport.write(self.request)

    def connection_lost(self, _: Exception | None) -> None:
        """Remember that the server let go."""
        self.lost = True

    def data_received(self, data: bytes) -> None:
        """Cut the stream into frames; a server masks nothing and fragments nothing here."""
        now = time.time()
        self.buffer += data
        if not self.upgraded:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.buffer.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(bytes(self.buffer[:end]).decode("latin-1"))
            del self.buffer[: end + 4]
            self.upgraded = True
            assert self.transport is not None
            self.transport.write(self.view)
        while (frame := self._frame()) is not None:
            if frame[0] == 2:
                self.frames.append((now, frame[1]))
            elif frame[0] == 1:
                self.texts.put_nowait((now, frame[1]))
            elif frame[0] == 9 and self.transport is not None:  # who answers no ping is let go after a while
                self.transport.write(_masked(0x8A, frame[1]))

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self.buffer) < 2:
            return None
        size, start = self.buffer[1] & 127, 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            if len(self.buffer) < 2 + wide:
                return None
            size, start = int.from_bytes(self.buffer[2 : 2 + wide], "big"), 2 + wide
        if len(self.buffer) < start + size:
            return None
        opcode, payload = self.buffer[0] & 15, bytes(self.buffer[start : start + size])
        del self.buffer[: start + size]
        return opcode, payload


async def listen(
    port: int, tokens: list[str], boxes: list[list[float]], warm_s: float, listen_s: float
) -> dict[str, float]:
    """Open a socket for each token and viewport, wait until all is warm, and tell what came in the time after."""
    listeners = [await connected(port, token, box) for token, box in zip(tokens, boxes, strict=True)]
    await asyncio.sleep(warm_s)
    for listener in listeners:
        listener.frames.clear()
    print("listening", flush=True)
    await asyncio.sleep(listen_s)
    return _told(
        [frame for listener in listeners for frame in listener.frames], sum(x.lost for x in listeners), listen_s
    )


async def connected(port: int, token: str, box: list[float]) -> Listener:
    """Return a listener of that session and viewport (west, south, east, north) whose connection stands."""
    made = Listener(_upgrade(port, token, await _ticket(port, token)), _view(box))
    await asyncio.get_running_loop().create_connection(lambda: made, "127.0.0.1", port)
    return made


def _told(frames: list[tuple[float, bytes]], lost: int, took_s: float) -> dict[str, float]:
    late_ms, sizes = [], []
    for came, frame in frames:
        magic, _, flags, count, _, _ = HEADER.unpack_from(frame)
        if magic != MAGIC or flags or len(frame) != HEADER.size + count * RECORD.itemsize:
            continue
        fixes = np.frombuffer(frame, RECORD, offset=HEADER.size)
        late_ms.append(came * 1000 - (fixes["at"] * 1000.0 + fixes["speed"]))
        sizes.append(len(frame))
    if not late_ms:
        raise RuntimeError(f"no fix came in {took_s:.0f} s; {lost} sockets were lost")
    late = np.concatenate(late_ms)
    p50, p99, worst = (float(value) for value in np.percentile(late, (50, 99, 100)))
    rates = {"frames_s": len(sizes) / took_s, "bytes_s": sum(sizes) / took_s, "fixes_s": len(late) / took_s}
    return {"p50_ms": p50, "p99_ms": p99, "worst_ms": worst, "lost": lost, **rates}


async def _ticket(port: int, token: str) -> str:
    """Ask for a session's ticket; a bare server, the floor, is asked for none."""
    if token == BARE:
        return ""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = ("POST /api/live/ticket HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Length: 0", "Connection: close")
    writer.write("\r\n".join((*lines, f"Cookie: {cookie.NAME}={token}", "", "")).encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    if not head.startswith(b"HTTP/1.1 201"):
        raise ConnectionError(head.decode("latin-1"))
    return str(orjson.loads(body)["ticket"])


def _upgrade(port: int, token: str, ticket: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET /api/live?ticket={ticket} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
    )
    more = (
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Cookie: {cookie.NAME}={token}",
    )
    return "\r\n".join((*lines, *more, "", "")).encode()


def _view(box: list[float]) -> bytes:
    return _masked(0x81, orjson.dumps({"type": "view", "bbox": box}))


def _masked(first: int, told: bytes) -> bytes:
    mask = os.urandom(4)
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(told))
    length = (
        struct.pack("!BB", first, 0x80 | len(told)) if len(told) < 126 else struct.pack("!BBH", first, 0xFE, len(told))
    )
    return length + mask + body


if __name__ == "__main__":
    asked = orjson.loads(sys.stdin.buffer.read())
    print(orjson.dumps(uvloop.run(listen(**asked))).decode(), flush=True)
