"""How each channel fared last."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from geo_server.notify.schema import ChannelHealth
from geo_server.notify.table import notice_channel
from layers.database import Session

_now = func.clock_timestamp()


async def health(session: Session) -> dict[str, ChannelHealth]:
    """Return how each channel fared last, by its name."""
    return {row.name: ChannelHealth(**row._mapping) for row in await session.execute(select(notice_channel))}


async def set_health(session: Session, name: str, fault: str | None) -> bool:
    """Write that a channel works, or which fault it has; True where that is news."""
    before = (await session.execute(select(notice_channel).where(notice_channel.c.name == name))).one_or_none()
    now: Mapping[str, Any] = {"failing_since": None, "code": None, "last_ok_at": _now}
    if fault is not None:
        now = {"failing_since": func.coalesce(notice_channel.c.failing_since, _now), "code": fault}
    first = {**now, "failing_since": None if fault is None else _now}
    written = upsert(notice_channel).values(name=name, **first)
    await session.execute(written.on_conflict_do_update(index_elements=["name"], set_=now))
    return (before is not None and before.failing_since is not None) != (fault is not None)
