from pathlib import Path

import numpy as np
import pytest

from ingest.city.generate import generate
from ingest.city.importer import import_city
from layers.database import Session
from layers.roads import queries as roads
from layers.roads.classes import CLASSES

pytestmark = pytest.mark.anyio


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> None:
    generate(tmp_path / "small.osm.pbf", size="small")
    import_city(database_url, tmp_path / "small.osm.pbf", quiet=True)


async def test_a_store_without_roads_has_an_empty_graph(session: Session) -> None:
    graph = await roads.graph(session)
    assert len(graph.id) == len(graph.lon) == 0
    assert graph.offsets.tolist() == [0]
    assert len((await roads.restrictions(session)).via_node) == 0


@pytest.mark.usefixtures("city")
async def test_the_graph_holds_every_segment_with_its_line(session: Session) -> None:
    graph = await roads.graph(session)
    assert len(graph.id) == await roads.count(session) > 300
    assert graph.offsets[-1] == len(graph.lon) == len(graph.lat)
    assert (np.diff(graph.offsets) >= 2).all()
    assert (graph.forward | graph.backward).all()
    assert (np.diff(graph.id) > 0).all()


@pytest.mark.usefixtures("city")
async def test_segments_that_share_a_node_share_its_place(session: Session) -> None:
    graph = await roads.graph(session)
    first, last = graph.offsets[:-1], graph.offsets[1:] - 1
    nodes = np.concatenate([graph.from_node, graph.to_node])
    places = np.column_stack([graph.lon, graph.lat])[np.concatenate([first, last])]
    assert len(np.unique(np.column_stack([nodes, places]), axis=0)) == len(np.unique(nodes))


@pytest.mark.usefixtures("city")
async def test_restrictions_lie_between_two_segments_at_their_node(session: Session) -> None:
    graph, turns = await roads.graph(session), await roads.restrictions(session)
    assert len(turns.via_node) > 0
    for road_ids in (turns.from_road_id, turns.to_road_id):
        at = np.searchsorted(graph.id, road_ids)
        assert ((graph.from_node[at] == turns.via_node) | (graph.to_node[at] == turns.via_node)).all()


@pytest.mark.usefixtures("city")
async def test_a_segment_knows_its_class_and_its_area(session: Session) -> None:
    graph = await roads.graph(session)
    assert {CLASSES[code] for code in np.unique(graph.road_class).tolist()} >= {"primary", "residential"}
    assert (graph.area_id > 0).all()


@pytest.mark.usefixtures("city")
async def test_what_was_learned_is_read_by_its_band_and_replaces_what_was_known(session: Session) -> None:
    first, second = (int(road) for road in (await roads.graph(session)).id[:2])
    assert await roads.learned_at(session) is None
    await roads.learn(session, speeds((first, 0, 8, 20.0), (first, 1, 9, 30.0)))
    await roads.learn(session, speeds((first, 0, 8, 25.0), (second, 1, 8, 15.0)))
    found = await roads.speeds(session, 8)
    assert sorted(zip(found.road_id.tolist(), found.direction.tolist(), found.speed_kmh.tolist(), strict=True)) == [
        (first, 0, 25.0),
        (second, 1, 15.0),
    ]
    assert len((await roads.speeds(session, 9)).road_id) == 0
    assert await roads.learned_at(session) is not None


def speeds(*rows: tuple[int, int, int, float]) -> roads.Speeds:
    road_id, direction, band, kmh = zip(*rows, strict=True)
    return roads.Speeds(
        road_id=np.array(road_id),
        direction=np.array(direction, dtype=np.int8),
        band=np.array(band, dtype=np.int8),
        speed_kmh=np.array(kmh),
        samples=np.full(len(rows), 7),
    )
