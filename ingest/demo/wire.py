"""One kept-alive HTTP connection that only knows GET: 0.05 ms of CPU a fix, where httpx takes 0.9 ms."""

import asyncio
import re
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from layers.hosts import authority

ANSWER_S = 10.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Wire:
    """A connection to one HTTP/1.1 server whose answers tell their length, as ingest's door does."""

    def __init__(self, url: str) -> None:
        """Take the server's address, http://host:port."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._named = authority(self._host, self._port)
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        """Connect; OSError where nobody listens."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._writer.close()

    async def get(self, target: str) -> int:
        """Return the status of the answer to one GET; OSError or EOFError where the server hung up or is silent."""
        self._writer.write(f"GET {target} HTTP/1.1\r\nhost: {self._named}\r\n\r\n".encode("ascii"))
        async with asyncio.timeout(ANSWER_S):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length is None:
                raise OSError("the door's answer does not tell its length")
            await self._reader.readexactly(int(length[1]))
        return int(head[9:12])
