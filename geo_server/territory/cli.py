"""`./qyran areas …`: the tree as it stands or stood, and how it is changed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.tree import Tree

from geo_server.settings import settings_told
from geo_server.territory import changing
from layers.areas import queries as areas
from layers.areas.schema import Area
from layers.database import Session, engine_for, visit
from layers.values import Title

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, add_completion=False, help="Areas: the tree of who answers for what ground.")


@app.command("list")
def list_(at: Annotated[datetime | None, typer.Option(help="The tree as it stood then.")] = None) -> None:
    """Show the tree."""
    moment = None if at is None else at.replace(tzinfo=at.tzinfo or UTC)
    found = _run(lambda session: areas.every(session) if moment is None else areas.every_then(session, moment))
    branches: dict[int | None, Tree] = {None: Tree("", hide_root=True)}
    for area in found:
        above = branches.get(area.parent_id, branches[None])
        about = " [dim]approximate[/]" if area.approximate else ""
        branches[area.id] = above.add(f"{area.code}  {area.name.kk} · {area.name.ru} · {area.name.en}{about}")
    Console().print(branches[None])


@app.command()
def border(code: str, file: Annotated[Path, typer.Argument(metavar="FILE.geojson")]) -> None:
    """Move an area's border; rows on both sides go to who answers for them now, and the old border stays on record."""
    try:
        geojson = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        typer.echo(f"{file} cannot be read as text.", err=True)
        raise typer.Exit(1) from None
    _say(_run(lambda session: changing.set_border(session, code, geojson)), "has its new border")


@app.command()
def rename(code: str, kk: str, ru: str, en: str) -> None:
    """Give an area other names: Kazakh, Russian, English."""
    _say(_run(lambda session: changing.rename(session, code, Title(kk=kk, ru=ru, en=en))), "is renamed")


@app.command()
def close(code: str, into: Annotated[str, typer.Option(help="The area of its level that it merges into.")]) -> None:
    """Merge an area into another; its accounts are refused until they are given another area."""
    _say(_run(lambda session: changing.close(session, code, into)), f"went into {into}")


def _say(area: Area, what: str) -> None:
    typer.echo(f"{area.code} {area.name.en} {what}.")


def _run(what: Callable[[Session], Awaitable[T]]) -> T:
    async def visited() -> T:
        engine = engine_for(settings_told().database_url, size=1)
        try:
            async with visit(engine) as session:
                return await what(session)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(visited())
    except changing.TreeTrouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from trouble
