"""Every question about versions of the plans, about regimes and ticks."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import msgspec
from sqlalchemy import Row, Select, String, any_, bindparam, func, insert, literal, select, text, update
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from geo_server.operations.content import Content, Regime
from geo_server.plans.schema import NewVersion, SetRegime, Tick, Version
from geo_server.plans.table import checklist_tick, plan_version, regime
from layers.areas.schema import Area
from layers.areas.table import area
from layers.asking import Reading, ask
from layers.calls.schema import Answer
from layers.database import Session
from layers.incidents.rules import ENDED
from layers.incidents.table import incident, incident_entry
from layers.locks import AdvisoryLock
from layers.values import Level, Service, Title

_HEAD = tuple(plan_version.c[name] for name in ("id", "made_at", "made_by", "note", "from_files", "sha256"))
_NEWEST = select(*_HEAD).order_by(plan_version.c.id.desc()).limit(1)
_NEWEST_OF = _NEWEST.where(plan_version.c.from_files == bindparam("from_files"))
_OLDEST = select(*_HEAD).order_by(plan_version.c.id).limit(1)
_ONE = select(*_HEAD).where(plan_version.c.id == bindparam("of"))
_NODE = ("id", "parent_id", "level", "code", "name_kk", "name_ru", "name_en", "approximate")
_ANSWERED = (
    select(incident_entry.c.at, incident_entry.c.details)
    .where(incident_entry.c.incident_id == bindparam("of"), incident_entry.c.kind == "answer")
    .order_by(incident_entry.c.id)
)
_ENDED = sorted(state.value for state in ENDED)
_KINDS = "SELECT DISTINCT kind, service FROM unit WHERE retired_at IS NULL OR NOT :in_use"
_SKILLS = """
WITH counted AS (SELECT skills, equipment FROM unit WHERE retired_at IS NULL OR NOT :in_use)
SELECT unnest(skills) FROM counted
 UNION SELECT key FROM counted, jsonb_each(equipment) WHERE value > '0'"""

# ── versions ──


async def newest(session: Session, *, from_files: bool | None = None) -> Version | None:
    """Return the newest version, or the newest that came from the files; None in a store that has none yet."""
    if from_files is None:
        return _version(await ask(session, _NEWEST))
    return _version(await ask(session, _NEWEST_OF, {"from_files": from_files}))


async def version(session: Session, version_id: int) -> Version | None:
    """Return one version's head."""
    return _version(await ask(session, _ONE, {"of": version_id}))


async def oldest(session: Session) -> Version | None:
    """Return the first version there was."""
    return _version(await ask(session, _OLDEST))


async def every(session: Session, *, limit: int = 200) -> list[Version]:
    """Return the versions, newest first."""
    rows = await session.execute(select(*_HEAD).order_by(plan_version.c.id.desc()).limit(limit))
    return [Version(**row) for row in rows.mappings()]


async def content(session: Session, version_id: int) -> Content:
    """Return what a version holds."""
    asked = select(plan_version.c.content).where(plan_version.c.id == version_id)
    return msgspec.convert((await session.execute(asked)).scalar_one(), Content)


async def hold_versions(session: Session) -> None:
    """Let nobody else make a version until this transaction ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AdvisoryLock.PLAN_VERSIONS})


async def write(session: Session, new: NewVersion) -> int:
    """Write a version and return its id."""
    row = {name: getattr(new, name) for name in ("made_by", "note", "from_files", "sha256")}
    written = msgspec.json.encode(new.content).decode()
    value = as_type(bindparam("written", written, type_=String), JSONB)
    asked = insert(plan_version).values(**row, content=value).returning(plan_version.c.id)
    return int((await session.execute(asked)).scalar_one())


async def unit_kinds(session: Session, *, in_use: bool) -> dict[str, frozenset[Service]]:
    """Return the kinds of the units that the visit's scope shows, with the services that have them.

    Without `in_use` those of retired units too.
    """
    found: dict[str, frozenset[Service]] = {}
    for kind, service in await session.execute(text(_KINDS), {"in_use": in_use}):
        found[kind] = found.get(kind, frozenset()) | {Service(service)}
    return found


async def skills(session: Session, *, in_use: bool) -> frozenset[str]:
    """Return what the units that the visit's scope shows can do, and what they carry.

    Without `in_use` what retired units could do and carried too.
    """
    return frozenset((await session.execute(text(_SKILLS), {"in_use": in_use})).scalars())


def _version(rows: Sequence[Row[Any]]) -> Version | None:
    return Version(**rows[0]._mapping) if rows else None


# ── regimes ──


async def regimes(session: Session, *, of_area: int | None = None) -> list[SetRegime]:
    """Return the newest regime of each area, the Republic first; of one area: of it and of those above it."""
    if of_area is not None:
        return await asked_regimes(of_area).of(session)
    return [_regime(row) for row in await ask(session, _every_regime())]


def asked_regimes(of_area: int) -> Reading[list[SetRegime]]:
    """Return the reading of the regimes of an area and of those above it, the Republic first."""
    return Reading(lambda rows: [_regime(row) for row in rows], ((_regimes_of_one(), {"of": of_area}),))


async def set_regime(session: Session, area_id: int, name: Regime, reason: str, who: str) -> None:
    """Write the regime that an area works in from now on; the store refuses one beyond the visit's scope."""
    await session.execute(insert(regime).values(area_id=area_id, name=name.value, reason=reason, set_by=who))


