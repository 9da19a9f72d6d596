"""The command line of Qyran; thin: the doing stands in `geo_server.door` and in the rooms that each command names."""

import os
import sys
import tempfile
import traceback
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from geo_server.door.trouble import SUPERVISED, Trouble

if TYPE_CHECKING:
    from geo_server.door.up import Plan

ROOT = Path(__file__).resolve().parents[1]
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

app = typer.Typer(
    name="./qyran",
    help="Qyran: a GIS-centric situational awareness server. Cameras, incidents and units on one map.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Home = Annotated[Path, typer.Option("--home", envvar="QYRAN_HOME", help="The folder of all state.", show_default="var")]
Port = Annotated[int, typer.Option(envvar="QYRAN_PORT", min=1, max=65535, help="Where people meet the map.")]
IngestPort = Annotated[int, typer.Option(envvar="QYRAN_INGEST_PORT", min=1, max=65535, help="Where machines send.")]
VideoPort = Annotated[
    int, typer.Option(envvar="QYRAN_VIDEO_PORT", min=1, max=65535, help="Where windows get live video.")
]
Demo = Annotated[bool, typer.Option("--demo/--no-demo", help="With the demo's city, life and accounts, or bare.")]
City = Annotated[
    str | None,
    typer.Option(metavar="NAME|FILE.osm.pbf", help="Another city than the demo's: name or extract."),
]
Tls = Annotated[bool, typer.Option("--tls", help="By https; with an own certificate where none is given.")]
TlsCert = Annotated[Path | None, typer.Option(envvar="QYRAN_TLS_CERT", metavar="FILE", help="A certificate, PEM.")]
TlsKey = Annotated[Path | None, typer.Option(envvar="QYRAN_TLS_KEY", metavar="FILE", help="Its key, PEM.")]


@app.command()
def up(
    home: Home = ROOT / "var",
    port: Port = 8080,
    ingest_port: IngestPort = 5055,
    video_port: VideoPort = 5056,
    city: City = None,
    demo: Demo = True,
    tls: Tls = False,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
) -> None:
    """Set up what is missing and run everything, until Ctrl-C."""
    from geo_server.door.up import up as bring_up

    plan = _plan(home, port=port, ingest_port=ingest_port, video_port=video_port, city=city, demo=demo)
    bring_up(replace(plan, tls=tls or tls_cert is not None, tls_cert=tls_cert, tls_key=tls_key))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Set up and run every check and test; further arguments go to pytest, which then runs alone."""
    from geo_server.door.checks import test as check

    raise typer.Exit(check(home.absolute(), context.args))


@app.command()
def doctor(
    home: Home = ROOT / "var", port: Port = 8080, ingest_port: IngestPort = 5055, video_port: VideoPort = 5056
) -> None:
    """List each part, its version and state, and what mends it."""
    from geo_server.door.doctor import doctor as look

    raise typer.Exit(look(_plan(home, port=port, ingest_port=ingest_port, video_port=video_port)))


@app.command()
def fetch(
    home: Home = ROOT / "var", for_tests: Annotated[bool, typer.Option(help="Also what only the tests need.")] = False
) -> None:
    """Fetch the model, the borders and the clip; each file is checked against its pinned checksum."""
    from geo_server.door.up import fetch_files

    fetch_files(home.absolute(), "test" if for_tests else "up")


@app.command()
def migrate(home: Home = ROOT / "var") -> None:
    """Bring the store to the newest shape."""
    from geo_server.door.cluster import store_of
    from geo_server.door.up import standing
    from layers.migrations.run import migrate as bring_forward

    with standing(store_of(home.absolute())) as store:
        bring_forward(store.url())


@app.command()
def serve(home: Home = ROOT / "var") -> None:
    """Run the server alone, on a store that is up; `up` does this for you."""
    _enter(home)
    import_module("geo_server.app").serve()


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(metavar="FILE.osm.pbf")], home: Home = ROOT / "var") -> None:
    """Import a city's roads, buildings, addresses and places from an OpenStreetMap extract."""
    from geo_server.door.up import import_city

    import_city(home.absolute(), file.absolute())


@app.command(context_settings=PASS_ON, add_help_option=False)
def accounts(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Make accounts: `accounts add --help`; `accounts demo` makes those of the demo."""
    _within(home, "geo_server.access.cli", context.args, "./qyran accounts")


@app.command(context_settings=PASS_ON, add_help_option=False)
def areas(context: typer.Context, home: Home = ROOT / "var") -> None:
    """The tree of areas: `areas list`, and how borders move, areas merge and names change."""
    _within(home, "geo_server.territory.cli", context.args, "./qyran areas")


@app.command(context_settings=PASS_ON, add_help_option=False)
def units(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Units that can be sent: `units add --help`, `units list`, `units retire`."""
    _within(home, "geo_server.crews.cli", context.args, "./qyran units")


@app.command(context_settings=PASS_ON, add_help_option=False)
def audit(context: typer.Context, home: Home = ROOT / "var") -> None:
    """The log of looks and acts: `audit verify` says whether it holds; `audit erase` takes personal values out."""
    _within(home, "geo_server.audit.cli", context.args, "./qyran audit")


@app.command(context_settings=PASS_ON, add_help_option=False)
def roads(context: typer.Context, home: Home = ROOT / "var") -> None:
    """The speeds of roads: `roads learn` takes them from recorded tracks; a server does so each night."""
    _within(home, "geo_server.routing.cli", context.args, "./qyran roads")


@app.command(context_settings=PASS_ON, add_help_option=False)
def coverage(context: typer.Context, home: Home = ROOT / "var") -> None:
    """What cameras see of the ground: `coverage reckon` does what waits, `coverage report` writes it down."""
    _within(home, "geo_server.planning.cli", context.args, "./qyran coverage")


@app.command(context_settings=PASS_ON, add_help_option=False)
def register(context: typer.Context, home: Home = ROOT / "var") -> None:
    """The register of cameras: `register import FILE --preview`, `register export FILE.csv`."""
    _within(home, "geo_server.register.cli", context.args, "./qyran register")


@app.command(context_settings=PASS_ON, add_help_option=False)
def bench(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Measure the speed that matters: `bench [NAME] [--json]`, each figure against a floor of the same run."""
    _within(home, "geo_server.bench.cli", context.args, "./qyran bench")


@app.command(context_settings=PASS_ON, add_help_option=False)
def cameras(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Cameras: `cameras discover` finds them, `add` puts one up, `set` changes it, `remove` takes it away."""
    from geo_server.door.other_wing import west

    raise typer.Exit(west(home.absolute(), ["cameras", *context.args]))


@app.command(context_settings=PASS_ON, add_help_option=False)
def ingest(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Run cameras together with other machines: `ingest --cluster head`, `ingest --cluster HOST:PORT`."""
    from geo_server.door.other_wing import join

    raise typer.Exit(join(home.absolute(), context.args))


@app.command(context_settings=PASS_ON, add_help_option=False)
def verify(context: typer.Context) -> None:
    """Verify an export of recordings: `verify PATH [--key KEY]`; it needs no store and no server."""
    from layers import evidence

    sys.exit(evidence.main(context.args))


@app.command(context_settings=PASS_ON, add_help_option=False)
def calibrate(context: typer.Context, home: Home = ROOT / "var") -> None:
    """Find how a camera hangs: `calibrate CAMERA --points FILE [--write]`, `calibrate CAMERA --picture FILE.jpg`."""
    from geo_server.door.other_wing import west

    raise typer.Exit(west(home.absolute(), ["calibrate", *context.args]))


def main() -> None:
    """Run the command line; a failed step is one sentence, never a traceback."""
    try:
        app(prog_name="./qyran")
    except Trouble as trouble:
        _tell(trouble)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if SUPERVISED in os.environ:
            raise  # its words go to a log, where the traceback belongs
        said = str(error).strip().splitlines()
        what = f"Something unforeseen went wrong: {type(error).__name__}{': ' + said[0] if said else ''}"
        _tell(Trouble(what, log=_kept_traceback()))


def _tell(trouble: Trouble) -> NoReturn:
    from geo_server.door.steps import console

    console.print("[bold red]qyran:[/]", end=" ")
    console.print(trouble.what, markup=False, soft_wrap=True)
    for line in (trouble.mend, f"Log: {trouble.log}" if trouble.log else ""):
        if line:
            console.print(f"       {line}", markup=False, soft_wrap=True)
    sys.exit(1)


def _kept_traceback() -> Path | None:
    """Keep the traceback in a file rather than on a person's screen."""
    try:
        file, name = tempfile.mkstemp(prefix="qyran-", suffix=".log")
    except OSError:  # a full disk, perhaps the very cause
        return None
    with os.fdopen(file, "w", encoding="utf-8") as log:
        traceback.print_exc(file=log)
    return Path(name)


def _plan(
    home: Path, *, port: int, ingest_port: int, video_port: int, city: str | None = None, demo: bool = True
) -> "Plan":
    from geo_server.door.up import LOOPBACK, Plan

    host = os.environ.get("QYRAN_HOST", LOOPBACK)
    rtsp = os.environ.get("QYRAN_RTSP_PORT", "8554")
    if not rtsp.isdecimal() or not 0 < int(rtsp) < 2**16:
        raise Trouble(f"QYRAN_RTSP_PORT is no port: {rtsp}.", mend="Give a number, or unset it.")
    return Plan(
        home=home.absolute(),
        port=port,
        ingest_port=ingest_port,
        video_port=video_port,
        rtsp_port=int(rtsp),
        city=city,
        demo=demo,
        host=host,
    )


def _enter(home: Path) -> None:
    """Tell this process where its store is, as `up` tells those it starts."""
    from geo_server.door.cluster import store_of

    url = store_of(home.absolute()).url()
    os.environ.update({"QYRAN_HOME": str(home.absolute()), "QYRAN_DATABASE_URL": url})


def _within(home: Path, module: str, arguments: list[str], name: str) -> None:
    """Hand the arguments on to a room's own commands, on a store that answers."""
    from geo_server.door.cluster import store_of
    from geo_server.door.up import standing

    if {"--help", "-h"} & set(arguments):  # needs no store
        import_module(module).app(arguments, prog_name=name)
    with standing(store_of(home.absolute())):
        _enter(home)
        import_module(module).app(arguments, prog_name=name)


if __name__ == "__main__":
    main()
