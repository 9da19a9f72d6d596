"""`./qyran bench [NAME …] [--json]`: measure, and say what holds."""

import asyncio
import sys
from typing import Annotated

import structlog
import typer

from geo_server.bench import report
from geo_server.bench.register import BENCHES
from geo_server.settings import settings_told

app = typer.Typer(add_completion=False)
NAMES = ", ".join(bench.name for bench in BENCHES)


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]…", help=f"{NAMES}; all where none is named.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line: one figure.")] = False,
) -> None:
    """Measure the speed that matters; each figure stands beside a floor of the same run."""
    try:
        benches = report.chosen(names or [])
    except KeyError as unknown:
        typer.echo(f"There is no bench {unknown.args[0]}; there are {NAMES}.", err=True)
        raise typer.Exit(2) from unknown
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # what is read stands alone
    settings = settings_told()
    run = report.run(benches, database_url=settings.database_url, home=settings.home, as_json=as_json)
    if not asyncio.run(run):
        raise typer.Exit(1)
