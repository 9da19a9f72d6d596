"""Every question about who comes in: accounts by name and token, sessions, tries and locks."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    LargeBinary,
    Row,
    Select,
    Update,
    bindparam,
    case,
    delete,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy import any_ as any_of
from sqlalchemy.dialects.postgresql import insert

from geo_server.access.schema import STEP_UP_LASTS, Account, Factor, Lock, Means, Needs, OpenSession
from geo_server.access.table import account, account_session, lock_release, sign_in_attempt, webauthn_credential
from geo_server.errors import Refusal
from layers.areas.schema import Area
from layers.areas.table import area
from layers.asking import Reading, ask
from layers.database import Session
from layers.locks import AdvisoryLock
from layers.values import Level, Role, Title
from layers.viewer import Viewer

SKEW = timedelta(minutes=5)  # a moment further ahead than this was written before the store's clock went back
KEPT_AFTER = timedelta(days=30)  # an ended session is listed so long
_SEEN_EVERY = timedelta(minutes=1)

OWN, _entered = area.alias("own"), area.alias("entered")
# `area.closed_at` and `area_grant` stand in migration 0002.
_GRANTED = """(SELECT coalesce(array_agg({what} ORDER BY {what}) FILTER (WHERE {kind}), '{{}}') FROM area_grant g
    WHERE g.to_area_id = account.area_id AND g.revoked_at IS NULL AND g.begins_at <= now() AND g.ends_at > now())"""


async def by_token(session: Session, token_sha256: bytes, *, demo: bool) -> OpenSession | None:
    """Return the session of that token, None where it has ended; demo accounts count only where `demo` says so.

    An area entered that has closed since, or that is no longer below the account's own, is left for the own one.
    Raises Refusal `area_closed` where the own one has closed.
    """
    row = await asked_by_token(token_sha256, demo=demo).of(session)
    if row is None:
        return None
    if row.unseen:
        await mark_seen(session, token_sha256)
    return opened(row)


def asked_by_token(token_sha256: bytes, *, demo: bool) -> Reading[Row[Any] | None]:
    """Return the reading of the row of that token's session; `opened` makes the session of it.

    `row.unseen` says that it is time to mark it as seen.
    """
    return Reading(lambda rows: rows[0] if rows else None, ((_of_token(demo), {"token": token_sha256}),))


async def mark_seen(session: Session, token_sha256: bytes) -> None:
    """Write that somebody used a session just now."""
    seen = update(account_session).where(account_session.c.token_sha256 == token_sha256)
    await session.execute(seen.values(seen_at=func.now()))


async def by_session_id(session: Session, session_id: int, *, demo: bool) -> OpenSession | None:
    """Return the session of that id, None where it has ended; raises Refusal `area_closed`."""
    asked = sessions().where(account_session.c.id == session_id, *_holds(demo=demo))
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else opened(row)


async def by_id(session: Session, account_id: int, *, demo: bool) -> tuple[OpenSession, str | None] | None:
    """Return an account that may come in as a program does, without a session, and its password's hash.

    Raises Refusal `area_closed`.
    """
    asked = _programs().where(account.c.id == account_id, *_may_come_in(demo=demo))
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else (opened(row), row.password_hash)


async def by_name(session: Session, name: str, *, demo: bool) -> tuple[Account, str | None] | None:
    """Return an account that may sign in, with the hash of its password; raises no refusal: nothing is proven yet."""
    asked = accounts().where(account.c.name == name, *_may_come_in(demo=demo))
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else (account_in(row), row.password_hash)


async def find_account(session: Session, account_id: int, *, demo: bool) -> Account | None:
    """Return an account that may sign in."""
    row = (await session.execute(accounts().where(account.c.id == account_id, *_may_come_in(demo=demo)))).one_or_none()
    return None if row is None else account_in(row)


async def open_session(
    session: Session, account_id: int, token_sha256: bytes, *, lasts: timedelta, came: Mapping[str, str | None]
) -> None:
    """Write a session in the account's own area, with how its person `came`: means, origin, agent.

    Clears away the sessions that ended a month ago.
    """
    await session.execute(delete(account_session).where(account_session.c.expires_at < func.now() - KEPT_AFTER))
    own = select(account.c.area_id).where(account.c.id == account_id).scalar_subquery()
    row = {"token_sha256": token_sha256, "account_id": account_id, "area_id": own, **came}
    moments = {"expires_at": func.now() + lasts, "seen_at": func.now()}
    await session.execute(insert(account_session).values({**row, **moments}))


async def end_session(session: Session, token_sha256: bytes, *, by: str) -> int | None:
    """End the session of that token and return its id; None where it has ended already."""
    ended = end(by).where(account_session.c.token_sha256 == token_sha256).returning(account_session.c.id)
    return cast(int | None, (await session.execute(ended)).scalar_one_or_none())


async def end_sessions_of(session: Session, account_id: int, *, by: str, but: int | None = None) -> int:
    """End every open session of an account, `but` the one of that id, and return how many that were."""
    ended = end(by).where(account_session.c.account_id == account_id, account_session.c.id.is_distinct_from(but))
    return (await session.execute(ended.where(account_session.c.expires_at > func.now()))).rowcount


async def open_sessions(session: Session, tokens: Collection[bytes], *, demo: bool) -> dict[bytes, Viewer]:
    """Return those of these sessions that hold and owe nothing, each with who looks by it now."""
    rows = await ask(session, _of_tokens(demo), {"tokens": list(tokens)})
    return {bytes(row.token_sha256): opened(row).viewer for row in rows}


async def enter_area(session: Session, session_id: int, area_id: int) -> Area | None:
    """Enter an area; None, and nothing changed, where it is not the account's own or below it, or where it closed."""
    inside = select(_entered.c.id).join(OWN, OWN.c.id == any_of(_entered.c.path))
    inside = inside.join(account, account.c.area_id == OWN.c.id).where(account.c.id == account_session.c.account_id)
    inside = inside.where(_entered.c.id == area_id, _is_open(_entered))
    entering = update(account_session).where(account_session.c.id == session_id, account_session.c.ended_at.is_(None))
    entering = entering.where(inside.exists()).values(area_id=area_id)
    if (await session.execute(entering)).rowcount == 0:
        return None
    row = (await session.execute(select(*_area_columns(_entered)).where(_entered.c.id == area_id))).one()
    return area_in(row, "entered")


