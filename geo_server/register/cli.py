"""`./qyran register …`: cameras are taken in out of a file, and told in one."""

import asyncio
import getpass
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import msgspec
import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.register import exporting, queries, refusals
from geo_server.register.fields import said
from geo_server.register.reading import files
from geo_server.register.reading.table import Unreadable
from geo_server.register.schema import Choices, Import, sentence
from geo_server.register.taking import columns_of, read_in, write_in
from geo_server.settings import settings_told
from layers.areas import queries as areas
from layers.areas.scope import visit_as, visit_whole
from layers.cameras import register_queries as register
from layers.cameras.register_schema import Wanted
from layers.database import SERVER, Session, as_role, engine_for
from layers.values import Role
from layers.viewer import Viewer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The register of cameras: into it, and out of it.")
console, errors = Console(highlight=False), Console(stderr=True, highlight=False)
BY = "./qyran register"
REFUSED_SHOWN = 10
_MAP = "COLUMN=FIELD; more than once. Without any, columns are known by their names."


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, GeoJSON, GeoPackage, Shapefile (.shp or .zip) or OSM.")],
    preview: Annotated[bool, typer.Option("--preview", help="Show what would be taken, and take nothing.")] = False,
    map_: Annotated[list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help=_MAP)] = None,
    duplicates: Annotated[
        str, typer.Option(help="What becomes of cameras there already: skip, update or add.")
    ] = "skip",
    area: Annotated[str | None, typer.Option(help="The code of an area; the whole tree if not told.")] = None,
    crs: Annotated[str | None, typer.Option(help="The coordinate system, EPSG:32643 say.")] = None,
    heights: Annotated[str, typer.Option(help="The unit of heights: auto, m or ft.")] = "auto",
    axes: Annotated[str, typer.Option(help="How coordinates stand: auto, as_is or swapped.")] = "auto",
    near_m: Annotated[float, typer.Option(min=0, max=100, help="So near, metres, it may be the same camera.")] = 5.0,
    refused: Annotated[Path | None, typer.Option(help="Write the refused rows to this CSV.")] = None,
) -> None:
    """Take cameras in out of a file: the good rows all at once, the others are told with their reasons."""
    if not file.is_file():
        _fail(f"There is no file {file}.")
    told = {"crs": crs, "height_unit": heights, "axes": axes, "near_m": near_m, "duplicates": duplicates}
    mapping = dict(_pair(one) for one in map_) if map_ else None
    try:
        choices = msgspec.convert({**told, "mapping": mapping}, Choices)
    except msgspec.ValidationError as error:
        _fail(str(error))
    asyncio.run(_import(file.absolute(), choices, area, preview=preview, refused=refused))


async def _import(file: Path, choices: Choices, area: str | None, *, preview: bool, refused: Path | None) -> None:
    async with _store() as engine, _of(engine, area) as viewer:
        async with visit_as(engine, viewer) as session:
            made = await queries.begin(session, viewer, file=file.name[:200], size=_size_of(file))
            await queries.write(session, made, state="reading", choices=msgspec.to_builtins(choices))
            one = cast(Import, await queries.find(session, viewer, made))
        written = False
        try:
            written = await _taken(engine, viewer, one, file, preview=preview, refused=refused)
        finally:
            if not written:
                async with visit_as(engine, viewer) as session:
                    await queries.forget(session, made)


async def _taken(
    engine: AsyncEngine, viewer: Viewer, one: Import, file: Path, *, preview: bool, refused: Path | None
) -> bool:
    """Read, show and, where it is no preview, write; say whether that was done."""
    with tempfile.TemporaryDirectory(prefix="qyran-register-") as folder:
        try:
            if file.suffix.lower() == ".shp":
                file = files.pack_shape(file, Path(folder) / "sent.zip")
            await read_in(engine, viewer, one, file, _show)
        except Unreadable as fault:
            await _refuse(engine, viewer, one, file, fault)
    async with visit_as(engine, viewer) as session:
        found = cast(Import, await queries.find(session, viewer, one.id))
        await queries.decide(session, one.id, queries.choices_of(found).duplicates, {})
    await _tell(engine, found)
    if refused is not None:
        await _write_refused(engine, found, refused)
    if preview:
        console.print("A preview: nothing was written.")
        return False
    await write_in(engine, viewer, found, _show)
    async with visit_as(engine, viewer) as session:
        found = cast(Import, await queries.find(session, viewer, one.id))
        details = {"file": found.file, **found.counts}
        await record.write(
            session, Entry(operation="register.write", who=viewer.name, layer="cameras", details=details)
        )
    console.print("Added {added}, changed {changed}, skipped {skipped}.".format(**found.counts))
    return True


