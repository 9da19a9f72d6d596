"""The doors of the record and of the past: an incident's log, many as a file, what stood, where units drove."""

import struct
from datetime import timedelta

import httpx
import numpy as np

from tests.access.doors.desk import Desk, query
from tests.access.doors.question import Question

_KNOWN = "SELECT id FROM unit UNION SELECT unit_id FROM unit_version"


class RecordDoors(Desk):
    """Asks for what was."""

    def log(self) -> Question:
        """The log of an incident, and how many lines of its own."""
        id = self.some("incident")
        return self.one(
            "log",
            f"/api/incidents/{id}/log",
            id,
            id if id in self.sight.seen("incident") else None,
            sql="SELECT id FROM incident WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["incident_id"],
        )

    def exported(self) -> Question:
        """Every incident of two months, as a file."""
        now = self.world.now
        span = {"from": (now - timedelta(days=60)).isoformat(), "to": (now + timedelta(days=1)).isoformat()}
        may, ids = self.sight.may("replayed"), frozenset(self.sight.seen("incident"))
        return Question(
            door="export",
            path="/api/incidents/export?" + query({**span, "format": "geojson"}).replace("+", "%2B"),
            model=(200, ids) if may else (403, None),
            sql="SELECT id FROM incident" if may else None,
            told=lambda found: frozenset(row["id"] for row in found),
            read=lambda answer: frozenset(int(one["id"].partition("/")[2]) for one in answer.json()["features"]),
        )

    def replay(self) -> Question:
        """The units that were in sight at some time of the last weeks, the incidents and the calls that are."""
        now = self.world.now
        since, early = now - timedelta(days=25), now - timedelta(days=27)
        span = {"from": since.isoformat(), "to": (now + timedelta(days=1)).isoformat()}
        may, calls = self.sight.may("replayed"), self.sight.seen("call").values()
        rung = frozenset(row.id for row in calls if row.told["ended_at"] is None or row.told["rang_at"] >= early)
        asked = f"""SELECT ARRAY({_KNOWN}) AS units, ARRAY(SELECT id FROM incident) AS incidents,
            ARRAY(SELECT id FROM call WHERE %(calls)s AND (ended_at IS NULL OR rang_at >= %(early)s)) AS calls"""
        return Question(
            door="replay",
            path="/api/replay?" + query(span).replace("+", "%2B"),
            model=(200, (self._units(), frozenset(self.sight.seen("incident")), rung)) if may else (403, None),
            sql=asked if may else None,
            values={"calls": self.sight.may("calls"), "early": early},
            told=lambda found: tuple(frozenset(found[0][name]) for name in ("units", "incidents", "calls")),
            read=_read_past,
        )

    def drove(self) -> Question:
        """Whose positions of the last half hour are seen."""
        at = (self.world.now - timedelta(minutes=30)).isoformat()
        may, units = self.sight.may("replayed"), self._units()
        fixes = {fix.told["unit_id"] for fix in self.sight.seen("fix").values()}
        return Question(
            door="drove",
            path="/api/replay/tracks?" + query({"at": at, "seconds": 7200}).replace("+", "%2B"),
            model=(200, units & fixes) if may else (403, None),
            sql=f"SELECT DISTINCT unit_id AS id FROM track WHERE unit_id IN ({_KNOWN})" if may else None,
            told=lambda found: frozenset(row["id"] for row in found),
            read=_read_frame,
        )

    def _units(self) -> frozenset[int]:
        was = (row.told["unit_id"] for row in self.sight.seen("was").values())
        return frozenset(self.sight.seen("unit")) | frozenset(was)


def _read_past(answer: httpx.Response) -> tuple[frozenset[int], ...]:
    told = answer.json()
    return tuple(frozenset(told[name]["id"]) for name in ("units", "incidents", "calls"))


def _read_frame(answer: httpx.Response) -> frozenset[int]:
    _, _, _, units, _, _ = struct.unpack_from("<IHHIId", answer.content)
    return frozenset(np.frombuffer(answer.content, "<u4", units, 24).tolist())
