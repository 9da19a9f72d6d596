"""The doors of what is known from before: past incidents, what is known of premises, how clocks were kept."""

from collections import Counter
from datetime import timedelta
from urllib.parse import quote

from tests.access.doors.desk import Desk, query
from tests.access.doors.incidents import _metres, _within
from tests.access.doors.question import Question


class HistoryDoors(Desk):
    """Asks for what was before."""

    def past(self) -> Question:
        """What happened near an incident's place."""
        id, radius = self.some("incident"), self.rng.choice((2_000, 20_000))
        seen = self.sight.seen("incident")
        others = {("past", other): row for other, row in seen.items() if other != id}
        at = seen[id].shape if id in seen else None
        return self.one(
            "past",
            f"/api/incidents/{id}/past?what=place&radius_m={radius}&days=3000",
            id,
            _within({key: _metres(row.shape, at) for key, row in others.items()}, radius) if id in seen else None,
            sql="SELECT o.id, ST_DistanceSphere(o.geom, i.geom) AS m FROM incident i JOIN incident o ON true"
            " WHERE i.id = %(id)s",
            told=lambda found: (
                _within({("past", r["id"]): r["m"] for r in found if r["id"] != id}, radius) if found else None
            ),
            read=lambda answer: frozenset(("past", row["id"]) for row in answer.json()["rows"]),
        )

    def past_phone(self) -> Question:
        """What an incident's caller reported before, for a purpose."""
        id = self.some("incident")
        seen = self.sight.seen("incident")
        phone = seen[id].told["caller_phone"] if id in seen else None
        mine = sorted(self.reported(phone) - {id}) if phone else []
        status = 403 if not self.sight.may("past phone") else 404 if phone is None else 200
        return Question(
            door="past phone" if id not in seen or phone else "past phone of none",
            path=f"/api/incidents/{id}/past/phone",
            headers={"X-Qyran-Purpose": f"reason:{quote('повторный вызов')}"},
            model=(status, tuple(mine) if status == 200 else None),
            sql="SELECT o.id FROM incident i JOIN incident o ON o.id <> i.id AND (o.caller_phone = i.caller_phone"
            " OR o.id IN (SELECT incident_id FROM call WHERE phone = i.caller_phone)) WHERE i.id = %(id)s ORDER BY o.id"
            if status == 200
            else None,
            values={"id": id},
            read=lambda answer: tuple(sorted(row["id"] for row in answer.json()["rows"])),
            named=frozenset({id}),
        )

    def premises(self) -> Question:
        """What is known at an incident's address; nothing of these worlds lies nearer than that by chance."""
        id = self.some("incident")
        seen = self.sight.seen("incident")
        address = (seen[id].told["address"] or "").lower() if id in seen else None
        notes = self.sight.seen("premises").values()
        mine = sorted(note.id for note in notes if note.told["address"].lower().replace(",", "") == address)
        return self.one(
            "premises",
            f"/api/incidents/{id}/premises?days=3000",
            id,
            tuple(mine) if id in seen else None,
            sql="SELECT i.id AS incident, ARRAY(SELECT id FROM premises_note n WHERE lower(i.address) ="
            " lower(replace(n.address, ',', '')) ORDER BY id) AS notes FROM incident i WHERE i.id = %(id)s",
            told=lambda found: tuple(found[0]["notes"]) if found else None,
            read=lambda answer: tuple(sorted(note["id"] for note in answer.json()["notes"])),
        )

    def figures(self) -> Question:
        """How clocks were kept, by category or by area: each area's row holds all that lies below it."""
        by = self.rng.choice(("category", "area"))
        may = self.sight.may("figures")
        incidents = self.sight.seen("incident")
        done = [incidents[clock.told["incident_id"]] for clock in self.sight.seen("clock").values()]
        done = [row for row in done if row.told["state"] != "merged"]
        counts: Counter[object] = Counter(row.told["category"] for row in done)
        if by == "area":
            above = (area for row in done if row.area_id for area in self.world.path(row.area_id))
            counts = Counter(area for area in above if area in self.sight.areas or self.sight.whole)
        span = {"from": self.world.now - timedelta(days=90), "to": self.world.now + timedelta(days=1), "by": by}
        asked = """SELECT category AS of, count(*) AS n FROM incident_clock c JOIN incident i ON i.id = c.incident_id
                    WHERE state <> 'merged' GROUP BY 1"""
        return Question(
            door=f"figures by {by}",
            path=f"/api/clocks/figures?{query(span)}",
            model=(200, dict(counts)) if may else (403, None),
            sql=asked if may and by == "category" else None,
            told=lambda found: {row["of"]: row["n"] for row in found},
            read=lambda answer: {row["category"] or row["area"]["id"]: row["count"] for row in answer.json()["rows"]},
        )
