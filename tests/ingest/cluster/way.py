"""A way to the store that can be cut, as a network is, while those who use it live on."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit


class Way:
    """A socket in a folder that leads to the store's, from a thread of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        self._folder, self._store = folder, _socket(url)
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._serving: asyncio.Server | None = None
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.mend()

    def url(self, url: str) -> str:
        """Return the address of the same database by this way."""
        port = self._store.suffix.removeprefix(".")
        return urlunsplit(urlsplit(url)._replace(query=f"host={quote(str(self._folder))}&port={port}"))

    def cut(self) -> None:
        """Let nobody through, and end what is on its way."""
        self._do(self._cut())

    def mend(self) -> None:
        """Let everybody through."""
        self._do(self._mend())

    def _do(self, act: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result(10)

    async def _mend(self) -> None:
        self._serving = await asyncio.start_unix_server(self._lead, self._folder / self._store.name)

    async def _cut(self) -> None:
        assert self._serving is not None
        self._serving.close()
        for one in self._open:
            one.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_store, to_store = await asyncio.open_unix_connection(self._store)
        self._open |= {writer, to_store}
        await asyncio.gather(_carry(reader, to_store), _carry(from_store, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(2**16):
            writer.write(some)
            await writer.drain()
    writer.close()


def _socket(url: str) -> Path:
    asked = parse_qs(urlsplit(url).query)
    return Path(asked["host"][0]) / f".s.PGSQL.{asked.get('port', ['5432'])[0]}"
