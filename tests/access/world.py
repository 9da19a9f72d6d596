"""Random worlds: a dated tree, people in it, rows of every protected layer, grants; written in bulk, read back whole.

Every id is a number of nine digits that stands nowhere else, and every name and text holds the id of its row: whatever
leaks can be seen in the bare bytes of an answer.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import shapely
from hypothesis import strategies as st
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from shapely import Point
from shapely.geometry.base import BaseGeometry

from tests.access.model import OVER, UNBOUND, Area, Looker, Row, World
from tests.access.video_world import TOLD_APART, VIDEO_SEQUENCED, VIDEO_TABLES, VideoRows, hit_of

ROLES = ("dispatcher", "commander", "planner", "administrator")
KINDS = ("camera", "incident", "event", "unit", "dispatch", "grant", "account", "source")
TABLES: Mapping[str, LiteralString] = {
    "camera": "camera", "incident": "incident", "event": "event", "unit": "unit", "dispatch": "dispatch",
    "grant": "area_grant", "account": "account", "source": "source", "session": "account_session", "audit": "audit",
    "contact": "contact", "told": "notice_chain", "was": "unit_version",
    "link": "incident_link", "premises": "premises_note",
    "clock": "incident_clock", "panic": "panic", "call": "call", **VIDEO_TABLES,
}  # fmt: skip
SEQUENCED = ("camera", "incident", "incident_entry", "event", "unit", "dispatch", "dispatch_entry", "area_grant",
             "account", "account_session", "source", "source_key", "audit", "contact", "notice_chain", "incident_link",
             "premises_note", "incident_clock", "panic", "call",
             "call_entry", *VIDEO_SEQUENCED)  # fmt: skip
FIRST_ID = 410_000_000  # each table has a million of its own from here
PHONES = tuple(f"7701{n}" for n in (5550101, 5550202, 5550303, 5550404))
_WEST, _SOUTH, _SIDE = 70.0, 50.0, 1.6


@dataclass(frozen=True, slots=True)
class Person:
    """An account with its session; the areas are indexes into the tree."""

    role: str
    own: int
    entered: int


@dataclass(frozen=True, slots=True)
class Given:
    """A grant from one area to another, and how it stands."""

    kind: str
    of: int
    to: int
    stands: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A world before it is built; `tree` tells of each area below the Republic its parent's index and if it is open."""

    tree: tuple[tuple[int, bool], ...]
    people: tuple[Person, ...]
    grants: tuple[Given, ...]
    rows: Mapping[str, int]
    seed: int


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a world."""
    tree: list[tuple[int, bool]] = []
    levels, children = [1], [0]
    for _ in range(draw(st.integers(4, 13))):
        parent = draw(st.sampled_from([n for n, level in enumerate(levels) if level < 4 and children[n] < 4]))
        tree.append((parent, draw(st.integers(0, 4)) > 0))
        levels.append(levels[parent] + 1)
        children[parent] += 1
        children.append(0)
    area = st.integers(0, len(tree))
    people = st.builds(Person, st.sampled_from(ROLES), area, area)
    grants = st.builds(
        Given, st.sampled_from(("area", "incident")), area, area,
        st.sampled_from(("runs", "runs", "runs", "ended", "revoked", "not yet")),
    )  # fmt: skip
    return Plan(
        tree=tuple(tree),
        people=tuple(draw(st.lists(people, min_size=8, max_size=14))),
        grants=tuple(draw(st.lists(grants, min_size=3, max_size=9))),
        rows={kind: draw(st.integers(12, 28)) for kind in ("camera", "incident", "event", "unit", "dispatch")},
        seed=draw(st.integers(0, 2**32)),
    )


# ── building ──


class Builder:
    """Writes one plan into an empty store, as its owner."""

    def __init__(self, link: psycopg.Connection[Any], plan: Plan) -> None:
        """Know the store and the plan."""
        self.link, self.plan, self.rng = link, plan, random.Random(plan.seed)
        self.areas: list[Area] = []
        self.now = datetime.now(UTC)
        self.standing: list[Point] = []  # where cameras are

    def build(self) -> None:
        """Write everything."""
        self._number()
        self._tree()
        self.people = self._people()
        cameras = self._many("camera", self._camera)
        incidents = self._many("incident", self._incident)
        self._entries(incidents)
        video = VideoRows(self)
        wanted = video.wanted()
        events = self._many("event", lambda id: self._event(id, cameras, incidents, wanted))
        self._pictures(events)
        video.build(cameras, incidents, events)
        self._units()
        self._dispatches(incidents)
        self._panics()
        self._calls(incidents)
        self._grants(incidents)
        self._sources()
        self._notices(incidents)
        self._links(incidents)
        self._premises(incidents)
        self._clocks(incidents)
        self._audit()
        self._ring()

    def _number(self) -> None:
        for n, table in enumerate(SEQUENCED):
            first = FIRST_ID + n * 1_000_000 + 500_000
            self.link.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table, first))
        self.link.execute("SELECT setval('incident_number', %s)", (FIRST_ID + 90_000_000,))

    def ids(self, table: str, many: int) -> list[int]:
        """Draw ids of a table."""
        first = FIRST_ID + SEQUENCED.index(table) * 1_000_000
        return sorted(first + n for n in self.rng.sample(range(400_000), many))

    def insert(self, table: LiteralString, rows: Iterable[Mapping[str, Any]], **also: LiteralString) -> None:
        """Write rows; `also` are columns as SQL over the row's own values."""
        listed = list(rows)
        if not listed:
            return
        names = [*listed[0], *also]
        values = [*(f"%({name})s" for name in listed[0]), *also.values()]
        with self.link.cursor() as cursor:
            asked = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"
            cursor.executemany(asked.encode(), listed)

    # ── the tree ──

    def _tree(self) -> None:
        boxes = [(_WEST, _SOUTH, _WEST + _SIDE, _SOUTH + _SIDE)]
        levels, slots = [1], [0]
        for parent, _ in self.plan.tree:
            boxes.append(_corner(boxes[parent], slots[parent]))
            slots[parent] += 1
            levels.append(levels[parent] + 1)
            slots.append(0)
        parents: list[int | None] = [None, *(parent for parent, _ in self.plan.tree)]
        opened = [True, *(is_open for _, is_open in self.plan.tree)]
        for n, (above, is_open) in enumerate(zip(parents, opened, strict=True)):
            parent_id = None if above is None else self.areas[above].id
            self.areas.append(self._area(n, parent_id, levels[n], is_open, boxes[n]))

    def _area(
        self, n: int, parent_id: int | None, level: int, is_open: bool, box: tuple[float, float, float, float]
    ) -> Area:
        asked = """INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, closed_at, geom)
            VALUES (%s, %s, %s, %s, %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326))) RETURNING id"""
        closed = None if is_open else self.now - timedelta(days=n)
        row = self.link.execute(asked, (parent_id, level, f"T{n}", f"а{n}", f"б{n}", f"c{n}", closed, *box)).fetchone()
        assert row is not None
        return Area(id=row[0], parent_id=parent_id, level=level, is_open=is_open, box=box)

    def _place(self) -> Point:
        """Return a place in some area, now and then in none."""
        west, south, east, north = self.rng.choice(self.areas).box
        if self.rng.random() < 0.03:
            west, south, east, north = _WEST - 2, _SOUTH - 2, _WEST - 1, _SOUTH - 1
        x, y = self.rng.uniform(west, east), self.rng.uniform(south, north)
        return Point(round(x, 5), round(y, 5))

    # ── people ──

    def _people(self) -> list[tuple[int, Person]]:
        people = self.plan.people
        ids = self.ids("account", len(people))
        self.insert(
            "account",
            (
                {
                    "id": id,
                    "name": f"who-{id}",
                    "password_hash": "none",
                    "role": one.role,
                    "area_id": self.id_of(one.own),
                }
                for id, one in zip(ids, people, strict=True)
            ),
        )
        self.insert(
            "account_session",
            (
                {
                    "id": id, "account_id": account, "area_id": self.id_of(one.entered), "agent": f"agent-{id}",
                    "token_sha256": hashlib.sha256(token_of(id).encode()).digest(),
                    "expires_at": self.now + timedelta(hours=11), "stepped_up_at": self.now, "seen_at": self.now,
                }
                for id, account, one in zip(self.ids("account_session", len(people)), ids, people, strict=True)
            ),
        )  # fmt: skip
        return list(zip(ids, people, strict=True))

    def id_of(self, index: int) -> int:
        """Return the id of an area of the tree."""
        return self.areas[index].id

    # ── rows of the map ──

    def _many(self, kind: LiteralString, row: Callable[[int], Mapping[str, Any]]) -> list[int]:
        ids = self.ids(kind, self.plan.rows[kind])
        self.insert(kind, (row(id) for id in ids))
        return ids

    def _camera(self, id: int) -> dict[str, Any]:
        names = {f"name_{language}": f"{language} {id}" for language in ("kk", "ru", "en")}
        at = self._place()
        self.standing.append(at)
        kind = "ptz" if id % 2 else "fixed"
        own: dict[str, Any] = {"id": id, "code": f"C-{id}", "kind": kind, "url": f"rtsp://{id}", "reader": "rtsp"}
        masks = [{"polygon": [[0, 0], [9, 0], [9, 9]], "kind": "privacy"}] if id % 3 == 0 else []
        own |= {"record": "continuous", "masks": Jsonb(masks)}
        return {**own, **names, "geom": _hex(at)}

    def _incident(self, id: int) -> dict[str, Any]:
        state = self.rng.choice(("pending", "pending", "assigned", "onscene", "closed", "cancelled"))
        called = self.rng.random() < 0.7
        return {
            "id": id, "number": f"26-{id}", "category": self.rng.choice(("fire", "theft", "medical", "assault")),
            "priority": self.rng.randint(1, 4), "state": state, "opened_at": self._ago(40), "opened_by": f"by {id}",
            "closed_at": self._ago(1) if state in OVER else None, "description": f"about {id}",
            "address": f"street {id}", "caller_name": f"Айгүл {id}" if called else None,
            "caller_phone": f"+{self.rng.choice(PHONES)}" if called else None, "geom": self._by_a_camera(),
        }  # fmt: skip

    def _by_a_camera(self) -> str:
        """Return a place, often one within 60 m of a camera."""
        if self.rng.random() < 0.5:
            return self._point()
        at = self.rng.choice(self.standing)
        return _hex(Point(at.x + self.rng.uniform(-4e-4, 4e-4), at.y + self.rng.uniform(-3e-4, 3e-4)))

    def _entries(self, incidents: list[int]) -> None:
        ids = self.ids("incident_entry", len(incidents))
        rows = (
            {"id": n, "incident_id": i, "kind": "opened", "who": f"by {i}"} for n, i in zip(ids, incidents, strict=True)
        )
        self.insert("incident_entry", rows)

    def _event(self, id: int, cameras: list[int], incidents: list[int], wanted: list[int]) -> dict[str, Any]:
        state = self.rng.choice(("new", "new", "new", "confirmed", "rejected"))
        kind = self.rng.choice(("line_crossing", "zone_motion", "smoke", "fire", "plate_hit", "plate_hit"))
        said = Jsonb({"note": f"n {id}", "caller_phone": f"+{PHONES[0]}"})
        return {
            "id": id, "kind": kind, "source": f"of {id}",
            "source_event_id": f"{id}", "camera_id": self.rng.choice((None, self.rng.choice(cameras))),
            "incident_id": self.rng.choice(incidents) if state == "confirmed" else None, "at": self._ago(40),
            "certainty": 0.5, "state": state, "reason": f"no {id}" if state == "rejected" else None,
            "placed_by": "sender", "details": hit_of(self.rng.choice(wanted)) if kind == "plate_hit" else said,
            "geom": self._point(),
        }  # fmt: skip

    def _pictures(self, events: list[int]) -> None:
        shown = self.rng.sample(events, len(events) // 2)
        rows = ({"event_id": id, "jpeg": f"picture {id}".encode(), "width_px": 4, "height_px": 3} for id in shown)
        self.insert("event_picture", rows)

    def _units(self) -> None:
        self.units = {id: self._place() for id in self.ids("unit", self.plan.rows["unit"])}
        placed = {id: at for id, at in self.units.items() if self.rng.random() < 0.8}
        self._write_units(placed, ("police", "ambulance", "fire", "rescue"))
        self._tracks(placed)

    def _write_units(self, placed: Mapping[int, Point], services: tuple[str, ...]) -> None:
        rows = [
            {
                "id": id, "call_sign": f"U-{id}", "device": f"D-{id}", "service": self.rng.choice(services),
                "kind": "car", "duty": self.rng.choice(("on", "on", "on", "off")),
                "home_area_id": self.id_of(self.rng.randrange(len(self.areas))),
            }
            for id in self.units
        ]  # fmt: skip
        self.insert("unit", rows)
        for id, at in placed.items():
            place(self.link, id, at)

    def _tracks(self, placed: Mapping[int, Point]) -> None:
        for days in (-1, 0, 1):
            self.link.execute("SELECT make_track_day((now() AT TIME ZONE 'UTC')::date + %s)", (days,))
        rows = [
            {"unit_id": id, "at": self.now - timedelta(seconds=20 * n + 1), "geom": self._point() if n else _hex(at)}
            for id, at in placed.items()
            for n in range(self.rng.randint(0, 4))
        ]
        also: dict[str, LiteralString] = {"area_id": "area_of(%(geom)s::geometry)", "received_at": "now()"}
        self.insert("track", rows, **also, speed_kmh="10", heading_deg="0")

    def _dispatches(self, incidents: list[int]) -> None:
        free, rows = list(self.units), []
        ids = self.ids("dispatch", self.plan.rows["dispatch"])
        for id in ids:
            status = self.rng.choice(("dispatched", "enroute", "onscene", "clear", "cancelled"))
            unit = self.rng.choice(free)
            if status not in UNBOUND and len(free) > 1:
                free.remove(unit)
            elif status not in UNBOUND:
                status = "clear"
            line = shapely.LineString([self.units[unit], self._place()])
            rows.append({
                "id": id, "incident_id": self.rng.choice(incidents), "unit_id": unit, "status": status,
                "dispatched_by": f"by {id}", "geom": _hex(line),
            })  # fmt: skip
        self.insert("dispatch", rows, area_id="(SELECT area_id FROM incident WHERE id = %(incident_id)s)")
        steps = zip(self.ids("dispatch_entry", len(ids)), ids, strict=True)
        also: dict[str, LiteralString] = {"status": "'dispatched'", "at": "now()", "means": "'radio'"}
        self.insert("dispatch_entry", ({"id": n, "dispatch_id": d, "who": f"by {d}"} for n, d in steps), **also)

    def _panics(self) -> None:
        ids = self.panics = self.ids("panic", len(self.units) // 2)
        rows = (
            {
                "id": id, "unit_id": unit, "raised_by": f"by {id}", "geom": self._point(), "raised_at": self._ago(2),
                "ended_at": self.now if over else None, "ended_by": "x" if over else None,
                "reason": f"why {id}" if over else None,
            }
            for n, (id, unit) in enumerate(zip(ids, self.rng.sample(list(self.units), len(ids)), strict=True))
            for over in (n % 2 == 0,)
        )  # fmt: skip
        self.insert("panic", rows)

    def _calls(self, incidents: list[int]) -> None:
        ids = self.ids("call", 18)
        self.insert("call", (self._call(id, incidents) for id in ids))
        lines = zip(self.ids("call_entry", len(ids)), ids, strict=True)
        self.insert("call_entry", ({"id": n, "call_id": id, "who": f"by {id}"} for n, id in lines), kind="'rang'")

    def _call(self, id: int, incidents: list[int]) -> dict[str, Any]:
        state, placed = self.rng.choice(("ringing", "answered", "ended")), self.rng.random() < 0.8
        linked = state == "answered" and self.rng.random() < 0.5
        return {
            "id": id, "home_area_id": self.id_of(self.rng.randrange(len(self.areas))), "state": state,
            "rang_at": self._ago(40), "ended_at": self.now if state == "ended" else None, "line": f"line {id}",
            "phone": f"+{self.rng.choice(PHONES)}", "caller_name": f"Айгүл {id}", "said": f"said {id}",
            "incident_id": self.rng.choice(incidents) if linked else None, "outcome": "duplicate" if linked else None,
            "placed_by": "aml" if placed else "none", "geom": self._point() if placed else None,
            **self._handed(id),
        }  # fmt: skip

    def _handed(self, id: int) -> dict[str, Any]:
        """Say of some calls that other areas had them before."""
        by = [self.id_of(self.rng.randrange(len(self.areas))) for _ in range(self.rng.choice((0, 0, 1, 2)))]
        told = {"handed_at": self.now, "handed_by": f"by {id}", "handed_why": f"why {id}"}
        return {"handed_from": by or None, **(told if by else dict.fromkeys(told))}

    # ── grants, sources, the audit, the bell ──

    def _grants(self, incidents: list[int]) -> None:
        ids = self.ids("area_grant", len(self.plan.grants))
        for id, given in zip(ids, self.plan.grants, strict=True):
            incident = self.rng.choice(incidents) if given.kind == "incident" else None
            begins = self.now + timedelta(hours=1 if given.stands == "not yet" else -2)
            ends = begins + timedelta(hours=1 if given.stands == "ended" else 9)
            revoked = self.now if given.stands == "revoked" else None
            asked = """INSERT INTO area_grant (id, kind, area_id, to_area_id, incident_id, reason, given_by, begins_at,
                           ends_at, revoked_at)
                SELECT %s, %s, g.of, %s, %s, %s, 'x', %s, %s, %s
                  FROM (SELECT coalesce((SELECT area_id FROM incident WHERE id = %s), %s) AS of) g WHERE g.of <> %s"""
            of, to = self.id_of(given.of), self.id_of(given.to)
            values = (id, given.kind, to, incident, f"for {id}", begins, ends, revoked, incident, of, to)
            self.link.execute(asked, values)

    def _sources(self) -> None:
        ids = self.ids("source", 8)
        areas = [self.id_of(self.rng.randrange(len(self.areas))) for _ in ids]
        rows = ({"id": id, "name": f"S-{id}", "area_id": area} for id, area in zip(ids, areas, strict=True))
        self.insert("source", rows, kind="'events'")
        keys = zip(self.ids("source_key", len(ids)), ids, strict=True)
        rows = ({"id": n, "source_id": s, "key_sha256": f"{n}".encode(), "created_by": f"by {n}"} for n, s in keys)
        self.insert("source_key", rows)

    def _notices(self, incidents: list[int]) -> None:
        ids = self.ids("contact", 8)
        areas = [self.id_of(self.rng.randrange(len(self.areas))) for _ in ids]
        rows = ({"id": id, "name": f"C-{id}", "area_id": area} for id, area in zip(ids, areas, strict=True))
        self.insert("contact", rows, role="'duty_officer'", created_by="'x'")
        chains = self.ids("notice_chain", 12 + len(self.panics))
        told = ({"id": id, "incident_id": self.rng.choice(incidents), "to_role": f"r{id}"} for id in chains[:12])
        cried = zip(chains[12:], self.panics, strict=True)
        also: dict[str, LiteralString] = {"to_kind": "'role'", "priority": "1", "queued_by": "'x'"}
        also["due_at"] = "now() + interval '1 day'"  # they wait as long as the world lives
        self.insert("notice_chain", told, kind="'incident'", **also)
        rows = ({"id": id, "panic_id": panic, "to_role": f"r{id}"} for id, panic in cried)
        self.insert("notice_chain", rows, kind="'panic'", **also)

    def _premises(self, incidents: list[int]) -> None:
        rows = (
            {
                "id": id, "kind": self.rng.choice(("hazard", "note")), "text": f"text {id}", "made_at": self._ago(40),
                "address": f"Street, {self.rng.choice(incidents)}", "geom": self._point(),
                "ended_at": self._ago(9) if self.rng.random() < 0.3 else None,
            }
            for id in self.ids("premises_note", 14)
        )  # fmt: skip
        self.insert("premises_note", rows, made_by="'x'")

    def _clocks(self, incidents: list[int]) -> None:
        ids = self.ids("incident_clock", len(incidents))
        rows = (
            {"id": id, "incident_id": incident, "ended": self.rng.choice((30, 90))}
            for id, incident in zip(ids, incidents, strict=True)
        )
        for row in rows:
            asked = """INSERT INTO incident_clock (id, incident_id, clock, target_s, warn_share, began_at, ended_at)
                SELECT %(id)s, id, 'process', 60, 0.75, opened_at, opened_at + make_interval(secs => %(ended)s)
                  FROM incident WHERE id = %(incident_id)s"""
            self.link.execute(asked, row)

    def _links(self, incidents: list[int]) -> None:
        ids = self.ids("incident_link", 12)
        pairs = [sorted(self.rng.sample(incidents, 2)) for _ in ids]
        told = {tuple(pair): id for id, pair in zip(ids, pairs, strict=True)}  # no two of the same pair
        rows = ({"id": id, "incident_id": one, "other_id": other} for (one, other), id in told.items())
        self.insert("incident_link", rows, kind="'related'", who="'x'")

    def _audit(self) -> None:
        rows = (
            {
                "id": id, "account_id": account, "who": f"who-{account}", "role": one.role,
                "area_id": self.id_of(self.rng.choice((one.own, one.entered))), "operation": "events.read",
                "layer": "events", "outcome": self.rng.choice(("done", "refused")), "details": Jsonb({"n": f"l {id}"}),
            }
            for id, (account, one) in zip(self.ids("audit", 40), self.rng.choices(self.people, k=40), strict=True)
        )  # fmt: skip
        self.insert("audit", rows, at="now()", commitments="'{}'", leaf="sha256('')")

    def _ring(self) -> None:
        for layer, table in (("cameras", "camera"), ("incidents", "incident"), ("events", "event"),
                             ("dispatches", "dispatch"), ("units", "unit"), ("calls", "call")):  # fmt: skip
            asked = f"INSERT INTO change (layer, feature_id) SELECT '{layer}', id FROM {table} ORDER BY id"
            self.link.execute(asked.encode())

    def _point(self) -> str:
        return _hex(self._place())

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(seconds=self.rng.randint(1, int(days * 86_400)))


def place(link: psycopg.Connection[Any], unit_id: int, at: Point) -> None:
    """Give a unit a position, with the area in both its rows and the bell, as ingest does."""
    link.execute(
        """WITH moved AS (
               INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
               VALUES (%(id)s, nextval('position_batch'), clock_timestamp(), now(), %(lon)s, %(lat)s, 10, 0,
                       area_of(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)))
               ON CONFLICT (unit_id) DO UPDATE SET batch = excluded.batch, at = excluded.at, lon = excluded.lon,
                   lat = excluded.lat, area_id = excluded.area_id RETURNING unit_id, area_id)
           UPDATE unit SET area_id = moved.area_id FROM moved WHERE unit.id = moved.unit_id""",
        {"id": unit_id, "lon": at.x, "lat": at.y},
    )


def token_of(session_id: int) -> str:
    """Return the token of a session that a world has from its beginning."""
    return f"token-of-{session_id}"


def _corner(box: tuple[float, float, float, float], slot: int) -> tuple[float, float, float, float]:
    """Return one of the four corners of a box, each with a strip around it that belongs to the box alone."""
    west, south, east, north = box
    wide, high = (east - west) / 2, (north - south) / 2
    west, south = west + wide * (slot % 2), south + high * (slot // 2)
    return west + 0.06 * wide, south + 0.06 * high, west + 0.94 * wide, south + 0.94 * high


def _hex(at: BaseGeometry) -> str:
    return shapely.to_wkb(shapely.set_srid(at, 4326), hex=True, include_srid=True)


# ── reading it back ──


def read(link: psycopg.Connection[Any]) -> World:
    """Return everything that stands in the store, read by its owner, past every policy."""
    with link.cursor(row_factory=dict_row) as cursor:
        now = cursor.execute("SELECT now()").fetchone()
        assert now is not None
        boxes = "ST_XMin(geom) w, ST_YMin(geom) s, ST_XMax(geom) e, ST_YMax(geom) n"
        asked = f"SELECT id, parent_id, level, closed_at IS NULL AS open, {boxes} FROM area"
        areas = {
            row["id"]: Area(
                id=row["id"],
                parent_id=row["parent_id"],
                level=row["level"],
                is_open=row["open"],
                box=(row["w"], row["s"], row["e"], row["n"]),
            )
            for row in cursor.execute(asked.encode())
        }
        rows: dict[str, dict[int, Row]] = {kind: {} for kind in (*TABLES, "fix")}
        for kind, table in TABLES.items():
            for told in cursor.execute(f"SELECT * FROM {table}".encode()).fetchall():
                rows[kind][told["id"]] = _row(kind, told)
        pictured = {row["event_id"] for row in cursor.execute("SELECT event_id FROM event_picture").fetchall()}
        for id, row in rows["event"].items():
            rows["event"][id] = replace(row, told={**row.told, "has_picture": id in pictured})
        _positions(cursor, rows)
        _words(cursor, rows)
        for n, told in enumerate(cursor.execute("SELECT * FROM track ORDER BY unit_id, at").fetchall()):
            rows["fix"][n] = _row("fix", {**told, "id": n})
    return World(areas=areas, rows=rows, now=now["now"])


def _row(kind: str, told: dict[str, Any], words: str = "") -> Row:
    geom = told.pop("geom", None)
    shape = None if geom is None else shapely.from_wkb(geom)
    return Row(
        kind=kind,
        id=told["id"],
        area_id=told.get("area_id"),
        told=told,
        shape=shape,
        words=f"{words} {[value for name, value in told.items() if name not in TOLD_APART.get(kind, ())]}",
    )


def _positions(cursor: psycopg.Cursor[dict[str, Any]], rows: dict[str, dict[int, Row]]) -> None:
    for told in cursor.execute("SELECT * FROM unit_position").fetchall():
        unit = rows["unit"][told["unit_id"]]
        with_place = {**unit.told, "position": told}
        rows["unit"][unit.id] = replace(unit, told=with_place, shape=Point(told["lon"], told["lat"]))


def _words(cursor: psycopg.Cursor[dict[str, Any]], rows: dict[str, dict[int, Row]]) -> None:
    """Add the lines of each timeline to the words of its row."""
    for kind, table, of in (
        ("incident", "incident_entry", "incident_id"),
        ("dispatch", "dispatch_entry", "dispatch_id"),
        ("source", "source_key", "source_id"),
        ("call", "call_entry", "call_id"),
    ):
        for told in cursor.execute(f"SELECT * FROM {table}".encode()).fetchall():
            row = rows[kind][told[of]]
            rows[kind][row.id] = replace(row, words=f"{row.words} {list(told.values())}")


def lookers(world: World) -> list[Looker]:
    """Return everybody with a session, where they are now."""
    found = []
    for session in world.rows["session"].values():
        account = world.rows["account"][session.told["account_id"]]
        own, entered = account.told["area_id"], session.told["area_id"]
        found.append(
            Looker(
                account_id=account.id,
                session_id=session.id,
                name=account.told["name"],
                role=account.told["role"],
                own=own,
                entered=entered,
                token=token_of(session.id),
            )
        )
    return found
