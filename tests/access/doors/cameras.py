"""The doors of cameras: which of them see a place, and how one that turns stands."""

from dataclasses import replace
from typing import Any

from shapely import Point

from tests.access.doors.desk import Desk
from tests.access.doors.incidents import _metres
from tests.access.doors.question import Between, Question

_USUAL_RANGE_M = 120


class CameraDoors(Desk):
    """Asks for cameras."""

    def seeing(self) -> Question:
        """The cameras that reach a place: none whom one does not see."""
        at = self.rng.choice([row.shape for row in self.world.rows["camera"].values()])
        assert isinstance(at, Point)
        away = {row.id: _metres(row.shape, at) for row in self.sight.seen("camera").values()}
        bounds = (_USUAL_RANGE_M - 2, _USUAL_RANGE_M + 2)
        return Question(
            door="seeing",
            path=f"/api/cameras/seeing?lon={at.x!r}&lat={at.y!r}",
            model=(200, Between(*(frozenset(id for id, m in away.items() if m < most) for most in bounds))),
            sql="SELECT id, ST_DistanceSphere(geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)) AS m FROM camera",
            values={"lon": at.x, "lat": at.y},
            told=lambda found: Between(*(frozenset(row["id"] for row in found if row["m"] < most) for most in bounds)),
            read=lambda answer: frozenset(one["id"] for one in answer.json()["cameras"]),
        )

    def turning(self) -> Question:
        """How a camera stands that one could turn; every second one of a world is fixed, and says so."""
        id = self.some("camera")
        seen = id in self.sight.seen("camera")
        question = self.one(
            "turning",
            f"/api/cameras/{id}/ptz",
            id,
            id if seen and id % 2 else None,
            sql="SELECT id FROM camera WHERE id = %(id)s AND kind = 'ptz'",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )
        if not self.sight.may("ptz"):
            return _refused(question, 403)
        return _refused(question, 409) if seen and not id % 2 else question


def _refused(question: Question, status: int) -> Question:
    model: tuple[int, Any] = (status, None)
    return replace(question, model=model, sql=None)
