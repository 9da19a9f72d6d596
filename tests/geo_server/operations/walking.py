"""What a walk of tests stands on: a store with a few units in it, who acts there, and what must always be true.

Every act is the real one in a visit of its own, in the role of whoever does it; the store is read past every policy.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
from hypothesis.stateful import RuleBasedStateMachine, invariant
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.errors import Refusal
from layers.areas.scope import visit_as
from layers.calls.rules import State as Line
from layers.database import INGEST, SERVER, Session, as_role, engine_for, visit
from layers.dispatches.rules import ENDED as DISPATCH_ENDED
from layers.dispatches.rules import Status
from layers.incidents.rules import ENDED, State, derived
from layers.sources.schema import Source
from layers.values import Role
from layers.viewer import Viewer

UNITS = 4
LON, LAT = 76.97, 43.23  # in Medeu
HOME, NEXT_DOOR, CITY = "KZ-75-MED", "KZ-75-BOS", "KZ-75"
TABLES = ("incident", "event", "call", "dispatch", "unit")
_LINES = ("incident_entry", "call_entry", "dispatch_entry", "crew_event", "unit_duty", "panic")
_WAITS = {
    "incident": "state NOT IN ('closed', 'cancelled', 'merged')",
    "dispatch": "status NOT IN ('clear', 'cancelled', 'diverted', 'refused')",
    "event": "state = 'new'",
    "call": "incident_id IS NULL",
    "unit": "task IS NULL",
}
_ENDED_WORDS, _UNBOUND = [s.value for s in ENDED], [s.value for s in DISPATCH_ENDED]
_ORDER = {line.value: n for n, line in enumerate((Line.RINGING, Line.ANSWERED, Line.ENDED))}

Link = psycopg.Connection[dict[str, Any]]
Act = Callable[[Session, Viewer], Coroutine[Any, Any, object]]


class Store(Protocol):
    def create_database(self, name: str, template: str | None = ...) -> None: ...
    def drop_database(self, name: str) -> None: ...
    def url(self, name: str) -> str: ...


@dataclass(frozen=True)
class Ground:
    """A store as its owner reads it, as the server comes in and as machines do; `areas` are ids by code."""

    link: Link
    engine: AsyncEngine
    machines: AsyncEngine
    runner: asyncio.Runner
    areas: dict[str, int]
    exchange: Source


@contextmanager
def ground(store: Store, template: str, name: str) -> Iterator[Ground]:
    database = f"{template}_{name}"
    store.create_database(database, template)
    url = store.url(database)
    engine, machines = engine_for(as_role(url, SERVER), size=4), engine_for(as_role(url, INGEST), size=2)
    with asyncio.Runner() as runner, psycopg.connect(url, autocommit=True, row_factory=dict_row) as link:
        areas = {row["code"]: row["id"] for row in link.execute("SELECT code, id FROM area").fetchall()}
        yield Ground(link, engine, machines, runner, areas, _exchange(link, areas[CITY]))
        runner.run(engine.dispose())
        runner.run(machines.dispose())
    store.drop_database(database)


def _exchange(link: Link, area_id: int) -> Source:
    row = "INSERT INTO source (name, kind, area_id) VALUES ('exchange', 'exchange', %s) RETURNING id"
    found = link.execute(row, (area_id,)).fetchone()
    assert found is not None
    return Source(
        id=found["id"], name="exchange", kind="exchange", area_id=area_id, enabled=True, rate_per_s=1, rows_per_s=1
    )


def _unit(link: Link, n: int, area_id: int) -> tuple[int, int]:
    """Make a unit with its crew's account and return the ids of both."""
    row = """INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)
        VALUES (%(sign)s, %(sign)s, 'police', 'car', 'on', %(area)s) RETURNING id"""
    unit = link.execute(row, {"sign": f"U{n}", "area": area_id}).fetchone()
    assert unit is not None
    placed = """INSERT INTO unit_position (unit_id, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
        VALUES (%s, now(), now(), %s, %s, 0, 0, %s)"""
    link.execute(placed, (unit["id"], LON + n / 1000, LAT, area_id))
    row = """INSERT INTO account (name, password_hash, role, area_id, unit_id)
        VALUES (%s, 'x', 'crew', %s, %s) RETURNING id"""
    crew = link.execute(row, (f"crew {n}", area_id, unit["id"])).fetchone()
    assert crew is not None
    return unit["id"], crew["id"]


