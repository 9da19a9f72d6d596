"""Coming in and going out: sign-in with its lock, sessions by token, HTTP Basic for programs."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import math
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import passwords, queries, trail
from geo_server.access.schema import Account, Lock, Means, OpenSession
from geo_server.access.trail import NOBODY, Asker
from geo_server.errors import Refusal
from layers.areas.scope import read_whole, visit_whole
from layers.database import Session

SHIFT = timedelta(hours=12)  # a session lasts a shift
LOCK = Lock(failures=5, window=timedelta(minutes=15), lasts=timedelta(minutes=30))
BASIC_LASTS_S, BASIC_KEPT = 300.0, 1000


def token_sha256(token: str) -> bytes:
    """Return what the store keeps of a session's token."""
    return hashlib.sha256(token.encode()).digest()


@dataclass(slots=True)
class Gate:
    """The way in: it knows the store, whether demo accounts count, and the programs that came lately by Basic."""

    engine: AsyncEngine
    demo: bool
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _basic: OrderedDict[bytes, tuple[float, int, str | None]] = field(default_factory=OrderedDict)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def check(self, name: str, password: str, asker: Asker = NOBODY) -> Account:
        """Return whose name and password these are; raises Refusal `locked` or `wrong_password`, which the audit tells.

        One name at a time: a map client that opens with six requests must not read as five failures. Where a second
        factor is still owed, the try counts as failed until that is given: a known password opens no new tries at it.
        """
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            async with visit_whole(self.engine) as session:
                left = await queries.begin_try(session, name, LOCK)
                found = await queries.by_name(session, name, demo=self.demo)
            refusal = await self._refusal(left, found, password)
            async with visit_whole(self.engine) as session:
                if refusal is not None:
                    await self._tell_refusal(session, name, found and found[0], refusal, asker)
                elif found and not found[0].second_factors:
                    await queries.good_try(session, name)
        if refusal is not None or found is None:
            raise refusal or Refusal("wrong_password")
        return found[0]

    async def _refusal(
        self, left: timedelta | None, found: tuple[Account, str | None] | None, password: str
    ) -> Refusal | None:
        if left is not None:
            return _locked(left)
        right = await passwords.is_right(password, found and found[1])
        return None if right and found is not None else Refusal("wrong_password")

    async def _tell_refusal(
        self, session: Session, name: str, account: Account | None, refusal: Refusal, asker: Asker
    ) -> None:
        await trail.told_of_name(session, "session.open", name, account, asker, refusal)
        if refusal.code != "locked" and await queries.locked_for(session, name, LOCK) is not None:
            await trail.told_of_name(session, "session.lock", name, account, asker)

    async def begin_try(self, name: str) -> None:
        """Count a try of that name as failed until `queries.good_try` says otherwise; raises Refusal `locked`."""
        async with visit_whole(self.engine) as session:
            left = await queries.begin_try(session, name, LOCK)
        if left is not None:
            raise _locked(left)

    async def sign_in(self, name: str, password: str, asker: Asker = NOBODY) -> tuple[OpenSession, str]:
        """Open a session and return it with its token, which is kept nowhere; raises as `check` and `open` do."""
        account = await self.check(name, password, asker)
        return await self.open(account, means="password", asker=asker)

    async def open(self, account: Account, *, means: Means, asker: Asker = NOBODY) -> tuple[OpenSession, str]:
        """Open a session of an account that proved itself by those means; the audit tells it.

        Raises Refusal `area_closed`, and `wrong_password` where the account ceased to count in between.
        """
        token = secrets.token_urlsafe(32)
        try:
            async with visit_whole(self.engine) as session:
                opened = await self._open(session, account.id, token_sha256(token), means, asker)
                details = {"means": means, "needs": opened.needs, "session": opened.id}
                await trail.told(session, "session.open", opened, asker, details=details)
        except Refusal as refusal:
            if refusal.code == "audit_unwritten":
                raise
            async with visit_whole(self.engine) as session:
                await trail.told_of_name(session, "session.open", account.name, account, asker, refusal)
            raise
        return opened, token

    async def _open(self, session: Session, account_id: int, digest: bytes, means: Means, asker: Asker) -> OpenSession:
        came = {"means": means, "origin": asker.origin, "agent": asker.agent}
        await queries.open_session(session, account_id, digest, lasts=SHIFT, came=came)
        opened = await queries.by_token(session, digest, demo=self.demo)
        if opened is None:
            raise Refusal("wrong_password")
        return opened

    async def by_token(self, token: str) -> OpenSession | None:
        """Return the open session of the token; raises Refusal `area_closed`."""
        digest = token_sha256(token)
        row = await read_whole(self.engine, queries.asked_by_token(digest, demo=self.demo))
        if row is None:
            return None
        if row.unseen:
            async with visit_whole(self.engine) as session:
                await queries.mark_seen(session, digest)
        return queries.opened(row)

    async def sign_out(self, token: str, asker: Asker = NOBODY) -> None:
        """End the session of the token; one that has ended already stays so."""
        async with visit_whole(self.engine) as session:
            found = await queries.by_token(session, token_sha256(token), demo=self.demo)
            if found is not None:
                await queries.end_session(session, token_sha256(token), by=found.account.name)
                await trail.told(session, "session.close", found, asker, details={"session": found.id})

    async def by_basic(self, header: str, origin: str | None = None) -> OpenSession:
        """Return the standing of whose `Authorization: Basic …` this is, which never steps up.

        A right password is remembered for five minutes by its hash; whether the account still counts, and that its
        password is still the same, is read each time. Raises as `check` does, and Refusal `second_factor_needed` or
        `new_password_needed`: a password alone does not do what its person must prove otherwise.
        """
        digest = hmac.digest(self._key, header.encode(), "sha256")
        async with self._turns.setdefault(digest.hex(), asyncio.Lock()):
            found = await self._known(digest)
            if found is None:
                found = await self._first(*_name_and_password(header), Asker(origin=origin))
                self._remember(digest, found[0].account.id, found[1])
        if found[0].needs is not None:
            raise Refusal(f"{found[0].needs}_needed", means=list(found[0].account.second_factors))
        return replace(found[0], origin=origin)

    async def _first(self, name: str, password: str, asker: Asker) -> tuple[OpenSession, str | None]:
        account = await self.check(name, password, asker)
        found = await self._standing(account.id)
        if found is None:
            raise Refusal("wrong_password")
        details = {"means": "basic", "needs": found[0].needs}
        async with visit_whole(self.engine) as session:
            await trail.told(session, "session.open", found[0], asker, details=details)
        return found

    async def _known(self, digest: bytes) -> tuple[OpenSession, str | None] | None:
        until, account_id, kept = self._basic.get(digest, (0.0, 0, None))
        if until <= time.monotonic():
            return None
        found = await self._standing(account_id)
        return found if found is not None and found[1] == kept else None

    async def _standing(self, account_id: int) -> tuple[OpenSession, str | None] | None:
        async with visit_whole(self.engine) as session:
            return await queries.by_id(session, account_id, demo=self.demo)

    def _remember(self, digest: bytes, account_id: int, kept: str | None) -> None:
        self._basic[digest] = (time.monotonic() + BASIC_LASTS_S, account_id, kept)
        while len(self._basic) > BASIC_KEPT:
            self._basic.popitem(last=False)


def _locked(left: timedelta) -> Refusal:
    return Refusal("locked", minutes=math.ceil(left.total_seconds() / 60))


def _name_and_password(header: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(header.split(" ", 1)[1], validate=True).decode().partition(":")
    except (IndexError, ValueError, binascii.Error) as error:
        raise Refusal("not_signed_in") from error
    if not 0 < len(name) <= 64 or not 0 < len(password) <= 256 or "\0" in name + password:
        raise Refusal("not_signed_in")  # no name's failure, so no name's entry: the door counts it
    return name, password
