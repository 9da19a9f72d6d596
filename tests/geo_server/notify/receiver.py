"""A real HTTP server that answers as it is told: with a status, a redirect, or never."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What came: the line, the headers by their names in small letters, the body."""

    line: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """Where it listens, what came, and what it answers next; status 0 is silence."""

    url: str
    came: list[Request] = field(default_factory=list)
    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and answer it."""
        try:
            self.came.append(await _read(reader))
            if self.status == 0:
                await reader.read()  # until the other side gives up
                return
            more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
            head = f"HTTP/1.1 {self.status} x\r\nContent-Length: {len(self.answer)}\r\n{more}Connection: close\r\n\r\n"
            writer.write(head.encode() + self.answer)
            await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Listen on a port of its own."""
    receiver = Receiver("")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    line = (await reader.readline()).decode().strip()
    headers: dict[str, str] = {}
    while row := (await reader.readline()).decode().strip():
        name, _, value = row.partition(":")
        headers[name.lower()] = value.strip()
    return Request(line, headers, await reader.readexactly(int(headers.get("content-length", "0"))))
