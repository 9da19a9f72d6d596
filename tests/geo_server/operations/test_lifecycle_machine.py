"""Calls, events, dispatches, crews and incidents, walked at random: in whatever order, nothing is lost.

Two dispatchers of a district act, one next door, one in the city above, the crews' devices and a telephone exchange.
What is refused changes nothing. `QYRAN_PROFILE=nightly` walks ten times as far.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from geo_server.crews import panicking, pressing
from geo_server.crews.pressing import Press
from geo_server.operations import deciding, intake, lifecycle, merging, sending
from geo_server.routing.roads import RoadsNow
from layers.calls.places import Located, PlacedBy
from layers.calls.record import hear
from layers.calls.rules import Outcome
from layers.calls.rules import State as Line
from layers.calls.schema import Heard
from layers.database import Session
from layers.dispatches.rules import NEXT, Status
from layers.dispatches.schema import NewStatus
from layers.incidents import queries as incidents
from layers.incidents.rules import ENDED, State, derived
from layers.incidents.schema import Belongings, NewIncident, Tie
from layers.units.rules import Duty
from layers.values import LonLat
from layers.viewer import Viewer
from tests.geo_server.operations.walking import HOME, LAT, LON, NEXT_DOOR, UNITS, Store, Walk, ground

NIGHTLY = os.environ.get("QYRAN_PROFILE") == "nightly"
WHY = "because"
CATEGORIES = ("fire", "smoke", "road_accident", "other")
PHONES = (None, "+77010000001", "+77010000002")
WHO, OF_HERE, ANY = st.integers(1, 4), st.sampled_from((1, 2, 4)), st.integers(0, 9)
AGO_S = st.sampled_from((0, 5, 100, 7_200, 200_000, -600))  # also from a clock that is ahead
STEP = st.integers(0, 119)  # of several: what is drawn never hangs on the house, which others change meanwhile
OFF_S = st.sampled_from((None, 0, 3_600, -3_600))  # by how much the device's clock is behind, where it says so


def _ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


class Life(Walk):
    """What they may do, in any order."""

    def __init__(self) -> None:
        """Begin with a little to act on."""
        super().__init__()
        for n in range(3):
            self.open(who=1, east=n, state=State.PENDING)
            self.event(east=n, kind="smoke")
            self.exchange(which=n, line=Line.RINGING, ago_s=60, phone=PHONES[1], said=None, east=n)

    # ── what machines send ──

    @rule(east=st.integers(0, 5), kind=st.sampled_from(("smoke", "call", "line_crossing")))
    def event(self, east: int, kind: str) -> None:
        self.rows(
            """INSERT INTO event (kind, source, at, certainty, placed_by, geom)
               VALUES (%s, 'x', now(), 1, 'sender', ST_SetSRID(ST_MakePoint(%s, %s), 4326)) RETURNING id""",
            kind, LON + east / 1000, LAT,
        )  # fmt: skip

    @rule(
        which=st.integers(0, 7),
        line=st.sampled_from(Line),
        ago_s=AGO_S,
        phone=st.sampled_from(PHONES),
        said=st.sampled_from((None, "smoke", "smoke from a roof")),
        east=st.one_of(st.none(), st.integers(0, 5)),
    )
    def exchange(
        self, which: int, line: Line, ago_s: float, phone: str | None, said: str | None, east: int | None
    ) -> None:
        """Messages come out of order, twice, late, and with more than was told before: the second time is nothing."""
        at, place = _ago(ago_s), LonLat(lon=LON + (east or 0) / 1000, lat=LAT)
        told = Heard(
            exchange_id=f"{self.since['call']}-{which}",
            state=line,
            at=at,
            phone=phone,
            said=said,
            located=() if east is None else (Located(place=place, by=PlacedBy.AML, at=at, radius_m=30.0),),
        )
        before = self.heard_of(told.exchange_id)
        self.send_in(lambda session: hear(session, self.on.exchange, told))
        once = self.heard_of(told.exchange_id)
        self.send_in(lambda session: hear(session, self.on.exchange, told))
        self.check(lambda: self.heard_of(told.exchange_id) == once)
        self.check(lambda: not before or before[0]["phone"] in (None, once[0]["phone"]))

    def heard_of(self, exchange_id: str) -> list[dict[str, Any]]:
        """Return a call with the number of its lines, none where it was not heard of."""
        asked = """SELECT c.*, (SELECT count(*) FROM call_entry e WHERE e.call_id = c.id) AS lines
                     FROM call c WHERE exchange_id = %s"""
        return self.rows(asked, exchange_id)

    # ── what crews press ──

    @rule(unit=st.integers(0, UNITS - 1), event_id=st.integers(0, 9), ago_s=AGO_S, off_s=OFF_S, step=STEP)
    def press_status(self, unit: int, event_id: int, ago_s: float, off_s: float | None, step: int) -> None:
        unit_id = sorted(self.crews)[unit]
        own = self.rows("SELECT id FROM dispatch WHERE unit_id = %s ORDER BY id DESC LIMIT 2", unit_id)
        dispatch_id = own[event_id % len(own)]["id"] if own else 0
        status = self.likely(dispatch_id, step)
        press = self.press(event_id, ago_s, off_s)
        self.twice(
            unit_id,
            lambda s, v: pressing.press_status(s, v, dispatch_id, press, status, reason=WHY, place=None),
        )

    @rule(unit=st.integers(0, UNITS - 1), event_id=st.integers(0, 9), ago_s=AGO_S, off_s=OFF_S)
    def press_panic(self, unit: int, event_id: int, ago_s: float, off_s: float | None) -> None:
        press = self.press(event_id, ago_s, off_s)
        self.twice(sorted(self.crews)[unit], lambda s, v: pressing.press_panic(s, v, press, None, unheard_s=60))

    @rule(
        unit=st.integers(0, UNITS - 1),
        event_id=st.integers(0, 9),
        ago_s=AGO_S,
        off_s=OFF_S,
        duty=st.sampled_from((*[Duty.ON] * 6, *Duty)),
    )
    def press_duty(self, unit: int, event_id: int, ago_s: float, off_s: float | None, duty: Duty) -> None:
        press = self.press(event_id, ago_s, off_s)
        self.twice(sorted(self.crews)[unit], lambda s, v: pressing.press_duty(s, v, press, duty, WHY))

    def press(self, event_id: int, ago_s: float, off_s: float | None) -> Press:
        shown = _ago(ago_s + (off_s or 0))
        sent = None if off_s is None else _ago(off_s)
        return Press(client_event_id=f"e{event_id}", at=shown, sent_at=sent)

    def twice(self, unit_id: int, what: Callable[[Session, Viewer], Coroutine[Any, Any, object]]) -> None:
        """Send it, and send it once more, as a device does that has not heard the answer: nothing comes of that."""
        if self.act(self.crew(unit_id), what):
            once = self.of_unit(unit_id)
            self.act(self.crew(unit_id), what)
            self.check(lambda: self.of_unit(unit_id) == once)

    def of_unit(self, unit_id: int) -> list[dict[str, Any]]:
        return self.rows(
            """SELECT u.duty, u.task, (SELECT count(*) FROM unit_duty d WHERE d.unit_id = u.id) AS words,
                      (SELECT count(*) FROM panic p WHERE p.unit_id = u.id) AS panics,
                      (SELECT sum(repeats) FROM panic p WHERE p.unit_id = u.id) AS repeats,
                      (SELECT count(*) FROM dispatch_entry e JOIN dispatch d ON d.id = e.dispatch_id
                        WHERE d.unit_id = u.id) AS steps
                 FROM unit u WHERE u.id = %s""",
            unit_id,
        )

    @rule(who=WHO, n=ANY, how=st.sampled_from(("acknowledge", "end")))
    def hear_panic(self, who: int, n: int, how: str) -> None:
        known = self.every("panic")
        if known and how == "end":
            self.act(who, lambda s, v: panicking.end(s, v, known[n % len(known)], WHY))
        elif known:
            self.act(who, lambda s, v: panicking.acknowledge(s, v, known[n % len(known)]))

    # ── what people do ──

    @rule(who=WHO, n=ANY, into=st.one_of(st.none(), st.just("new"), st.integers(0, 9)))
    def confirm(self, who: int, n: int, into: Any) -> None:
        join = self.some("incident", into) if isinstance(into, int) else into
        category = "fire" if join == "new" else None
        yes = deciding.Yes(join=None if join == "new" else join, category=category)
        self.act(who, lambda s, v: deciding.confirm(s, v, self.some("event", n), yes))

    @rule(who=WHO, n=ANY)
    def answer(self, who: int, n: int) -> None:
        self.act(who, lambda s, v: intake.answer(s, v, self.some("call", n)))

    @rule(who=WHO, category=st.sampled_from((None, *CATEGORIES)), east=st.one_of(st.none(), st.integers(0, 5)))
    def ring_by_hand(self, who: int, category: str | None, east: int | None) -> None:
        values = {"said": "smoke"} | ({"category": category} if category else {})
        written = intake.Written(values=values, located=self.click(east))
        self.act(who, lambda s, v: intake.take_by_hand(s, v, written))

    @rule(
        who=WHO,
        n=ANY,
        values=st.fixed_dictionaries(
            {},
            optional={
                "said": st.sampled_from((None, "", "two cars", "smoke from a roof")),
                "phone": st.sampled_from(PHONES),
                "category": st.sampled_from((None, *CATEGORIES)),
                "answers": st.sampled_from(({"injured": "2"}, {"injured": None, "fuel": "no"})),
            },
        ),
        east=st.one_of(st.none(), st.integers(0, 5)),
        unplaced=st.booleans(),
    )
    def write_down(self, who: int, n: int, values: dict[str, Any], east: int | None, *, unplaced: bool) -> None:
        written = intake.Written(values=values, located=self.click(east), unplaced=unplaced)
        self.act(who, lambda s, v: intake.write_down(s, v, self.some("call", n), written))

    def click(self, east: int | None) -> Located | None:
        if east is None:
            return None
        return Located(place=LonLat(lon=LON + east / 1000, lat=LAT), by=PlacedBy.CLICK, at=_ago(0))

    @rule(who=WHO, n=ANY, to=st.sampled_from((HOME, NEXT_DOOR)))
    def hand(self, who: int, n: int, to: str) -> None:
        self.act(who, lambda s, v: intake.hand(s, v, self.some("call", n), self.on.areas[to], WHY))

    @rule(who=WHO, n=ANY, into=st.one_of(st.none(), st.integers(0, 9)))
    def take_call(self, who: int, n: int, into: int | None) -> None:
        call_id, asked = self.some("call", n), intake.ToOpen(category="road_accident")
        if into is None:
            self.act(who, lambda s, v: intake.open_incident(s, v, call_id, asked))
        else:
            self.act(who, lambda s, v: intake.join(s, v, call_id, self.some("incident", into)))

    @rule(who=WHO, n=ANY, outcome=st.sampled_from(Outcome))
    def end_call(self, who: int, n: int, outcome: Outcome) -> None:
        self.act(who, lambda s, v: intake.end(s, v, self.some("call", n), outcome, WHY))

    @rule(who=OF_HERE, east=st.integers(0, 5), state=st.sampled_from((State.INTAKE, State.PENDING)))
    def open(self, who: int, east: int, state: State) -> None:
        place = LonLat(lon=LON + east / 1000, lat=LAT)
        new = NewIncident(category="fire", priority=2, place=place, opened_by=f"D{who}")
        self.act(who, lambda s, v: incidents.open_new(s, new, v, state))

    @rule(who=WHO, n=ANY, units=st.sets(st.integers(0, UNITS - 1), min_size=1, max_size=2))
    def send(self, who: int, n: int, units: set[int]) -> None:
        chosen = sorted(self.some("unit", unit) for unit in units)
        self.act(who, lambda s, v: sending.send(s, v, RoadsNow(), self.some("incident", n), chosen))

    @rule(who=WHO, n=ANY, old=ANY)
    def divert(self, who: int, n: int, old: int) -> None:
        """Send a unit that is on its way elsewhere."""
        dispatch_id = self.some("dispatch", old)
        bound = self.rows("SELECT unit_id FROM dispatch WHERE id = %s", dispatch_id)
        unit_ids = [row["unit_id"] for row in bound]
        self.act(
            who,
            lambda s, v: sending.send(s, v, RoadsNow(), self.some("incident", n), unit_ids, diverted=[dispatch_id]),
        )

    @rule(who=WHO, n=ANY, step=STEP, as_fact=st.booleans())
    def advance(self, who: int, n: int, step: int, *, as_fact: bool) -> None:
        dispatch_id = self.some("dispatch", n)
        status = self.likely(dispatch_id, step)
        new = NewStatus(status=status, at=_ago(0), who=f"D{who}", means="radio", reason=WHY)
        self.act(who, lambda s, v: sending.advance(s, v, dispatch_id, new, as_fact=as_fact))

    def likely(self, dispatch_id: int, step: int) -> Status:
        """Return mostly what may follow, so that dispatches get somewhere."""
        present = self.rows("SELECT status FROM dispatch WHERE id = %s", dispatch_id)
        following = NEXT[Status(present[0]["status"])] if present else ()
        every: list[Status] = [*following * 4, *Status]
        return every[step % len(every)]

    @rule(who=WHO, one=st.integers(0, 9), into=st.integers(0, 9))
    def merge(self, who: int, one: int, into: int) -> None:
        first = self.some("incident", one)
        pair = first, self.some("incident", into, but=first)
        self.act(who, lambda s, v: merging.merge(s, v, *pair, WHY))

    @rule(who=OF_HERE, n=ANY, into=st.integers(0, 7))
    def report_twice(self, who: int, n: int, into: int) -> None:
        """What a double report comes to: an incident of its own, a unit under way, a call, and then it is one."""
        self.open(who=who, east=n, state=State.PENDING)
        newest = max(self.every("incident"))
        self.act(who, lambda s, v: sending.send(s, v, RoadsNow(), newest, [self.some("unit", 0)]))
        self.act(who, lambda s, v: intake.join(s, v, self.some("call", 0), newest))
        self.act(who, lambda s, v: merging.merge(s, v, newest, self.some("incident", into, but=newest), WHY))

    @rule(who=WHO, n=ANY)
    def unmerge(self, who: int, n: int) -> None:
        if known := self.merged():
            self.act(who, lambda s, v: merging.unmerge(s, v, known[n % len(known)], WHY))

    @rule(who=WHO, n=ANY, part=st.integers(1, 7))
    def split(self, who: int, n: int, part: int) -> None:
        incident_id = self.some("incident", n)
        has = {name: self.rows(f"SELECT id FROM {name} WHERE incident_id = %s ORDER BY id", incident_id)
               for name in ("event", "call", "dispatch")}  # fmt: skip
        taken = {
            name: tuple(row["id"] for row in rows[: part >> bit & 1]) for bit, (name, rows) in enumerate(has.items())
        }
        what = Belongings(events=taken["event"], calls=taken["call"], dispatches=taken["dispatch"])
        self.act(who, lambda s, v: merging.split(s, v, incident_id, merging.Apart(what=what, reason=WHY)))

    @rule(n=ANY, other=st.integers(0, 9), tie=st.sampled_from((Tie.PARENT, Tie.CHILD, Tie.RELATED)))
    def link(self, n: int, other: int, tie: Tie) -> None:
        first = self.some("incident", n)
        pair = first, self.some("incident", other, but=first)
        self.act(1, lambda s, v: merging.link(s, v, *pair, tie))

    @rule(who=WHO, n=ANY, how=st.sampled_from(("close", "cancel", "reopen")))
    def end(self, who: int, n: int, how: str) -> None:
        acts: dict[str, Callable[[Session, Viewer, int, str], Coroutine[Any, Any, object]]]
        acts = {"close": lifecycle.close, "cancel": lifecycle.cancel, "reopen": lifecycle.reopen}
        self.act(who, lambda s, v: acts[how](s, v, self.some("incident", n), WHY))

    @rule(who=WHO, n=ANY, state=st.sampled_from(State))
    def say(self, who: int, n: int, state: State) -> None:
        self.act(who, lambda s, v: lifecycle.say(s, v, self.some("incident", n), state))

    @rule(who=WHO, n=ANY, east=st.integers(0, 5))
    def relocate(self, who: int, n: int, east: int) -> None:
        place = LonLat(lon=LON + east / 500, lat=LAT)
        self.act(who, lambda s, v: lifecycle.relocate(s, v, self.some("incident", n), place, None, WHY))

    def check(self, holds: Callable[[], bool]) -> None:
        """Hold against what was just done, where it was done at once."""
        assert holds()


class Crowd(Life):
    """The same, several at once: none waits for another in a ring, and nothing is half done."""

    AT_ONCE = 5

    def __init__(self) -> None:
        """Begin with nobody acting."""
        self.waiting: list[Callable[[], Coroutine[Any, Any, bool]]] = []
        super().__init__()

    def do(self, visiting: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
        self.waiting.append(visiting)
        if len(self.waiting) >= self.AT_ONCE:
            self.on.runner.run(self.all_at_once())
        return True

    async def all_at_once(self) -> None:
        waiting, self.waiting = self.waiting, []
        async with asyncio.timeout(60):
            await asyncio.gather(*(one() for one in waiting))

    def check(self, holds: Callable[[], bool]) -> None:
        """Others act meanwhile: only what must always be true is held against."""

    def teardown(self) -> None:
        """Let those act who still wait."""
        self.on.runner.run(self.all_at_once())


@pytest.mark.parametrize("walk", [Life, Crowd])
def test_no_order_of_acts_leads_to_a_forbidden_state(store: Store, template: str, walk: type[Life]) -> None:
    with ground(store, template, walk.__name__.lower()) as on:
        made = type(walk.__name__, (walk,), {"on": on})
        far = settings(
            max_examples=100 if NIGHTLY else 10,
            stateful_step_count=50 if NIGHTLY else 25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(made, settings=far)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_the_rules_themselves_let_nothing_open_what_is_over(state: State) -> None:
    assert derived(state, list(Status)) is state
