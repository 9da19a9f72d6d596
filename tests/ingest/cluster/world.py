"""A cluster of three nodes on this machine's loopback, with cameras that see something move all the time."""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
import psycopg

from ingest.cluster import keeping
from ingest.cluster.engine import NAMESPACE, QUIET, VIDEO, engine
from ingest.cluster.wire import Alive
from tests.ingest.cluster.way import Way

ROOT = Path(__file__).parents[3]
SIZE, FPS, SECONDS = (160, 120), 10, 2
RULE = {
    "function": "zone_motion",
    "settings": {"zone": [[0, 0], [160, 0], [160, 120], [0, 120]], "dwell_s": 0.0, "cooldown_s": 0.2, "by": "motion"},
}
NODE: dict[str, Any] = {
    "num_cpus": 1,
    "resources": {VIDEO: 1},
    "object_store_memory": 80 * 2**20,
    "node_ip_address": "127.0.0.1",
    "include_dashboard": False,
}
# the last: Ray takes this machine's loopback for a node's address
TOLD = {**QUIET, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "a" * 64, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
T = TypeVar("T")


def draw_clip(path: Path) -> None:
    """A bright square that runs to and fro on black."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(FPS * SECONDS):
            picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
            left = 10 + 12 * min(number, FPS * SECONDS - number)
            picture[40:80, left : left + 30] = 255
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode())


def put_up(link: "psycopg.Connection[Any]", cameras: int) -> None:
    link.execute(
        """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, rules, fps_limit, geom)
           SELECT 'C-' || n, 'а', 'б', 'c', 'clip.mp4', 'video_file', %s, 10, ST_SetSRID(ST_MakePoint(76.9, 43.2), 4326)
             FROM generate_series(1, %s) n""",
        (json.dumps([RULE]), cameras),
    )


def until(holds: Callable[[], T], seconds: float = 180) -> T:
    """Ask until the answer is something."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come in time")


def below(pid: int) -> list[int]:
    """Return a process and all that it started, and they."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        children[int(told[1])].append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found.extend(children[one])
    return found


def signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


@dataclass
class World:
    """The nodes, the store, what the shards' logs tell, and the way on which one of the nodes reaches the store."""

    cluster: Any
    link: "psycopg.Connection[Any]"
    logs: Path
    way: Way
    nodes: dict[str, Any] = field(default_factory=dict)

    def add_node(self, **told: str) -> str:
        node = self.cluster.add_node(**NODE, env_vars=told)
        self.nodes[node.node_id] = node
        return str(node.node_id)

    def shards(self) -> list[Alive]:
        """Return those that the keeper knows to live; none while there is no keeper, or it is only beginning."""
        try:
            found: list[Alive] = engine().get(keeping.keeper().shards.remote(), timeout=30)
        except (engine().exceptions.RayActorError, engine().exceptions.GetTimeoutError):
            return []
        return found

    def leases(self) -> dict[int, tuple[str, int]]:
        rows = self.link.execute("SELECT camera_id, shard, epoch FROM camera_lease").fetchall()
        return {camera: (shard, epoch) for camera, shard, epoch in rows}

    def of(self, shard: str) -> dict[int, int]:
        """Return what a shard holds: epochs by camera."""
        return {camera: epoch for camera, (holder, epoch) in self.leases().items() if holder == shard}

    def told(self) -> set[tuple[int, int]]:
        """Return each camera with each epoch that an event of it stands under."""
        asked = "SELECT DISTINCT camera_id, split_part(source_event_id, '.', 1)::bigint FROM event"
        return {(camera, epoch) for camera, epoch in self.link.execute(asked)}

    def tell_again(self, epochs: dict[int, int]) -> bool:
        """Say whether each of these cameras has told under a later epoch."""
        told = self.told()
        return all(any(camera == one and later > epoch for one, later in told) for camera, epoch in epochs.items())

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of this name in the logs of all that ran on any node; a dead process's stay."""
        lines = (line for file in self.logs.glob("worker-*.err") for line in file.read_text().splitlines())
        return [json.loads(line) for line in lines if line.startswith("{") and f'"event": "{event}"' in line]

    def acknowledged(self) -> list[int]:
        """Return the id of every event whose report returned."""
        return [int(line["event_id"]) for line in self.logged("event_written")]


@contextmanager
def world(database_url: str, owner_url: str, home: Path, told: Callable[[str, str], None]) -> Iterator[World]:
    own = {"QYRAN_DATABASE_URL": database_url, "QYRAN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    for name, value in {**TOLD, **own}.items():
        told(name, value)
    ray = engine()
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    try:
        with psycopg.connect(owner_url, autocommit=True) as link:
            logs = Path(cluster.head_node.get_session_dir_path()) / "logs"
            made = World(cluster, link, logs, Way(home / "way", database_url))
            made.add_node(), made.add_node(QYRAN_DATABASE_URL=made.way.url(database_url))
            ray.init(address=cluster.address, namespace=NAMESPACE, log_to_driver=False, logging_level="error")
            yield made
    finally:
        ray.shutdown()
        cluster.shutdown()
