"""Calls, events, dispatches and incidents, walked at random: whatever is done in whatever order, nothing is lost.

Every act is the real one, by two dispatchers in the server's own role, against a store of its own; what is refused
changes nothing, and after each step the store is read past every policy and held against what must always be true.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import hypothesis.strategies as st
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.errors import Refusal
from geo_server.operations import deciding, intake, lifecycle, merging, sending
from geo_server.routing.roads import RoadsNow
from layers.areas.scope import visit_as
from layers.calls.rules import Outcome
from layers.database import SERVER, Session, as_role, engine_for
from layers.dispatches.rules import ENDED as DISPATCH_ENDED
from layers.dispatches.rules import NEXT, Status
from layers.dispatches.schema import NewStatus
from layers.incidents import queries as incidents
from layers.incidents.rules import ENDED, State, derived
from layers.incidents.schema import Belongings, NewIncident, Tie
from layers.values import LonLat, Role
from layers.viewer import Viewer

_WAITS = {
    "incident": "state NOT IN ('closed', 'cancelled', 'merged')",
    "dispatch": "status NOT IN ('clear', 'cancelled', 'diverted', 'refused')",
    "event": "state = 'new'",
    "call": "incident_id IS NULL",
    "unit": "task IS NULL",
}
UNITS, WHY = 4, "because"
LON, LAT = 76.97, 43.23  # in Medeu
CATEGORIES = ("fire", "smoke", "road_accident", "other")
ENDED_WORDS, UNBOUND = [s.value for s in ENDED], [s.value for s in DISPATCH_ENDED]


class _Store(Protocol):
    def create_database(self, name: str, template: str | None = ...) -> None: ...
    def drop_database(self, name: str) -> None: ...
    def url(self, name: str) -> str: ...


@dataclass(frozen=True)
class Ground:
    """A store with a few units in it, as its owner reads it and as the server comes in."""

    link: "psycopg.Connection[dict[str, Any]]"
    engine: AsyncEngine
    runner: asyncio.Runner
    area_id: int


@contextmanager
def ground(store: _Store, template: str) -> Iterator[Ground]:
    name = f"{template}_machine"
    store.create_database(name, template)
    engine = engine_for(as_role(store.url(name), SERVER), size=2)
    with asyncio.Runner() as runner, psycopg.connect(store.url(name), autocommit=True, row_factory=dict_row) as link:
        area = link.execute("SELECT id FROM area WHERE code = 'KZ-75-MED'").fetchone()
        assert area is not None
        yield Ground(link, engine, runner, area["id"])
        runner.run(engine.dispose())
    store.drop_database(name)


def _unit(link: "psycopg.Connection[dict[str, Any]]", n: int, area_id: int) -> None:
    row = """INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)
        VALUES (%(sign)s, %(sign)s, 'police', 'car', 'on', %(area)s) RETURNING id"""
    unit = link.execute(row, {"sign": f"U{n}", "area": area_id}).fetchone()
    assert unit is not None
    placed = """INSERT INTO unit_position (unit_id, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
        VALUES (%s, now(), now(), %s, %s, 0, 0, %s)"""
    link.execute(placed, (unit["id"], LON + n / 1000, LAT, area_id))


class Life(RuleBasedStateMachine):
    """What two dispatchers may do, in any order."""

    on: Ground

    def __init__(self) -> None:
        """Leave behind what was there before, and go on with units that nobody has sent."""
        super().__init__()
        tables = ("incident", "event", "call", "dispatch", "unit")
        self.since = {table: max(self.every(table), default=0) for table in tables}
        for n in range(UNITS):
            _unit(self.on.link, self.since["unit"] + n, self.on.area_id)
        self.said = set[tuple[str, int]]()
        self.lines = 0
        for n in range(3):
            self.open(who=1, east=n, state=State.PENDING)
            self.event(east=n, kind="smoke")
            self.ring(east=n, category="fire")

    # ── the house as it is ──

    def rows(self, asked: str, *values: object) -> list[dict[str, Any]]:
        return self.on.link.execute(asked.encode(), values or None).fetchall()

    def every(self, table: str) -> list[int]:
        return [row["id"] for row in self.rows(f"SELECT id FROM {table} ORDER BY id")]

    def some(self, table: str, n: int, *, but: int = 0) -> int:
        """Return one of those there; where `n` is below eight one that is still to be acted on, if there is any."""
        waiting = self.rows(f"SELECT id FROM {table} WHERE {_WAITS.get(table, 'true')} ORDER BY id")
        fresh = [row["id"] for row in waiting if n < 8 and row["id"] > self.since[table] and row["id"] != but]
        known = fresh or [id for id in self.every(table) if id > self.since[table]]
        return known[n % len(known)] if known else 0

    def merged(self) -> list[int]:
        known = self.rows(
            "SELECT id FROM incident WHERE state = 'merged' AND id > %s ORDER BY id", self.since["incident"]
        )
        return [row["id"] for row in known]

    def act(self, who: int, what: Callable[[Session, Viewer], Coroutine[Any, Any, object]]) -> bool:
        """Do something as one of the two, in a visit of its own; False where it is refused."""
        area = self.on.area_id
        viewer = Viewer(account_id=who, name=f"D{who}", role=Role.DISPATCHER, area_id=area, own_area_id=area)

        async def visit() -> bool:
            try:
                async with visit_as(self.on.engine, viewer) as session:
                    await what(session, viewer)
            except Refusal as refusal:
                assert refusal.status < 500, refusal.code
                return False
            return True

        return self.on.runner.run(visit())

    # ── what machines send ──

    @rule(east=st.integers(0, 5), kind=st.sampled_from(("smoke", "call", "line_crossing")))
    def event(self, east: int, kind: str) -> None:
        self.rows(
            """INSERT INTO event (kind, source, at, certainty, placed_by, geom)
               VALUES (%s, 'x', now(), 1, 'sender', ST_SetSRID(ST_MakePoint(%s, %s), 4326)) RETURNING id""",
            kind, LON + east / 1000, LAT,
        )  # fmt: skip

    @rule(east=st.integers(0, 5), category=st.sampled_from((None, *CATEGORIES)))
    def ring(self, east: int, category: str | None) -> None:
        self.rows(
            """INSERT INTO call (home_area_id, state, rang_at, category, placed_by, geom) VALUES (%s, 'ringing', now(),
               %s, 'click', ST_SetSRID(ST_MakePoint(%s, %s), 4326)) RETURNING id""",
            self.on.area_id, category, LON + east / 1000, LAT,
        )  # fmt: skip

    # ── what people do ──

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), into=st.one_of(st.none(), st.just("new"), st.integers(0, 9)))
    def confirm(self, who: int, n: int, into: Any) -> None:
        join = self.some("incident", into) if isinstance(into, int) else into
        category = "fire" if join == "new" else None
        yes = deciding.Yes(join=None if join == "new" else join, category=category)
        self.act(who, lambda s, v: deciding.confirm(s, v, self.some("event", n), yes))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), into=st.one_of(st.none(), st.integers(0, 9)))
    def take_call(self, who: int, n: int, into: int | None) -> None:
        call_id, asked = self.some("call", n), intake.ToOpen(category="road_accident")
        if into is None:
            self.act(who, lambda s, v: intake.open_incident(s, v, call_id, asked))
        else:
            self.act(who, lambda s, v: intake.join(s, v, call_id, self.some("incident", into)))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), outcome=st.sampled_from(Outcome))
    def end_call(self, who: int, n: int, outcome: Outcome) -> None:
        self.act(who, lambda s, v: intake.end(s, v, self.some("call", n), outcome, WHY))

    @rule(who=st.integers(1, 2), east=st.integers(0, 5), state=st.sampled_from((State.INTAKE, State.PENDING)))
    def open(self, who: int, east: int, state: State) -> None:
        place = LonLat(lon=LON + east / 1000, lat=LAT)
        new = NewIncident(category="fire", priority=2, place=place, opened_by=f"D{who}")
        assert self.act(who, lambda s, v: incidents.open_new(s, new, v, state))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), units=st.sets(st.integers(0, UNITS - 1), min_size=1, max_size=2))
    def send(self, who: int, n: int, units: set[int]) -> None:
        chosen = sorted(self.some("unit", unit) for unit in units)
        self.act(who, lambda s, v: sending.send(s, v, RoadsNow(), self.some("incident", n), chosen))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), data=st.data(), as_fact=st.booleans())
    def advance(self, who: int, n: int, data: st.DataObject, *, as_fact: bool) -> None:
        dispatch_id = self.some("dispatch", n)
        status = data.draw(st.sampled_from(self.likely(dispatch_id)))
        (at,) = self.rows("SELECT now() AS at")
        new = NewStatus(status=status, at=at["at"], who=f"D{who}", means="radio", reason=WHY)
        self.act(who, lambda s, v: sending.advance(s, v, dispatch_id, new, as_fact=as_fact))

    def likely(self, dispatch_id: int) -> list[Status]:
        """Mostly what may follow, so that dispatches get somewhere."""
        present = self.rows("SELECT status FROM dispatch WHERE id = %s", dispatch_id)
        following = NEXT[Status(present[0]["status"])] if present else ()
        return [*following * 4, *Status]

    @rule(who=st.integers(1, 2), one=st.integers(0, 9), into=st.integers(0, 9))
    def merge(self, who: int, one: int, into: int) -> None:
        first = self.some("incident", one)
        pair = first, self.some("incident", into, but=first)
        self.act(who, lambda s, v: merging.merge(s, v, *pair, WHY))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), into=st.integers(0, 7))
    def report_twice(self, who: int, n: int, into: int) -> None:
        """What a double report comes to: an incident of its own, a unit under way, a call, and then it is one."""
        self.open(who=who, east=n, state=State.PENDING)
        newest = max(self.every("incident"))
        self.act(who, lambda s, v: sending.send(s, v, RoadsNow(), newest, [self.some("unit", 0)]))
        self.act(who, lambda s, v: intake.join(s, v, self.some("call", 0), newest))
        self.act(who, lambda s, v: merging.merge(s, v, newest, self.some("incident", into, but=newest), WHY))

    @precondition(lambda self: self.merged())
    @rule(who=st.integers(1, 2), n=st.integers(0, 9))
    def unmerge(self, who: int, n: int) -> None:
        known = self.merged()
        self.act(who, lambda s, v: merging.unmerge(s, v, known[n % len(known)], WHY))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), part=st.integers(1, 7))
    def split(self, who: int, n: int, part: int) -> None:
        incident_id = self.some("incident", n)
        has = {name: self.rows(f"SELECT id FROM {name} WHERE incident_id = %s ORDER BY id", incident_id)
               for name in ("event", "call", "dispatch")}  # fmt: skip
        taken = {
            name: tuple(row["id"] for row in rows[: part >> bit & 1]) for bit, (name, rows) in enumerate(has.items())
        }
        what = Belongings(events=taken["event"], calls=taken["call"], dispatches=taken["dispatch"])
        self.act(who, lambda s, v: merging.split(s, v, incident_id, merging.Apart(what=what, reason=WHY)))

    @rule(n=st.integers(0, 9), other=st.integers(0, 9), tie=st.sampled_from((Tie.PARENT, Tie.CHILD, Tie.RELATED)))
    def link(self, n: int, other: int, tie: Tie) -> None:
        first = self.some("incident", n)
        pair = first, self.some("incident", other, but=first)
        self.act(1, lambda s, v: merging.link(s, v, *pair, tie))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), how=st.sampled_from(("close", "cancel", "reopen")))
    def end(self, who: int, n: int, how: str) -> None:
        acts: dict[str, Callable[[Session, Viewer, int, str], Coroutine[Any, Any, object]]]
        acts = {"close": lifecycle.close, "cancel": lifecycle.cancel, "reopen": lifecycle.reopen}
        self.act(who, lambda s, v: acts[how](s, v, self.some("incident", n), WHY))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), state=st.sampled_from(State))
    def say(self, who: int, n: int, state: State) -> None:
        self.act(who, lambda s, v: lifecycle.say(s, v, self.some("incident", n), state))

    @rule(who=st.integers(1, 2), n=st.integers(0, 9), east=st.integers(0, 5))
    def relocate(self, who: int, n: int, east: int) -> None:
        place = LonLat(lon=LON + east / 500, lat=LAT)
        self.act(who, lambda s, v: lifecycle.relocate(s, v, self.some("incident", n), place, None, WHY))

    # ── what must always be true ──

    @invariant()
    def no_unit_is_bound_to_what_is_over_or_to_two(self) -> None:
        over = """SELECT d.id FROM dispatch d JOIN incident i ON i.id = d.incident_id
                   WHERE d.status <> ALL (%s) AND i.state = ANY (%s)"""
        assert self.rows(over, UNBOUND, ENDED_WORDS) == []
        twice = "SELECT unit_id FROM dispatch WHERE status <> ALL (%s) GROUP BY unit_id HAVING count(*) > 1"
        assert self.rows(twice, UNBOUND) == []
        shadow = """SELECT u.id FROM unit u LEFT JOIN dispatch d ON d.unit_id = u.id AND d.status <> ALL (%s)
                     WHERE u.task IS DISTINCT FROM d.status"""
        assert self.rows(shadow, UNBOUND) == []

    @invariant()
    def nothing_is_lost_and_nothing_belongs_to_what_was_merged(self) -> None:
        for table in ("event", "call", "dispatch"):
            stray = f"SELECT t.id FROM {table} t JOIN incident i ON i.id = t.incident_id WHERE i.state = 'merged'"
            assert self.rows(stray) == [], table
        still = {(table, id) for table in ("incident", "event", "call", "dispatch") for id in self.every(table)}
        assert self.said <= still
        self.said = still
        (lines,) = self.rows("SELECT count(*) AS n FROM incident_entry")
        assert lines["n"] >= self.lines
        self.lines = lines["n"]
        assert self.rows("SELECT id FROM event WHERE (state = 'confirmed') <> (incident_id IS NOT NULL)") == []

    @invariant()
    def every_incident_stands_where_its_dispatches_say(self) -> None:
        counts = "d.status <> ALL (%s) OR d.status_at >= coalesce(i.reopened_at, '-infinity')"
        asked = f"""SELECT i.id, i.state, (i.closed_at IS NULL) AS open,
                           array_agg(d.status) FILTER (WHERE d.id IS NOT NULL AND ({counts})) AS sent
                      FROM incident i LEFT JOIN dispatch d ON d.incident_id = i.id GROUP BY i.id"""
        for row in self.rows(asked, UNBOUND):
            state = State(row["state"])
            assert derived(state, [Status(word) for word in row["sent"] or ()]) is state, row
            assert row["open"] == (state not in ENDED), row
        apart = "SELECT d.id FROM dispatch d JOIN incident i ON i.id = d.incident_id WHERE d.area_id <> i.area_id"
        assert self.rows(apart) == []

    @invariant()
    def whatever_was_merged_ends_at_one_that_stands_and_says_how(self) -> None:
        up = {row["id"]: row["merged_into_id"] for row in self.rows("SELECT id, merged_into_id FROM incident")}
        for incident_id in up:
            seen, at = set[int](), incident_id
            while up[at] is not None:
                assert at not in seen, "a circle"
                seen.add(at)
                at = up[at]
        links = """SELECT id, merged_into_id FROM incident WHERE merged_into_id IS NOT NULL EXCEPT
                   SELECT incident_id, other_id FROM incident_link WHERE kind = 'merged' AND ended_at IS NULL"""
        assert self.rows(links) == []
        ends = """SELECT incident_id FROM incident_link WHERE kind = 'merged' AND ended_at IS NULL
                  EXCEPT SELECT id FROM incident WHERE state = 'merged'"""
        assert self.rows(ends) == []


def test_no_order_of_acts_leads_to_a_forbidden_state(store: _Store, template: str) -> None:
    with ground(store, template) as on:
        made = type("Life", (Life,), {"on": on})
        quick = settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(made, settings=quick)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_the_rules_themselves_let_nothing_open_what_is_over(state: State) -> None:
    assert derived(state, list(Status)) is state