async def areas_below(session: Session, area_id: int) -> list[Area]:
    """Return that area and all below it that are open, the highest first."""
    asked = select(*_area_columns(OWN)).where(literal(area_id) == any_of(OWN.c.path))
    asked = asked.where(_is_open(OWN)).order_by(OWN.c.level, OWN.c.code)
    return [area_in(row, "own") for row in await session.execute(asked)]


async def prove_second_factor(session: Session, session_id: int) -> None:
    """Write that the session's person gave the second factor."""
    row = update(account_session).where(account_session.c.id == session_id)
    await session.execute(row.values(second_factor=True))


async def step_up(session: Session, session_id: int) -> None:
    """Write that the session's person proved who they are just now."""
    row = update(account_session).where(account_session.c.id == session_id)
    await session.execute(row.values(stepped_up_at=func.now()))


# ── tries and locks ─────────────────────────────────────────────────────────────────────────────────────────


async def begin_try(session: Session, name: str, rule: Lock) -> timedelta | None:
    """Write a try as failed until it is told otherwise, and return None; where the name is locked, for how long still.

    The count and the row stand under one lock by name, so that a hundred tries at once are still a hundred tries.
    """
    asked = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:name))")
    await session.execute(asked, {"lock": AdvisoryLock.SIGN_IN, "name": name})
    left = await locked_for(session, name, rule)
    if left is None:
        await session.execute(insert(sign_in_attempt).values(name=name, ok=False, at=func.clock_timestamp()))
    return left


async def locked_for(session: Session, name: str, rule: Lock) -> timedelta | None:
    """Return how long the name stays locked, None where it is not."""
    left: timedelta | None = (
        await session.execute(select(locked_until(literal(name), rule) - func.clock_timestamp()))
    ).scalar_one()
    return left


def locked_until(name: ColumnElement[str], rule: Lock) -> ColumnElement[Any]:
    """Return until when a name is locked; a moment, or NULL where it is not."""
    return func.locked_until(name, rule.failures, rule.window, rule.lasts, type_=DateTime(timezone=True))


async def good_try(session: Session, name: str) -> None:
    """Write that the name came in: the failures before it count no more."""
    await session.execute(insert(sign_in_attempt).values(name=name, ok=True, at=func.clock_timestamp()))


