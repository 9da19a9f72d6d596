"""The doors of video that only look: recordings, holds, exports, how cameras fare and hang; and the hotlist."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from tests.access.doors.desk import Desk, query
from tests.access.doors.question import Question

WHY = {"X-Qyran-Purpose": f"reason:{quote('кража у остановки')}"}


class VideoDoors(Desk):
    """Asks for what cameras kept, and for whom they look."""

    def hotlist(self) -> Question:
        """The plates that are looked for at or below the area entered."""
        question = self.paged("entries", "hotlist", "wanted", self.sight.seen("wanted").values(), None, "true")
        sql = question.sql and question.sql.replace("FROM wanted", "FROM hotlist_entry")
        return self._for("hotlist", replace(question, door="hotlist", sql=sql))

    def hits(self) -> Question:
        """Where a plate was met: the hits in sight, also of an entry that is another's."""
        id = self.some("wanted")
        hits = (row for row in self.sight.seen("event").values() if row.told["kind"] == "plate_hit")
        mine = sorted((row.told["at"], row.id) for row in hits if row.told["details"]["entry"] == id)
        there = id in self.sight.seen("wanted")
        found = (there, tuple(hit for _, hit in reversed(mine)))
        asked = """SELECT EXISTS (SELECT 1 FROM hotlist_entry WHERE id = %(id)s) AS there, ARRAY(SELECT id FROM event
            WHERE kind = 'plate_hit' AND details ->> 'entry' = %(id)s::text ORDER BY at DESC, id DESC) AS hits"""
        question = self.one(
            "hits", f"/api/hotlist/{id}/hits", id, found if there or mine else None, sql=asked,
            told=lambda told: (told[0]["there"], tuple(told[0]["hits"])) if any(told[0].values()) else None,
            read=_read_hits,
        )  # fmt: skip
        return self._for("hotlist", question)

    def recordings(self) -> Question:
        """What was recorded of two cameras: refused where one of them is out of sight."""
        ids = sorted({self.some("camera"), self.some("camera")})
        now = self.world.now
        span = {"from": (now - timedelta(days=5)).isoformat(), "to": now.isoformat()}
        there = all(id in self.sight.seen("camera") for id in ids)
        path = "/api/recordings?" + "&".join(f"camera={id}" for id in ids) + "&" + query(span).replace("+", "%2B")
        asked = """SELECT ARRAY(SELECT id FROM event WHERE camera_id = ANY(%(ids)s)
            AND at >= %(since)s AND at < %(now)s) AS events, ARRAY(SELECT id FROM legal_hold
            WHERE camera_id = ANY(%(ids)s) AND released_at IS NULL) AS held"""
        question = Question(
            door="recordings",
            path=path,
            headers=WHY,
            model=(200, (self._happened(ids), self._held(ids))) if there else (404, None),
            sql=asked if there else None,
            values={"ids": ids, "since": now - timedelta(days=5), "now": now},
            told=lambda told: (frozenset(told[0]["events"]), frozenset(told[0]["held"])),
            read=_read_recordings,
            named=frozenset(ids),
        )
        return self._for("recordings", question)

    def holds(self) -> Question:
        """The holds on cameras in sight."""
        standing = self.rng.random() < 0.5
        rows = self.sight.seen("hold").values()
        ids = [row.id for row in rows if row.told["released_at"] is None or not standing]
        said = "released_at IS NULL" if standing else "true"
        path = f"/api/recordings/holds?standing={str(standing).lower()}"
        question = self.listed("holds", path, ids, f"SELECT id FROM legal_hold WHERE {said}")
        return replace(question, headers=WHY)

    def exports(self) -> Question:
        """The exports that one's own area answers for."""
        seen = self.sight.seen("export")
        return replace(
            self.listed("exports", "/api/recordings/exports", seen, "SELECT id FROM video_export"), headers=WHY
        )

    def faring(self) -> Question:
        """How the cameras in sight fare."""
        return Question(
            door="faring",
            path="/api/video/health",
            model=(200, frozenset(self.sight.seen("camera"))),
            sql="SELECT id FROM camera",
            told=lambda found: frozenset(row["id"] for row in found),
            read=_read_cameras,
        )

    def calibrations(self) -> Question:
        """How the cameras in sight are calibrated."""
        question = self.listed("calibrations", "/api/calibrations", self.sight.seen("camera"), "SELECT id FROM camera")
        return replace(question, read=_read_cameras)

    def whole_camera(self) -> Question:
        """One camera with its rules and masks."""
        return self._of_camera("whole camera", "")

    def calibration(self) -> Question:
        """How one camera is calibrated."""
        return self._of_camera("calibration", "/calibration")

    def _of_camera(self, door: str, what: str) -> Question:
        id = self.some("camera")
        return self.one(
            door, f"/api/cameras/{id}{what}", id, id if id in self.sight.seen("camera") else None,
            sql="SELECT id FROM camera WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )  # fmt: skip

    def _happened(self, cameras: list[int]) -> frozenset[int]:
        since, rows = self.world.now - timedelta(days=5), self.sight.seen("event").values()
        mine = (row for row in rows if row.told["camera_id"] in cameras)
        return frozenset(row.id for row in mine if since <= row.told["at"] < self.world.now)

    def _held(self, cameras: list[int]) -> frozenset[int]:
        rows = self.sight.seen("hold").values()
        standing = (row for row in rows if row.told["released_at"] is None)
        return frozenset(row.id for row in standing if row.told["camera_id"] in cameras)

    def _for(self, what: str, question: Question) -> Question:
        return question if self.sight.may(what) else replace(question, model=(403, None), sql=None)


def _read_hits(answer: httpx.Response) -> tuple[bool, tuple[int, ...]]:
    told: dict[str, Any] = answer.json()
    return told["entry"] is not None, tuple(hit["event_id"] for hit in told["hits"])


def _read_cameras(answer: httpx.Response) -> frozenset[int]:
    return frozenset(one["id"] for one in answer.json()["cameras"])


def _read_recordings(answer: httpx.Response) -> tuple[frozenset[int], ...]:
    cameras = answer.json()["cameras"]
    return tuple(frozenset(one["id"] for camera in cameras for one in camera[part]) for part in ("events", "held"))
