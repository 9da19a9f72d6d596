"""What cannot be written into the audit does not happen: one refusal, one metric, one moment for health to tell."""

import time
from dataclasses import dataclass, field
from functools import partial

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.errors import Refusal
from layers.asking import Asked
from layers.database import Last, LastAct, Session, last_acts

log = structlog.get_logger()
_unwritten = Counter("qyran_audit_unwritten_total", "Acts that did not happen because the audit could not be written")
_failed_at = float("-inf")  # time.monotonic(); of the process, as the metric is


@dataclass(slots=True)
class _Entries:
    """The entries that a visit writes as it ends."""

    written: list[Asked] = field(default_factory=list)

    def __call__(self) -> list[Asked]:
        return self.written


async def write(session: Session, entry: Entry) -> None:
    """Write an entry: with the end of the visit, or at once where it has personal values.

    Where it cannot be written, Refusal `audit_unwritten` is raised, here or by the visit, and what it tells is undone
    with its transaction.
    """
    acts = last_acts(session)
    if acts is not None and not entry.personal:
        entries = acts.setdefault(Last.ENTRY, LastAct(_Entries(), partial(_refusal, entry.operation))).asked
        assert isinstance(entries, _Entries)
        entries.written.append(record.writing(entry))
        return
    try:
        await record.write(session, entry)
    except (SQLAlchemyError, OSError) as error:
        raise _refusal(entry.operation, error) from error


def _refusal(operation: str, error: Exception) -> Refusal:
    global _failed_at
    _failed_at = time.monotonic()
    _unwritten.inc()
    log.error("audit_unwritten", operation=operation, error=type(error).__name__)
    return Refusal("audit_unwritten")


def failed_within(seconds: float) -> bool:
    """Say whether an act was refused for want of its entry within so many seconds."""
    return time.monotonic() - _failed_at < seconds
