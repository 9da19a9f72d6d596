"""The doors of calls to 112, which are for dispatchers and commanders alone."""

from dataclasses import replace
from urllib.parse import quote

from tests.access.doors.desk import Desk
from tests.access.doors.question import Question


class CallDoors(Desk):
    """Asks who rings."""

    def calls(self) -> Question:
        """The list of calls."""
        state = self.rng.choice((None, "ringing", "answered", "ended"))
        rows = [row for row in self.sight.seen("call").values() if state in (None, row.told["state"])]
        said = f"state = '{state}'" if state else "true"
        return self._told(self.paged("calls", "calls", "call", rows, state, said))

    def call(self) -> Question:
        """One call."""
        id = self.some("call")
        there = id in self.sight.seen("call")
        question = self.one(
            "call",
            f"/api/calls/{id}",
            id,
            id if there else None,
            sql="SELECT id FROM call WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )
        return self._told(question)

    def call_caller(self) -> Question:
        """Who rings, for a purpose."""
        id = self.some("call")
        row = self.sight.seen("call").get(id)
        question = self.one(
            "call's caller",
            f"/api/calls/{id}/caller",
            id,
            None if row is None else row.told["phone"],
            sql="SELECT phone FROM call WHERE id = %(id)s",
            told=lambda found: found[0]["phone"] if found else None,
            read=lambda answer: answer.json()["phone"],
        )
        headers = {"X-Qyran-Purpose": f"reason:{quote('я перезваниваю')}"}
        return self._told(replace(question, method="POST", headers=headers, unmasked=True))

    def _told(self, question: Question) -> Question:
        return question if self.sight.may("calls") else replace(question, model=(403, None), sql=None)
