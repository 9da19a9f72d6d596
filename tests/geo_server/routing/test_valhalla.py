"""Valhalla, on the same extract at the same speeds, puts the same five first."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import valhalla

from geo_server.door.cluster import Store
from geo_server.routing import road_graph
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.router import Stands
from ingest.city.generate import generate
from ingest.city.importer import import_city
from layers.database import engine_for, visit
from layers.roads import queries as roads
from layers.roads.classes import code_of
from layers.values import LonLat

CASES, UNITS, FIRST = 60, 30, 5
KMH = 36.0  # on every road of both
TIE_M = 3.0  # Valhalla rounds metres: two units as near as that may stand in either order


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("valhalla") / "small.osm.pbf"
    generate(file, size="small")
    return file


@pytest.fixture(scope="module")
def ours(store: Store, template: str, extract: Path) -> Iterator[RoadRouter]:
    name = f"valhalla_{template[-8:]}"
    store.create_database(name, template)
    import_city(store.url(name), extract, quiet=True)
    graph = asyncio.run(_graph(store.url(name)))
    yield RoadRouter.over(graph).timed(np.full(2 * len(graph.road_ids), KMH))
    store.drop_database(name)


@pytest.fixture(scope="module")
def theirs(extract: Path) -> Any:
    """Valhalla over tiles of its own; every pair by its exact search, not by the quick one that gives up early."""
    folder = extract.parent
    (folder / "tiles").mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=str(folder / "tiles"), verbose=False)
    for name in ("tile_extract", "admin", "timezone"):
        config["mjolnir"].pop(name, None)
    config["mjolnir"]["concurrency"] = 1
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    (folder / "config.json").write_text(json.dumps(config))
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    build.chmod(0o755)
    subprocess.run([build, "-c", folder / "config.json", extract], check=True, capture_output=True, cwd=folder)
    return valhalla._valhalla._Actor(str(folder / "config.json"))


async def _graph(url: str) -> road_graph.RoadGraph:
    engine = engine_for(url, size=1)
    async with visit(engine) as session:
        rows, turns = await roads.graph(session), await roads.restrictions(session)
    await engine.dispose()
    return road_graph.build(rows, turns)


def test_the_first_five_are_the_same_in_nine_of_ten_random_cases(ours: RoadRouter, theirs: Any) -> None:
    rng = np.random.default_rng(5)
    same = [_same(ours, theirs, _place(ours, rng), [_place(ours, rng) for _ in range(UNITS)]) for _ in range(CASES)]
    assert np.mean(same) >= 0.9


def _same(ours: RoadRouter, theirs: Any, goal: LonLat, units: list[LonLat]) -> bool:
    """At one speed for all the order by time is the order by metres, which both can tell without turning costs."""
    mine = {unit: s * KMH / 3.6 for unit, s in ours.times(goal, Stands.of(list(enumerate(units))), UNITS)}
    other = _metres(theirs, goal, units)
    first, wanted = (sorted(one, key=one.__getitem__)[:FIRST] for one in (mine, other))
    return all(a == b or abs(mine[a] - mine[b]) <= TIE_M for a, b in zip(first, wanted, strict=True))


def _metres(theirs: Any, goal: LonLat, units: list[LonLat]) -> dict[int, float]:
    options = {"shortest": True, "private_access_penalty": 0, "service_penalty": 0}
    asked = {
        "sources": [{"lon": unit.lon, "lat": unit.lat, "radius": 0} for unit in units],
        "targets": [{"lon": goal.lon, "lat": goal.lat, "radius": 0}],
        "costing": "auto",
        "costing_options": {"auto": options},
    }
    rows = [row[0] for row in json.loads(theirs.matrix(json.dumps(asked)))["sources_to_targets"]]
    return {row["from_index"]: 1000 * row["distance"] for row in rows if row["distance"] is not None}


def _place(ours: RoadRouter, rng: np.random.Generator) -> LonLat:
    """A place on a street; of yards and tracks Valhalla takes others than we do."""
    graph = ours.graph
    road = rng.choice(np.flatnonzero(~np.isin(graph.road_class, [code_of("service"), code_of("track")])))
    at, share = int(rng.integers(graph.offsets[road], graph.offsets[road + 1] - 1)), rng.uniform(0.3, 0.7)
    lon, lat = (float(axis[at] * (1 - share) + axis[at + 1] * share) for axis in (graph.lon, graph.lat))
    return LonLat(lon=lon, lat=lat)
