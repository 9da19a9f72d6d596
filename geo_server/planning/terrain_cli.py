"""`./qyran coverage terrain …`: the height of the ground is brought in, listed and taken away."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar, cast, get_args

import typer

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.errors import Refusal, error_body
from geo_server.planning.terrain_files import grids_of
from geo_server.planning.warming import warm_hills
from geo_server.record.schema import Language
from geo_server.settings import settings_told
from layers.areas.scope import visit_whole
from layers.database import Session, engine_for
from layers.terrain import queries as terrain
from layers.terrain.schema import TerrainGrid

T = TypeVar("T")
BY = "./qyran coverage terrain"
app = typer.Typer(no_args_is_help=True, add_completion=False, help="The height of the ground, where it is not flat.")
Spoken = Annotated[str, typer.Option(help="In which language a refusal is told: kk, ru or en.")]


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="SRTM .hgt, or Esri ASCII .asc in degrees WGS 84.")],
    language: Spoken = "en",
) -> None:
    """Bring terrain in: all files or none; each replaces what a file of its name brought before."""
    try:
        read = {file.name: grids_of(file) for file in files}
    except Refusal as refusal:
        _fail(refusal, language)
    _run(lambda session: _put(session, read))
    warm_hills()
    for name, grids in read.items():
        typer.echo(f"{name}: {len(grids)} grids.")


@app.command("list")
def list_() -> None:
    """List the files whose terrain is counted, and the box of each in degrees."""
    for one in _run(terrain.files):
        typer.echo(f"{one.name}: {one.west:.4f} {one.south:.4f} {one.east:.4f} {one.north:.4f}, {one.grids} grids")


@app.command()
def remove(names: Annotated[list[str], typer.Argument(metavar="FILE…")], language: Spoken = "en") -> None:
    """Take the terrain of files away; the ground is flat there again."""
    try:
        _run(lambda session: _remove(session, names))
    except Refusal as refusal:
        _fail(refusal, language)


async def _put(session: Session, read: dict[str, list[TerrainGrid]]) -> None:
    for name, grids in read.items():
        await terrain.put(session, name, grids)
    await _audit(session, "terrain.import", list(read))


async def _remove(session: Session, names: Sequence[str]) -> None:
    for name in names:
        if not await terrain.remove(session, name):
            raise Refusal("terrain_unknown", file=name)
    await _audit(session, "terrain.remove", names)


async def _audit(session: Session, operation: str, names: Sequence[str]) -> None:
    await record.write(session, Entry(operation=operation, who=BY, details={"files": list(names)}))


def _run(act: Callable[[Session], Awaitable[T]]) -> T:
    return asyncio.run(_done(act))


async def _done(act: Callable[[Session], Awaitable[T]]) -> T:
    engine = engine_for(settings_told().database_url)
    try:
        async with visit_whole(engine) as session:
            return await act(session)
    finally:
        await engine.dispose()


def _fail(refusal: Refusal, language: str) -> NoReturn:
    spoken = cast(Language, language if language in get_args(Language) else "en")
    typer.echo(error_body(refusal.code, refusal.details)["message"][spoken], err=True)
    raise typer.Exit(1)
