"""Every question about what stood in the past; the store's policies answer with what is seen (decision 10)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from geo_server.replay import whose
from geo_server.replay.call_queries import calls
from geo_server.replay.move_queries import moves
from geo_server.replay.schema import Columns, DispatchThen, IncidentThen, Past, Span, Stand
from geo_server.replay.standing import begun, stands, was_within
from layers.database import Session
from layers.dispatches.rules import ENDED
from layers.values import BBox, LonLat
from layers.viewer import Viewer

MOST = 100_000  # rows of a list; a day of the whole country is about half of it
SOON = timedelta(hours=48)  # what is open for longer is found by an index of its own
GLOBE = BBox(west=-180.0, south=-90.0, east=180.0, north=90.0)
EVENT = ("id", "kind", "at", "received_at", "decided_at", "state", "incident_id", "lon", "lat")
_ENDED = frozenset(status.value for status in ENDED)
_MS = "(date_part('epoch', {}) * 1000)::bigint"  # since 1970 UTC

# A day's changes are a hundred thousand rows: the store writes them as columns itself, in one row. A unit that only
# came into another area did not change.
_UNITS = """
WITH stood AS (
    SELECT unit_id AS id, call_sign, service, kind, lower(during) AS since, {status} AS status
      FROM unit_version WHERE during && tstzrange(:since, :until)
    UNION ALL
    SELECT id, call_sign, service, kind, changed_at, {status} FROM unit
     WHERE (changed_at IS NULL OR changed_at < :until) AND (retired_at IS NULL OR retired_at > :since)),
every AS MATERIALIZED (
    SELECT *, dense_rank() OVER (ORDER BY id) - 1 AS n, row_number() OVER from_last AS last,
           lag(status) OVER (PARTITION BY id ORDER BY since NULLS FIRST) AS before
      FROM stood WINDOW from_last AS (PARTITION BY id ORDER BY since DESC NULLS LAST)),
each AS (SELECT * FROM every WHERE last = 1 ORDER BY id),
changed AS (SELECT * FROM every WHERE before IS DISTINCT FROM status ORDER BY id, since NULLS FIRST LIMIT :most)
SELECT (SELECT count(*) FROM each) AS units, (SELECT count(*) FROM changed) AS states,
       (SELECT json_build_object('id', coalesce(json_agg(id), '[]'), 'call_sign', coalesce(json_agg(call_sign), '[]'),
            'service', coalesce(json_agg(service), '[]'), 'kind', coalesce(json_agg(kind), '[]'))::text
          FROM each) AS unit,
       (SELECT json_build_object('unit', coalesce(json_agg(n), '[]'), 'since', coalesce(json_agg({since}), '[]'),
            'status', coalesce(json_agg(status), '[]'))::text FROM changed) AS state
""".format(status="coalesce(task, CASE WHEN duty = 'on' THEN 'free' ELSE duty END)", since=_MS.format("since"))
# Begun within it or not long before, open for long, or open still; each by an index of its own.
_OPEN_THEN = """
SELECT id FROM {table} WHERE {begins} >= :early AND {begins} < :until AND ({ends} IS NULL OR {ends} > :since)
UNION SELECT id FROM {table} WHERE {ends} > :since AND {ends} - {begins} > interval '48 h' AND {begins} < :until
UNION SELECT id FROM {table} WHERE {ends} IS NULL AND {begins} < :until
"""
_EVENTS = """
SELECT count(*) AS n, coalesce(array_agg(id) FILTER (WHERE moved), '{{}}') AS moved,
       json_build_object({columns})::text AS told FROM (
    SELECT id, kind, {at} AS at, {received_at} AS received_at,
           CASE WHEN decided_at < :until THEN {decided_at} END AS decided_at,
           CASE WHEN decided_at >= :until THEN 'new' ELSE state END AS state,
           CASE WHEN decided_at < :until THEN coalesce(then_of, incident_id) END AS incident_id,
           moved_id IS NOT NULL AS moved,
           round(ST_X(geom)::numeric, 6) AS lon, round(ST_Y(geom)::numeric, 6) AS lat
      FROM event LEFT JOIN unnest(CAST(:moved AS bigint[]), CAST(:then_of AS bigint[])) AS m(moved_id, then_of)
        ON moved_id = id WHERE id IN ({open_then}) AND ST_Y(geom) BETWEEN :south AND :north
       AND CASE WHEN CAST(:west AS float8) <= :east THEN ST_X(geom) BETWEEN :west AND :east
                ELSE ST_X(geom) >= :west OR ST_X(geom) <= :east END ORDER BY id LIMIT :most) e
""".format(
    columns=", ".join(f"'{name}', coalesce(json_agg({name}), '[]')" for name in EVENT),
    open_then=_OPEN_THEN.format(table="event", begins="received_at", ends="decided_at"),
    **{name: _MS.format(name) for name in ("at", "received_at", "decided_at")},
)
_INCIDENTS = f"""
SELECT id, number, address, {_MS.format("opened_at")} AS opened_at, {_MS.format("closed_at")} AS closed_at,
       {_MS.format("changed_at")} AS changed_at, state, category, priority, alarm,
       ST_X(geom) AS lon, ST_Y(geom) AS lat FROM incident
 WHERE id IN ({_OPEN_THEN.format(table="incident", begins="opened_at", ends="closed_at")}) ORDER BY id LIMIT :most
"""
_VERSIONS = f"""
SELECT incident_id, array_agg({_MS.format("lower(during)")} ORDER BY id) AS since,
       array_agg(state ORDER BY id) AS state, array_agg(category ORDER BY id) AS category,
       array_agg(priority ORDER BY id) AS priority, array_agg(alarm ORDER BY id) AS alarm,
       array_agg(ST_X(geom) ORDER BY id) AS lon, array_agg(ST_Y(geom) ORDER BY id) AS lat
  FROM incident_version WHERE incident_id = ANY (:ids) AND lower(during) < :until GROUP BY incident_id
