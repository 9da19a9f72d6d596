"""Tiles that are reckoned on a Ray cluster are those that this machine's processes reckon, to the byte."""

import multiprocessing
import os
import pickle
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo_server.planning.engine import NoCluster, on_cluster, on_this_machine
from geo_server.planning.ground import Ground
from geo_server.planning.laying import TILE_M, box_of
from geo_server.planning.reckoning import reckoned
from layers.coverage.schema import Buildings, Looking, Point, Standing, Stirred

ROOT = Path(__file__).parents[3]
GRID = Ground(epsg=32643)
TILES = [Stirred(id=n, epsg=32643, col=163 + n, row=1197, stirred_at=None, job_id=None) for n in (1, 2)]


def in_degrees(*shapes: shapely.Geometry) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return GRID.in_degrees(np.array([*shapes, None], dtype=object)[:-1])


def standing(tile: Stirred) -> Standing:
    """A camera, a house before it, a street past it, and an incident there."""
    box = box_of(tile.col, tile.row)
    east, north = box.west + TILE_M / 2, box.south + TILE_M / 2
    spot, street, area, house = in_degrees(
        shapely.Point(east, north),
        shapely.LineString([(east - 200, north + 30), (east + 200, north + 30)]),
        shapely.box(box.west, box.south, box.east, box.north),
        shapely.box(east - 10, north + 40, east + 10, north + 50),
    )
    lon, lat = shapely.get_coordinates(spot)[0].tolist()
    camera = Looking(
        id=tile.id, owner_kind="state", lon=lon, lat=lat, height_m=6.0, range_m=120.0, width_px=1920, height_px=1080,
        heading_deg=0.0, tilt_deg=12.0, roll_deg=0.0, hfov_deg=70.0, facts={},
    )  # fmt: skip
    return Standing(
        cameras=[camera],
        presets=[],
        buildings=Buildings.of(shapely.to_wkb(shapely.geometrycollections([house])), [9.0], [None]),
        grounds=[(1, shapely.to_wkb(area))],
        streets=[shapely.to_wkb(street)],
        points=[Point("incidents", lon, lat, "theft", 3)],
    )


def told_by(workers: Executor) -> list[bytes]:
    with workers:
        under_way = [workers.submit(reckoned, tile, standing(tile)) for tile in TILES]
        return [pickle.dumps(one.result(timeout=120)) for one in under_way]


def told_by_a_cluster() -> list[bytes]:
    """Run in a process of its own: Ray asks once a process by which token clusters open."""
    told = {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    os.environ.update(told)
    from ray.cluster_utils import Cluster  # it reads the environment

    node = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": 80 * 2**20}
    made = Cluster(initialize_head=True, head_node_args={**node, "node_ip_address": "127.0.0.1"})
    try:
        return told_by(on_cluster(str(made.address)))
    finally:
        made.shutdown()


def test_a_cluster_tells_what_this_machine_tells() -> None:
    here = told_by(on_this_machine(1))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        assert apart.submit(told_by_a_cluster).result(timeout=240) == here and here[0] != here[1]
    assert pickle.loads(here[0]).gaps and pickle.loads(here[0]).coverage


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere.invalid:6379"])
def test_where_no_cluster_answers_that_is_said(address: str) -> None:
    with pytest.raises(NoCluster, match=f"There is no cluster at {address}"):
        on_cluster(address)


@pytest.mark.parametrize("address", ["nowhere", "10.0.0.1:", ":6379", "10.0.0.1:99999", ""])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(NoCluster, match="HOST:PORT"):
        on_cluster(address)
