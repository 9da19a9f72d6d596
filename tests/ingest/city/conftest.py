"""Small worlds for the importer: written by hand as files, or made by the generator."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import osmium
import psycopg
import pytest
from osmium.osm.mutable import Node, Relation, Way

from ingest.city.generate import generate

Made = Callable[..., Path]


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city's few streets, seed 1."""
    path = tmp_path_factory.mktemp("city") / "small.osm.pbf"
    generate(path, seed=1, size="small")
    return path


@pytest.fixture
def world(tmp_path: Path) -> Made:
    """A maker of files: `world(nodes={1: (lon, lat)}, ways={10: ([1, 2], tags)}, relations=…, node_tags=…)`."""

    def make(
        nodes: dict[int, tuple[float, float]],
        ways: dict[int, tuple[Sequence[int], dict[str, str]]],
        *,
        node_tags: dict[int, dict[str, str]] | None = None,
        relations: dict[int, tuple[list[tuple[str, int, str]], dict[str, str]]] | None = None,
        name: str = "world.osm.pbf",
    ) -> Path:
        path = tmp_path / name
        writer = osmium.SimpleWriter(str(path), overwrite=True)
        for i, spot in sorted(nodes.items()):
            writer.add_node(Node(id=i, location=spot, tags=(node_tags or {}).get(i)))
        for i, (refs, tags) in sorted(ways.items()):
            writer.add_way(Way(id=i, nodes=list(refs), tags=tags))
        for i, (members, tags) in sorted((relations or {}).items()):
            writer.add_relation(Relation(id=i, members=members, tags=tags))
        writer.close()
        return path

    return make


@pytest.fixture
def rows(database_url: str) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Ask the store in SQL."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield lambda statement, *values: connection.execute(statement, values).fetchall()
