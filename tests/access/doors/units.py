"""The doors of units: each one whole, and who of them cries for help."""

from tests.access.doors.desk import Desk
from tests.access.doors.question import Question


class UnitDoors(Desk):
    """Asks for panics, and for one unit."""

    def panics(self) -> Question:
        """Every panic, or those that stand."""
        seen, standing = self.sight.seen("panic"), self.rng.random() < 0.5
        ids = [id for id, row in seen.items() if row.told["ended_at"] is None or not standing]
        said = "ended_at IS NULL" if standing else "true"
        path = "/api/panics" + ("?open=true" if standing else "")
        return self.listed("panics", path, ids, f"SELECT id FROM panic WHERE {said}")

    def told_on(self) -> Question:
        """Who is told of each panic that nobody acknowledges: for the desk's people alone."""
        chains = self.sight.seen("told").values() if self.sight.may("notices") else ()
        return Question(
            door="told of panics",
            path="/api/panics",
            model=(200, frozenset(row.id for row in chains if row.told["panic_id"])),
            sql="SELECT id FROM notice_chain WHERE panic_id IS NOT NULL" if self.sight.may("notices") else None,
            told=lambda found: frozenset(row["id"] for row in found),
            read=lambda answer: frozenset(one["id"] for panic in answer.json()["panics"] for one in panic["notices"]),
        )

    def whole_unit(self) -> Question:
        """One unit with all that is known of it."""
        id = self.some("unit")
        return self.one(
            "whole unit",
            f"/api/units/{id}",
            id,
            id if id in self.sight.seen("unit") else None,
            sql="SELECT id FROM unit WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )
