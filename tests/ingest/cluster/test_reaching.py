"""Whether the store is reached, by the times at which it answered."""

from math import inf

from ingest.cluster.members import Member
from ingest.cluster.reaching import Reach
from ingest.cluster.wire import SILENT_S, Alive


def test_a_store_counts_as_reached_for_a_while_after_each_answer() -> None:
    reach = Reach()
    assert reach.store(0.0) is None and reach.for_s(0.0) == 0.0
    reach.reached("a", 10.0)
    assert reach.store(10.0 + SILENT_S - 0.1) == "a" and reach.store(10.0 + SILENT_S) is None
    assert reach.for_s(10.0) == inf  # who has only begun waits for nobody to find back


def test_it_is_known_for_how_long_a_store_is_there_again() -> None:
    reach = Reach()
    for at_s in (0.0, 3.0, 60.0, 63.0):
        reach.reached("a", at_s)
    assert reach.for_s(64.0) == 4.0 and reach.for_s(70.0) == 0.0


def test_a_shard_that_loses_its_store_is_remembered_with_it_but_not_one_that_began_anew() -> None:
    member = Member("shard-1")
    for name, store, remembered in (("x", "a", "a"), ("x", None, "a"), ("y", None, None)):
        member.heard(Alive(name=name, pid=1, node="n", store=store), 1.0)
        assert member.store == remembered
