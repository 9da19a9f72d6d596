"""A short-message centre that speaks SMPP 3.4 over TCP, written from the specification: bind, submit, receipts.

It is told what to do wrong: refuse the bind, refuse an address, be silent, be slow, break the line.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SUBMIT, DELIVER, BIND, ENQUIRE, UNBIND = 0x04, 0x05, 0x09, 0x15, 0x06
RESPONSE = 0x8000_0000


@dataclass(frozen=True, slots=True)
class Submitted:
    """One part that came: from whom, to whom, in which alphabet, with or without a header, and its octets."""

    source: str
    to: str
    esm_class: int
    coding: int
    octets: bytes
    wants_receipt: bool


@dataclass(slots=True)
class Centre:
    """What it took, and what it does: `status` for each part, `silent_at` a command, receipts in this state."""

    port: int = 0
    password: str = "hush"
    status: int = 0
    silent_at: int = 0
    breaks_at: int = 0
    receipt: str | None = None
    binds: int = 0
    took: list[Submitted] = field(default_factory=list)
    lines: list[asyncio.StreamWriter] = field(default_factory=list)
    receipts_taken: asyncio.Queue[int] = field(default_factory=asyncio.Queue)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client until it goes."""
        self.lines.append(writer)
        try:
            while True:
                length, command, status, number = struct.unpack(">IIII", await reader.readexactly(16))
                body = await reader.readexactly(length - 16)
                if command == self.breaks_at:
                    return
                if command != self.silent_at:
                    await self._answer(writer, command, status, number, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def say(self, number: str, state: str) -> None:
        """Send a receipt over the newest line."""
        text = f"id:{number} sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:{state} err:000 text:x"
        head = (
            b"\0" + b"\1\1" + b"77011234567\0" + b"\5\0" + b"112\0" + bytes([4, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0])
        )
        self._write(self.lines[-1], DELIVER, 0, 1, head + bytes([len(text)]) + text.encode())
        await self.lines[-1].drain()

    async def _answer(self, writer: asyncio.StreamWriter, command: int, status: int, number: int, body: bytes) -> None:
        if command == BIND:
            _, password = body.split(b"\0")[:2]
            good = password.decode() == self.password
            self.binds += good
            self._write(writer, BIND | RESPONSE, 0 if good else 0x0E, number, b"centre\0" if good else b"")
        elif command == SUBMIT:
            await self._take(writer, number, body)
        elif command == DELIVER | RESPONSE:
            self.receipts_taken.put_nowait(status)
        elif command in (ENQUIRE, UNBIND):
            self._write(writer, command | RESPONSE, 0, number, b"")
        await writer.drain()

    async def _take(self, writer: asyncio.StreamWriter, number: int, body: bytes) -> None:
        if self.status:
            self._write(writer, SUBMIT | RESPONSE, self.status, number, b"")
            return
        self.took.append(submitted(body))
        name = f"m{len(self.took)}"
        if self.receipt is not None:  # some centres are so quick that the receipt comes first
            await self.say(name, self.receipt)
        self._write(writer, SUBMIT | RESPONSE, 0, number, f"{name}\0".encode())

    def _write(self, writer: asyncio.StreamWriter, command: int, status: int, number: int, body: bytes) -> None:
        writer.write(struct.pack(">IIII", 16 + len(body), command, status, number) + body)


def submitted(body: bytes) -> Submitted:
    """Read the body of a submit_sm (SMPP 3.4, 4.4.1)."""
    at = 0

    def text() -> str:
        nonlocal at
        end = body.index(b"\0", at)
        found, at = body[at:end].decode("latin-1"), end + 1
        return found

    def octet() -> int:
        nonlocal at
        at += 1
        return body[at - 1]

    text()  # service_type
    _, _, source = octet(), octet(), text()
    _, _, to = octet(), octet(), text()
    esm_class, _, _ = octet(), octet(), octet()
    text(), text()  # schedule_delivery_time, validity_period
    registered, _, coding, _, length = octet(), octet(), octet(), octet(), octet()
    return Submitted(source, to, esm_class, coding, body[at : at + length], registered == 1)


@asynccontextmanager
async def centre(**does: object) -> AsyncIterator[Centre]:
    """Listen on a port of its own."""
    made = Centre(**does)  # type: ignore[arg-type]
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for line in made.lines:
            line.close()
