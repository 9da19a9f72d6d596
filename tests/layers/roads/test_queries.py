from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.exc import IntegrityError

from ingest.city.generate import generate
from ingest.city.importer import import_city
from layers.database import Session
from layers.roads import queries as roads

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
async def test_a_closure_is_in_force_until_its_hour_or_until_it_is_ended(session: Session) -> None:
    road_id = int((await roads.graph(session)).id[0])
    later = datetime.now(UTC) + timedelta(hours=1)
    ended = await roads.close(session, road_id, reason="fire", closed_by="planner", opens_at=None)
    until = await roads.close(session, road_id, reason="works", closed_by="planner", opens_at=later)
    past = later - timedelta(hours=2)
    await roads.close(session, road_id, reason="over", closed_by="planner", opens_at=past)
    assert [c.id for c in await roads.closures(session)] == [ended, until]
    assert await roads.open_again(session, ended)
    assert not await roads.open_again(session, ended)
    assert [(c.road_id, c.reason, c.opens_at) for c in await roads.closures(session)] == [(road_id, "works", later)]


async def test_a_road_that_is_not_there_cannot_be_closed(session: Session) -> None:
    with pytest.raises(IntegrityError):
        await roads.close(session, 1, reason="fire", closed_by="planner", opens_at=None)
