"""Which shard runs which camera, among any shards that come and go."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ingest.cluster.planning import allotted

CAMERAS = st.frozensets(st.integers(1, 200), max_size=40)
SHARDS = st.frozensets(st.sampled_from(["a-1", "b-2", "c-3", "d-4", "e-5"]))


@given(
    cameras=CAMERAS, before=st.dictionaries(st.integers(1, 200), st.sampled_from(["a-1", "c-3", "z"])), shards=SHARDS
)
def test_every_camera_has_a_living_shard_and_all_carry_alike(
    cameras: frozenset[int], before: dict[int, str], shards: frozenset[str]
) -> None:
    where = allotted(cameras, before, shards)
    assert where.keys() == (cameras if shards else frozenset())
    assert set(where.values()) <= shards
    loads = Counter(where.values())
    carried = [loads[shard] for shard in shards]
    assert not shards or max(carried) - min(carried) <= 1


@given(cameras=CAMERAS, shards=SHARDS)
def test_what_is_even_stays_as_it_is(cameras: frozenset[int], shards: frozenset[str]) -> None:
    where = allotted(cameras, {}, shards)
    assert allotted(cameras, where, shards) == where


@given(cameras=CAMERAS, shards=SHARDS.filter(lambda shards: len(shards) > 1), gone=st.data())
def test_when_a_shard_is_gone_its_cameras_alone_move(
    cameras: frozenset[int], shards: frozenset[str], gone: st.DataObject
) -> None:
    lost = gone.draw(st.sampled_from(sorted(shards)))
    before = allotted(cameras, {}, shards)
    after = allotted(cameras, before, shards - {lost})
    assert all(after[camera] == shard for camera, shard in before.items() if shard != lost)


def test_when_a_shard_comes_it_takes_its_part_and_no_more_moves_than_that() -> None:
    before = allotted(range(12), {}, {"a", "b"})
    after = allotted(range(12), before, {"a", "b", "c"})
    assert Counter(after.values()) == {"a": 4, "b": 4, "c": 4}
    assert sum(after[camera] != before[camera] for camera in before) == 4
