"""Coming in and going out: sign-in with its lock, sessions by token, HTTP Basic for programs."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import passwords, queries
from geo_server.access.schema import Account
from geo_server.errors import Refusal
from layers.database import visit

SHIFT = timedelta(hours=12)  # a session lasts a shift
LOCK_AFTER, LOCK_WINDOW = 5, timedelta(minutes=15)
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
    _basic: OrderedDict[bytes, tuple[float, Account]] = field(default_factory=OrderedDict)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def check(self, name: str, password: str) -> Account:
        """Return whose name and password these are; raises Refusal `locked` or `wrong_password`.

        One name at a time: a map client that opens with six requests must not read as five failures.
        """
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            return await self._check(name, password)

    async def _check(self, name: str, password: str) -> Account:
        async with visit(self.engine) as session:
            if not await queries.begin_try(session, name, failures=LOCK_AFTER, window=LOCK_WINDOW):
                raise Refusal("locked", minutes=int(LOCK_WINDOW.total_seconds() // 60))
            found = await queries.by_name(session, name, demo=self.demo)
        if not await passwords.is_right(password, found and found[1]) or found is None:
            raise Refusal("wrong_password")
        async with visit(self.engine) as session:
            await queries.good_try(session, name)
        return found[0]

    async def sign_in(self, name: str, password: str) -> tuple[Account, str]:
        """Open a session and return its token, which is kept nowhere; raises as `check` does."""
        account, token = await self.check(name, password), secrets.token_urlsafe(32)
        async with visit(self.engine) as session:
            await queries.open_session(session, account.id, token_sha256(token), lasts=SHIFT)
        return account, token

    async def by_token(self, token: str) -> Account | None:
        """Return whose open session the token is of."""
        async with visit(self.engine) as session:
            return await queries.by_token(session, token_sha256(token), demo=self.demo)

    async def sign_out(self, token: str) -> None:
        """End the session of the token."""
        async with visit(self.engine) as session:
            await queries.end_session(session, token_sha256(token))

    async def by_basic(self, header: str) -> Account:
        """Return whose `Authorization: Basic …` this is; a right one is remembered for five minutes by its hash."""
        digest = hmac.digest(self._key, header.encode(), "sha256")
        async with self._turns.setdefault(digest.hex(), asyncio.Lock()):
            known = self._basic.get(digest)
            if known is not None and known[0] > time.monotonic():
                return known[1]
            account = await self.check(*_name_and_password(header))
            self._remember(digest, account)
            return account

    def _remember(self, digest: bytes, account: Account) -> None:
        self._basic[digest] = (time.monotonic() + BASIC_LASTS_S, account)
        while len(self._basic) > BASIC_KEPT:
            self._basic.popitem(last=False)


def _name_and_password(header: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(header.split(" ", 1)[1], validate=True).decode().partition(":")
    except (IndexError, ValueError, binascii.Error) as error:
        raise Refusal("not_signed_in") from error
    if not 0 < len(name) <= 64 or not 0 < len(password) <= 256 or "\0" in name + password:
        raise Refusal("wrong_password")
    return name, password
