"""HTTP/1.1 as a bench speaks it: one kept connection, no more work than the request itself; the load takes little."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson


class Connection:
    """A connection to a port of this machine that asks one thing after another, opened anew where it was closed."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        """Know where to ask, and the headers of every request."""
        self._port = port
        self._head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": f"127.0.0.1:{port}", **headers}.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Return the status and the body of the answer; raises ConnectionError where the server lets go twice."""
        told = b"" if body is None else orjson.dumps(body)
        kind = "Content-Type: application/json\r\n" if told else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{kind}Content-Length: {len(told)}\r\n\r\n"
        kept = self._streams is not None
        try:
            return await self._asked(head.encode() + told)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if not kept:
                raise
            return await self._asked(head.encode() + told)  # the server had let go of what was kept

    def close(self) -> None:
        """Let go."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def _asked(self, request: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        _, _, length = head.partition(b"content-length:")
        return int(head[9:12]), await reader.readexactly(int(length.split(b"\r\n", 1)[0] or 0))
