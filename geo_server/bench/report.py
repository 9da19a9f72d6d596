"""Runs benches one after the other and tells their figures: JSON lines for programs, a table for people."""

import dataclasses
import os
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import psycopg
from anyio import to_thread
from psycopg import sql
from rich.console import Console
from rich.table import Table

from geo_server.bench import Bench, Figure, Ground
from geo_server.bench.register import BENCHES
from layers.migrations.run import migrate


def chosen(names: Iterable[str]) -> list[Bench]:
    """Return the benches of these names, all where none is named; KeyError with the name that no bench has."""
    by_name = {bench.name: bench for bench in BENCHES}
    return [by_name[name] for name in names] or list(BENCHES)


@asynccontextmanager
async def own_database(cluster_url: str, name: str) -> AsyncIterator[str]:
    """Make a migrated database beside the one named, on the same cluster; drop it at the end, come what may."""
    own = f"qyran_bench_{name}_{os.getpid()}"
    await _command(cluster_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(own)))
    try:
        url = _beside(cluster_url, own)
        await to_thread.run_sync(migrate, url)
        yield url
    finally:
        await _command(cluster_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own)))


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


def _beside(url: str, database: str) -> str:
    """Return the same URL with another database's name in it."""
    head, _, query = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{database}" + (f"?{query}" if query else "")


async def _command(cluster_url: str, command: sql.Composed) -> None:
    connection = await psycopg.AsyncConnection.connect(cluster_url, autocommit=True)
    async with connection:
        await connection.execute(command)
