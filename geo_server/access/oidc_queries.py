"""Every question about the accounts that a provider signs in."""

from typing import cast

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from geo_server.access.oidc import Identity
from geo_server.access.table import account
from layers.database import Session
from layers.values import Role


async def account_of(session: Session, identity: Identity) -> tuple[int, Role, int, bool] | None:
    """Return the id, role, area and whether it is enabled of the account of a person, held until the visit ends."""
    asked = select(account.c.id, account.c.role, account.c.area_id, account.c.enabled)
    asked = asked.where(account.c.provider == identity.issuer, account.c.subject == identity.subject)
    row = (await session.execute(asked.with_for_update())).one_or_none()
    return None if row is None else (row.id, Role(row.role), row.area_id, row.enabled)


async def make(session: Session, identity: Identity, name: str, *, role: Role, area_id: int) -> int | None:
    """Write an account without a password and return its id; None where the name or the person is there already."""
    row = insert(account).values(
        name=name, role=role, area_id=area_id, provider=identity.issuer, subject=identity.subject
    )
    written = await session.execute(row.on_conflict_do_nothing().returning(account.c.id))
    return cast(int | None, written.scalar_one_or_none())


async def renew(session: Session, account_id: int, *, role: Role, area_id: int) -> None:
    """Give an account the role and area that its groups mean now."""
    now = {"role": role, "area_id": area_id, "unit_id": None}  # no group makes anybody a crew
    await session.execute(update(account).where(account.c.id == account_id).values(now))
