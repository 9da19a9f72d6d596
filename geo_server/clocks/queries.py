"""Every question about clocks: the facts they are reckoned from, what is kept of them, and the figures."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, text

from geo_server.clocks.schema import By, Figure, FiguresAsked, Kept, NewClock, Timed
from geo_server.operations.clocks import Facts, Key, Sent
from geo_server.operations.plans import Target
from layers.asking import Reading, ask
from layers.database import Session
from layers.dispatches.rules import Status
from layers.incidents.rules import ENDED
from layers.incidents.schema import AreaName
from layers.locks import AdvisoryLock
from layers.values import LonLat, Service, Title
from layers.viewer import Viewer

_ENDED = sorted(state.value for state in ENDED)
_MERGED = "merged"  # it counts where it was merged into

# One question for however many incidents, each part by an index. Of several calls the one that opened it counts.
_TIMED_OF = """
SELECT i.id, i.category, i.priority, i.alarm, i.urgency, i.plan_version_id, i.area_id,
       ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.state, i.opened_at, i.closed_at,
       c.rang_at, c.answered_at, c.by_line, s.sent, k.kept
  FROM incident i
  LEFT JOIN LATERAL (SELECT rang_at, answered_at, source_id IS NOT NULL AS by_line FROM call
                      WHERE call.incident_id = i.id AND rang_at <= i.opened_at ORDER BY rang_at LIMIT 1) c ON true
  LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(service, status, extract(epoch FROM dispatched_at),
                 extract(epoch FROM enroute_at), extract(epoch FROM onscene_at)) ORDER BY id) AS sent
        FROM dispatch WHERE dispatch.incident_id = i.id AND service IS NOT NULL) s ON true
  LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(clock, service, target_s, warn_share, extract(epoch FROM asked_at),
                 extract(epoch FROM told_at)) ORDER BY id) AS kept
        FROM incident_clock WHERE incident_clock.incident_id = i.id) k ON true
 WHERE i.id = """
_TIMED, _TIMED_ONE = text(f"{_TIMED_OF} ANY (:ids)"), text(f"{_TIMED_OF} :of")
_CHANGED = """
WITH changed AS (SELECT layer, feature_id FROM change WHERE seq > :seq AND seq <= :until)
SELECT feature_id FROM changed WHERE layer = 'incidents'
UNION SELECT incident_id FROM dispatch WHERE id IN (SELECT feature_id FROM changed WHERE layer = 'dispatches')
UNION SELECT incident_id FROM call WHERE id IN (SELECT feature_id FROM changed WHERE layer = 'calls')
       AND incident_id IS NOT NULL
"""
_OPEN = """
SELECT id FROM incident WHERE state <> ALL (:ended)
UNION SELECT incident_id FROM incident_clock WHERE ended_at IS NULL AND told_at IS NULL AND began_at IS NOT NULL
"""
_DUE = """
SELECT DISTINCT incident_id FROM incident_clock WHERE ended_at IS NULL AND told_at IS NULL AND began_at IS NOT NULL
   AND began_at + make_interval(secs => target_s) < clock_timestamp()
"""
_UNKEPT = """
SELECT id FROM incident i WHERE opened_at > now() - make_interval(days => :days) AND state = ANY (:ended)
   AND NOT EXISTS (SELECT FROM incident_clock WHERE incident_id = i.id) AND id < :before ORDER BY id DESC LIMIT :most
"""
_KEEP = text("""
INSERT INTO incident_clock AS kept
       (incident_id, clock, service, target_s, warn_share, asked_at, began_at, ended_at, told_at)
SELECT incident_id, clock, service, target_s, warn_share, asked_at, began_at, ended_at,
       CASE WHEN told THEN clock_timestamp() END
  FROM unnest(CAST(:incident_id AS bigint[]), CAST(:clock AS text[]), CAST(:service AS text[]),
              CAST(:target_s AS float8[]), CAST(:warn_share AS float8[]), CAST(:asked_at AS timestamptz[]),
              CAST(:began_at AS timestamptz[]), CAST(:ended_at AS timestamptz[]), CAST(:told AS boolean[]))
       new(incident_id, clock, service, target_s, warn_share, asked_at, began_at, ended_at, told)
ON CONFLICT (incident_id, clock, service) DO UPDATE SET target_s = excluded.target_s, warn_share = excluded.warn_share,
    began_at = excluded.began_at, ended_at = excluded.ended_at, told_at = coalesce(kept.told_at, excluded.told_at)
 WHERE (kept.target_s, kept.warn_share, kept.began_at, kept.ended_at) IS DISTINCT FROM
       (excluded.target_s, excluded.warn_share, excluded.began_at, excluded.ended_at)
    OR (kept.told_at IS NULL AND excluded.told_at IS NOT NULL)
