"""Every question about the record; the store's policies answer with what is seen (decision 10)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text

from geo_server.access.masking import without_message
from geo_server.record.schema import Kept, LogLine
from geo_server.record.table import incident_import, incident_import_later
from layers.database import Session
from layers.incidents.diversion_queries import DETAILS
from layers.incidents.queries import _incident, _incidents, family
from layers.incidents.schema import Incident
from layers.incidents.table import incident
from layers.viewer import Viewer

# All that was said of an incident, and of those it stands for, in the order in which the server heard it. A merge takes
# calls and dispatches along; lines and notices stay where they were written.
_LOG = f"""
SELECT 'incident' AS source, e.id, e.at, e.device_at, e.who, e.kind, NULL AS subject, {DETAILS} AS details
  FROM incident_entry e WHERE e.incident_id = ANY (:ids)
UNION ALL
SELECT 'dispatch', e.id, e.received_at, e.at, e.who, e.status, s.call_sign,
       jsonb_strip_nulls(jsonb_build_object('means', e.means, 'reason', e.reason, 'late', nullif(e.late, false),
                                            'taken', nullif(e.taken, true)))
  FROM dispatch_entry e JOIN dispatch d ON d.id = e.dispatch_id, sent_unit(d.id) s WHERE d.incident_id = ANY (:ids)
"""
_DESK_ALONE = """
UNION ALL
SELECT 'call', e.id, e.at,
       CASE WHEN e.details ->> 'at' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' THEN CAST(e.details ->> 'at' AS timestamptz) END,
       e.who, e.kind, nullif(c.line, ''), e.details
  FROM call_entry e JOIN call c ON c.id = e.call_id WHERE c.incident_id = ANY (:ids)
UNION ALL
SELECT 'notice', a.id, coalesce(a.ended_at, a.at), NULL, n.channel,
       CASE a.outcome WHEN 'sent' THEN 'sent' WHEN 'never' THEN 'failed' ELSE 'queued' END, n.to_name,
       jsonb_strip_nulls(jsonb_build_object('code', a.code))
  FROM notice_attempt a JOIN notice n ON n.id = a.notice_id WHERE n.incident_id = ANY (:ids)
UNION ALL
SELECT 'notice', n.id, n.acknowledged_at, NULL, coalesce(n.acknowledged_by, ''), 'acknowledged', n.to_name,
       jsonb_strip_nulls(jsonb_build_object('means', n.acknowledged_means))
  FROM notice n WHERE n.incident_id = ANY (:ids) AND n.acknowledged_at IS NOT NULL
"""
_ORDER = " ORDER BY at, source, id"


async def log(session: Session, incident_id: int, *, desk: bool) -> list[LogLine]:
    """Return all lines, oldest first.

    Those of calls and notices, and the words of messages, are for the `desk` alone, whose doors show them too.
    """
    asked = text(_LOG + (_DESK_ALONE if desk else "") + _ORDER)
    ids = list((await session.execute(family(incident_id))).scalars())
    lines = [LogLine(**row) for row in (await session.execute(asked, {"ids": ids})).mappings()]
    return lines if desk else [replace(line, details=without_message(line.kind, line.details)) for line in lines]


async def opened_between(
    session: Session, viewer: Viewer, since: datetime, until: datetime, *, limit: int
) -> list[Incident]:
    """Return the incidents that were opened from `since` to before `until`, oldest first."""
    within = (incident.c.opened_at >= since, incident.c.opened_at < until)
    asked = _incidents(viewer).where(*within).order_by(incident.c.opened_at, incident.c.id).limit(limit)
    return [_incident(row) for row in await session.execute(asked)]


async def imported(session: Session, uid: str) -> int | None:
    """Return the incident that was taken under the sender's name of it, None where none is seen."""
    asked = select(incident_import.c.incident_id).where(incident_import.c.uid == uid)
    found: int | None = (await session.execute(asked)).scalar_one_or_none()
    return found


async def documents(session: Session, incident_id: int) -> list[Kept]:
    """Return every document that an incident was told by, in the order in which they came."""
    first = select(incident_import.c.document, incident_import.c.sha256).where(
        incident_import.c.incident_id == incident_id
    )
    later = incident_import_later.c
    more = select(later.document, later.sha256).where(later.incident_id == incident_id).order_by(later.id)
    rows = [*await session.execute(first), *await session.execute(more)]
    return [Kept(document=row.document, sha256=row.sha256) for row in rows]


async def add_later(session: Session, row: Mapping[str, Any]) -> None:
    """Keep a later document of an incident that was taken."""
    await session.execute(insert(incident_import_later).values(row))


async def add_import(session: Session, row: Mapping[str, Any]) -> None:
    """Keep what was handed over; raises IntegrityError where another incident bears its name already."""
    await session.execute(insert(incident_import).values(row))
