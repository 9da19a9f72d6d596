"""A chain never sticks, never takes two steps at once, and ends acknowledged or expired."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from geo_server.notify.escalating import Acknowledged, Chain, Failed, Happened, Passed, State, Withdrawn, after, opened

START = datetime(2026, 1, 1, tzinfo=UTC)


class Escalating(RuleBasedStateMachine):
    """Whatever happens to a chain in whatever order."""

    @initialize(steps=st.integers(0, 6), waits=st.floats(1, 1000))
    def open(self, steps: int, waits: float) -> None:
        self.chain, self.now, self.waits = opened(steps, START), START, waits
        self.acknowledged = False
        self.taken: list[int] = []

    def _happens(self, happened: Happened) -> Chain:
        before = self.chain
        self.chain = after(before, happened, self.now, acknowledge_s=self.waits)
        if self.chain.step != before.step:
            assert self.chain.step == before.step + 1 and isinstance(happened, Passed)
            self.taken.append(self.chain.step)
        return before

    @rule(seconds=st.floats(0, 2000))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        before = self._happens(Passed())
        if before.due_at is not None and self.now < before.due_at:
            assert self.chain == before, "nobody is called before it is due"

    @rule(step=st.integers(-1, 6))
    def a_notice_fails(self, step: int) -> None:
        before = self._happens(Failed(step=step))
        if step != before.step:
            assert self.chain == before, "what an earlier step met hurries nobody"

    @rule()
    def somebody_acknowledges(self) -> None:
        self._happens(Acknowledged())
        self.acknowledged = True

    @rule()
    def it_is_over(self) -> None:
        before = self._happens(Withdrawn())
        assert self.chain.state is not State.OPEN
        assert before.state is State.OPEN or self.chain == before

    @invariant()
    def it_stands_somewhere_lawful(self) -> None:
        if not hasattr(self, "chain"):
            return
        assert self.taken == sorted(set(self.taken)) and -1 <= self.chain.step < max(self.chain.steps, 1)
        assert (self.chain.state is State.OPEN) == (self.chain.due_at is not None), "open is due some time"
        assert (self.chain.state is State.ACKNOWLEDGED) == self.acknowledged


TestEscalating = Escalating.TestCase
TestEscalating.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@settings(max_examples=60, deadline=None)
@given(steps=st.integers(0, 12), waits=st.floats(1, 900), fails=st.sets(st.integers(0, 11)))
def test_a_chain_that_nobody_answers_takes_each_step_once_and_expires(
    steps: int, waits: float, fails: set[int]
) -> None:
    chain, now, taken = opened(steps, START), START, 0
    while chain.state is State.OPEN:
        assert chain.due_at is not None and taken <= steps
        now = chain.due_at
        chain = after(chain, Passed(), now, acknowledge_s=waits)
        taken += chain.state is State.OPEN
        if chain.step in fails:
            chain = after(chain, Failed(step=chain.step), now, acknowledge_s=waits)
            assert chain.due_at is None or chain.due_at == now, "a step that fails is followed at once"
    assert chain.state is State.EXPIRED and taken == steps
    assert now <= START + timedelta(seconds=waits * steps + 1)


def test_who_acknowledges_what_had_expired_has_acknowledged_it() -> None:
    over = after(opened(0, START), Passed(), START, acknowledge_s=60)
    assert over.state is State.EXPIRED
    assert after(over, Acknowledged(), START, acknowledge_s=60).state is State.ACKNOWLEDGED
