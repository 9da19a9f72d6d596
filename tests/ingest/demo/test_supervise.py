import asyncio
import socket

import pytest

from ingest.demo.supervise import answers, reason, supervise

pytestmark = pytest.mark.anyio


async def test_a_part_that_fails_is_begun_again_until_it_ends_by_itself() -> None:
    begun: list[int] = []

    async def part() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise OSError("gone")

    await supervise("part", part, first_pause_s=0.001)
    assert begun == [0, 1, 2]


async def test_a_cancelled_part_stays_stopped() -> None:
    started = asyncio.Event()

    async def part() -> None:
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(supervise("part", part))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_reason_of_a_group_is_its_first_failure_in_one_line() -> None:
    group = ExceptionGroup("several", [ExceptionGroup("inner", [OSError("first\nsecond")]), ValueError("other")])
    assert reason(group) == "OSError: first"
    assert reason(KeyError()) == "KeyError"


async def test_a_door_that_opens_late_is_waited_for() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    waiting = asyncio.create_task(answers(f"http://127.0.0.1:{port}/health", every_s=0.01))
    await asyncio.sleep(0)
    assert not waiting.done()

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(welcome, "127.0.0.1", port):
        await asyncio.wait_for(waiting, 30)
