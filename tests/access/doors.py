"""Every door's questions: the request, what the reference says, the same asked straight of the tables, the answer.

`Question.model` is computed from what somebody sees by the reference; `sql` asks the tables themselves, with the
question's own conditions and none about who asks; `read` takes the same value out of what HTTP answered.
"""

import csv
import io
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from shapely import Point, box
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from tests.access import mvt
from tests.access.model import OVER, UNBOUND, Looker, Row, Sight, World
from tests.access.world import FIRST_ID, PHONES

NOT_THERE = FIRST_ID + 450_000  # beyond every id that a world draws, below those that the server gives
_EARTH_M = 6_371_008.8
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Between:
    """A set that is only known by what it must hold and what it may."""

    must: frozenset[Any]
    may: frozenset[Any]

    def __eq__(self, other: object) -> bool:
        """Say whether a set lies between."""
        return isinstance(other, (set, frozenset)) and self.must <= other <= self.may

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question at one door; `named` are the ids that the request itself names."""

    door: str
    path: str
    model: tuple[int, Any]
    method: str = "GET"
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sql: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    told: Callable[[Rows], Any] = lambda rows: tuple(row["id"] for row in rows)
    read: Callable[[httpx.Response], Any] = lambda _: None
    named: frozenset[int] = frozenset()
    unmasked: bool = False

    @property
    def key(self) -> str:
        """Return the door with how the reference answers: all refusals of one key are alike."""
        return f"{self.method} {self.door} {self.model[0]}"


class Asker:
    """Draws questions for one who looks at one world."""

    def __init__(self, rng: random.Random, world: World, looker: Looker, sight: Sight) -> None:
        """Know who asks, and what they see."""
        self.rng, self.world, self.looker, self.sight = rng, world, looker, sight
        self.doors: list[Callable[[], Question]] = [
            *[self.items] * 4, *[self.item] * 4, *[self.tile] * 3, self.events, self.event, self.event, self.picture,
            self.incidents, self.incident, self.incident, self.incident, self.history, self.proposals, self.dispatches,
            self.dispatch, self.dispatch, self.units, self.caller, self.caller, self.callers, self.grants,
            self.accounts, self.sessions, self.sources, self.session, self.map, self.ground,
        ]  # fmt: skip

    def draw(self) -> Question:
        """Return a question at one of the doors that only look."""
        return self.rng.choice(self.doors)()

    def some(self, kind: str) -> int:
        """Return an id: of what is seen, of what is not, or of nothing at all."""
        at = self.rng.random()
        every = self.world.rows[kind]
        seen = self.sight.seen(kind)
        pool = list(seen) if at < 0.4 else [id for id in every if id not in seen] if at < 0.85 else []
        return self.rng.choice(pool) if pool else NOT_THERE + self.rng.randrange(20_000)

    # ── layers ──

    def items(self) -> Question:
        """A page of a layer, with its number."""
        layer = self.rng.choice(list(LAYERS))
        asked: dict[str, Any] = {}
        rows, conditions, values = LAYERS[layer].rows(self.sight), ["true"], dict[str, Any]()
        if self.rng.random() < 0.5:
            area = self._box()
            asked["bbox"] = ",".join(map(str, area))
            rows = [row for row in rows if row.shape is not None and row.shape.intersects(box(*area))]
            conditions.append("ST_Intersects(geom, ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326))")
            values |= dict(zip("wsen", area, strict=True))
        if self.rng.random() < 0.3 and LAYERS[layer].current:
            asked["current"] = "true"
            rows = [row for row in rows if not LAYERS[layer].is_over(row)]
            conditions.append(LAYERS[layer].current)
        if self.rng.random() < 0.3 and LAYERS[layer].time:
            since = datetime.now(UTC) - timedelta(days=self.rng.randrange(40), seconds=7)
            asked["datetime"] = f"{since:%Y-%m-%dT%H:%M:%SZ}/.."
            since = since.replace(microsecond=0)
            rows = [row for row in rows if row.told[LAYERS[layer].time] >= since]
            conditions.append(f"{LAYERS[layer].time} >= %(since)s")
            values["since"] = since
        limit, after = self.rng.choice((2, 7, 1000)), self.rng.choice((None, self._after(rows)))
        asked |= {"limit": limit} | ({"after": after} if after else {})
        return Question(
            door=f"items of {layer}",
            path=f"/api/collections/{layer}/items?{_query(asked)}",
            model=(200, _page([row.id for row in rows], limit, after)),
            sql=f"SELECT id FROM {LAYERS[layer].table} WHERE {' AND '.join(conditions)} ORDER BY id",
            values=values,
            told=lambda found: _page([row["id"] for row in found], limit, after),
            read=_read_page,
            named=frozenset([after] if after else []),
        )

    def item(self) -> Question:
        """One feature."""
        layer = self.rng.choice(list(LAYERS))
        id = self.some(LAYERS[layer].kind)
        there = any(row.id == id for row in LAYERS[layer].rows(self.sight))
        return self._one(
            f"item of {layer}",
            f"/api/collections/{layer}/items/{id}",
            id,
            id if there else None,
            sql=f"SELECT id FROM {LAYERS[layer].table} WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )

    def extents(self) -> list[Question]:
        """How far each layer reaches, alone and in the list of all."""
        return [self.extent(layer) for layer in LAYERS]

    def extent(self, layer: str) -> Question:
        """How far a layer reaches in space and time."""
        of = LAYERS[layer]
        shapes = (
            [row.shape for row in of.rows(self.sight)]
            if of.measured
            else [box(*a.box) for a in self.world.areas.values()]
        )
        times = [row.told[of.time] for row in of.rows(self.sight)] if of.measured and of.time else []
        table = of.table if of.measured else "area"
        since = f"min({of.time})" if of.measured and of.time else "NULL::timestamptz"
        return Question(
            door=f"extent of {layer}",
            path=f"/api/collections/{layer}",
            model=(200, (_around(shapes), min(times, default=None))),
            sql=f"SELECT ST_XMin(b) w, ST_YMin(b) s, ST_XMax(b) e, ST_YMax(b) n, at"
            f" FROM (SELECT ST_Extent(geom) AS b, {since} AS at FROM {table}) f",
            told=lambda found: (_corners([found[0][side] for side in "wsen"]), found[0]["at"]),
            read=_read_extent,
        )

    def tile(self) -> Question:
        """A vector tile: the ids of the features in it."""
        layer = self.rng.choice(list(LAYERS))
        of = LAYERS[layer]
        z = self.rng.choice((0, 7, 9, 10, 11, 12, 13))
        x, y = _tile_at(self._spot(), z)
        must, may = frozenset[int](), frozenset[int]()
        if z >= of.min_zoom:
            rows = [row for row in of.rows(self.sight) if not of.is_over(row)]
            sure, near = _tile_box(z, x, y, -0.002), _tile_box(z, x, y, 0.02)
            may = frozenset(row.id for row in rows if row.shape is not None and row.shape.intersects(near))
            must = frozenset(row.id for row in rows if isinstance(row.shape, Point) and sure.contains(row.shape))
        drawn = of.current or "true"
        return Question(
            door=f"tile of {layer}",
            path=f"/api/tiles/{layer}/{z}/{x}/{y}",
            model=(200, Between(must, may)),
            sql=f"SELECT id, true AS sure FROM {of.table} WHERE false"
            if z < of.min_zoom
            else "SELECT id, GeometryType(geom) = 'POINT'"
            " AND ST_Contains(ST_GeomFromText(%(sure)s, 4326), geom) AS sure"
            f" FROM {of.table} WHERE {drawn} AND ST_Intersects(geom, ST_GeomFromText(%(near)s, 4326))",
            values={"sure": _tile_box(z, x, y, -0.002).wkt, "near": _tile_box(z, x, y, 0.02).wkt},
            told=lambda found: Between(
                frozenset(row["id"] for row in found if row["sure"]), frozenset(row["id"] for row in found)
            ),
            read=lambda answer: frozenset(id for ids in mvt.ids_in(answer.content).values() for id in ids),
        )

    # ── events, incidents, dispatches, units ──

    def events(self) -> Question:
        """The queue."""
        state = self.rng.choice((None, "new", "confirmed", "rejected"))
        rows = [row for row in self.sight.seen("event").values() if state in (None, row.told["state"])]
        return self._list("events", "events", "event", rows, state, f"state = '{state}'" if state else "true")

    def incidents(self) -> Question:
        """The list of incidents."""
        state = self.rng.choice((None, "open", "closed"))
        over = {None: (True, False), "open": (False,), "closed": (True,)}[state]
        rows = [row for row in self.sight.seen("incident").values() if (row.told["state"] in OVER) in over]
        ended = "state IN ('closed', 'cancelled')"
        said = {None: "true", "open": f"NOT {ended}", "closed": ended}[state]
        return self._list("incidents", "incidents", "incident", rows, state, said)

    def event(self) -> Question:
        """One event, the camera that saw it where that is seen too, and the incident it would join."""
        id = self.some("event")
        row = self.sight.seen("event").get(id)
        cameras = self.sight.seen("camera")
        told = None
        if row is not None:
            camera = row.told["camera_id"]
            told = (id, camera if camera in cameras else None)
        return self._one(
            "event",
            f"/api/events/{id}",
            id,
            told,
            sql="SELECT e.id, c.id AS camera FROM event e LEFT JOIN camera c ON c.id = e.camera_id WHERE e.id = %(id)s",
            told=lambda found: (found[0]["id"], found[0]["camera"]) if found else None,
            read=lambda answer: (answer.json()["id"], (answer.json()["camera"] or {}).get("id")),
        )

    def picture(self) -> Question:
        """The bytes of a picture; half of the events have none, and say that in words of their own."""
        id = self.some("event")
        seen = id in self.sight.seen("event")
        there = seen and id in self.world.rows["event"] and self.world.rows["event"][id].told.get("has_picture")
        return self._one(
            "picture" if not seen or there else "no picture",
            f"/api/events/{id}/picture",
            id,
            f"picture {id}".encode() if there else None,
            sql="SELECT jpeg FROM event_picture WHERE event_id = %(id)s",
            told=lambda found: bytes(found[0]["jpeg"]) if found else None,
            read=lambda answer: answer.content,
        )

    def incident(self) -> Question:
        """One incident with its events, dispatches and timeline."""
        id = self.some("incident")
        told = None
        if id in self.sight.seen("incident"):
            mine = [
                tuple(sorted(row.id for row in self.sight.seen(kind).values() if row.told["incident_id"] == id))
                for kind in ("event", "dispatch")
            ]
            told = (id, *mine)
        return self._one(
            "incident",
            f"/api/incidents/{id}",
            id,
            told,
            sql="SELECT id, ARRAY(SELECT id FROM event WHERE incident_id = i.id ORDER BY id) AS events,"
            " ARRAY(SELECT id FROM dispatch WHERE incident_id = i.id ORDER BY id) AS sent"
            " FROM incident i WHERE id = %(id)s",
            told=lambda found: (
                (found[0]["id"], *(tuple(found[0][name]) for name in ("events", "sent"))) if found else None
            ),
            read=_read_incident,
        )

    def history(self) -> Question:
        """What happened nearby, and how much."""
        id, radius = self.some("incident"), self.rng.choice((2_000, 9_000, 20_000))
        seen = self.sight.seen("incident")
        told = None
        if id in seen:
            at = seen[id].shape
            far = {("incidents", other): row for other, row in seen.items() if other != id}
            far |= {("events", other): row for other, row in self.sight.seen("event").items()}
            told = _within({key: _metres(row.shape, at) for key, row in far.items()}, radius)
        near = "ST_DistanceSphere(o.geom, i.geom) AS m FROM incident i JOIN"
        return self._one(
            "history",
            f"/api/incidents/{id}/history?radius_m={radius}&days=3000",
            id,
            told,
            sql=f"SELECT 'incidents' AS of, o.id, {near} incident o ON true WHERE i.id = %(id)s"
            f" UNION ALL SELECT 'events', o.id, {near} event o ON true WHERE i.id = %(id)s",
            told=lambda found: (
                _within({(r["of"], r["id"]): r["m"] for r in found if r["id"] != id}, radius) if found else None
            ),
            read=_read_history,
        )

    def proposals(self) -> Question:
        """Who is to go: none whom one does not see."""
        id = self.some("incident")
        units = frozenset(self.sight.seen("unit"))
        there = id in self.sight.seen("incident")
        return self._one(
            "proposals",
            f"/api/incidents/{id}/proposals",
            id,
            Between(frozenset(), units) if there else None,
            sql="SELECT i.id AS incident, ARRAY(SELECT id FROM unit) AS units FROM incident i WHERE i.id = %(id)s",
            told=lambda found: Between(frozenset(), frozenset(found[0]["units"])) if found else None,
            read=lambda answer: frozenset(
                one["unit"]["id"] for of in ("proposals", "passed_over") for one in answer.json()[of]
            ),
        )

    def dispatches(self) -> Question:
        """The list of dispatches."""
        is_open = self.rng.random() < 0.5
        rows = self.sight.seen("dispatch").values()
        found = sorted((row.id for row in rows if not is_open or row.told["status"] not in UNBOUND), reverse=True)
        said = "status NOT IN ('clear', 'cancelled', 'diverted', 'refused')" if is_open else "true"
        return Question(
            door="dispatches",
            path="/api/dispatches" + ("?state=open" if is_open else ""),
            model=(200, tuple(found)),
            sql=f"SELECT id FROM dispatch WHERE {said} ORDER BY id DESC",
            read=lambda answer: tuple(one["id"] for one in answer.json()["dispatches"]),
        )

    def dispatch(self) -> Question:
        """One dispatch."""
        id = self.some("dispatch")
        return self._one(
            "dispatch",
            f"/api/dispatches/{id}",
            id,
            id if id in self.sight.seen("dispatch") else None,
            sql="SELECT id FROM dispatch WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )

    def units(self) -> Question:
        """Every unit, with the dispatch it is on where that is seen too."""
        tasks = {
            row.told["unit_id"]: row.id
            for row in self.sight.seen("dispatch").values()
            if row.told["status"] not in UNBOUND
        }
        return Question(
            door="units",
            path="/api/units",
            model=(200, frozenset((id, tasks.get(id)) for id in self.sight.seen("unit"))),
            sql="SELECT u.id, d.id AS task FROM unit u LEFT JOIN dispatch d ON d.unit_id = u.id"
            " AND d.status NOT IN ('clear', 'cancelled', 'diverted', 'refused')",
            told=lambda found: frozenset((row["id"], row["task"]) for row in found),
            read=lambda answer: frozenset((u["id"], (u["dispatch"] or {}).get("id")) for u in answer.json()["units"]),
        )

    # ── callers ──

    def caller(self) -> Question:
        """Who called, for a purpose."""
        id, why = self.some("incident"), self.some("incident")
        seen = self.sight.seen("incident")
        purpose, status = self.rng.choice(
            ((None, 422), (f"reason:{quote('я перезваниваю')}", 200), (f"incident:{why}", 200 if why in seen else 404))
        )
        phone = seen[id].told["caller_phone"] if id in seen else None
        door = "caller" if id not in seen or phone else "caller of none"
        if status == 200 and phone is None:
            status = 404
        if not self.sight.may("caller"):
            status = 403
        stated = purpose is None or not purpose.startswith("incident") or why in seen
        return Question(
            door=door if stated else "caller, for an incident that is none",
            method="POST",
            path=f"/api/incidents/{id}/caller",
            headers={} if purpose is None else {"X-Qyran-Purpose": purpose},
            model=(status, phone if status == 200 else None),
            sql="SELECT caller_phone FROM incident WHERE id = %(id)s" if status == 200 else None,
            values={"id": id},
            told=lambda found: found[0]["caller_phone"] if found else None,
            read=lambda answer: answer.json()["phone"],
            named=frozenset({id, why}),
            unmasked=True,
        )

    def callers(self) -> Question:
        """What a phone reported before."""
        phone = self.rng.choice(PHONES)
        rows = self.sight.seen("incident").values()
        found = sorted((row.id for row in rows if (row.told["caller_phone"] or "")[1:] == phone), reverse=True)
        may = self.sight.may("callers")
        return Question(
            door="callers",
            method="POST",
            path="/api/callers/history",
            body={"phone": f"8 {phone[1:4]} {phone[4:]}"},
            headers={"X-Qyran-Purpose": f"reason:{quote('повторный вызов')}"},
            model=(200, tuple(found)) if may else (403, None),
            sql="SELECT id FROM incident WHERE caller_phone = %(phone)s ORDER BY id DESC" if may else None,
            values={"phone": f"+{phone}"},
            read=lambda answer: tuple(one["id"] for one in answer.json()["incidents"]),
        )

    # ── grants, administration ──

    def grants(self) -> Question:
        """Grants given and received."""
        running = self.rng.random() < 0.5
        rows = [row.told for row in self.sight.seen("grant").values()]
        found = [g["id"] for g in rows if not running or (g["revoked_at"] is None and g["ends_at"] > self.world.now)]
        said = "revoked_at IS NULL AND ends_at > now()" if running else "true"
        return self._listed(
            "grants", f"/api/grants?in_force={str(running).lower()}", found, f"SELECT id FROM area_grant WHERE {said}"
        )

    def accounts(self) -> Question:
        """The accounts at or below the area entered."""
        return self._listed("accounts", "/api/accounts", self.sight.seen("account"), "SELECT id FROM account")

    def sources(self) -> Question:
        """The sources at or below the area entered."""
        return self._listed("sources", "/api/sources", self.sight.seen("source"), "SELECT id FROM source")

    def sessions(self) -> Question:
        """An account's sessions."""
        id = self.some("account")
        own = id == self.looker.account_id
        there = id in self.sight.seen("account")
        mine = sorted(row.id for row in self.sight.seen("session").values() if row.told["account_id"] == id)
        status = 403 if not self.sight.may("sessions") else 200 if there or own else 404
        return Question(
            door="sessions",
            path=f"/api/accounts/{id}/sessions",
            model=(status, tuple(mine) if status == 200 else None),
            sql="SELECT id FROM account_session WHERE account_id = %(id)s ORDER BY id" if status == 200 else None,
            values={"id": id},
            read=lambda answer: tuple(sorted(one["id"] for one in answer.json()["sessions"])),
            named=frozenset({id}),
        )

    def session(self) -> Question:
        """Which areas one may enter."""
        below = self.world.below(self.looker.own)
        return Question(
            door="session",
            path="/api/session",
            model=(200, frozenset(id for id in below if self.world.areas[id].is_open)),
            read=lambda answer: frozenset(one["id"] for one in answer.json()["areas"]),
            named=frozenset({self.looker.account_id, self.looker.session_id}),
        )

    def map(self) -> Question:
        """The map document: where it opens."""
        return Question(
            door="map",
            path="/api/map",
            model=(200, self.sight.entered),
            read=lambda answer: answer.json()["area"]["id"],
        )

    def ground(self) -> Question:
        """The tree of areas, which is public."""
        return Question(
            door="areas",
            path="/api/areas",
            model=(200, frozenset(id for id, area in self.world.areas.items() if area.is_open)),
            sql="SELECT id FROM area WHERE closed_at IS NULL",
            told=lambda rows: frozenset(row["id"] for row in rows),
            read=lambda answer: frozenset(one["id"] for one in answer.json()["areas"]),
        )

    def audit(self) -> Question:
        """The log of one's own area and below."""
        asked: dict[str, Any] = {"limit": self.rng.choice((5, 500))}
        said, values = ["true"], dict[str, Any]()
        rows = list(self.sight.seen("audit").values())
        for name in ("operation", "who", "object_id", "outcome"):
            if self.rng.random() < 0.3 and rows:
                value = self.rng.choice(list(self.world.rows["audit"].values())).told[name]
                if value is not None:
                    asked[name] = value
                    said.append(f"{name} = %({name})s")
                    values[name] = value
                    rows = [row for row in rows if row.told[name] == value]
        export = self.rng.random() < 0.3
        most = asked["limit"]
        may = self.sight.may("audit")
        found = sorted((row.id for row in rows), reverse=True)[:most]
        return Question(
            door="audit as a file" if export else "audit",
            path=f"/api/audit{'/export' if export else ''}?{_query(asked)}",
            model=(200, tuple(found)) if may else (403, None),
            sql=f"SELECT id FROM audit WHERE {' AND '.join(said)} ORDER BY id DESC LIMIT {most}" if may else None,
            values=values,
            read=_read_csv if export else lambda answer: tuple(one["id"] for one in answer.json()["entries"]),
            named=frozenset(value for value in asked.values() if isinstance(value, int)),
        )

    # ── what they share ──

    def _list(self, door: str, path: str, table: str, rows: Iterable[Row], state: str | None, said: str) -> Question:
        ids = sorted((row.id for row in rows), reverse=True)
        limit, after = self.rng.choice((3, 500)), self.rng.choice((None, self._after(self.world.rows[table].values())))
        page = [id for id in ids if after is None or id < after][:limit]
        asked = {"limit": limit} | ({"after": after} if after else {}) | ({"state": state} if state else {})
        return Question(
            door=door,
            path=f"/api/{path}?{_query(asked)}",
            model=(200, (tuple(page), page[-1] if len(page) == limit else None)),
            sql=f"SELECT id FROM {table} WHERE {said} AND id < %(after)s ORDER BY id DESC LIMIT {limit}",
            values={"after": after or 2**62},
            told=lambda found: (tuple(r["id"] for r in found), found[-1]["id"] if len(found) == limit else None),
            read=lambda answer: (tuple(one["id"] for one in answer.json()[door]), answer.json()["next"]),
            named=frozenset([after] if after else []),
        )

    def _listed(self, door: str, path: str, ids: Iterable[int], sql: str) -> Question:
        may = self.sight.may(door)
        return Question(
            door=door,
            path=path,
            model=(200, frozenset(ids)) if may else (403, None),
            sql=sql if may else None,
            told=lambda found: frozenset(row["id"] for row in found),
            read=lambda answer: frozenset(one["id"] for one in answer.json()[door]),
        )

    def _one(
        self,
        door: str,
        path: str,
        id: int,
        model: Any,
        *,
        sql: str,
        told: Callable[[Rows], Any],
        read: Callable[[httpx.Response], Any],
    ) -> Question:
        status = 404 if model is None else 200
        named = frozenset({id})
        return Question(
            door=door, path=path, model=(status, model), sql=sql, values={"id": id}, told=told, read=read, named=named
        )

    def _after(self, rows: Iterable[Row]) -> int | None:
        ids = [row.id for row in rows]
        return self.rng.choice(ids) if ids else None

    def _spot(self) -> Point:
        west, south, east, north = self.rng.choice(list(self.world.areas.values())).box
        return Point(self.rng.uniform(west, east), self.rng.uniform(south, north))

    def _box(self) -> tuple[float, float, float, float]:
        at, wide, high = self._spot(), self.rng.uniform(0.02, 1.2), self.rng.uniform(0.02, 1.2)
        west, south = round(at.x - wide / 2, 4), round(at.y - high / 2, 4)
        return west, south, round(west + wide, 4), round(south + high, 4)


# ── layers ──


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A protected layer: of which rows it is, by which table the same is asked, what of it the map draws."""

    kind: str
    table: str
    time: str = ""
    current: str = ""
    min_zoom: int = 0
    measured: bool = True

    def is_over(self, row: Row) -> bool:
        """Say whether the map draws it no more."""
        match self.kind:
            case "event":
                return bool(row.told["state"] != "new")
            case "incident":
                return row.told["state"] in OVER
            case "dispatch":
                return row.told["status"] in UNBOUND
        return False

    def rows(self, sight: Sight) -> list[Row]:
        """Return what of it somebody sees, by id."""
        if self.table.startswith("(SELECT u.id, max"):
            return _tracks(sight)
        rows = sorted(sight.seen(self.kind).values(), key=lambda row: row.id)
        return [_placed(row) for row in rows if "position" in row.told] if self.kind == "unit" else rows


LAYERS = {
    "cameras": Shown(kind="camera", table="camera", min_zoom=9),
    "events": Shown(kind="event", table="event", time="at", current="state = 'new'"),
    "incidents": Shown(
        kind="incident", table="incident", time="opened_at", current="state NOT IN ('closed', 'cancelled')"
    ),
    "dispatches": Shown(
        kind="dispatch", table="dispatch", time="dispatched_at",
        current="status NOT IN ('clear', 'cancelled', 'diverted', 'refused')",
    ),
    "units": Shown(
        kind="unit", time="at", measured=False,
        table="(SELECT u.id, p.at, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) AS geom"
        " FROM unit u JOIN unit_position p ON p.unit_id = u.id) shown",
    ),
    "tracks": Shown(
        kind="unit", time="at", min_zoom=11, measured=False,
        table="(SELECT u.id, max(t.at) AS at, ST_MakeLine(t.geom ORDER BY t.at) AS geom FROM unit u JOIN track t"
        " ON t.unit_id = u.id AND t.at > now() - interval '30 min' GROUP BY u.id HAVING count(*) > 1) shown",
    ),
}  # fmt: skip


def _placed(row: Row) -> Row:
    told = {**row.told, "at": row.told["position"]["at"]}
    return Row(kind="unit", id=row.id, area_id=row.area_id, told=told, shape=row.shape)


def _tracks(sight: Sight) -> list[Row]:
    """Return the lines of units that are seen, through those of their fixes that are seen."""
    fixes: dict[int, list[Row]] = {}
    for fix in sight.seen("fix").values():
        if fix.told["at"] > sight.world.now - timedelta(minutes=30):
            fixes.setdefault(fix.told["unit_id"], []).append(fix)
    found = []
    for id, unit in sorted(sight.seen("unit").items()):
        line = sorted(fixes.get(id, []), key=lambda fix: fix.told["at"])
        if len(line) > 1:
            shape = LineString([(fix.shape.x, fix.shape.y) for fix in line if isinstance(fix.shape, Point)])
            told = {**unit.told, "at": line[-1].told["at"]}
            found.append(Row(kind="unit", id=id, area_id=unit.area_id, told=told, shape=shape))
    return found


# ── reading answers ──


def _page(ids: Sequence[int], limit: int, after: int | None) -> tuple[Any, ...]:
    rest = [id for id in ids if after is None or id > after]
    return tuple(rest[:limit]), len(ids), len(rest) > limit


def _read_page(answer: httpx.Response) -> tuple[Any, ...]:
    told = answer.json()
    more = any(link["rel"] == "next" for link in told["links"])
    assert told["numberReturned"] == len(told["features"])
    return tuple(one["id"] for one in told["features"]), told["numberMatched"], more


def _read_extent(answer: httpx.Response) -> tuple[Any, ...]:
    extent = answer.json()["extent"]
    (corners,) = extent["spatial"]["bbox"]
    since = extent["temporal"]["interval"][0][0]
    return _corners(corners), None if since is None else datetime.fromisoformat(since)


def _read_incident(answer: httpx.Response) -> tuple[Any, ...]:
    told = answer.json()
    return told["id"], *(tuple(sorted(one["id"] for one in told[of])) for of in ("events", "dispatches"))


def _read_history(answer: httpx.Response) -> frozenset[Any]:
    told = answer.json()
    assert told["total"] == len(told["incidents"]) == sum(one["count"] for one in told["by_category"])
    return frozenset((of, one["id"]) for of in ("incidents", "events") for one in told[of])


def _read_csv(answer: httpx.Response) -> tuple[int, ...]:
    return tuple(int(row["id"]) for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def _corners(corners: Sequence[float | None]) -> tuple[float, ...]:
    west, south, east, north = (-180.0, -90.0, 180.0, 90.0) if corners[0] is None else corners
    return tuple(round(float(value), 6) for value in (west, south, east, north) if value is not None)


def _around(shapes: Iterable[BaseGeometry | None]) -> tuple[float, ...]:
    bounds = [shape.bounds for shape in shapes if shape is not None]
    if not bounds:
        return _corners([None])
    west, south, east, north = zip(*bounds, strict=True)
    return _corners([min(west), min(south), max(east), max(north)])


def _within(metres: Mapping[tuple[str, int], float], radius: float) -> Between:
    near = (frozenset(key for key, m in metres.items() if m <= radius * by) for by in (0.998, 1.002))
    return Between(*near)


def _metres(one: BaseGeometry | None, other: BaseGeometry | None) -> float:
    assert isinstance(one, Point) and isinstance(other, Point)
    up, side = math.radians(one.y - other.y) / 2, math.radians(one.x - other.x) / 2
    half = math.sin(up) ** 2 + math.cos(math.radians(one.y)) * math.cos(math.radians(other.y)) * math.sin(side) ** 2
    return float(2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half))))


def _tile_at(at: Point, z: int) -> tuple[int, int]:
    y = (1 - math.asinh(math.tan(math.radians(at.y))) / math.pi) / 2
    return int((at.x + 180) / 360 * 2**z), int(y * 2**z)


def _tile_box(z: int, x: int, y: int, margin: float) -> BaseGeometry:
    """Return a tile in degrees, wider by a part of its side."""

    def lon(column: float) -> float:
        return float(column / 2**z * 360 - 180)

    def lat(row: float) -> float:
        row = min(max(row, 0.0), 2.0**z)
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))

    return box(lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin))


def _query(asked: Mapping[str, Any]) -> str:
    return "&".join(f"{name}={quote(str(value), safe=',/')}" for name, value in asked.items())