""")
_DROP = """
DELETE FROM incident_clock
 WHERE incident_id = :incident_id AND clock = :clock AND service IS NOT DISTINCT FROM :service
"""
# What ended, and what is over its target while it runs, of what the viewer sees; that counts with the time it ran.
_DONE = """
SELECT c.clock, c.service, i.category, i.urgency, i.area_id, c.target_s, c.ended_at IS NULL AS running,
       false AS abandoned, extract(epoch FROM coalesce(c.ended_at, now()) - c.began_at)::float8 AS took_s
  FROM incident i JOIN incident_clock c ON c.incident_id = i.id
 WHERE i.opened_at >= :since AND i.opened_at < :until AND i.state <> :merged AND c.began_at IS NOT NULL
   AND c.clock <> 'answer'
   AND (i.area_id IN (SELECT id FROM area WHERE path && CAST(:roots AS bigint[]))
        OR i.id = ANY (CAST(:granted AS bigint[])))
   AND (c.ended_at IS NOT NULL OR c.began_at + make_interval(secs => c.target_s) < now())
"""
# Every call of an exchange is to be answered, whatever became of it; of one written by hand nobody knows how it rang.
_CALLED = """
SELECT 'answer', NULL, coalesce(i.category, call.category), i.urgency, call.area_id, asked.s,
       call.state = 'ringing', call.answered_at IS NULL AND call.state <> 'ringing',
       greatest(0, extract(epoch FROM coalesce(call.answered_at, call.ended_at, now()) - call.rang_at))::float8
  FROM (SELECT CAST(:answer_s AS float8) AS s) asked, call LEFT JOIN incident i ON i.id = call.incident_id
 WHERE asked.s IS NOT NULL AND call.source_id IS NOT NULL AND call.rang_at >= :since AND call.rang_at < :until
   AND call.outcome IS DISTINCT FROM 'test'
   AND (call.area_id IN (SELECT id FROM area WHERE path && CAST(:roots AS bigint[]))
        OR call.incident_id = ANY (CAST(:granted AS bigint[])))
   AND (call.state <> 'ringing' OR call.rang_at + make_interval(secs => asked.s) < now())
"""
_CHOSEN = f"""
WITH every AS ({_DONE} UNION ALL {_CALLED}), done AS (
SELECT * FROM every WHERE (CAST(:service AS text) IS NULL OR service = :service)
   AND (CAST(:category AS text) IS NULL OR category = :category)
   AND (CAST(:urgency AS text) IS NULL OR urgency = :urgency))
"""
# Whoever hung up before an answer is told apart and counts in nothing else. Of unlike targets none is told.
_MEASURED = """
count(*) FILTER (WHERE NOT abandoned) AS count, count(*) FILTER (WHERE running) AS running,
count(*) FILTER (WHERE abandoned) AS abandoned,
CASE WHEN min(target_s) = max(target_s) THEN min(target_s) END AS target_s,
percentile_cont(0.5) WITHIN GROUP (ORDER BY took_s) FILTER (WHERE NOT abandoned) AS p50_s,
percentile_cont(0.9) WITHIN GROUP (ORDER BY took_s) FILTER (WHERE NOT abandoned) AS p90_s,
avg(CASE WHEN took_s <= target_s THEN 1.0 ELSE 0.0 END) FILTER (WHERE NOT abandoned)::float8 AS share_met
"""
_FIGURES: dict[By, str] = {
    "service": f"SELECT service, clock, {_MEASURED} FROM done GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2",
    "category": f"""
SELECT category, service, clock, {_MEASURED} FROM done GROUP BY 1, 2, 3 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3""",
    # Each row counts for its own area and for every one above it that the viewer sees.
    "area": f"""
