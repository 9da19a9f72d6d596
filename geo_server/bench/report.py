"""Runs benches one after the other and tells their figures: JSON lines for programs, a table for people."""

import dataclasses
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from geo_server.bench import Bench, Figure, Ground
from geo_server.bench.register import BENCHES
from geo_server.bench.stores import own_database


def chosen(names: Iterable[str]) -> list[Bench]:
    """Return the benches of these names, all where none is named; KeyError with the name that no bench has."""
    by_name = {bench.name: bench for bench in BENCHES}
    return [by_name[name] for name in names] or list(BENCHES)


async def run(benches: Sequence[Bench], *, database_url: str, home: Path, as_json: bool) -> bool:
    """Run and tell; False where a figure does not hold what was asked."""
    told: list[Figure] = []
    for bench in benches:
        print(f"{bench.name}: {bench.about} …", file=sys.stderr, flush=True)
        async with own_database(database_url, bench.name) as url:
            figures = await bench.run(Ground(database_url=url, home=home))
        if as_json:
            for figure in figures:
                print(as_line(figure), flush=True)
        told.extend(figures)
    if not as_json:
        Console().print(as_table(told))
    return all(figure.holds is not False for figure in told)


def as_line(figure: Figure) -> str:
    """Return one figure as one line of JSON: name, value, unit, floor, ratio, asked, holds."""
    return orjson.dumps(dataclasses.asdict(figure)).decode()


def as_table(figures: Iterable[Figure]) -> Table:
    """Return the figures as a table for a terminal."""
    table = Table("figure", "value", "unit", "floor", "ratio", "asked", "holds")
    for figure in figures:
        holds = {True: "[green]yes", False: "[red]no", None: ""}[figure.holds]
        numbers = [_number(n) for n in (figure.value, figure.floor, figure.ratio)]
        table.add_row(figure.name, numbers[0], figure.unit, numbers[1], numbers[2], figure.asked or "", holds)
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