async def _refuse(engine: AsyncEngine, viewer: Viewer, one: Import, file: Path, fault: Unreadable) -> None:
    errors.print(_said(fault), markup=False, soft_wrap=True)
    if fault.code in ("needs_place", "needs_crs", "bad_field"):
        await columns_of(engine, viewer, one, file)
        async with visit_as(engine, viewer) as session:
            found = cast(Import, await queries.find(session, viewer, one.id))
        errors.print("Columns: " + " | ".join(found.columns), markup=False, soft_wrap=True)
        for cells in found.sample[:3]:
            errors.print("  " + " | ".join(cells), markup=False, soft_wrap=True)
    raise typer.Exit(1)


def _said(fault: Unreadable) -> str:
    return said(fault.code, column=fault.details.get("column"), value=fault.details.get("value")).en


async def _tell(engine: AsyncEngine, one: Import) -> None:
    for column, name in (one.choices.get("mapping") or {}).items():
        console.print(f"  {column} → {name}", markup=False, soft_wrap=True)
    for finding in one.findings:
        console.print(sentence(finding).en, markup=False, soft_wrap=True)
    console.print("{rows} rows: {good} good, {noted} of them with remarks, {refused} refused.".format(**one.counts))
    async with visit_whole(engine) as session:
        refused = await queries.rows(session, one.id, "refused", most=REFUSED_SHOWN)
        noted = await queries.rows(session, one.id, "noted", most=REFUSED_SHOWN)
    for row in refused:
        assert row.refused is not None
        console.print(f"  row {row.line}: {sentence(row.refused).en}", markup=False, soft_wrap=True)
    for row in noted:
        told = " ".join(sentence(note).en for note in row.notes)
        console.print(f"  row {row.line} ({row.code}): {told}", markup=False, soft_wrap=True)


async def _write_refused(engine: AsyncEngine, one: Import, to: Path) -> None:
    async with visit_whole(engine) as session:
        await refusals.write(session, one, "en", to)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Ends in .csv, .xlsx or .geojson.")],
    area: Annotated[str | None, typer.Option(help="The code of an area; the whole tree if not told.")] = None,
) -> None:
    """Write the register to a file, whose columns an import knows again."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in exporting.TYPES:
        _fail("Its name ends in .csv, .xlsx or .geojson.")
    console.print(f"{asyncio.run(_export(file, kind, area))} cameras.")


async def _export(file: Path, kind: str, area: str | None) -> int:
    async with _store() as engine, _of(engine, area) as viewer, visit_as(engine, viewer) as session:
        facts = await register.facts_told(session)
        every = register.every(session, viewer, Wanted())
        if kind == "xlsx":
            await exporting.as_xlsx(every, facts, file)
        else:
            parts = exporting.as_csv(every, facts) if kind == "csv" else exporting.as_geojson(every)
            with file.open("wb") as to:
                async for part in parts:
                    to.write(part)
        details = {"format": kind, "file": file.name}
        await record.write(
            session, Entry(operation="register.export", who=viewer.name, layer="cameras", details=details)
        )
        return await register.count(session, viewer, Wanted())


async def _audit(session: Session, operation: str, viewer: Viewer, details: dict[str, Any]) -> None:
    await record.write(session, Entry(operation=operation, who=viewer.name, layer="cameras", details=details))


@asynccontextmanager
async def _store() -> AsyncIterator[AsyncEngine]:
    engine = engine_for(as_role(settings_told().database_url, SERVER), size=2)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _of(engine: AsyncEngine, code: str | None) -> AsyncIterator[Viewer]:
    """Yield who has a shell on the server, in an area or the whole tree."""
    async with visit_whole(engine) as session:
        tree = await areas.every(session)
    found = next((one for one in tree if (one.parent_id is None if code is None else one.code == code)), None)
    if found is None:
        _fail("There are no areas in the store." if code is None else f"There is no area {code}.")
    name = f"{BY} ({getpass.getuser()})"
    yield Viewer(account_id=0, name=name, role=Role.ADMINISTRATOR, area_id=found.id, own_area_id=found.id)


async def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        errors.print(f"\r{100 * done // max(total, 1)} %", end="" if done < total else "\n")


def _size_of(file: Path) -> int:
    return file.stat().st_size


def _pair(told: str) -> tuple[str, str]:
    column, sign, name = told.rpartition("=")
    if not sign:
        _fail(f"--map takes COLUMN=FIELD, not {told}.")
    return column, name


def _fail(sentence: str) -> NoReturn:
    errors.print(sentence, markup=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app(prog_name="./qyran register")
