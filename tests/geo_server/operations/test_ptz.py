"""Who turns a camera: ranks, holds that end, and what no order of acts may bring about."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo_server.operations.ptz import HELD_FOR, Hand, Take, Wait, decide, rank_of
from layers.cameras.commands import Held
from layers.values import Level, Role

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
people = st.builds(
    lambda n, role, level: Hand(account_id=n, account=f"a{n}", session_id=n, rank=rank_of(role, level)),
    st.integers(1, 4),
    st.sampled_from([Role.DISPATCHER, Role.COMMANDER]),
    st.sampled_from(list(Level)),
)


def hand(n: int, role: Role, level: Level) -> Hand:
    return Hand(account_id=n, account=f"a{n}", session_id=n, rank=rank_of(role, level))


def test_the_level_goes_before_the_role() -> None:
    order = [(role, level) for level in Level for role in (Role.COMMANDER, Role.DISPATCHER)]
    ranks = [rank_of(role, level) for role, level in order]
    assert ranks == sorted(set(ranks), reverse=True)


def test_equals_wait_for_the_end_of_a_hold_and_a_higher_rank_does_not() -> None:
    taken = decide(None, hand(1, Role.DISPATCHER, Level.CITY), NOON)
    assert isinstance(taken, Take) and taken.held.until == NOON + HELD_FOR
    equal, above = hand(2, Role.DISPATCHER, Level.CITY), hand(3, Role.COMMANDER, Level.CITY)
    assert decide(taken.held, equal, NOON + timedelta(seconds=29)) == Wait(held=taken.held)
    assert isinstance(decide(taken.held, equal, NOON + HELD_FOR), Take)
    over = decide(taken.held, above, NOON)
    assert isinstance(over, Take) and over.over == taken.held


@given(st.lists(st.tuples(people, st.floats(0, 40)), max_size=30))
def test_nobody_loses_a_camera_they_hold_but_to_a_higher_rank(asked: list[tuple[Hand, float]]) -> None:
    held: Held | None = None
    now = NOON
    for who, after_s in asked:
        now += timedelta(seconds=after_s)
        before, came = held, decide(held, who, now)
        standing = before is not None and before.until > now and before.account_id != who.account_id
        if isinstance(came, Wait):
            assert standing and before is not None and who.rank <= before.rank
            assert came.held == before
        else:
            held = came.held
            assert held.account_id == who.account_id and held.until == now + HELD_FOR
            assert not standing or (before is not None and who.rank > before.rank and came.over == before)
