"""The doors of who is told: the people who answer for an area, and what was sent about an incident."""

from tests.access.doors.desk import Desk
from tests.access.doors.question import Question


class NoticeDoors(Desk):
    """Asks for contacts and notices."""

    def contacts(self) -> Question:
        """The contacts at or below the area entered."""
        return self.listed("contacts", "/api/contacts", self.sight.seen("contact"), "SELECT id FROM contact")

    def notices(self) -> Question:
        """Who was told of an incident."""
        id = self.some("incident")
        there = id in self.sight.seen("incident")
        status = 403 if not self.sight.may("notices") else 200 if there else 404
        mine = sorted(row.id for row in self.sight.seen("told").values() if row.told["incident_id"] == id)
        return Question(
            door="notices",
            path=f"/api/incidents/{id}/notices",
            model=(status, tuple(mine) if status == 200 else None),
            sql="SELECT id FROM notice_chain WHERE incident_id = %(id)s ORDER BY id" if status == 200 else None,
            values={"id": id},
            told=lambda found: tuple(row["id"] for row in found),
            read=lambda answer: tuple(sorted(one["id"] for one in answer.json()["notices"])),
            named=frozenset({id}),
        )
