"""Calls as they stood; neither phone nor name nor what was said is read for it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from geo_server.replay.schema import CallPlace, CallThen, Span
from geo_server.replay.standing import begun, call_stands
from layers.calls.layer import LAYER
from layers.calls.places import PlacedBy
from layers.calls.rules import State
from layers.database import Session
from layers.features import may_see
from layers.values import LonLat
from layers.viewer import Viewer

_MS = "(date_part('epoch', {}) * 1000)::bigint"  # since 1970 UTC
# Those that rang not long before its end and had not ended before it, and those that nobody saw end.
_CALLS = f"""
SELECT id, line, CASE WHEN decided_at < :until THEN incident_id END AS incident_id,
       {_MS.format("rang_at")} AS ringing, {_MS.format("answered_at")} AS answered,
       {_MS.format("ended_at")} AS ended, {_MS.format("coalesce(placed_at, rang_at)")} AS placed_at, placed_by,
       ST_X(geom) AS lon, ST_Y(geom) AS lat, radius_m FROM call
 WHERE id IN (
    SELECT id FROM call WHERE rang_at >= :early AND rang_at < :until AND (ended_at IS NULL OR ended_at > :since)
    UNION SELECT id FROM call WHERE (state <> 'ended' OR outcome IS NULL) AND ended_at IS NULL AND rang_at < :until)
 ORDER BY id LIMIT :most
"""
_PLACES = f"""
SELECT call_id, {_MS.format("at")} AS since, details FROM call_entry
 WHERE call_id = ANY (:ids) AND kind = 'located' ORDER BY id
"""


async def calls(session: Session, viewer: Viewer, span: Span, *, early: datetime, most: int) -> list[CallThen]:
    """Return the calls that stood in an interval, rung since `early` or never ended; none to a role that sees none."""
    if not may_see(LAYER, viewer):
        return []
    values = {"since": span.since, "until": span.until, "early": early, "most": most}
    rows = [dict(row) for row in (await session.execute(text(_CALLS), values)).mappings()]
    told = defaultdict[int, list[CallPlace]](list)
    for call_id, since, said in await session.execute(text(_PLACES), {"ids": [row["id"] for row in rows]}):
        if said.get("taken", True):  # a person's place is always gone by
            told[call_id].append(_place(since, said))
    return [_call(row, told[row["id"]], span) for row in rows]


def _call(row: Mapping[str, Any], told: Sequence[CallPlace], span: Span) -> CallThen:
    states = [(row[state.value], state.value) for state in State if row[state.value] is not None]
    places = told or [_place(row["placed_at"], {**row, "by": row["placed_by"]})]
    stands = begun(call_stands(states, places), span)
    return CallThen(id=row["id"], line=row["line"], incident_id=row["incident_id"], stands=stands)


def _place(since: int, told: Mapping[str, Any]) -> CallPlace:
    if told["by"] == PlacedBy.NONE or told["lon"] is None:
        return CallPlace(since=since, by=PlacedBy.NONE.value)
    place = LonLat(lon=told["lon"], lat=told["lat"])
    return CallPlace(since=since, by=told["by"], place=place, radius_m=told["radius_m"])
