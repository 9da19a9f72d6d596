"""Every question about second factors: secrets of codes, keys, and the challenges they answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from geo_server.access.schema import Challenge, NewKey, SecurityKey
from geo_server.access.table import account, webauthn_challenge, webauthn_credential
from layers.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What the store holds for an account's codes: the secret in use, one not yet confirmed, the last step used."""

    secret: bytes | None
    pending: bytes | None
    last_step: int | None


async def hold_codes(session: Session, account_id: int) -> Codes:
    """Return what the store holds for an account's codes, and hold the account until the visit ends.

    Two requests with one code must not both find it unused.
    """
    kept = account.c
    asked = select(kept.totp_secret, kept.totp_pending, kept.totp_last_step).where(kept.id == account_id)
    row = (await session.execute(asked.with_for_update())).one()
    return Codes(secret=_bytes(row.totp_secret), pending=_bytes(row.totp_pending), last_step=row.totp_last_step)


async def set_codes(session: Session, account_id: int, codes: Codes) -> None:
    """Write what the store holds for an account's codes."""
    row = update(account).where(account.c.id == account_id)
    values = {"totp_secret": codes.secret, "totp_pending": codes.pending, "totp_last_step": codes.last_step}
    await session.execute(row.values(values))


async def store_time_s(session: Session) -> float:
    """Return the store's clock, in seconds of Unix time: it alone decides what a code or a session is worth."""
    return float((await session.execute(select(func.extract("epoch", func.clock_timestamp())))).scalar_one())


async def keys_of(session: Session, account_id: int) -> list[SecurityKey]:
    """Return an account's security keys, the oldest first."""
    asked = select(webauthn_credential).where(webauthn_credential.c.account_id == account_id)
    return [_key(row) for row in await session.execute(asked.order_by(webauthn_credential.c.id))]


async def hold_key(session: Session, account_id: int, credential_id: bytes, rp_id: str) -> SecurityKey | None:
    """Return the account's key of that id made for that host, held until the visit ends."""
    kept = webauthn_credential.c
    asked = select(webauthn_credential).where(kept.account_id == account_id, kept.rp_id == rp_id)
    row = (await session.execute(asked.where(kept.credential_id == credential_id).with_for_update())).one_or_none()
    return None if row is None else _key(row)


async def write_key(session: Session, account_id: int, key: NewKey) -> int | None:
    """Write a key and return its id; None, and nothing changed, where that key is there already."""
    row = insert(webauthn_credential).values(
        account_id=account_id,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        rp_id=key.rp_id,
        name=key.name,
    )
    row = row.on_conflict_do_nothing(index_elements=["credential_id"])
    return cast(int | None, (await session.execute(row.returning(webauthn_credential.c.id))).scalar_one_or_none())


async def key_was_used(session: Session, key_id: int, sign_count: int) -> None:
    """Write a key's new count of signatures."""
    row = update(webauthn_credential).where(webauthn_credential.c.id == key_id)
    await session.execute(row.values(sign_count=sign_count, last_used_at=func.now()))


async def remove_key(session: Session, account_id: int, key_id: int) -> bool:
    """Remove one of an account's keys; False where it has none of that id."""
    row = delete(webauthn_credential).where(webauthn_credential.c.account_id == account_id)
    return (await session.execute(row.where(webauthn_credential.c.id == key_id))).rowcount > 0


async def remove_all(session: Session, account_id: int) -> None:
    """Remove every second factor of an account."""
    await set_codes(session, account_id, Codes(secret=None, pending=None, last_step=None))
    await session.execute(delete(webauthn_credential).where(webauthn_credential.c.account_id == account_id))


async def write_challenge(session: Session, session_id: int, challenge: Challenge, *, lasts: timedelta) -> None:
    """Keep what a session's next answer must sign; the one before is good no more."""
    row = {"purpose": challenge.purpose, "challenge": challenge.value, "expires_at": func.now() + lasts}
    asked = insert(webauthn_challenge).values({"session_id": session_id, **row})
    await session.execute(asked.on_conflict_do_update(index_elements=["session_id"], set_=row))


async def take_challenge(session: Session, session_id: int) -> Challenge | None:
    """Take out what a session was challenged with: it is good once; None where there is none that lasts."""
    taken = delete(webauthn_challenge).where(webauthn_challenge.c.session_id == session_id)
    row = (await session.execute(taken.returning(webauthn_challenge, func.now().label("now")))).one_or_none()
    if row is None or cast(datetime, row.expires_at) <= row.now:
        return None
    return Challenge(purpose=row.purpose, value=bytes(row.challenge))


def _key(row: Row[Any]) -> SecurityKey:
    return SecurityKey(
        id=row.id,
        name=row.name,
        credential_id=bytes(row.credential_id),
        public_key=bytes(row.public_key),
        sign_count=row.sign_count,
        rp_id=row.rp_id,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
