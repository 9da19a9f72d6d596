"""Three nodes of a real cluster: one is killed, a shard is paused, the keeper dies; cameras go on, events are counted.

The tests share one cluster and follow each other.
"""

import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_server.door.cluster import Store
from layers.database import INGEST, as_role
from tests.ingest.cluster.world import World, below, draw_clip, put_up, signal_all, until, world

CAMERAS = 6
MOVED_S = 15.0  # the promise: a dead node's cameras tell again within so long


@pytest.fixture(scope="module")
def among(store: Store, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("home")
    draw_clip(home / "clip.mp4")
    name = f"test_{uuid.uuid4().hex[:8]}"
    store.create_database(name, template)
    with pytest.MonkeyPatch.context() as patch:
        url = store.url(name)
        with world(as_role(url, INGEST), url, home, patch.setenv) as made:
            put_up(made.link, CAMERAS)
            until(lambda: even(made, 3) and len({camera for camera, _ in made.told()}) == CAMERAS)
            yield made
    store.drop_database(name)


def even(made: World, shards: int) -> bool:
    """Say whether so many living shards carry alike and hold everything."""
    alive = {shard.name for shard in made.shards()}
    carried = Counter(shard for shard, _ in made.leases().values())
    return alive == carried.keys() and sorted(carried.values()) == [CAMERAS // shards] * shards


def check_counted(made: World) -> None:
    """Nothing that was acknowledged is lost, nothing is doubled, and no shard told after a later one had begun to."""
    acknowledged = made.acknowledged()
    rows = made.link.execute("SELECT id, camera_id, source_event_id FROM event ORDER BY id").fetchall()
    assert acknowledged and set(acknowledged) <= {row[0] for row in rows}
    assert len(set(acknowledged)) == len(acknowledged)
    assert len({row[2].partition(".")[2] for row in rows}) == len(rows)
    for camera in made.leases():
        epochs = [int(row[2].partition(".")[0]) for row in rows if row[1] == camera]
        assert epochs == sorted(epochs)


def test_when_a_node_dies_its_cameras_tell_elsewhere_in_time_and_no_event_is_lost_or_doubled(among: World) -> None:
    lost = next(shard for shard in among.shards() if shard.node == next(iter(among.nodes)))
    node, theirs = among.nodes.pop(lost.node), among.of(lost.name)
    assert len(theirs) == CAMERAS // 3
    signal_all(below(node.all_processes["raylet"][0].process.pid), signal.SIGKILL)
    began_s = time.monotonic()
    until(lambda: among.tell_again(theirs))
    took_s = time.monotonic() - began_s
    print(f"told again after {took_s:.1f} s")
    assert took_s <= MOVED_S
    assert not among.of(lost.name)
    check_counted(among)
    among.cluster.remove_node(node, allow_graceful=False)


def test_a_node_that_is_cut_off_from_the_store_alone_runs_nothing_until_it_is_there_again(among: World) -> None:
    (cut_off,) = (shard for shard in among.shards() if shard.node in among.nodes)
    theirs, stopped = among.of(cut_off.name), len(among.logged("camera_stopped"))
    among.way.cut()
    began_s = time.monotonic()
    until(lambda: among.tell_again(theirs))
    took_s = time.monotonic() - began_s
    print(f"told again after {took_s:.1f} s")
    assert took_s <= MOVED_S
    until(lambda: len(among.logged("camera_stopped")) >= stopped + len(theirs))  # it knows, and reads them no more
    assert not among.of(cut_off.name) and Path(f"/proc/{cut_off.pid}").exists()
    among.way.mend()
    until(lambda: even(among, 2))
    assert among.of(cut_off.name)
    check_counted(among)


def test_a_shard_that_was_paused_for_too_long_is_refused_and_begins_again_with_new_leases(among: World) -> None:
    paused = among.shards()[0]
    theirs = among.of(paused.name)
    until(lambda: among.told() >= set(theirs.items()))  # it knows of each by now, and works under what it was given
    processes = below(paused.pid)
    signal_all(processes, signal.SIGSTOP)
    began_s = time.monotonic()
    until(lambda: among.tell_again(theirs))
    print(f"told again after {time.monotonic() - began_s:.1f} s")
    signal_all(processes[1:], signal.SIGCONT)  # those who read cameras go on; their actor, who would tell them, not yet
    until(lambda: {(line["camera"], line["epoch"]) for line in among.logged("lease_lost")} >= set(theirs.items()))
    check_counted(among)
    signal_all(processes[:1], signal.SIGCONT)
    until(lambda: even(among, 2))
    check_counted(among)


def test_a_keeper_that_died_goes_on_where_it_was_and_a_node_that_comes_takes_its_part(among: World) -> None:
    before = among.leases()
    head = among.cluster.head_node.all_processes["raylet"][0].process.pid
    (keeper,) = (one for one in below(head) if is_keeper(one))
    os.kill(keeper, signal.SIGKILL)
    until(lambda: even(among, 2) and not Path(f"/proc/{keeper}").exists())
    assert among.leases() == before
    among.add_node()
    until(lambda: even(among, 3))
    moved = {camera: epoch for camera, (_, epoch) in before.items() if among.leases()[camera][1] != epoch}
    assert len(moved) == CAMERAS // 3
    until(lambda: among.tell_again(moved))
    check_counted(among)


def is_keeper(pid: int) -> bool:
    return b"ray::Keeper" in Path(f"/proc/{pid}/cmdline").read_bytes()
