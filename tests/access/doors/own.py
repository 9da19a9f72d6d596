"""The doors of one's own standing: the session, where the map opens, the public tree of areas."""

from tests.access.doors.desk import Desk
from tests.access.doors.question import Question


class OwnDoors(Desk):
    """Asks where one stands."""

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
