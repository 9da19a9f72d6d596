"""The phones that a crew's page woke, or may wake."""

from collections.abc import Collection

from sqlalchemy import and_, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geo_server.access.table import account, account_session
from geo_server.notify.schema import Subscription
from geo_server.notify.table import push_subscription
from layers.database import Session

_now = func.clock_timestamp()


async def subscribe(
    session: Session, account_id: int, endpoint: str, p256dh: bytes, auth: bytes, *, session_id: int | None = None
) -> int:
    """Write a phone down; one that comes again, with another account as well, is the same phone with new keys.

    It is woken while the session of that id holds, and forgotten as that is ended; a program, which has none,
    unsubscribes by itself.
    """
    row = {"account_id": account_id, "session_id": session_id, "p256dh": p256dh, "auth": auth}
    written = upsert(push_subscription).values(endpoint=endpoint, **row)
    again = written.on_conflict_do_update(index_elements=["endpoint"], set_=row)
    return int((await session.execute(again.returning(push_subscription.c.id))).scalar_one())


async def unsubscribe(session: Session, account_id: int, endpoint: str) -> None:
    """Forget a phone of an account."""
    of = and_(push_subscription.c.account_id == account_id, push_subscription.c.endpoint == endpoint)
    await session.execute(delete(push_subscription).where(of))


async def subscriptions_of_unit(session: Session, unit_id: int) -> list[Subscription]:
    """Return the phones of a unit's crew: of the enabled accounts bound to it now, in sessions that hold."""
    phone, kept = push_subscription.c, account_session.c
    joined = push_subscription.join(account, account.c.id == phone.account_id)
    joined = joined.outerjoin(account_session, kept.id == phone.session_id)
    mine = literal_column("account.unit_id") == unit_id, account.c.enabled
    holds = or_(phone.session_id.is_(None), and_(kept.ended_at.is_(None), kept.expires_at > _now))
    asked = select(phone.id, phone.endpoint, phone.p256dh, phone.auth).select_from(joined).where(*mine, holds)
    return [Subscription(**row._mapping) for row in await session.execute(asked.order_by(phone.id))]


async def remember_pushes(session: Session, *, taken: Collection[int], gone: Collection[int]) -> None:
    """Write which phones were woken, and forget those that have unsubscribed."""
    phone = push_subscription.c
    await session.execute(update(push_subscription).where(phone.id.in_(taken)).values(last_ok_at=_now))
    await session.execute(delete(push_subscription).where(phone.id.in_(gone)))
