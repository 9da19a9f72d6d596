import asyncio

import pytest

from ingest.demo.wire import Wire

pytestmark = pytest.mark.anyio


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each GET with its own path, 404 where the path says so, and hang up on /bye."""
    while line := (await reader.readuntil(b"\r\n\r\n")).split()[1]:
        if line == b"/bye":
            break
        status = b"404 Not Found" if line == b"/missing" else b"200 OK"
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\nserver: x\r\n\r\n%s" % (status, len(line), line))
    writer.close()


async def test_one_connection_carries_many_requests_and_tells_each_status() -> None:
    async with await asyncio.start_server(_answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Wire(f"http://127.0.0.1:{port}") as wire:
            assert [await wire.get(path) for path in ("/a", "/missing", "/b")] == [200, 404, 200]


async def test_a_server_that_hangs_up_is_noticed() -> None:
    async with await asyncio.start_server(_answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Wire(f"http://127.0.0.1:{port}") as wire:
            with pytest.raises(EOFError):
                await wire.get("/bye")
