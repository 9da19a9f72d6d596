"""The doors of who is on the way: dispatches and units."""

from tests.access.doors.desk import Desk
from tests.access.doors.question import Question
from tests.access.model import UNBOUND


class DispatchDoors(Desk):
    """Asks for dispatches and units."""

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
        return self.one(
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
