"""`python -m ingest demo seed|register|live`: fill the imported city, and let it live."""

from pathlib import Path
from typing import Annotated

import typer
import uvloop
from sqlalchemy.exc import OperationalError

from ingest.demo import seed as seeding
from ingest.demo.live import LiveSettings, live
from ingest.demo.supervise import reason
from ingest.settings import told
from layers.database import engine_for
from layers.logs import configure

app = typer.Typer(help="The demo: a city that lives by itself.", no_args_is_help=True)
Home = Annotated[Path | None, typer.Option(help="The folder of all state.")]


def _settings(home: Path | None) -> LiveSettings:
    return told(LiveSettings, home)


@app.command("seed")
def seed_command(home: Home = None) -> None:
    """Fill the imported city with units, cameras and a past; run again, it changes nothing."""
    try:
        seeded = uvloop.run(_seed(_settings(home)))
    except (LookupError, ValueError, OSError, OperationalError) as error:
        typer.echo(f"The demo could not be seeded: {reason(error)}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"demo: {seeding.summary(seeded)}")


@app.command("register")
def register_command(home: Home = None) -> None:
    """Fill the register with cameras that have no stream here; run again, it changes nothing."""
    try:
        new = uvloop.run(_register(_settings(home)))
    except (OSError, OperationalError) as error:
        typer.echo(f"The demo's register could not be filled: {reason(error)}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"demo: {new} new cameras in the register")


@app.command("live")
def live_command(home: Home = None) -> None:
    """Let cameras, traffic, calls and crews live until stopped."""
    configure("demo")
    uvloop.run(_live(_settings(home)))


async def _seed(settings: LiveSettings) -> seeding.Seeded:
    engine = engine_for(settings.database_url, size=2)
    try:
        return await seeding.seed(engine, settings.home, say=typer.echo)
    finally:
        await engine.dispose()


async def _register(settings: LiveSettings) -> int:
    engine = engine_for(settings.database_url, size=2)
    try:
        return await seeding.seed_register(engine)
    finally:
        await engine.dispose()


async def _live(settings: LiveSettings) -> None:
    engine = engine_for(settings.database_url, size=2)
    try:
        await live(settings, engine)
    finally:
        await engine.dispose()
