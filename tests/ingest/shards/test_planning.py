from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ingest.shards.planning import LEAST_PAUSE_S, MOST_PAUSE_S, QUIET_S, Apart, after_death, shared_out

CAMERAS = st.frozensets(st.integers(1, 500), max_size=60)


@given(cameras=CAMERAS, shards=st.integers(1, 8))
def test_every_camera_has_one_shard_and_all_carry_alike(cameras: frozenset[int], shards: int) -> None:
    where = shared_out(cameras, {}, shards)
    assert where.keys() == cameras
    loads = Counter(dict.fromkeys(range(shards), 0))
    loads.update(where.values())
    held = [loads[shard] for shard in range(shards)]
    assert len(held) == shards and max(held) - min(held) <= 1


@given(before=CAMERAS, now=CAMERAS, shards=st.integers(1, 8))
def test_a_camera_stays_where_it_is_while_others_come_and_go(
    before: frozenset[int], now: frozenset[int], shards: int
) -> None:
    where = shared_out(before, {}, shards)
    later = shared_out(now, where, shards)
    assert all(later[camera] == where[camera] for camera in before & now)


def test_on_a_machine_with_fewer_cores_every_camera_still_has_a_shard() -> None:
    assert set(shared_out(range(9), shared_out(range(9), {}, 4), 2).values()) == {0, 1}


@given(cameras=CAMERAS.filter(bool), guilty=st.data())
def test_the_one_that_breaks_its_reader_is_found_and_all_others_go_on(
    cameras: frozenset[int], guilty: st.DataObject
) -> None:
    bad = guilty.draw(st.sampled_from(sorted(cameras)))
    suspects, deaths = cameras, 0
    while len(suspects) > 1:
        halves = after_death(suspects, 0.0)
        assert frozenset().union(*(half.cameras for half in halves)) == suspects
        suspects = next(half.cameras for half in halves if bad in half.cameras)
        deaths += 1
    assert suspects == {bad}
    assert deaths <= len(cameras).bit_length()


def test_one_that_dies_alone_is_tried_ever_more_rarely_and_cleared_when_it_is_quiet() -> None:
    (one,) = after_death(frozenset({7}), 100.0)
    assert (one.from_s, one.deaths) == (100.0 + LEAST_PAUSE_S, 1)
    assert not one.runs(100.0) and one.runs(130.0)
    assert not one.is_cleared(130.0) and one.is_cleared(130.0 + QUIET_S)
    (again,) = after_death(one.cameras, 200.0, deaths=one.deaths)
    assert again.from_s == 200.0 + 2 * LEAST_PAUSE_S
    (ever,) = after_death(one.cameras, 0.0, deaths=30)
    assert ever.from_s == MOST_PAUSE_S


def test_a_shard_without_cameras_leaves_no_suspects() -> None:
    assert after_death(frozenset(), 0.0) == ()
    assert Apart(cameras=frozenset({1}), from_s=0.0).runs(0.0)