class Walk(RuleBasedStateMachine):
    """A walk begins with units that nobody has sent, beside all that was there before."""

    on: Ground

    def __init__(self) -> None:
        """Leave behind what was there before."""
        super().__init__()
        self.since = {table: max(self.every(table), default=0) for table in TABLES}
        made = [_unit(self.on.link, self.since["unit"] + n, self.on.areas[HOME]) for n in range(UNITS)]
        self.crews = dict(made)
        self.said = set[tuple[str, int]]()
        self.lines = dict.fromkeys(_LINES, 0)
        self.calls = dict[int, dict[str, Any]]()

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
        asked = "SELECT id FROM incident WHERE state = 'merged' AND id > %s ORDER BY id"
        return [row["id"] for row in self.rows(asked, self.since["incident"])]

    # ── who acts ──

    def desk(self, who: int) -> Viewer:
        """Return a dispatcher: 1 and 2 sit in the district, 3 next door, 4 in the city above both."""
        area = self.on.areas[{3: NEXT_DOOR, 4: CITY}.get(who, HOME)]
        return Viewer(account_id=who, name=f"D{who}", role=Role.DISPATCHER, area_id=area, own_area_id=area)

    def crew(self, unit_id: int) -> Viewer:
        area, account = self.on.areas[HOME], self.crews[unit_id]
        return Viewer(account_id=account, name="crew", role=Role.CREW, area_id=area, own_area_id=area, unit_id=unit_id)

    def act(self, who: Viewer | int, what: Act) -> bool:
        """Do something in a visit of its own; False where it is refused."""
        viewer = self.desk(who) if isinstance(who, int) else who

        async def visiting() -> bool:
            try:
                async with visit_as(self.on.engine, viewer) as session:
                    await what(session, viewer)
            except Refusal as refusal:
                assert refusal.status < 500, refusal.code
                return False
            return True

        return self.do(visiting)

    def send_in(self, what: Callable[[Session], Coroutine[Any, Any, object]]) -> bool:
        """Do something as a machine does."""

        async def visiting() -> bool:
            async with visit(self.on.machines) as session:
                await what(session)
            return True

        return self.do(visiting)

    def do(self, visiting: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
        """Do it now; return whether it was taken."""
        return self.on.runner.run(visiting())

    # ── what must always be true ──

    @invariant()
    def no_unit_is_bound_to_what_is_over_or_to_two(self) -> None:
        over = """SELECT d.id FROM dispatch d JOIN incident i ON i.id = d.incident_id
                   WHERE d.status <> ALL (%s) AND i.state = ANY (%s)"""
        assert self.rows(over, _UNBOUND, _ENDED_WORDS) == []
        twice = "SELECT unit_id FROM dispatch WHERE status <> ALL (%s) GROUP BY unit_id HAVING count(*) > 1"
        assert self.rows(twice, _UNBOUND) == []
        shadow = """SELECT u.id FROM unit u LEFT JOIN dispatch d ON d.unit_id = u.id AND d.status <> ALL (%s)
                     WHERE u.task IS DISTINCT FROM d.status"""
        assert self.rows(shadow, _UNBOUND) == []

    @invariant()
    def who_was_diverted_went_where_the_old_dispatch_says(self) -> None:
        astray = """SELECT old.id FROM dispatch old JOIN dispatch new ON new.id = old.diverted_to
                     WHERE old.status <> 'diverted' OR new.unit_id <> old.unit_id"""
        assert self.rows(astray) == []

    @invariant()
    def nothing_is_lost_and_nothing_belongs_to_what_was_merged(self) -> None:
        for table in ("event", "call", "dispatch"):
            stray = f"SELECT t.id FROM {table} t JOIN incident i ON i.id = t.incident_id WHERE i.state = 'merged'"
            assert self.rows(stray) == [], table
        still = {(table, id) for table in ("incident", "event", "call", "dispatch") for id in self.every(table)}
        assert self.said <= still
        self.said = still
        lines = {table: self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in _LINES}
        assert all(lines[table] >= self.lines[table] for table in _LINES)
        self.lines = lines
        assert self.rows("SELECT id FROM event WHERE (state = 'confirmed') <> (incident_id IS NOT NULL)") == []

    @invariant()
    def a_call_goes_forward_stays_decided_and_is_seen_by_somebody(self) -> None:
        now = {row["id"]: row for row in self.rows("SELECT * FROM call")}
        for call_id, before in self.calls.items():
            after = now[call_id]
            assert _ORDER[after["state"]] >= _ORDER[before["state"]], after
            assert before["decided_by"] is None or after["decided_by"] is not None, after
            assert before["incident_id"] is None or after["incident_id"] is not None, after
            assert before["answered_at"] is None or after["answered_at"] is not None, after
            assert after["rang_at"] <= before["rang_at"], after
        assert all(call["area_id"] is not None for call in now.values())
        silent = "SELECT id FROM call EXCEPT SELECT call_id FROM call_entry"
        assert set(self._ids(silent)) <= set(self._ids("SELECT id FROM call WHERE source_id IS NULL"))
        self.calls = now

    @invariant()
    def every_incident_stands_where_its_dispatches_say(self) -> None:
        counts = "d.status <> ALL (%s) OR d.status_at >= coalesce(i.reopened_at, '-infinity')"
        asked = f"""SELECT i.id, i.state, (i.closed_at IS NULL) AS open,
                           array_agg(d.status) FILTER (WHERE d.id IS NOT NULL AND ({counts})) AS sent
                      FROM incident i LEFT JOIN dispatch d ON d.incident_id = i.id GROUP BY i.id"""
        for row in self.rows(asked, _UNBOUND):
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

    def _ids(self, asked: str) -> Sequence[int]:
        return [row["id"] for row in self.rows(asked)]
