"""Who knocks: keys of sources and devices of units, remembered for a moment.

Every key in use is read anew by one question a second, whether one machine sends or thousands do. Unknown keys are
asked together, one question at a time, and nothing of them is kept: who guesses keys costs one connection at most.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from time import monotonic

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.errors import Refusal, unstored
from ingest.limits import BURST_S, Bucket, Strangers, limited
from layers.database import visit
from layers.faults import told
from layers.sources.queries import digest, holders, tell_used
from layers.sources.schema import Holder, Source, SourceKind
from layers.units.positions import devices_under

log = structlog.get_logger()

KEY_S = 1.0  # a key that was revoked, has expired or is of a source switched off is refused after at most this long
FORGET_S = 600.0  # a key that nobody used for so long is asked for as one that is new
TELL_USE_S = 60.0
DEVICES_S = 5.0  # so long a tracker that was given to another unit may still move the one it was on
DEVICES_AGAIN_S = 1.0  # an unknown device makes the list be read anew, but no more often than this

STORE_AWAY = (DBAPIError, psycopg.Error, PoolTimeoutError, OSError)


@dataclass(slots=True, kw_only=True, eq=False)
class Machine:
    """Who holds a key that the store knows, and how much more it may send now."""

    holder: Holder
    used_at: float
    told_at: float = float("-inf")
    requests: Bucket = field(default_factory=Bucket)
    rows: Bucket = field(default_factory=Bucket)

    @property
    def source(self) -> Source:
        """Return the source the key is of."""
        return self.holder.source

    def take_request(self, now: float) -> None:
        """Count one request; raises Refusal `too_many_requests` where the key made too many."""
        rate = self.source.rate_per_s
        if wait_s := self.requests.wait_s(1, rate, max(1.0, rate * BURST_S), now):
            raise limited("too_many_requests", wait_s)

    def take_rows(self, many: int) -> None:
        """Count positions or events; raises Refusal `too_many_rows` where the key brought too many."""
        rate = self.source.rows_per_s
        if wait_s := self.rows.wait_s(many, rate, max(1.0, rate * BURST_S), monotonic()):
            raise limited("too_many_rows", wait_s)

    def check(self, kind: SourceKind) -> None:
        """Raise Refusal where the key may not send this kind now: whoever holds it is told why."""
        if self.holder.state != "good":
            raise Refusal(f"{self.holder.state}_key")
        if not self.source.enabled:
            raise Refusal("disabled_key")
        if self.source.kind != kind:
            raise Refusal("wrong_kind")


class Keys:
    """Machines by the digest of their key; what is compared and remembered is never the key itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store the sources stand in."""
        self._engine = engine
        self._known: dict[bytes, Machine] = {}
        self._read_at = float("-inf")
        self._wanted: set[bytes] = set()  # to be read by the next question
        self._tried: set[bytes] = set()  # not known yet, and asked for just now
        self._reading: asyncio.Task[Refusal | None] | None = None
        self._strangers = Strangers()

    async def machine(self, key: str | None, kind: SourceKind, address: str) -> Machine:
        """Return who holds the key and count the request; raises Refusal where nobody does, or it may not be sent."""
        if not key:
            raise Refusal("no_key")
        found = await self._found(digest(key), address)
        found.used_at = monotonic()
        found.take_request(found.used_at)
        found.check(kind)
        if found.used_at - found.told_at >= TELL_USE_S:
            await self._tell_use(found)
        return found

    def source_of(self, key: str | None) -> Source | None:
        """Return whose key it is, ended or not, as far as that is known just now; nothing is asked of the store."""
        known = self._known.get(digest(key)) if key else None
        return known.source if known else None

    async def _found(self, key_sha256: bytes, address: str) -> Machine:
        if key_sha256 in self._known:
            if monotonic() - self._read_at >= KEY_S:
                await self._read(key_sha256)
        elif key_sha256 in self._tried:
            await self._read(key_sha256)
        else:
            await self._try(key_sha256, address)
        found = self._known.get(key_sha256)
        if found is None:
            raise Refusal("unknown_key")
        return found

    async def _try(self, key_sha256: bytes, address: str) -> None:
        """Ask for a key that is not known yet; many who come with it at once are one try."""
        self._strangers.tries(address, monotonic())
        self._tried.add(key_sha256)
        try:
            await self._read(key_sha256)
        finally:
            self._tried.discard(key_sha256)
        if key_sha256 in self._known:
            self._strangers.forgive(address)

    async def _read(self, key_sha256: bytes) -> None:
        """Read a key together with all that are asked for meanwhile; one question at a time."""
        self._wanted.add(key_sha256)
        while key_sha256 in self._wanted:
            if self._reading is None:
                self._reading = asyncio.create_task(self._read_wanted())
            if refusal := await asyncio.shield(self._reading):  # one sender that hangs up ends no other's question
                raise refusal

    async def _read_wanted(self) -> Refusal | None:
        began, wanted = monotonic(), self._wanted
        self._wanted = set()
        stale = began - self._read_at >= KEY_S
        asked = wanted | {one for one, known in self._known.items() if began - known.used_at < FORGET_S and stale}
        try:
            async with visit(self._engine) as session:
                found = await holders(session, asked)
        except STORE_AWAY as error:
            return unstored(error)
        finally:
            self._reading = None
        self._learn(found, began, forget=self._known.keys() - found.keys() if stale else wanted - found.keys())
        if stale:
            self._read_at = began  # not when the answer came: what changed meanwhile is not in it
        return None

    def _learn(self, found: dict[bytes, Holder], now: float, *, forget: Collection[bytes]) -> None:
        for key_sha256, holder in found.items():
            known = self._known.setdefault(key_sha256, Machine(holder=holder, used_at=now))
            known.holder = holder
        for key_sha256 in forget:
            self._known.pop(key_sha256, None)

    async def _tell_use(self, machine: Machine) -> None:
        """Note in the store that the key is in use; one that cannot be noted may send all the same."""
        machine.told_at = machine.used_at
        try:
            async with visit(self._engine) as session:
                await tell_used(session, [machine.holder.key_id])
        except STORE_AWAY as error:
            log.warning("use_of_key_not_noted", source=machine.source.name, error=told(error))


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
