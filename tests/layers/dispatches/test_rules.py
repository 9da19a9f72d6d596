"""The machine of a dispatch, walked at random."""

import re
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given

from layers import migrations
from layers.dispatches.rules import ENDED, NEXT, Moved, Status, Stays, Wrong, is_open, step

WALKS = st.lists(st.sampled_from(Status), max_size=40)


@given(WALKS)
def test_a_walk_only_takes_listed_steps_and_an_end_is_an_end(asked: list[Status]) -> None:
    present = Status.DISPATCHED
    for status in asked:
        outcome = step(present, status)
        match outcome:
            case Moved(status=to):
                assert to in NEXT[present] and is_open(present)
                present = to
            case Stays(status=same):
                assert same is present is status
            case Wrong(status=same, allowed=allowed):
                assert same is present and status not in allowed and allowed == NEXT[present]


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_a_step_said_twice_is_done_once(present: Status, asked: Status) -> None:
    first = step(present, asked)
    if isinstance(first, Moved):
        assert step(first.status, asked) == Stays(status=asked)


def test_every_status_is_reached_and_every_open_one_can_end() -> None:
    reached, todo = {Status.DISPATCHED}, [Status.DISPATCHED]
    while todo:
        for status in NEXT[todo.pop()]:
            if status not in reached:
                reached.add(status)
                todo.append(status)
    assert reached == set(Status)
    assert {Status.CLEAR, Status.CANCELLED, Status.DIVERTED, Status.REFUSED} == ENDED
    can_end = set(ENDED)
    for _ in Status:
        can_end |= {status for status, following in NEXT.items() if can_end & set(following)}
    assert can_end == set(Status)


def test_the_life_of_a_fire_engine_and_of_an_ambulance() -> None:
    engine = ["acknowledged", "enroute", "onscene", "clear"]
    ambulance = [*engine[:2], "staging", "onscene", "patient", "transport", "at_destination", "handover", "clear"]
    for life in (engine, ambulance):
        present = Status.DISPATCHED
        for word in life:
            assert step(present, Status(word)) == Moved(status=Status(word))
            present = Status(word)


def test_nobody_arrives_without_having_left() -> None:
    assert isinstance(step(Status.DISPATCHED, Status.ONSCENE), Wrong)


def test_the_store_and_the_machine_agree_on_what_has_ended() -> None:
    written = (Path(migrations.__file__).parent / "versions" / "0001_ground.sql").read_text()
    index = re.search(r"dispatch_open_idx ON dispatch \(unit_id\) WHERE status NOT IN \((.*)\);", written)
    assert index and set(re.findall(r"'(\w+)'", index[1])) == {status.value for status in ENDED}
