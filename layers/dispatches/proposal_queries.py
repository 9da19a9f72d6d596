"""Every question about what positions propose of dispatches, and where units stand to whom that may happen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, case, func, literal_column, select, text, true, update
from sqlalchemy.dialects.postgresql import insert

from layers.areas.queries import seen_by
from layers.database import Session
from layers.dispatches.arriving import Seen
from layers.dispatches.rules import AHEAD, Status
from layers.dispatches.schema import NewProposal, Proposed
from layers.dispatches.table import dispatch, status_proposal
from layers.incidents.table import incident
from layers.locks import AdvisoryLock
from layers.near import sphere_m
from layers.units.table import unit, unit_position
from layers.values import LonLat
from layers.viewer import Viewer

_p, _d, _at = status_proposal.c, dispatch.c, unit_position.c
_WATCHED = [status.value for status, after in AHEAD.items() if after & {Status.ENROUTE, Status.ONSCENE}]


async def may_watch(session: Session) -> bool:
    """Say whether this server watches in this transaction; the others wait for another turn."""
    asked = text("SELECT pg_try_advisory_xact_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.WATCHING_POSITIONS})).scalar_one())


async def seen_under_way(session: Session) -> list[Seen]:
    """Return where the units of all dispatches are that may set out or arrive: metres gone, metres left."""
    joined = dispatch.join(unit_position, _at.unit_id == _d.unit_id).join(incident, incident.c.id == _d.incident_id)
    x, y = func.ST_X(incident.c.geom), func.ST_Y(incident.c.geom)
    columns = (
        *(_d[name] for name in ("id", "incident_id", "unit_id", "status")),
        *(_at[name] for name in ("at", "lon", "lat", "speed_kmh")),
        sphere_m(_at.lon, _at.lat, _d.sent_lon, _d.sent_lat).label("gone_m"),
        sphere_m(_at.lon, _at.lat, x, y).label("left_m"),
    )
    asked = select(*columns).select_from(joined).where(_d.status.in_(_WATCHED), _at.at > _d.dispatched_at)
    return [_seen(row) for row in await session.execute(asked.order_by(_d.id))]


async def propose(session: Session, found: Sequence[NewProposal]) -> list[int]:
    """Write what was not proposed before, dropped or taken; return the dispatches of what is new."""
    if not found:
        return []
    rows = [
        {"dispatch_id": one.dispatch_id, "status": one.status.value, "at": one.at, "metres": one.metres}
        for one in found
    ]
    new = insert(status_proposal).values(rows).on_conflict_do_nothing(index_elements=["dispatch_id", "status"])
    return list((await session.execute(new.returning(_p.dispatch_id))).scalars())


async def open_ones(session: Session, viewer: Viewer, *, limit: int = 500) -> list[Proposed]:
    """Return what positions propose of dispatches the viewer sees and that can still happen, newest first."""
    asked = _proposals(viewer).where(_p.state == "open", _still()).order_by(_p.id.desc()).limit(limit)
    return [_proposed(row) for row in await session.execute(asked)]


async def of_unit(session: Session, viewer: Viewer, unit_id: int) -> list[Proposed]:
    """Return the same of one unit."""
    asked = _proposals(viewer).where(_p.state == "open", _still(), _d.unit_id == unit_id).order_by(_p.id.desc())
    return [_proposed(row) for row in await session.execute(asked)]


async def hold(session: Session, viewer: Viewer, proposal_id: int) -> tuple[Proposed, str] | None:
    """Return a proposal and its state, held until the transaction ends; None where the viewer sees none of that id."""
    await session.execute(select(_p.id).where(_p.id == proposal_id).with_for_update())
    row = (await session.execute(_proposals(viewer).where(_p.id == proposal_id))).one_or_none()
    return None if row is None else (_proposed(row), row.state)


async def decide(session: Session, proposal_id: int, state: str, by: str) -> None:
    """Write what a person decided: `taken` or `dropped`."""
    values = {"state": state, "decided_at": func.clock_timestamp(), "decided_by": by}
    await session.execute(update(status_proposal).where(_p.id == proposal_id).values(values))


def _still() -> Any:
    """Return the condition that the dispatch has not come so far by other means."""
    may = {s: [before.value for before, after in AHEAD.items() if s in after] for s in (Status.ENROUTE, Status.ONSCENE)}
    return case((_p.status == "enroute", _d.status.in_(may[Status.ENROUTE])), else_=_d.status.in_(may[Status.ONSCENE]))


def _proposals(viewer: Viewer) -> Select[Any]:
    joined = status_proposal.join(dispatch, _d.id == _p.dispatch_id).join(incident, incident.c.id == _d.incident_id)
    joined = joined.outerjoin(unit, unit.c.id == _d.unit_id)
    away = func.sent_unit(case((unit.c.id.is_(None), _d.id))).table_valued("call_sign", "service", "kind", name="away")
    joined = joined.outerjoin(away.render_derived().lateral("away"), true())
    sign: Any = func.coalesce(unit.c.call_sign, literal_column("away.call_sign"))
    columns = (_p.id, _p.dispatch_id, _p.status, _p.at, _p.metres, _p.state, _d.unit_id, sign.label("call_sign"))
    asked = select(*columns, incident.c.id.label("incident_id"), incident.c.number).select_from(joined)
    return asked.where(seen_by(viewer, _d.area_id, _d.incident_id))


def _proposed(row: Row[Any]) -> Proposed:
    return Proposed(
        id=row.id,
        dispatch_id=row.dispatch_id,
        status=Status(row.status),
        at=row.at,
        metres=row.metres,
        unit_id=row.unit_id,
        call_sign=row.call_sign,
        incident_id=row.incident_id,
        incident_number=row.number,
    )


def _seen(row: Row[Any]) -> Seen:
    return Seen(
        dispatch_id=row.id,
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        status=Status(row.status),
        at=row.at,
        place=LonLat(lon=row.lon, lat=row.lat),
        speed_kmh=row.speed_kmh,
        gone_m=row.gone_m,
        left_m=row.left_m,
    )
