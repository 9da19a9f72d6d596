"""`python -m ingest city …`: the tree of areas, the demo city, and the import of any city."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console

from ingest.city import errors
from ingest.city.areas import load_areas
from ingest.city.generate import Size
from ingest.city.generate import generate as generate_city
from ingest.city.importer import import_city

app = typer.Typer(help="Fill the ground of the map.", no_args_is_help=True)
console = Console(stderr=True)

Home = Annotated[Path, typer.Option(help="The folder of all state.", envvar="QYRAN_HOME")]


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Show a refusal as its sentence and leave with 1."""
    try:
        yield
    except errors.CityRefused as refused:
        console.print(f"[red]{refused}", soft_wrap=True)
        raise typer.Exit(1) from refused


def _database_url() -> str:
    url = os.environ.get("QYRAN_DATABASE_URL", "")
    if not url:
        raise errors.NoStore("QYRAN_DATABASE_URL names none; `./qyran` sets it, or set it by hand")
    return url


@app.command()
def areas(home: Home = Path("var")) -> None:
    """Write the Republic, its 20 first-level areas and Almaty's districts."""
    with _one_sentence():
        try:
            with psycopg.connect(_database_url()) as connection:
                written = load_areas(connection, home / "fetched" / "kz-adm1.geojson")
        except psycopg.Error as error:
            raise errors.NoStore(str(error).strip().partition("\n")[0]) from error
    console.print(f"{written} areas written." if written else "The areas are already there.")


@app.command()
def generate(
    seed: Annotated[int, typer.Option(min=0, max=999, help="The same seed gives the same city.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Write the .osm.pbf there and do not import it.")] = None,
    size: Annotated[Size, typer.Option(help="The whole city, or a few streets of it.")] = Size.FULL,
    home: Home = Path("var"),
) -> None:
    """Make the demo city and import it; the file stays in HOME/cities."""
    path = out or home / "cities" / (f"demo-{seed}.osm.pbf" if size == Size.FULL else f"demo-{seed}-{size}.osm.pbf")
    with _one_sentence():
        if out is not None or not path.exists():
            started = time.monotonic()
            generate_city(path, seed=seed, size=size)
            console.print(f"{path} made in {time.monotonic() - started:.1f} s.", soft_wrap=True)
        if out is None:
            _import(path, f"Qyran demo {seed}", home)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="Any OpenStreetMap extract, .osm.pbf.")],
    name: Annotated[str | None, typer.Option(help="What to call the city; the file's own name by default.")] = None,
    home: Home = Path("var"),
) -> None:
    """Import a city from an OpenStreetMap extract."""
    with _one_sentence():
        _import(file, name, home)


def _import(path: Path, name: str | None, home: Path) -> None:
    scratch = home if home.is_dir() else None
    done = import_city(_database_url(), path, name=name, scratch=scratch)
    if done.already_there:
        console.print(f"{done.name} is already there.")
        return
    done.report.show(console, f"{done.name}, imported in {done.report.seconds:.1f} s")


if __name__ == "__main__":
    app()
