"""Which version of the plans holds: the newest one for what opens now, its own one for what is open already."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.errors import Refusal
from geo_server.operations import catalogue as known
from geo_server.operations.catalogue import Catalogue, catalogue, catalogue_of
from geo_server.operations.checking import Fault, checked
from geo_server.operations.content import Content, NeedEntry
from geo_server.operations.reading import WrongPlans, read_files
from geo_server.plans import queries
from geo_server.plans.schema import NewVersion, Version
from layers.areas import queries as areas
from layers.areas.scope import visit_whole
from layers.database import Session
from layers.values import Title
from layers.viewer import Viewer

FILES = "data/"
KEPT = 32  # versions read before; incidents that are open are seldom of more
_kept: dict[tuple[str, int], Catalogue] = {}  # by store and number
_UNREADABLE = Title(
    kk="файл оқылмайды немесе JSON емес",
    ru="файл не читается или это не JSON",
    en="a file cannot be read, or is no JSON",
)
log = structlog.get_logger()


async def current(session: Session) -> Catalogue:
    """Return the catalogue that incidents open under now; before the store has any version, that of the files."""
    head = await queries.newest(session)
    return catalogue() if head is None else await _read(session, head.id)


async def of(session: Session, version_id: int | None) -> Catalogue:
    """Return the catalogue of a version; None, for what opened before there was any, is the first one there was."""
    if version_id is None:
        head = await queries.oldest(session)
        return catalogue() if head is None else await _read(session, head.id)
    return await _read(session, version_id)


async def load_files(engine: AsyncEngine, folder: Path = known.DATA) -> bool:
    """Make the files a version where they are new and nobody edited over the files before; say whether it did."""
    content = read_files(folder, known.around(folder))
    async with visit_whole(engine) as session:
        await queries.hold_versions(session)
        newest = await queries.newest(session)
        if newest is not None and (not newest.from_files or newest.sha256 == sha256_of(content)):
            if newest.sha256 != sha256_of(content) and await files_differ(session, content):
                log.info("plans_of_files_not_taken", newest=newest.id, made_by=newest.made_by)
            return False
        await _write(session, content, made_by=FILES, note="", from_files=True)
    return True


async def take_files(engine: AsyncEngine, folder: Path = known.DATA) -> None:
    """Do so as soon as the store is there; until it is done the files themselves answer. Wrong files are not taken."""
    while True:
        try:
            await load_files(engine, folder)
            return
        except ValueError as error:
            log.error("plans_not_loaded", error=str(error))
            return
        except (SQLAlchemyError, OSError) as error:
            log.warning("plans_not_loaded", error=type(error).__name__)
            await asyncio.sleep(2)


def of_files(folder: Path = known.DATA) -> Content | tuple[Fault, ...]:
    """Return the content of the files, or what is wrong with them: somebody may be writing them this very moment."""
    try:
        return read_files(folder, known.around(folder))
    except WrongPlans as error:
        return error.faults
    except (OSError, ValueError, KeyError) as error:
        log.warning("plans_unreadable", error=str(error))
        return (Fault(where=FILES, problem=_UNREADABLE),)


async def files_differ(session: Session, content: Content) -> bool:
    """Say whether the files, of that content, are not what they were when a version was last made of them."""
    last = await queries.newest(session, from_files=True)
    return last is None or last.sha256 != sha256_of(content)


async def faults(session: Session, raw: Any) -> Content | tuple[Fault, ...]:
    """Return a content that holds together, or what is wrong with it, by what the store knows.

    What a retired unit was or could do may still be named: its plan stands, and others may bear it again.
    """
    borne, able = await queries.unit_kinds(session, in_use=False), await queries.skills(session, in_use=False)
    codes = {area.code for area in await areas.every(session)}
    return checked(raw, known.around(borne=borne, able=able, areas=codes))


async def kinds_nobody_has(session: Session, content: Content) -> list[str]:
    """Return the kinds that plans ask for and that no unit in use bears: nothing is wrong, and yet nobody will come."""
    borne = await queries.unit_kinds(session, in_use=True)
    return sorted({kind for need in _needs(content) for kind in need.kinds} - borne.keys())


async def skills_nobody_has(session: Session, content: Content) -> list[str]:
    """Return the skills that plans ask for and that no unit in use has or carries."""
    able = await queries.skills(session, in_use=True)
    return sorted({skill for need in _needs(content) for skill in need.skills} - able)


def _needs(content: Content) -> list[NeedEntry]:
    levels = [part for plan in content.plans.values() for part in plan.levels]
    strains = [strain for regime in content.regimes.values() for strain in regime.strains]
    return [need for part in (*levels, *content.reactions.values(), *strains) for need in part.needs]


async def edit(
    session: Session, viewer: Viewer, raw: Mapping[str, Any] | None, *, note: str, based_on: int
) -> tuple[Version, list[str]]:
    """Make a new version of a whole content, None for that of the files; return it and what differs from before.

    Raises Refusal: not_top_area (the plans are the whole country's), plans_changed where `based_on` is no more the
    newest, wrong_plans or wrong_plan_files with the faults.
    """
    if await areas.above(session, viewer.own_area_id):
        raise Refusal("not_top_area")
    await queries.hold_versions(session)
    before = await queries.newest(session)
    if based_on != (0 if before is None else before.id):
        raise Refusal("plans_changed", version=0 if before is None else before.id)
    content = of_files() if raw is None else await faults(session, raw)
    if not isinstance(content, Content):
        raise wrong(content, "wrong_plan_files" if raw is None else "wrong_plans")
    differs = changed((await current(session)).content, content)
    made = await _write(session, content, made_by=viewer.name, note=note, from_files=raw is None)
    head = await queries.version(session, made)
    assert head is not None
    return head, differs


def wrong(found: Collection[Fault], code: str = "wrong_plans") -> Refusal:
    """Return the refusal that names the faults, the first of them in its sentence."""
    told = [{"where": f.where, "kk": f.problem.kk, "ru": f.problem.ru, "en": f.problem.en} for f in found]
    return Refusal(code, where=told[0]["where"], count=len(told), faults=told)


def changed(before: Content, after: Content) -> list[str]:
    """Return which entries were added, taken out or rewritten: `categories.fire`, `clocks`."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    lists = [name for name in new if name != "clocks"]
    rows = [f"{one}.{row}" for one in lists for row in old[one] | new[one] if old[one].get(row) != new[one].get(row)]
    return sorted(rows) + (["clocks"] if old["clocks"] != new["clocks"] else [])


def sha256_of(content: Content) -> str:
    """Return the hash of a content in its one canonical writing."""
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


async def _write(session: Session, content: Content, *, made_by: str, note: str, from_files: bool) -> int:
    new = NewVersion(content=content, sha256=sha256_of(content), made_by=made_by, note=note, from_files=from_files)
    return await queries.write(session, new)


async def _read(session: Session, version_id: int) -> Catalogue:
    """Read a version once; it never changes, and its number is never given again."""
    key = str(session.engine.url), version_id
    if key not in _kept:
        _kept[key] = catalogue_of(await queries.content(session, version_id), version_id)
        if len(_kept) > KEPT:
            del _kept[next(iter(_kept))]
    return _kept[key]
