"""A database of its own for each bench, and for each part of one that writes a city."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from anyio import to_thread
from psycopg import sql

from layers.migrations.run import migrate


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


def _beside(url: str, database: str) -> str:
    """Return the same URL with another database's name in it."""
    head, _, query = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{database}" + (f"?{query}" if query else "")


async def _command(cluster_url: str, command: sql.Composed) -> None:
    connection = await psycopg.AsyncConnection.connect(cluster_url, autocommit=True)
    async with connection:
        await connection.execute(command)