async def release_lock(session: Session, name: str, *, by: str) -> None:
    """Let the name try again: the failures so far count no more."""
    await session.execute(insert(lock_release).values(name=name, by=by, at=func.clock_timestamp()))


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────


async def write_account(
    session: Session,
    *,
    name: str,
    password_hash: str,
    role: Role,
    area_id: int,
    demo: bool = False,
    created_by: int | None = None,
    must_change: bool = False,
    unit_id: int | None = None,
) -> int | None:
    """Write an account and return its id; None, and nothing changed, where the name is taken."""
    row = insert(account).values(
        name=name,
        password_hash=password_hash,
        role=role,
        area_id=area_id,
        demo=demo,
        created_by=created_by,
        must_change=must_change,
        unit_id=unit_id,
    )
    written = await session.execute(row.on_conflict_do_nothing(index_elements=["name"]).returning(account.c.id))
    return cast(int | None, written.scalar_one_or_none())


async def password_of(session: Session, account_id: int) -> str | None:
    """Return the hash of an account's password, None where it has none."""
    asked = select(account.c.password_hash).where(account.c.id == account_id)
    return cast(str | None, (await session.execute(asked)).scalar_one_or_none())


async def set_password(session: Session, account_id: int, password_hash: str, *, must_change: bool = False) -> None:
    """Write an account's new password."""
    row = update(account).where(account.c.id == account_id)
    await session.execute(row.values(password_hash=password_hash, must_change=must_change))


# ── the rows ────────────────────────────────────────────────────────────────────────────────────────────────


def _may_come_in(*, demo: bool) -> list[ColumnElement[bool]]:
    return [account.c.enabled, or_(account.c.demo.is_(False), literal(demo))]


def _holds(*, demo: bool) -> list[ColumnElement[bool]]:
    """Return what makes a session hold now; the store's clock alone decides."""
    kept = account_session.c
    begun, lasting = kept.created_at <= func.now() + SKEW, kept.expires_at > func.now()
    return [kept.ended_at.is_(None), begun, lasting, *_may_come_in(demo=demo)]


@cache
def _of_token(demo: bool) -> Select[Any]:
    """Return the question that every request asks, made once: making it takes longer than its answer."""
    return sessions().where(account_session.c.token_sha256 == bindparam("token"), *_holds(demo=demo))


@cache
def _of_tokens(demo: bool) -> Select[Any]:
    one_of = account_session.c.token_sha256 == any_of(bindparam("tokens", type_=ARRAY(LargeBinary)))
    return sessions().where(one_of, *_holds(demo=demo)).where(_is_open(OWN), _needs().is_(None))


def _has_webauthn() -> ColumnElement[bool]:
    return select(1).where(webauthn_credential.c.account_id == account.c.id).exists()


def _has_factor() -> ColumnElement[bool]:
    return or_(account.c.totp_secret.is_not(None), _has_webauthn())


def _needs() -> ColumnElement[Any]:
    owes = account_session.c.second_factor.is_(False) & _has_factor()
    return case((owes, "second_factor"), (account.c.must_change, "new_password"), else_=null())


def _granted() -> list[ColumnElement[Any]]:
    areas: ColumnElement[Any] = literal_column(_GRANTED.format(what="g.area_id", kind="g.kind = 'area'"))
    incidents: ColumnElement[Any] = literal_column(_GRANTED.format(what="g.incident_id", kind="g.kind <> 'area'"))
    return [areas.label("also_areas"), incidents.label("also_incidents")]


def _is_open(of: FromClause) -> ColumnElement[bool]:
    return _closed_at(of).is_(None)


def _closed_at(of: FromClause) -> ColumnElement[Any]:
    return literal_column(f"{of.description}.closed_at")


def _area_columns(of: FromClause) -> list[ColumnElement[Any]]:
    told = ("id", "parent_id", "level", "code", "name_kk", "name_ru", "name_en", "approximate")
    return [of.c[name].label(f"{of.description}_{name}") for name in told]


def _account_columns() -> list[ColumnElement[Any]]:
    told = ("name", "role", "demo", "password_hash", "must_change", "provider", "unit_id")
    factors = [account.c.totp_secret.is_not(None).label("has_totp"), _has_webauthn().label("has_webauthn")]
    columns = [account.c.id.label("account_id"), *(account.c[name] for name in told), *factors]
    return [*columns, *_area_columns(OWN), _closed_at(OWN).label("own_closed_at")]


