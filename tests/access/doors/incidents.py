"""The doors of what happens: events and their pictures, incidents, what happened near them, who is to go."""

import math
from collections.abc import Mapping
from typing import Any

import httpx
from shapely import Point
from shapely.geometry.base import BaseGeometry

from tests.access.doors.desk import Desk
from tests.access.doors.question import Between, Question
from tests.access.model import OVER

_EARTH_M = 6_371_008.8


class IncidentDoors(Desk):
    """Asks for events and incidents."""

    def events(self) -> Question:
        """The queue."""
        state = self.rng.choice((None, "new", "confirmed", "rejected"))
        rows = [row for row in self.sight.seen("event").values() if state in (None, row.told["state"])]
        return self.paged("events", "events", "event", rows, state, f"state = '{state}'" if state else "true")

    def event(self) -> Question:
        """One event, the camera that saw it where that is seen too, and the incident it would join."""
        id = self.some("event")
        row = self.sight.seen("event").get(id)
        cameras = self.sight.seen("camera")
        told = None
        if row is not None:
            camera = row.told["camera_id"]
            told = (id, camera if camera in cameras else None)
        return self.one(
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
        return self.one(
            "picture" if not seen or there else "no picture",
            f"/api/events/{id}/picture",
            id,
            f"picture {id}".encode() if there else None,
            sql="SELECT jpeg FROM event_picture WHERE event_id = %(id)s",
            told=lambda found: bytes(found[0]["jpeg"]) if found else None,
            read=lambda answer: answer.content,
        )

    def incidents(self) -> Question:
        """The list of incidents."""
        state = self.rng.choice((None, "open", "closed"))
        over = {None: (True, False), "open": (False,), "closed": (True,)}[state]
        rows = [row for row in self.sight.seen("incident").values() if (row.told["state"] in OVER) in over]
        ended = "state IN ('closed', 'cancelled', 'merged')"
        said = {None: "true", "open": f"NOT {ended}", "closed": ended}[state]
        return self.paged("incidents", "incidents", "incident", rows, state, said)

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
        return self.one(
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

    def plan(self) -> Question:
        """How an incident is answered."""
        id = self.some("incident")
        return self.one(
            "plan",
            f"/api/incidents/{id}/plan",
            id,
            id if id in self.sight.seen("incident") else None,
            sql="SELECT id FROM incident WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["incident_id"],
        )

    def cameras(self) -> Question:
        """The cameras within the radius of an incident's plan, 100 m to a kilometre: none whom one does not see."""
        id = self.some("incident")
        at, told = self.sight.seen("incident").get(id), None
        if at is not None:
            away = {row.id: _metres(row.shape, at.shape) for row in self.sight.seen("camera").values()}
            told = Between(*(frozenset(camera for camera, m in away.items() if m < most) for most in (90, 1_000)))
        return self.one(
            "cameras",
            f"/api/incidents/{id}/cameras",
            id,
            told,
            sql="SELECT array_agg(c.id) FILTER (WHERE m < 90) AS must, array_agg(c.id) FILTER (WHERE m < 1000) AS may"
            " FROM incident i LEFT JOIN camera c ON true, ST_DistanceSphere(c.geom, i.geom) AS m"
            " WHERE i.id = %(id)s GROUP BY i.id",
            told=lambda found: (
                Between(*(frozenset(found[0][name] or ()) for name in ("must", "may"))) if found else None
            ),
            read=lambda answer: frozenset(one["id"] for one in answer.json()["cameras"]),
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
        return self.one(
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
        return self.one(
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


def _read_incident(answer: httpx.Response) -> tuple[Any, ...]:
    told = answer.json()
    return told["id"], *(tuple(sorted(one["id"] for one in told[of])) for of in ("events", "dispatches"))


def _read_history(answer: httpx.Response) -> frozenset[Any]:
    told = answer.json()
    assert told["total"] == len(told["incidents"]) == sum(one["count"] for one in told["by_category"])
    return frozenset((of, one["id"]) for of in ("incidents", "events") for one in told[of])


def _within(metres: Mapping[tuple[str, int], float], radius: float) -> Between:
    near = (frozenset(key for key, m in metres.items() if m <= radius * by) for by in (0.998, 1.002))
    return Between(*near)


def _metres(one: BaseGeometry | None, other: BaseGeometry | None) -> float:
    assert isinstance(one, Point) and isinstance(other, Point)
    up, side = math.radians(one.y - other.y) / 2, math.radians(one.x - other.x) / 2
    half = math.sin(up) ** 2 + math.cos(math.radians(one.y)) * math.cos(math.radians(other.y)) * math.sin(side) ** 2
    return float(2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half))))
