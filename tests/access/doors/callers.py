"""The doors of who called, which open for a stated purpose alone."""

from urllib.parse import quote

from tests.access.doors.desk import Desk
from tests.access.doors.question import Question
from tests.access.world import PHONES


class CallerDoors(Desk):
    """Asks who called, and what else they reported."""

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
        found = sorted(self.reported(f"+{phone}"), reverse=True)
        may = self.sight.may("callers")
        return Question(
            door="callers",
            method="POST",
            path="/api/callers/history",
            body={"phone": f"8 {phone[1:4]} {phone[4:]}"},
            headers={"X-Qyran-Purpose": f"reason:{quote('повторный вызов')}"},
            model=(200, tuple(found)) if may else (403, None),
            sql="SELECT id FROM incident WHERE caller_phone = %(phone)s OR id IN"
            " (SELECT incident_id FROM call WHERE phone = %(phone)s) ORDER BY id DESC"
            if may
            else None,
            values={"phone": f"+{phone}"},
            read=lambda answer: tuple(one["id"] for one in answer.json()["incidents"]),
        )
