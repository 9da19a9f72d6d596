"""The doors of an incident's life: what it may be the same as, and which others it belongs with."""

from typing import Any

import httpx

from tests.access.doors.desk import Desk
from tests.access.doors.question import Between, Question
from tests.access.model import OVER


class LifeDoors(Desk):
    """Asks how incidents hang together."""

    def likenesses(self) -> Question:
        """The open incidents that one may be the same as: no other is ever spoken of."""
        id = self.some("incident")
        seen = self.sight.seen("incident")
        may = frozenset(row.id for row in seen.values() if row.told["state"] not in OVER and row.id != id)
        return self.one(
            "likenesses",
            f"/api/incidents/{id}/likenesses",
            id,
            Between(frozenset(), may) if id in seen else None,
            sql="SELECT i.id, ARRAY(SELECT id FROM incident WHERE id <> i.id) AS others FROM incident i"
            " WHERE i.id = %(id)s",
            told=lambda found: Between(frozenset(), frozenset(found[0]["others"])) if found else None,
            read=lambda answer: frozenset(one["incident"]["id"] for one in answer.json()["likenesses"]),
        )

    def links(self) -> Question:
        """The incidents that one is linked to, only those that are seen themselves."""
        id = self.some("incident")
        seen = self.sight.seen("incident")
        rows = [row.told for row in self.world.rows["link"].values() if row.told["ended_at"] is None]
        tied = {row["other_id"] if row["incident_id"] == id else row["incident_id"]
                for row in rows if id in (row["incident_id"], row["other_id"])}  # fmt: skip
        return self.one(
            "links",
            f"/api/incidents/{id}",
            id,
            frozenset(tied & set(seen)) if id in seen else None,
            sql="SELECT i.id, ARRAY(SELECT o.id FROM incident_link l JOIN incident o ON o.id <> i.id"
            " AND o.id IN (l.incident_id, l.other_id) WHERE i.id IN (l.incident_id, l.other_id)"
            " AND l.ended_at IS NULL) AS tied FROM incident i WHERE i.id = %(id)s",
            told=lambda found: frozenset(found[0]["tied"]) if found else None,
            read=_read_links,
        )


def _read_links(answer: httpx.Response) -> frozenset[int]:
    told: dict[str, Any] = answer.json()
    tied = frozenset(link["other"]["id"] for link in told["links"])
    stands = told["merged_into"]
    assert stands is None or stands["id"] in tied
    return tied
