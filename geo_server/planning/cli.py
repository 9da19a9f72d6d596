"""`./qyran coverage …`: what cameras see of the ground is reckoned."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from geo_server.planning.engine import NoCluster, on_cluster, on_this_machine
from geo_server.planning.warming import warm
from geo_server.planning.working import NotReckoned, work_off
from geo_server.settings import settings_told
from layers import logs
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


@app.command("compile")
def compile_kernels() -> None:
    """Compile what reckons, where that was not done yet; `up` does so by itself."""
    warm()


if __name__ == "__main__":
    app(prog_name="./qyran coverage")
