"""`python -m ingest …`: the west wing's processes. Each command imports what it needs only when it runs."""

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

ROOMS = {
    "city": "ingest.city.cli",
    "models": "ingest.models.cli",
    "demo": "ingest.demo.cli",
    "cameras": "ingest.onvif.cli",
}
Home = Annotated[Path | None, typer.Option(help="The folder of all state; QYRAN_HOME names it too.")]


class Wing(TyperGroup):
    """The commands below, and the rooms that bring commands of their own, loaded when they are named."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return every name, the rooms last."""
        return [*super().list_commands(ctx), *ROOMS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, a room's with the name it has here; None where there is none."""
        if cmd_name not in ROOMS:
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(import_module(ROOMS[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=Wing, help="Qyran, what comes in.", no_args_is_help=True, add_completion=False)


@app.command()
def serve(
    home: Home = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The door's port; 0 takes a free one.")] = None,
    cameras: Annotated[
        bool, typer.Option(help="Run the cameras beside the door, those whose pictures are posted to it as well.")
    ] = True,
) -> None:
    """Open the door for machines and run the cameras, until stopped."""
    import uvloop

    from ingest import serve as serving
    from ingest.settings import settings_for
    from layers.hosts import authority
    from layers.logs import configure

    configure("ingest")
    settings = settings_for(home)
    asked = settings.ingest_port if port is None else port
    try:
        opened = serving.listen(settings.host, asked)
    except OSError as error:
        where, why = authority(settings.host, asked), error.strerror or error
        typer.echo(f"The door for machines cannot open on {where}: {why}.", err=True)
        raise typer.Exit(1) from None
    uvloop.run(serving.serve(settings, opened, cameras=cameras))


@app.command(hidden=True)
def shard(name: str, home: Home = None, shared: Annotated[bool, typer.Option("--shared")] = False) -> None:
    """Run the cameras that stdin names, in this process; started by `serve`, one a core."""
    import structlog
    import uvloop

    from ingest.settings import settings_for
    from ingest.shards.child import run_shard
    from ingest.shards.limits import ABANDONED_S, limit_process
    from layers.database import engine_for
    from layers.logs import configure

    limit_process()
    configure(name)
    settings = settings_for(home)
    engine = engine_for(settings.database_url, abandoned_s=ABANDONED_S)
    try:
        uvloop.run(run_shard(engine, settings.home, name, shared=shared))
    except Exception as error:  # noqa: BLE001 - whatever ends a shard is told in its log, and it begins anew
        structlog.get_logger().error("shard_failed", exc_info=error)
        raise typer.Exit(1) from None


@app.command("join")
def join_(
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="HOST:PORT of the cluster's head, one address: a head that begins elsewhere takes it along. "
            "`head`: this machine is the head.",
        ),
    ],
    home: Home = None,
    node: Annotated[
        str, typer.Option(metavar="HOST", help="This machine's address, at which the others reach it.")
    ] = "127.0.0.1",
    cores: Annotated[
        int | None, typer.Option(min=0, max=1024, help="How many cores are for video, a shard each; all of them.")
    ] = None,
) -> None:
    """Run cameras together with other machines, until stopped."""
    import os

    from ingest.cluster import joining
    from ingest.cluster.engine import NoCluster
    from ingest.settings import settings_for
    from layers.logs import configure

    configure("cluster")
    shards = (os.cpu_count() or 1) if cores is None else cores
    try:
        joining.run(settings_for(home), joining.joining(cluster, node, shards))
    except NoCluster as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def footage(
    home: Home = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The door's port; 0 takes a free one.")] = None,
) -> None:
    """Open the door for video and take over the main streams that are watched, until stopped."""
    import uvloop

    from ingest.footage import serve as showing
    from ingest.serve import listen
    from ingest.settings import settings_for
    from ingest.shards.limits import limit_process
    from layers.hosts import authority
    from layers.logs import configure

    configure("footage")
    limit_process(memory_bytes=showing.MEMORY_BYTES, nicer=0)
    showing.hush()
    settings = settings_for(home)
    asked = settings.video_port if port is None else port
    try:
        opened = listen(settings.host, asked)
    except OSError as error:
        where, why = authority(settings.host, asked), error.strerror or error
        typer.echo(f"The door for video cannot open on {where}: {why}.", err=True)
        raise typer.Exit(1) from None
    uvloop.run(showing.Showing(settings).run(opened))


@app.command()
def areas(home: Home = None) -> None:
    """Write the Republic, its first-level areas and Almaty's districts."""
    from ingest.city.cli import areas as write
    from ingest.settings import settings_for

    write(settings_for(home).home)


@app.command()
def bench_positions(home: Home = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Measure durable positions a second against psql, in a database of its own beside QYRAN_DATABASE_URL's."""
    from ingest.bench_positions import figures
    from ingest.settings import settings_for

    _tell(figures(settings_for(home).database_url), as_json)


@app.command()
def bench_detect(home: Home = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Measure the pipeline's frames a second against the bare model."""
    figures = import_module("ingest.bench_detect").figures
    from ingest.settings import settings_for

    _tell(figures(settings_for(home).home), as_json)


@app.command()
def bench_video(home: Home = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Measure how many cameras one core carries, over real RTSP."""
    figures = import_module("ingest.bench_video").figures
    from ingest.settings import settings_for

    _tell(figures(settings_for(home).home), as_json)


@app.command()
def measure(names: Annotated[list[str] | None, typer.Argument()] = None, home: Home = None) -> None:
    """Watch the clips that functions are measured on, all or those named, and write the figures on their cards."""
    from ingest.settings import settings_for

    import_module("ingest.measuring.cli").run(names or [], settings_for(home).home)


@app.command()
def functions() -> None:
    """Write data/functions.json, the functions of cameras as the server knows them, from the register."""
    described = import_module("ingest.detectors.described")
    described.FILE.write_text(described.described(), encoding="utf-8")


@app.command()
def calibrate(
    camera: Annotated[str, typer.Argument(metavar="CAMERA", help="The camera's code.")],
    points: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Control points, .csv or .json: x, y, lon, lat[, elevation_m].")
    ] = None,
    preset: Annotated[str | None, typer.Option(metavar="TOKEN", help="One preset of a PTZ camera.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Store it in the camera's row.")] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.jpg", help="Take a picture of what the camera sees, to click in.")
    ] = None,
    home: Home = None,
) -> None:
    """Find how a camera hangs by control points; print how far off each is; store it with --write."""
    import asyncio

    from ingest import calibrating
    from ingest.settings import settings_for

    asked = calibrating.Asked(camera=camera, points=points, preset=preset, write=write, picture=picture)
    try:
        asyncio.run(calibrating.run(settings_for(home), asked))
    except calibrating.REFUSALS as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


@app.command()
def bench_clock() -> None:
    """Serve a camera that shows the time over RTSP until stopped, for the bench of live video."""
    import_module("ingest.bench_clock").run()


@app.command()
def bench_recording(home: Home = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Measure a core's time for each recorded camera and second against the plain file."""
    del home  # as the other benches are called
    figures = import_module("ingest.bench_recording").figures
    _tell(figures(), as_json)


def _tell(figures: list[dict[str, Any]], as_json: bool) -> None:
    for figure in figures:
        if as_json:
            typer.echo(json.dumps(figure))
        else:
            ratio = f", {figure['ratio']} of the floor {figure['floor']}" if figure.get("ratio") else ""
            typer.echo(f"{figure['name']}: {figure['value']} {figure['unit']}{ratio}")


def main() -> None:
    """Run the command line; wrong settings are one sentence, never a traceback."""
    from ingest.settings import WrongSettings

    try:
        app(prog_name="python -m ingest")
    except WrongSettings as wrong:
        typer.echo(str(wrong), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
