"""Walks the life of a call: whatever the line and the desk do, in whatever order, no forbidden state is reached."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from layers.calls.rules import OF_INCIDENT, Outcome, Refused, Standing, State, answer, begins, end, hand, heard, link

STATES, OUTCOMES = st.sampled_from(State), st.sampled_from(Outcome)
WHO, INCIDENT = st.sampled_from(("айгүл", "болат")), st.integers(1, 3)
_ORDER = list(State)


class Life(RuleBasedStateMachine):
    """A call with an exchange that repeats itself and mixes up its order, and two dispatchers."""

    @initialize(said=STATES)
    def begin(self, said: State) -> None:
        self.call = begins(said)
        self.owner: int | None = None

    def _go(self, after: Standing | Refused) -> None:
        if isinstance(after, Refused):
            return
        assert _ORDER.index(after.state) >= _ORDER.index(self.call.state), "the line never goes back"
        assert self.call.answered_by in (None, after.answered_by), "who took it stays the one"
        self.call = after

    @rule(said=STATES)
    def hear(self, said: State) -> None:
        before = self.call
        self._go(heard(before, said))
        assert self.call.incident_id == before.incident_id
        assert heard(self.call, said) == self.call, "heard twice it is the same"

    @rule(who=WHO)
    def take(self, who: str) -> None:
        self._go(answer(self.call, who))

    @rule(incident=INCIDENT, outcome=st.sampled_from(sorted(OF_INCIDENT)), who=WHO)
    def belong(self, incident: int, outcome: Outcome, who: str) -> None:
        self._go(link(self.call, incident, outcome, who))
        self.owner = self.owner or self.call.incident_id

    @rule(outcome=OUTCOMES, who=WHO, reason=st.sampled_from((None, "to 103")))
    def finish(self, outcome: Outcome, who: str, reason: str | None) -> None:
        self._go(end(self.call, outcome, who, reason))

    @rule()
    def hand_on(self) -> None:
        after = hand(self.call)
        if isinstance(after, Refused):
            assert self.call.incident_id is not None or not self.call.is_open
        else:
            assert after == replace(self.call, answered_by=None), "somebody there has still to take it"
            self.call = after

    @invariant()
    def nothing_forbidden_stands(self) -> None:
        if not hasattr(self, "call"):
            return
        call = self.call
        assert (call.outcome in OF_INCIDENT) == (call.incident_id is not None)
        assert call.incident_id == self.owner, "a call that belongs to an incident stays with it"
        if call.state is State.RINGING:
            assert call.outcome is call.answered_by is None
        if call.state is State.ANSWERED:
            assert call.outcome is None or call.outcome in OF_INCIDENT
        assert call.is_open == (call.state is not State.ENDED or call.outcome is None)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)


def test_a_caller_who_hangs_up_before_anybody_answers_has_abandoned() -> None:
    assert heard(begins(State.RINGING), State.ENDED).outcome is Outcome.ABANDONED
    assert begins(State.ENDED).outcome is Outcome.ABANDONED


def test_a_late_word_that_it_was_answered_takes_the_abandonment_back() -> None:
    late = heard(begins(State.ENDED), State.ANSWERED)
    assert (late.state, late.outcome) == (State.ENDED, None)


def test_what_a_person_said_became_of_it_no_line_takes_back() -> None:
    said = end(begins(State.RINGING), Outcome.ABANDONED, "айгүл", None)
    assert isinstance(said, Standing)
    assert heard(said, State.ANSWERED) == said


def test_a_caller_who_hangs_up_while_the_dispatcher_writes_leaves_it_undecided() -> None:
    taken = answer(begins(State.RINGING), "айгүл")
    assert isinstance(taken, Standing)
    ended = heard(taken, State.ENDED)
    assert (ended.state, ended.outcome, ended.is_open) == (State.ENDED, None, True)


def test_of_two_who_answer_one_wins_and_the_other_is_told() -> None:
    taken = answer(begins(State.RINGING), "айгүл")
    assert isinstance(taken, Standing)
    assert answer(taken, "айгүл") == taken
    assert answer(taken, "болат") == Refused(why="call_answered")


def test_a_call_that_was_set_aside_may_still_turn_out_to_be_an_incident() -> None:
    aside = end(begins(State.ANSWERED), Outcome.NO_ACTION, "айгүл", "a child played")
    assert isinstance(aside, Standing)
    linked = link(aside, 7, Outcome.NEW_INCIDENT, "болат")
    assert isinstance(linked, Standing)
    assert (linked.outcome, linked.incident_id, linked.state) == (Outcome.NEW_INCIDENT, 7, State.ENDED)
    assert link(linked, 8, Outcome.DUPLICATE, "болат") == Refused(why="call_has_incident")
    assert end(linked, Outcome.TEST, "болат", None) == Refused(why="outcome_of_incident")


@given(outcome=st.sampled_from((Outcome.TRANSFERRED, Outcome.NO_ACTION)))
def test_passing_on_and_doing_nothing_ask_for_a_reason(outcome: Outcome) -> None:
    assert end(begins(State.ANSWERED), outcome, "айгүл", None) == Refused(why="reason_needed")


def test_an_outcome_with_an_incident_is_not_said_but_done() -> None:
    assert end(begins(State.ANSWERED), Outcome.NEW_INCIDENT, "айгүл", None) == Refused(why="outcome_needs_incident")