def accounts() -> Select[Any]:
    """Return the question about accounts that `account_in` reads."""
    return select(*_account_columns()).select_from(account.join(OWN, OWN.c.id == account.c.area_id))


def _programs() -> Select[Any]:
    """Return the question about an account that comes without a session, in the shape of `sessions`."""
    begun, ends = func.now().label("created_at"), (func.now() + timedelta(minutes=5)).label("expires_at")
    columns: list[ColumnElement[Any]] = [(-account.c.id).label("id"), begun, ends, literal("basic").label("means")]
    columns += [
        literal_column("NULL::timestamptz").label("stepped_up_at"),
        literal_column("false").label("second_factor"),
    ]
    columns += [literal_column("NULL::text").label("origin"), literal_column("NULL::bigint").label("entered_id")]
    owes = case((_has_factor(), "second_factor"), (account.c.must_change, "new_password"), else_=null())
    return accounts().add_columns(*columns, owes.label("needs"), *_granted())


def sessions() -> Select[Any]:
    """Return the question about sessions and their accounts that `account_in` and `area_in` read."""
    kept = account_session.c
    stepped = kept.stepped_up_at.between(func.now() - STEP_UP_LASTS, func.now() + SKEW)
    columns: list[ColumnElement[Any]] = [
        kept[name] for name in ("id", "token_sha256", "means", "second_factor", "created_at", "expires_at")
    ]
    columns += [kept.origin, case((stepped, kept.stepped_up_at), else_=null()).label("stepped_up_at")]
    columns += [(func.coalesce(kept.seen_at, kept.created_at) < func.now() - _SEEN_EVERY).label("unseen")]
    inside = (_entered.c.id == kept.area_id) & (OWN.c.id == any_of(_entered.c.path)) & _is_open(_entered)
    rows = account_session.join(account, account.c.id == kept.account_id).join(OWN, OWN.c.id == account.c.area_id)
    asked = select(*columns, _needs().label("needs"), *_account_columns(), *_area_columns(_entered))
    return asked.add_columns(*_granted()).select_from(rows.outerjoin(_entered, inside))


def end(by: str) -> Update:
    """Return the statement that ends the open sessions it is narrowed to."""
    ended = update(account_session).where(account_session.c.ended_at.is_(None))
    return ended.values(ended_at=func.now(), ended_by=by)


def opened(row: Row[Any]) -> OpenSession:
    """Return the session of its row; raises Refusal `area_closed` where the own area has closed."""
    if row.own_closed_at is not None:
        raise Refusal("area_closed", area=row.own_code)
    found = account_in(row)
    return OpenSession(
        id=row.id,
        account=found,
        entered=found.area if row.entered_id is None else area_in(row, "entered"),
        means=cast(Means, row.means),
        second_factor=row.second_factor,
        needs=cast(Needs | None, row.needs),
        stepped_up_at=row.stepped_up_at,
        started_at=row.created_at,
        ends_at=row.expires_at,
        origin=row.origin,
        also_areas=tuple(row.also_areas),
        also_incidents=tuple(row.also_incidents),
    )


def account_in(row: Row[Any]) -> Account:
    """Read an account out of a row of `accounts` or `sessions`."""
    has: tuple[tuple[Factor, bool], ...] = (("totp", row.has_totp), ("webauthn", row.has_webauthn))
    return Account(
        id=row.account_id,
        name=row.name,
        role=Role(row.role),
        demo=row.demo,
        area=area_in(row, "own"),
        second_factors=tuple(factor for factor, there in has if there),
        must_change=row.must_change,
        provider=row.provider,
        unit_id=row.unit_id,
    )


def area_in(row: Row[Any], of: str) -> Area:
    """Read an area out of such a row: the account's `own`, or the one `entered`."""
    told = {name.removeprefix(f"{of}_"): value for name, value in row._mapping.items() if name.startswith(f"{of}_")}
    return Area(
        id=told["id"],
        parent_id=told["parent_id"],
        level=Level(told["level"]),
        code=told["code"],
        name=Title(kk=told["name_kk"], ru=told["name_ru"], en=told["name_en"]),
        approximate=told["approximate"],
    )