"""
# Those of the incidents told, and those that were under way whatever incident they belong to by now.
_DISPATCHES = f"""
SELECT d.id, d.incident_id, d.unit_id, e.at, e.status FROM dispatch d CROSS JOIN LATERAL (
    SELECT array_agg({_MS.format("received_at")} ORDER BY id) AS at, array_agg(status ORDER BY id) AS status
      FROM dispatch_entry WHERE dispatch_id = d.id AND taken AND received_at < :until) e
 WHERE d.dispatched_at < :until AND e.at IS NOT NULL AND (d.incident_id = ANY (:ids) OR d.id = ANY (:moved)
    OR d.dispatched_at >= :early AND (d.status_at >= :since OR d.status <> ALL (:ended)))
 ORDER BY d.id LIMIT :most
"""


async def past(session: Session, viewer: Viewer, span: Span, box: BBox | None = None) -> Past:
    """Return what stood in the interval: units by their status, events, calls, incidents and dispatches.

    With a box: the events, calls and incidents that stood in it at some moment of the interval, and the dispatches of
    those incidents. Units are told whole: a status has no place, and where they drove tells who was there.
    """
    sides = box or GLOBE
    corners = {"west": sides.west, "south": sides.south, "east": sides.east, "north": sides.north}
    values = {"since": span.since, "until": span.until, "early": span.since - SOON, "most": MOST}
    units = (await session.execute(text(_UNITS), values)).one()
    moved = await moves(session, span)
    events = (await session.execute(text(_EVENTS), values | corners | whose.events_then(moved, span))).one()
    rung = await calls(session, viewer, span, early=span.since - SOON, most=MOST)
    rung = [whose.call_then(one, moved, span) for one in rung]
    rows = [dict(row) for row in (await session.execute(text(_INCIDENTS), values)).mappings()]
    ids = [row["id"] for row in rows]
    of = {"ids": ids, "moved": whose.once_of(ids, moved), "ended": sorted(_ENDED)}
    sent = (await session.execute(text(_DISPATCHES), values | of)).mappings()
    dispatches = [whose.dispatch_then(DispatchThen(**row), moved, span) for row in sent]
    incidents = await _incidents(session, rows, dispatches, span)
    lengths = {
        "units": units.states, "events": events.n, "calls": len(rung), "incidents": len(rows),
        "dispatches": len(dispatches),
    }  # fmt: skip
    open_then = tuple(one for one in dispatches if _stood_in(one, span))
    told = {("event", id) for id in events.moved} | whose.named(rung, open_then)
    whole = Past(
        span=span,
        units=Columns(rows=units.units, json=units.unit),
        unit_states=Columns(rows=units.states, json=units.state),
        events=Columns(rows=events.n, json=events.told),
        calls=tuple(rung),
        incidents=tuple(incidents),
        dispatches=open_then,
        moves=whose.within(moved, told, span),
        cut=tuple(name for name, length in lengths.items() if length >= MOST),
    )
    return whole if box is None else _bounded(whole, box)


def _bounded(whole: Past, box: BBox) -> Past:
    incidents = tuple(one for one in whole.incidents if was_within(one.stands, whole.span, box))
    there = {one.id for one in incidents}
    once = {move.id for move in whole.moves if move.what == "dispatch" and move.incident_id in there}
    calls = tuple(one for one in whole.calls if was_within(one.stands, whole.span, box))
    dispatches = tuple(one for one in whole.dispatches if one.incident_id in there or one.id in once)
    told = whose.named(calls, dispatches)
    moves = tuple(one for one in whole.moves if one.what == "event" or (one.what, one.id) in told)
    return replace(whole, incidents=incidents, calls=calls, dispatches=dispatches, moves=moves)


async def _incidents(
    session: Session, rows: Sequence[Mapping[str, Any]], sent: Sequence[DispatchThen], span: Span
) -> list[IncidentThen]:
    kept, of_incident = dict[int, list[Stand]](), defaultdict[int, list[DispatchThen]](list)
    values = {"ids": [row["id"] for row in rows], "until": span.until}
    for row in (await session.execute(text(_VERSIONS), values)).mappings():
        kept[row["incident_id"]] = [
            _stand(dict(zip(_STAND, one, strict=True))) for one in zip(*(row[name] for name in _STAND), strict=True)
        ]
    for dispatch in sent:
        of_incident[dispatch.incident_id].append(dispatch)
    return [_incident(row, kept.get(row["id"], []), of_incident[row["id"]], span) for row in rows]


def _stood_in(dispatch: DispatchThen, span: Span) -> bool:
    """Say whether a dispatch was open at some moment of the interval."""
    return dispatch.at[-1] >= span.since_ms or dispatch.status[-1] not in _ENDED


_STAND = ("since", "state", "category", "priority", "alarm", "lon", "lat")


def _stand(row: Mapping[str, Any]) -> Stand:
    plain = {name: row[name] for name in ("since", "state", "category", "priority", "alarm")}
    return Stand(place=LonLat(lon=row["lon"], lat=row["lat"]), **plain)


def _incident(row: Mapping[str, Any], kept: Sequence[Stand], sent: Sequence[DispatchThen], span: Span) -> IncidentThen:
    now = _stand({**row, "since": row["changed_at"] or row["opened_at"]})
    return IncidentThen(
        id=row["id"],
        number=row["number"],
        address=row["address"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        stands=begun(stands(kept, now, closed_at=row["closed_at"], dispatches=sent), span),
    )
