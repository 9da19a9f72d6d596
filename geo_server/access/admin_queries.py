"""Every question of administration: accounts at or below an area, held while they change, and their sessions."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row, func, literal, literal_column, select, text, update
from sqlalchemy import any_ as any_of

from geo_server.access import queries
from geo_server.access.accounts import LOCK
from geo_server.access.schema import AccountChange, AccountRow, SessionRow
from geo_server.access.table import account, account_session
from layers.areas.table import area
from layers.database import Session
from layers.units.table import unit
from layers.values import Role
from layers.viewer import Viewer

_MAKERS = """ARRAY(WITH RECURSIVE maker AS (
    SELECT created_by AS id FROM account a WHERE a.id = account.id AND created_by IS NOT NULL
    UNION SELECT a.created_by FROM account a JOIN maker m ON a.id = m.id WHERE a.created_by IS NOT NULL)
    SELECT id FROM maker)"""


async def hold(session: Session, ids: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return accounts with their area's path and who made them, held in the order of their ids until the visit ends.

    They are read anew once they are held: whoever held them before may have changed them.
    """
    held = select(account.c.id).where(account.c.id.in_(ids)).order_by(account.c.id).with_for_update()
    await session.execute(held)
    makers: Any = literal_column(_MAKERS)
    told = (account.c.id, account.c.name, account.c.role, account.c.enabled, account.c.unit_id)
    columns = (*told, area.c.path, makers.label("makers"))
    asked = select(*columns).join(area, area.c.id == account.c.area_id).where(account.c.id.in_(ids))
    return list((await session.execute(asked)).all())


async def open_path(session: Session, area_id: int) -> tuple[int, ...] | None:
    """Return an area's ids from the Republic down, None where there is no such area or it has closed."""
    asked = select(area.c.path).where(area.c.id == area_id, literal_column("area.closed_at").is_(None))
    path = (await session.execute(asked)).scalar_one_or_none()
    return None if path is None else tuple(path)


async def change(session: Session, account_id: int, asked: AccountChange) -> None:
    """Write what is asked to change."""
    given = {"role": asked.role, "area_id": asked.area_id, "enabled": asked.enabled, "unit_id": asked.unit_id}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if asked.role is not None and asked.role is not Role.CREW:
        values["unit_id"] = None
    if asked.enabled is not None:
        values["disabled_at"] = None if asked.enabled else func.now()
    await session.execute(update(account).where(account.c.id == account_id).values(values))


async def home_path(session: Session, unit_id: int) -> tuple[int, ...] | None:
    """Return the ids from the Republic down to the area that a unit is at home in, None where there is no such unit."""
    asked = select(area.c.path).join(unit, unit.c.home_area_id == area.c.id)
    asked = asked.where(unit.c.id == unit_id, unit.c.retired_at.is_(None))
    path = (await session.execute(asked)).scalar_one_or_none()
    return None if path is None else tuple(path)


async def accounts(session: Session, viewer: Viewer, *, after: int = 0, limit: int = 500) -> list[AccountRow]:
    """Return the accounts of the area entered and of those below it, by id; a grant shows nobody's accounts."""
    inside = literal(viewer.area_id) == any_of(queries.OWN.c.path)
    asked = _rows().where(inside, account.c.id > after).order_by(account.c.id).limit(limit)
    return [_row(row) for row in await session.execute(asked)]


async def find(session: Session, account_id: int) -> AccountRow | None:
    """Return one account of the scope."""
    row = (await session.execute(_rows().where(account.c.id == account_id))).one_or_none()
    return None if row is None else _row(row)


async def sessions_of(session: Session, account_id: int) -> list[SessionRow]:
    """Return an account's open sessions, the newest first."""
    kept = account_session.c
    asked = queries.sessions().where(kept.account_id == account_id, kept.ended_at.is_(None))
    asked = asked.where(kept.expires_at > func.now()).add_columns(kept.seen_at, kept.agent)
    rows = await session.execute(asked.order_by(kept.created_at.desc(), kept.id.desc()))
    return [
        SessionRow(
            id=row.id,
            area=queries.area_in(row, "own" if row.entered_id is None else "entered"),
            means=row.means,
            second_factor=row.second_factor,
            started_at=row.created_at,
            ends_at=row.expires_at,
            seen_at=row.seen_at,
            origin=row.origin,
            agent=row.agent,
        )
        for row in rows
    ]


async def owner_of(session: Session, session_id: int) -> int | None:
    """Return whose open session that is, None where the scope holds none of that id."""
    kept = account_session.c
    asked = select(kept.account_id).where(kept.id == session_id, kept.ended_at.is_(None), kept.expires_at > func.now())
    return cast(int | None, (await session.execute(asked)).scalar_one_or_none())


async def end_session(session: Session, session_id: int, *, by: str) -> bool:
    """End a session; False where it has ended already."""
    ended = queries.end(by).where(account_session.c.id == session_id)
    return (await session.execute(ended)).rowcount > 0


def _rows() -> Any:
    locked = queries.locked_until(account.c.name, LOCK).is_not(None).label("locked")
    maker = text("(SELECT m.name FROM account m WHERE m.id = account.created_by) AS maker")
    return queries.accounts().add_columns(account.c.enabled, account.c.created_at, locked, maker)


def _row(row: Row[Any]) -> AccountRow:
    found = queries.account_in(row)
    return AccountRow(
        account=found, enabled=row.enabled, locked=row.locked, created_at=row.created_at, created_by=row.maker
    )
