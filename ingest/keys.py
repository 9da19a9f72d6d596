"""Who knocks: keys of sources and devices of units, remembered for a few seconds."""

from time import monotonic

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.errors import Refusal, unstored
from layers.database import visit
from layers.sources.queries import by_key, digest
from layers.sources.schema import Source, SourceKind
from layers.units.positions import devices_under

KEY_S = 5.0  # a key switched off is refused after at most this long
DEVICES_S = 30.0
DEVICES_AGAIN_S = 1.0  # an unknown device makes the list be read anew, but no more often than this
MOST_KEYS = 10_000

STORE_AWAY = (DBAPIError, psycopg.Error, PoolTimeoutError, OSError)


class Keys:
    """Sources by the digest of their key; what is compared and remembered is never the key itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store the sources stand in."""
        self._engine = engine
        self._seen: dict[bytes, tuple[float, Source | None]] = {}

    async def source(self, key: str | None, kind: SourceKind) -> Source:
        """Return who holds the key; raises Refusal where nobody does, or may not send this kind."""
        if not key:
            raise Refusal("no_key")
        found = await self._found(digest(key))
        if found is None:
            raise Refusal("unknown_key")
        if not found.enabled:
            raise Refusal("disabled_key")
        if found.kind != kind:
            raise Refusal("wrong_kind")
        return found

    async def _found(self, key_sha256: bytes) -> Source | None:
        seen = self._seen.get(key_sha256)
        if seen and monotonic() - seen[0] < KEY_S:
            return seen[1]
        try:
            async with visit(self._engine) as session:
                found = await by_key(session, key_sha256)
        except STORE_AWAY as error:
            raise unstored(error) from None
        if len(self._seen) >= MOST_KEYS:  # somebody tries keys: forget all rather than grow
            self._seen.clear()
        self._seen[key_sha256] = (monotonic(), found)
        return found


class Devices:
    """Unit ids by device, for each area that sources answer for."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store the units stand in."""
        self._engine = engine
        self._seen: dict[int, tuple[float, dict[str, int]]] = {}

    async def under(self, area_id: int, asked: set[str]) -> dict[str, int]:
        """Return the units of an area and below; a device not among them makes the list be read anew."""
        read_at, devices = self._seen.get(area_id, (float("-inf"), {}))
        age = monotonic() - read_at
        if age < DEVICES_AGAIN_S or (age < DEVICES_S and asked <= devices.keys()):
            return devices
        try:
            async with visit(self._engine) as session:
                devices = await devices_under(session, area_id)
        except STORE_AWAY as error:
            raise unstored(error) from None
        self._seen[area_id] = (monotonic(), devices)
        return devices
