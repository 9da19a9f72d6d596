"""What a crew's page asks of the notices: until when it is to say that it knows."""

from datetime import datetime

from sqlalchemy import func, select

from geo_server.notify.table import notice_chain
from layers.database import Session


async def acknowledge_by(session: Session, dispatch_id: int) -> datetime | None:
    """Return when the chain of a dispatch goes on to somebody else; None where nobody waits for the crew any more."""
    waits = notice_chain.c.dispatch_id == dispatch_id, notice_chain.c.state == "open"
    found: datetime | None = (await session.execute(select(func.min(notice_chain.c.due_at)).where(*waits))).scalar_one()
    return found
