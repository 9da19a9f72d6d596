"""The doors of administration: grants, accounts and their sessions, sources, the audit."""

import csv
import io
from typing import Any

import httpx

from tests.access.doors.desk import Desk, query
from tests.access.doors.question import Question


class AdministrationDoors(Desk):
    """Asks for what only some may see of who may see what."""

    def grants(self) -> Question:
        """Grants given and received."""
        running = self.rng.random() < 0.5
        rows = [row.told for row in self.sight.seen("grant").values()]
        found = [g["id"] for g in rows if not running or (g["revoked_at"] is None and g["ends_at"] > self.world.now)]
        said = "revoked_at IS NULL AND ends_at > now()" if running else "true"
        return self.listed(
            "grants", f"/api/grants?in_force={str(running).lower()}", found, f"SELECT id FROM area_grant WHERE {said}"
        )

    def accounts(self) -> Question:
        """The accounts at or below the area entered."""
        return self.listed("accounts", "/api/accounts", self.sight.seen("account"), "SELECT id FROM account")

    def sources(self) -> Question:
        """The sources at or below the area entered."""
        return self.listed("sources", "/api/sources", self.sight.seen("source"), "SELECT id FROM source")

    def sessions(self) -> Question:
        """An account's sessions."""
        id = self.some("account")
        own = id == self.looker.account_id
        there = id in self.sight.seen("account")
        mine = sorted(row.id for row in self.sight.seen("session").values() if row.told["account_id"] == id)
        status = 403 if not self.sight.may("sessions") else 200 if there or own else 404
        return Question(
            door="sessions",
            path=f"/api/accounts/{id}/sessions",
            model=(status, tuple(mine) if status == 200 else None),
            sql="SELECT id FROM account_session WHERE account_id = %(id)s ORDER BY id" if status == 200 else None,
            values={"id": id},
            read=lambda answer: tuple(sorted(one["id"] for one in answer.json()["sessions"])),
            named=frozenset({id}),
        )

    def audit(self) -> Question:
        """The log of one's own area and below."""
        asked: dict[str, Any] = {"limit": self.rng.choice((5, 500))}
        said, values = ["true"], dict[str, Any]()
        rows = list(self.sight.seen("audit").values())
        for name in ("operation", "who", "object_id", "outcome"):
            if self.rng.random() < 0.3 and rows:
                value = self.rng.choice(list(self.world.rows["audit"].values())).told[name]
                if value not in (None, ""):  # nobody, who has no name, is not asked for
                    asked[name] = value
                    said.append(f"{name} = %({name})s")
                    values[name] = value
                    rows = [row for row in rows if row.told[name] == value]
        export = self.rng.random() < 0.3
        most = asked["limit"]
        may = self.sight.may("audit")
        found = sorted((row.id for row in rows), reverse=True)[:most]
        return Question(
            door="audit as a file" if export else "audit",
            path=f"/api/audit{'/export' if export else ''}?{query(asked)}",
            model=(200, tuple(found)) if may else (403, None),
            sql=f"SELECT id FROM audit WHERE {' AND '.join(said)} ORDER BY id DESC LIMIT {most}" if may else None,
            values=values,
            read=_read_csv if export else lambda answer: tuple(one["id"] for one in answer.json()["entries"]),
            named=frozenset(value for value in asked.values() if isinstance(value, int)),
        )


def _read_csv(answer: httpx.Response) -> tuple[int, ...]:
    return tuple(int(row["id"]) for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
