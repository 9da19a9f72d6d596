"""Clocks run from what happened, and each ends in time or too late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.operations.clocks import Clock, Facts, Sent, State, most_urgent, running
from geo_server.operations.content import Clock as Name
from geo_server.operations.plans import Target
from layers.dispatches.rules import Status
from layers.values import Service

T0 = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def target(clock: Name, seconds: float = 100, service: Service | None = None) -> Target:
    return Target(clock=clock, service=service, seconds=seconds, warn_share=0.75, source="house")


def sent(
    *,
    dispatched: float = 60,
    enroute: float | None = None,
    onscene: float | None = None,
    status: Status = Status.DISPATCHED,
    service: Service = Service.FIRE,
) -> Sent:
    return Sent(
        service=service,
        status=status,
        dispatched_at=at(dispatched),
        enroute_at=None if enroute is None else at(enroute),
        onscene_at=None if onscene is None else at(onscene),
    )


def one(facts: Facts, asked: Target, now: float) -> Clock | None:
    found = running(facts, [asked], at(now))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("now", "state"),
    [(0, State.RUNNING), (74, State.RUNNING), (75, State.WARNED), (100, State.WARNED), (101, State.BREACHED)],
)
def test_a_running_clock_warns_and_then_is_over(now: float, state: State) -> None:
    clock = one(Facts(opened_at=T0), target("process"), now)
    assert clock is not None and (clock.state, clock.began_at, clock.ended_at) == (state, T0, None)


def test_answer_runs_from_the_ring_and_process_from_the_answer() -> None:
    called = Facts(opened_at=at(40), rang_at=at(0), answered_at=at(10), sent=(sent(dispatched=70),))
    answer, process, came = running(called, [target("answer", 15), target("process", 59), target("on_scene")], at(80))
    assert (answer.began_at, answer.ended_at, answer.state) == (at(0), at(10), State.MET)
    assert (process.began_at, process.ended_at, process.state) == (at(10), at(70), State.MISSED)
    assert (came.began_at, came.ended_at) == (at(0), None)


def test_what_nobody_called_in_has_no_answer_and_is_processed_from_its_opening() -> None:
    assert one(Facts(opened_at=T0), target("answer"), 50) is None
    process = one(Facts(opened_at=T0, sent=(sent(),)), target("process"), 500)
    assert process is not None and (process.began_at, process.ended_at) == (T0, at(60))


def test_a_service_has_the_clocks_of_its_own_crews() -> None:
    both = (sent(enroute=100, onscene=300), sent(dispatched=80, service=Service.AMBULANCE))
    asked = [target(name, 400, Service.FIRE) for name in ("turnout", "travel", "on_scene")]
    turnout, travel, came = running(Facts(opened_at=T0, sent=both), asked, at(500))
    assert [(c.began_at, c.ended_at) for c in (turnout, travel, came)] == [
        (at(60), at(100)), (at(100), at(300)), (at(0), at(300)),
    ]  # fmt: skip
    ambulance = one(Facts(opened_at=T0, sent=both), target("turnout", 60, Service.AMBULANCE), 200)
    assert ambulance is not None and ambulance.state is State.BREACHED
    assert one(Facts(opened_at=T0, sent=both), target("travel", 60, Service.AMBULANCE), 200) is None


def test_who_was_called_off_is_not_waited_for() -> None:
    gone = sent(status=Status.REFUSED)
    assert one(Facts(opened_at=T0, sent=(gone,)), target("turnout", 60, Service.FIRE), 200) is None
    follows = sent(dispatched=150, enroute=190)
    turnout = one(Facts(opened_at=T0, sent=(gone, follows)), target("turnout", 60, Service.FIRE), 200)
    assert turnout is not None and (turnout.began_at, turnout.state) == (at(150), State.MET)
    process = one(Facts(opened_at=T0, sent=(gone,)), target("process"), 200)
    assert process is not None and process.ended_at == at(60)  # somebody was sent all the same


def test_a_crew_that_only_said_it_had_arrived_set_out_before() -> None:
    turnout = one(Facts(opened_at=T0, sent=(sent(onscene=90),)), target("turnout", 60, Service.FIRE), 200)
    assert turnout is not None and turnout.ended_at == at(90)


@pytest.mark.parametrize("name", ["turnout", "on_scene"])
def test_a_time_before_the_crew_was_sent_ends_no_clock_in_no_time(name: Name) -> None:
    crews = (sent(enroute=-3000, onscene=-2000),)
    clock = one(Facts(opened_at=T0, sent=crews), target(name, 60, Service.FIRE), 200)
    assert clock is not None and clock.state is State.BREACHED


@pytest.mark.parametrize(("enroute", "onscene"), [(-3000, 400), (500, 400)])
def test_a_drive_that_cannot_be_is_no_travel(enroute: float, onscene: float) -> None:
    crews = (sent(enroute=enroute, onscene=onscene),)
    assert one(Facts(opened_at=T0, sent=crews), target("travel", 60, Service.FIRE), 900) is None
    turnout = one(Facts(opened_at=T0, sent=crews), target("turnout", 60, Service.FIRE), 900)
    assert turnout is not None and turnout.ended_at == at(400)


def test_who_arrived_first_without_a_word_of_setting_out_leaves_the_travel_unknown() -> None:
    crews = (sent(onscene=200), sent(enroute=300, onscene=700))
    assert one(Facts(opened_at=T0, sent=crews), target("travel", 60, Service.FIRE), 900) is None


def test_what_an_alarm_adds_runs_from_then() -> None:
    facts = Facts(opened_at=T0, asked_at={("on_scene", Service.RESCUE): at(900)})
    clock = one(facts, target("on_scene", 600, Service.RESCUE), 1000)
    assert clock is not None and (clock.began_at, clock.state) == (at(900), State.RUNNING)


def test_an_end_drops_what_ran_in_time_and_keeps_what_was_over() -> None:
    facts = Facts(opened_at=T0, ended_at=at(200))
    assert one(facts, target("process", 300), 1000) is None
    over = one(facts, target("process", 100), 1000)
    assert over is not None and (over.ended_at, over.state) == (at(200), State.MISSED)
    assert one(replace(facts, is_void=True), target("process", 100), 1000) is None


def test_the_most_urgent_is_over_the_longest_or_will_be_the_soonest() -> None:
    facts = Facts(opened_at=T0, sent=(sent(dispatched=10),))
    asked = [target("on_scene", 600), target("turnout", 100, Service.FIRE), target("on_scene", 90, Service.FIRE)]
    for now, which in ((20, 2), (95, 2), (115, 2), (200, 2)):
        clocks = running(facts, asked, at(now))
        assert most_urgent(clocks, at(now)) == clocks[which]
    calm = running(facts, asked[:2], at(20))
    assert most_urgent(calm, at(20)) == calm[1]
    assert most_urgent((), T0) is None


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(Status), st.integers(-100, 500), *(st.none() | st.integers(-500, 900) for _ in "ab")),
        max_size=4,
    ),
    ended=st.none() | st.integers(0, 900),
    now=st.integers(0, 1000),
)
@settings(max_examples=60, deadline=None)
def test_no_clock_ends_before_it_begins_and_none_that_runs_has_an_end(
    steps: list[tuple[Status, int, int | None, int | None]], ended: int | None, now: int
) -> None:
    crews = tuple(sent(status=s, dispatched=d, enroute=e, onscene=o) for s, d, e, o in steps)
    facts = Facts(opened_at=T0, sent=crews, ended_at=None if ended is None else at(ended))
    names: tuple[Name, ...] = ("answer", "process", "turnout", "travel", "on_scene")
    for clock in running(facts, [target(name) for name in names], at(now)):
        assert clock.ended_at is None or clock.began_at <= clock.ended_at
        assert (clock.ended_at is not None) == (clock.state in (State.MET, State.MISSED))
        assert ended is None or clock.ended_at is not None
