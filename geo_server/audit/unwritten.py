"""What cannot be written into the audit does not happen: one refusal, one metric, one moment for health to tell."""

import time

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.errors import Refusal
from layers.database import Session

log = structlog.get_logger()
_unwritten = Counter("qyran_audit_unwritten_total", "Acts that did not happen because the audit could not be written")
_failed_at = float("-inf")  # time.monotonic(); of the process, as the metric is


async def write(session: Session, entry: Entry) -> None:
    """Write an entry; raises Refusal `audit_unwritten`, and then what it tells is undone with its transaction."""
    global _failed_at
    try:
        await record.write(session, entry)
    except (SQLAlchemyError, OSError) as error:
        _failed_at = time.monotonic()
        _unwritten.inc()
        log.error("audit_unwritten", operation=entry.operation, error=type(error).__name__)
        raise Refusal("audit_unwritten") from error


def failed_within(seconds: float) -> bool:
    """Say whether an act was refused for want of its entry within so many seconds."""
    return time.monotonic() - _failed_at < seconds
