"""Every question about accounts, sessions and tries."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from geo_server.access.schema import Account
from geo_server.access.table import account, account_session, sign_in_attempt
from layers.areas.schema import Area
from layers.areas.table import area
from layers.database import Session
from layers.values import Level, Role, Title


async def by_token(session: Session, token_sha256: bytes, *, demo: bool) -> Account | None:
    """Return whose session it is, None where it has ended; demo accounts count only where `demo` says so."""
    asked = _accounts(demo=demo).join(account_session, account_session.c.account_id == account.c.id)
    asked = asked.where(account_session.c.token_sha256 == token_sha256, account_session.c.expires_at > func.now())
    return _account((await session.execute(asked)).one_or_none())


async def by_name(session: Session, name: str, *, demo: bool) -> tuple[Account, str] | None:
    """Return an account that may sign in, with the hash of its password."""
    asked = _accounts(demo=demo).where(account.c.name == name)
    row = (await session.execute(asked)).one_or_none()
    found = _account(row)
    return None if row is None or found is None else (found, str(row.password_hash))


async def open_session(session: Session, account_id: int, token_sha256: bytes, *, lasts: timedelta) -> None:
    """Write a session, and clear away those that have ended."""
    await session.execute(delete(account_session).where(account_session.c.expires_at < func.now()))
    ends = func.now() + lasts
    await session.execute(
        insert(account_session).values(token_sha256=token_sha256, account_id=account_id, expires_at=ends)
    )


async def end_session(session: Session, token_sha256: bytes) -> None:
    """End a session; one that has ended already stays so."""
    await session.execute(delete(account_session).where(account_session.c.token_sha256 == token_sha256))


async def open_sessions(session: Session, tokens: list[bytes], *, demo: bool) -> dict[bytes, tuple[int, str]]:
    """Return those of these sessions that still hold, each with its account's area and role now."""
    asked = select(account_session.c.token_sha256, account.c.area_id, account.c.role)
    asked = asked.join(account, account.c.id == account_session.c.account_id)
    asked = asked.where(account_session.c.token_sha256.in_(tokens), account_session.c.expires_at > func.now())
    asked = asked.where(account.c.enabled, (account.c.demo.is_(False)) | demo)
    return {bytes(token): (area_id, role) for token, area_id, role in await session.execute(asked)}


async def begin_try(session: Session, name: str, *, failures: int, window: timedelta) -> bool:
    """Write a try as failed until it is told otherwise; False, and nothing written, where the name is locked.

    The count and the row stand under one lock by name, so that a hundred tries at once are still a hundred tries.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(7126004, hashtext(:name))"), {"name": name})
    attempt = sign_in_attempt.c
    last_good = select(func.max(attempt.at)).where(attempt.name == name, attempt.ok).scalar_subquery()
    asked = select(func.count()).where(
        attempt.name == name,
        attempt.ok.is_(False),
        attempt.at > func.clock_timestamp() - window,
        attempt.at > func.coalesce(last_good, func.to_timestamp(0)),
    )
    if (await session.execute(asked)).scalar_one() >= failures:
        return False
    await session.execute(insert(sign_in_attempt).values(name=name, ok=False, at=func.clock_timestamp()))
    return True


async def good_try(session: Session, name: str) -> None:
    """Write that the name came in: the failures before it count no more."""
    await session.execute(insert(sign_in_attempt).values(name=name, ok=True, at=func.clock_timestamp()))


async def write_account(
    session: Session, *, name: str, password_hash: str, role: Role, area_id: int, demo: bool
) -> bool:
    """Write an account; False, and nothing changed, where the name is taken."""
    row = insert(account).values(name=name, password_hash=password_hash, role=role, area_id=area_id, demo=demo)
    written = await session.execute(row.on_conflict_do_nothing(index_elements=["name"]).returning(account.c.id))
    return written.one_or_none() is not None


def _accounts(*, demo: bool) -> Select[Any]:
    columns = (account.c.id, account.c.name, account.c.role, account.c.demo, account.c.password_hash)
    own = [column.label(f"area_{column.name}") for column in area.c if column.name not in ("geom", "path")]
    asked = select(*columns, *own).select_from(account.join(area, area.c.id == account.c.area_id))
    return asked.where(account.c.enabled, (account.c.demo.is_(False)) | demo)


def _account(row: Row[Any] | None) -> Account | None:
    if row is None:
        return None
    own = Area(
        id=row.area_id,
        parent_id=row.area_parent_id,
        level=Level(row.area_level),
        code=row.area_code,
        name=Title(kk=row.area_name_kk, ru=row.area_name_ru, en=row.area_name_en),
        approximate=row.area_approximate,
    )
    return Account(id=row.id, name=row.name, role=Role(row.role), demo=row.demo, area=own)
