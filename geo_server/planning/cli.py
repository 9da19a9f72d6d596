"""`./qyran coverage …`: what cameras see of the ground is reckoned and reported, and whether they hang by the rules."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from geo_server.planning.compliance.reading import assess
from geo_server.planning.compliance.tables import TABLES, Report, file
from geo_server.planning.engine import NICE, NoCluster, on_cluster, on_this_machine
from geo_server.planning.placement.wishing import BadWish, Wish, told_of
from geo_server.planning.placement.working import NoPlan
from geo_server.planning.placement.working import work_off as plan_off
from geo_server.planning.reports.cli import report
from geo_server.planning.terrain_cli import app as terrain
from geo_server.planning.warming import warm
from geo_server.planning.working import NotReckoned, work_off
from geo_server.record.schema import Language
from geo_server.settings import settings_told
from layers import logs
from layers.areas import queries as areas
from layers.areas.scope import visit_whole
from layers.database import SERVER, as_role, engine_for

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Coverage: what cameras see of the ground.")
TOKEN = Path("keys") / "cluster.token"  # of the video nodes' cluster, where this home has one


@app.command()
def reckon(
    cores: Annotated[
        int | None, typer.Option(min=1, help="Processes on this machine; as many as cores if not told.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="HOST:PORT of an existing Ray cluster's head, instead; the video nodes' own too.")
    ] = None,
) -> None:
    """Reckon every tile that waits: what cameras, presets, buildings or borders stirred, and what was asked for."""
    logs.configure("coverage")
    try:
        done = asyncio.run(_reckon(cores, cluster))
    except (NotReckoned, NoCluster) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo("Another process is reckoning." if done is None else f"{done} tiles reckoned.")


async def _reckon(cores: int | None, cluster: str | None) -> int | None:
    settings = settings_told()
    workers = on_this_machine(cores) if cluster is None else on_cluster(cluster, settings.home / TOKEN)
    engine = engine_for(as_role(settings.database_url, SERVER), size=8)
    try:
        return await work_off(engine, workers)
    finally:
        workers.shutdown(cancel_futures=True)
        await engine.dispose()


@app.command()
def place(
    area: Annotated[
        str | None, typer.Option(help="The code of an area to plan cameras in; without it what waits is reckoned.")
    ] = None,
    purpose: Annotated[str, typer.Option(help="What the cameras are for: situation, left_object, plate, person.")] = (
        "situation"
    ),
    budget: Annotated[float | None, typer.Option(min=0, help="Money for all of it.")] = None,
    number: Annotated[int | None, typer.Option(min=1, help="How many cameras.")] = None,
    cover: Annotated[float | None, typer.Option(min=0, max=100, help="Percent of what counts to see.")] = None,
    within: Annotated[Path | None, typer.Option(help="A GeoJSON polygon; else all of the area.")] = None,
    name: Annotated[str, typer.Option(help="What the plan is called.")] = "",
) -> None:
    """Plan cameras in an area: for a budget, by number, or at least cost for a wanted cover; the windows show it."""
    logs.configure("placement")
    try:
        told = None if area is None else Wish.of(area, purpose, budget, number, cover, within, name)
        typer.echo(asyncio.run(_place(told)))
    except (NoPlan, BadWish) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


async def _place(wish: Wish | None) -> str:
    engine = engine_for(as_role(settings_told().database_url, SERVER), size=4)
    try:
        plan = None if wish is None else await wish.written(engine)
        os.nice(NICE)
        done = await plan_off(engine)
        if plan is not None:
            return await told_of(engine, plan)
        return "Another process is reckoning." if done is None else f"{done} plans reckoned."
    finally:
        await engine.dispose()


@app.command()
def compliance(
    area: Annotated[str | None, typer.Option(help="Code of an area, such as KZ-75: it and all below it.")] = None,
    owner: Annotated[str | None, typer.Option(help="Of this owner's cameras alone.")] = None,
    table: Annotated[str, typer.Option(help=f"One of {', '.join(TABLES)}.")] = "rules",
    language: Annotated[str, typer.Option(help="kk, ru or en.")] = "en",
    out: Annotated[Path | None, typer.Option(help="Write the report there: .csv, or .xlsx with every table.")] = None,
) -> None:
    """Tell whether cameras are installed by the rules (Almaty 213), as comma-separated values or into a file."""
    if table not in TABLES or language not in get_args(Language):
        typer.echo(f"--table is one of {', '.join(TABLES)}; --language is kk, ru or en.", err=True)
        raise typer.Exit(2)
    found = asyncio.run(_complied(area, owner, cast(Language, language)))
    if found is None:
        typer.echo(f"There is no area {area}.", err=True)
        raise typer.Exit(1)
    body = file(found, "xlsx" if out is not None and out.suffix == ".xlsx" else "csv", table)
    if out is None:
        typer.echo(body.decode("utf-8-sig"), nl=False)
    else:
        out.write_bytes(body)


async def _complied(area: str | None, owner: str | None, language: Language) -> Report | None:
    engine = engine_for(as_role(settings_told().database_url, SERVER))
    try:
        async with visit_whole(engine) as session:
            root = None if area is None else await areas.by_code(session, area)
            if area is not None and root is None:
                return None
            tree = await areas.every(session) if root is None else await areas.below(session, root.id)
            found = await assess(session, None, area_id=None if root is None else root.id, owner=owner)
        return Report(found=found, tree=tree, language=language)
    finally:
        await engine.dispose()


app.command()(report)
app.add_typer(terrain, name="terrain")


@app.command("compile")
def compile_kernels() -> None:
    """Compile what reckons, where that was not done yet; `up` does so by itself."""
    warm()


if __name__ == "__main__":
    app(prog_name="./qyran coverage")