SELECT up.id AS area_id, up.name_kk, up.name_ru, up.name_en, service, clock, {_MEASURED}
  FROM done JOIN area own ON own.id = done.area_id
  JOIN area up ON up.id = ANY (own.path) AND up.path && CAST(:roots AS bigint[])
 GROUP BY up.id, service, clock ORDER BY up.level, up.id, service NULLS FIRST, clock""",
}


async def timed(session: Session, ids: Collection[int]) -> dict[int, Timed]:
    """Return what the clocks of these incidents are reckoned from, in one question; those that the scope shows."""
    return {row.id: _timed(row) for row in await ask(session, _TIMED, {"ids": list(ids)})} if ids else {}


def asked_timed(incident_id: int) -> Reading[Timed | None]:
    """Return the reading of what the clocks of one incident are reckoned from."""
    return Reading(lambda rows: _timed(rows[0]) if rows else None, ((_TIMED_ONE, {"of": incident_id}),))


async def figures(session: Session, viewer: Viewer, asked: FiguresAsked) -> list[Figure]:
    """Return how clocks were kept of what opened, and how calls were answered that rang, of what the viewer sees."""
    told = asdict(asked) | {"roots": [viewer.area_id, *viewer.also_areas], "granted": list(viewer.also_incidents)}
    rows = await session.execute(text(_CHOSEN + _FIGURES[asked.by]), told | {"merged": _MERGED})
    return [_figure(row) for row in rows]


async def may_keep(session: Session) -> bool:
    """Say whether this server keeps the clocks until its transaction ends; of several one does."""
    asked = text("SELECT pg_try_advisory_xact_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.CLOCKS})).scalar_one())


async def changed(session: Session, after: int, until: int) -> set[int]:
    """Return the incidents that changed, or whose dispatches or calls did, by the numbers of the bell."""
    return set((await session.execute(text(_CHANGED), {"seq": after, "until": until})).scalars())


async def open_ones(session: Session) -> set[int]:
    """Return the incidents that are open, and those that ended while nobody looked."""
    return set((await session.execute(text(_OPEN), {"ended": _ENDED})).scalars())


async def due(session: Session) -> set[int]:
    """Return the incidents of which a clock is over its target and nobody was told."""
    return set((await session.execute(text(_DUE))).scalars())


async def unkept(session: Session, *, days: int, before: int, most: int) -> list[int]:
    """Return ended incidents of so many days that have no clocks, newest first, by ids below `before`."""
    asked = {"days": days, "before": before, "most": most, "ended": _ENDED}
    return list((await session.execute(text(_UNKEPT), asked)).scalars())


async def keep(session: Session, clocks: Iterable[tuple[int, NewClock]]) -> None:
    """Write clocks, each with its incident's id, over what was kept of them; a breach that was told stays told."""
    if rows := [_row(incident_id, one) for incident_id, one in clocks]:
        await ask(session, _KEEP, {name: [row[name] for row in rows] for name in rows[0]})


async def drop(session: Session, clocks: Iterable[tuple[int, Key]]) -> None:
    """Forget clocks, each named by its incident's id and its key, that the plan no longer asks for."""
    if rows := [{"incident_id": incident_id, **_key(key)} for incident_id, key in clocks]:
        await session.execute(text(_DROP), rows)


def _row(incident_id: int, one: NewClock) -> dict[str, Any]:
    row = {"incident_id": incident_id, **_key((one.target.clock, one.target.service))}
    row |= {"target_s": one.target.seconds, "warn_share": one.target.warn_share}
    return row | {name: getattr(one, name) for name in ("asked_at", "began_at", "ended_at", "told")}


def _key(key: Key) -> dict[str, Any]:
    return {"clock": key[0], "service": None if key[1] is None else key[1].value}


def _timed(row: Row[Any]) -> Timed:
    kept = tuple(_kept(one) for one in row.kept or ())
    is_open = row.state not in _ENDED
    facts = Facts(
        opened_at=row.opened_at,
        rang_at=row.rang_at,
        answered_at=row.answered_at,
        by_line=row.by_line is not False,
        sent=tuple(_sent(one) for one in row.sent or ()),
        asked_at={one.key: one.asked_at for one in kept if one.asked_at is not None},
        ended_at=None if is_open else row.closed_at or row.opened_at,
        is_void=row.state == _MERGED,
    )
    return Timed(
        id=row.id,
        category=row.category,
        priority=row.priority,
        alarm=row.alarm,
        urgency=row.urgency,
        plan_version_id=row.plan_version_id,
        area_id=row.area_id,
        place=LonLat(lon=row.lon, lat=row.lat),
        is_open=is_open,
        facts=facts,
        kept=kept,
    )


def _sent(one: Sequence[Any]) -> Sent:
    service, status, dispatched, enroute, onscene = one
    sent_at = _at(dispatched)
    assert sent_at is not None  # the column holds no NULL
    return Sent(
        service=Service(service),
        status=Status(status),
        dispatched_at=sent_at,
        enroute_at=_at(enroute),
        onscene_at=_at(onscene),
    )


def _kept(one: Sequence[Any]) -> Kept:
    clock, service, seconds, share, asked, told = one
    of = None if service is None else Service(service)
    target = Target(clock=clock, service=of, seconds=seconds, warn_share=share, source="")
    return Kept(target=target, asked_at=_at(asked), told_at=_at(told))


def _at(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def _figure(row: Row[Any]) -> Figure:
    told = row._mapping
    return Figure(
        clock=row.clock,
        service=None if row.service is None else Service(row.service),
        count=told["count"],
        running=row.running,
        abandoned=row.abandoned,
        p50_s=row.p50_s,
        p90_s=row.p90_s,
        target_s=row.target_s,
        share_met=row.share_met,
        area=_area(row) if "area_id" in told else None,
        category=told.get("category"),
    )


def _area(row: Row[Any]) -> AreaName:
    return AreaName(id=row.area_id, name=Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en))
