"""Fills an imported city with the demo's sources, units, cameras and past; run again, it changes nothing."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo import queries
from ingest.demo.cameras import seed_cameras
from ingest.demo.installed import installed
from ingest.demo.past import Scene, crossings, invent
from ingest.demo.past_drives import drive
from ingest.demo.streets import Streets, weave
from ingest.demo.units import SERVICES, muster
from layers.cameras.queries import put_up
from layers.cameras.register_queries import written_by
from layers.changes import ring, ring_positions
from layers.database import Session, visit
from layers.sources import queries as sources
from layers.sources.schema import SourceKind

SEED = 2026
PAST = 20_000
_DATA = Path(__file__).resolve().parents[2] / "data"
_SOURCES: tuple[tuple[str, str, SourceKind], ...] = (
    ("positions_key", "demo-trackers", "positions"),
    ("events_key", "demo-outside", "events"),  # for whoever tries to send some
    ("exchange_key", queries.EXCHANGE, "exchange"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What the demo has after a seeding: rows in all, and how many units were new."""

    units: int
    incidents: int
    past_events: int
    new_units: int


def priorities() -> dict[str, int]:
    """Return each category's priority from data/categories.json."""
    categories = json.loads((_DATA / "categories.json").read_text(encoding="utf-8"))
    return {name: int(category["priority"]) for name, category in categories.items()}


async def seed(
    engine: AsyncEngine, home: Path, *, seed_number: int = SEED, past: int = PAST, say: Callable[[str], None] = print
) -> Seeded:
    """Fill what is missing, in one transaction a part; raises LookupError or ValueError where areas or roads lack."""
    async with visit(engine) as session:
        republic = await queries.republic(session)
        keys = await _keys(session, _read_keys(home), republic, await queries.city_area(session))
    _write_keys(home, keys)
    async with visit(engine) as session:
        whole = await queries.demo_units(session) == sum(SERVICES.values()) and await queries.has_past(session)
        whole = whole and await queries.manned(session)
    new_units = [] if whole else await _fill(engine, republic, seed_number, past, say)
    async with visit(engine) as session:
        await seed_cameras(session)  # those that stand may have to be pointed at another port
        await queries.relieve_units(session, at=datetime.now(UTC))
    async with visit(engine) as session:
        units, incidents, events = await queries.counts(session)
    return Seeded(units=units, incidents=incidents, past_events=events, new_units=len(new_units))


async def _fill(
    engine: AsyncEngine, republic: int, seed_number: int, past: int, say: Callable[[str], None]
) -> list[int]:
    """Write units, cameras and the past, whichever is missing; return the new units' ids."""
    async with visit(engine) as session:
        city = weave(await queries.streets(session))
        added = await _units(session, city, republic, seed_number)
        await seed_cameras(session, crossings(city))
    say(f"units: {len(added)} new")
    async with visit(engine) as session:
        if not await queries.has_past(session):
            await _past(session, city, seed_number, past)
            say(f"past: {past} incidents of two years")
    return added


async def seed_register(engine: AsyncEngine) -> int:
    """Fill the register with cameras without streams, where none is there; return how many are new."""
    async with visit(engine) as session:
        if await queries.has_register(session):
            return 0
        await written_by(session, "demo")
        ids = await put_up(session, installed(weave(await queries.streets(session))))
        await ring(session, {"cameras": ids})
    return len(ids)


async def _units(session: Session, city: Streets, republic: int, seed_number: int) -> list[int]:
    units = muster(city, await queries.stations(session), republic=republic, seed=seed_number)
    now = datetime.now(UTC)
    added = await queries.add_units(session, units, batch=await ring_positions(session), at=now)
    await queries.man_units(session, units, at=now)
    await ring(session, {"units": added})
    return added


async def _past(session: Session, city: Streets, seed_number: int, count: int) -> None:
    scene = Scene(
        addresses=await queries.addresses(session),
        crossings=crossings(city),
        cameras=await queries.camera_places(session),
        priorities=priorities(),
    )
    now = datetime.now(UTC)
    past = invent(scene, now=now, count=count, seed=seed_number)
    ids = await queries.add_past(session, *past)
    drives = drive(past[0], await queries.crewed(session), now=now, seed=seed_number)
    await queries.add_drives(session, drives, ids)


async def _keys(session: Session, known: dict[str, str], republic: int, city: int) -> dict[str, str]:
    """Return a key for each source that the store accepts: the known one where it still opens, a new one elsewhere.

    The exchange is the city's own: a call of which nobody knows the place is seen by the city's dispatchers.
    """
    keys = {}
    for field, name, kind in _SOURCES:
        key = known.get(field)
        found = await sources.by_key(session, sources.digest(key)) if key else None
        area_id = city if kind == "exchange" else republic
        keys[field] = cast(str, key) if found else await _new_key(session, name, kind, area_id)
    return keys


async def _new_key(session: Session, name: str, kind: SourceKind, area_id: int) -> str:
    try:
        async with session.begin_nested():
            return await sources.create(session, name=name, kind=kind, area_id=area_id)
    except IntegrityError:
        return await sources.renew(session, name)


def keys_at(home: Path) -> dict[str, str]:
    """Return the keys of the demo's sources; FileNotFoundError where the demo was never seeded."""
    keys = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    return {field: str(keys[field]) for field, _, _ in _SOURCES}


def _read_keys(home: Path) -> dict[str, str]:
    try:
        return keys_at(home)
    except (FileNotFoundError, ValueError, KeyError):
        return {}


def _write_keys(home: Path, keys: dict[str, str]) -> None:
    """Write the keys for their owner's eyes alone, whole or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    fresh = home / "demo.json.new"
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(keys, file)
    fresh.replace(home / "demo.json")


def summary(seeded: Seeded) -> str:
    """Return the figures of a seeding in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(seeded).items())