async def open_below(session: Session, area_id: int) -> list[int]:
    """Return the open incidents at or below an area, by id."""
    below = select(area.c.id).where(literal(area_id) == any_(area.c.path))
    asked = select(incident.c.id).where(incident.c.state.not_in(_ENDED), incident.c.area_id.in_(below))
    return list((await session.execute(asked.order_by(incident.c.id))).scalars())


@cache
def _every_regime() -> Select[Any]:
    return _newest_of_each(_regimes())


@cache
def _regimes_of_one() -> Select[Any]:
    path = select(func.unnest(area.c.path)).where(area.c.id == bindparam("of"))
    return _newest_of_each(_regimes().where(regime.c.area_id.in_(path)))


def _newest_of_each(asked: Select[Any]) -> Select[Any]:
    newest_of = asked.ext(distinct_on(regime.c.area_id)).order_by(regime.c.area_id, regime.c.id.desc()).subquery()
    return select(newest_of).order_by(newest_of.c.level, newest_of.c.area_id)


def _regimes() -> Select[Any]:
    own = (regime.c.name, regime.c.reason, regime.c.set_at, regime.c.set_by)
    node = (area.c[name].label("area_id" if name == "id" else name) for name in _NODE)
    return select(*own, *node).join_from(regime, area, area.c.id == regime.c.area_id)


def _regime(row: Row[Any]) -> SetRegime:
    name = Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)
    there = Area(
        id=row.area_id,
        parent_id=row.parent_id,
        level=Level(row.level),
        code=row.code,
        name=name,
        approximate=row.approximate,
    )
    return SetRegime(area=there, name=Regime(row.name), reason=row.reason, set_at=row.set_at, set_by=row.set_by)


# ── an incident's own ──


async def set_alarm(session: Session, incident_id: int, alarm: int) -> None:
    """Write the alarm level of an incident."""
    await session.execute(update(incident).where(incident.c.id == incident_id).values(alarm=alarm))


async def raise_priority(session: Session, incident_id: int, priority: int) -> bool:
    """Write the priority that an incident has by its plan, unless a person said one or it is as urgent; say whether."""
    less = ~incident.c.priority_said & (incident.c.priority > priority)
    asked = update(incident).where(incident.c.id == incident_id, less).values(priority=priority)
    return bool((await session.execute(asked.returning(incident.c.id))).all())


async def set_category(
    session: Session, incident_id: int, *, category: str, priority: int, said: bool, urgency: str | None
) -> None:
    """Write another category of an incident, with its priority, whether a person said that, and its urgency."""
    values = {"category": category, "priority": priority, "priority_said": said, "urgency": urgency}
    await session.execute(update(incident).where(incident.c.id == incident_id).values(values))


def asked_answers(incident_id: int) -> Reading[list[Answer]]:
    """Return the reading of what was answered on an incident's card, in that order."""
    return Reading(_answers, ((_ANSWERED, {"of": incident_id}),))


def _answers(rows: Sequence[Row[Any]]) -> list[Answer]:
    return [Answer(question=row.details["question"], given=row.details["given"], at=row.at) for row in rows]


async def ticks(session: Session, incident_id: int) -> dict[str, Tick]:
    """Return what was marked of an incident's checklist, by item."""
    row = checklist_tick.c
    asked = select(row.item, row.done, row.at, row.who).where(row.incident_id == incident_id)
    return {line["item"]: Tick(**line) for line in cast(Sequence[Any], (await session.execute(asked)).mappings().all())}


async def tick(session: Session, incident_id: int, item: str, *, done: bool, who: str) -> None:
    """Mark a line of the checklist as done, or as not done; whoever marks it last counts."""
    row = {"incident_id": incident_id, "item": item, "done": done, "who": who}
    asked = upsert(checklist_tick).values(row)
    again = {"done": done, "who": who, "at": func.clock_timestamp()}
    await session.execute(asked.on_conflict_do_update(index_elements=["incident_id", "item"], set_=again))
