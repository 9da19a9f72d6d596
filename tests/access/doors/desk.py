"""What every door's questions share: who asks in which world, what they see, and the shapes that questions have."""

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import httpx
from shapely import Point

from tests.access.doors.question import Question, Rows
from tests.access.model import Looker, Row, Sight, World
from tests.access.world import FIRST_ID

NOT_THERE = FIRST_ID + 450_000  # beyond every id that a world draws, below those that the server gives


class Desk:
    """One who looks at one world, and may ask."""

    def __init__(self, rng: random.Random, world: World, looker: Looker, sight: Sight) -> None:
        """Know who asks, and what they see."""
        self.rng, self.world, self.looker, self.sight = rng, world, looker, sight

    def some(self, kind: str) -> int:
        """Return an id: of what is seen, of what is not, or of nothing at all."""
        at = self.rng.random()
        every = self.world.rows[kind]
        seen = self.sight.seen(kind)
        pool = list(seen) if at < 0.4 else [id for id in every if id not in seen] if at < 0.85 else []
        return self.rng.choice(pool) if pool else NOT_THERE + self.rng.randrange(20_000)

    def reported(self, phone: str) -> frozenset[int]:
        """Return the incidents in sight that a phone reported, or told of once more by a call in sight."""
        seen = self.sight.seen("incident")
        called = {row.told["incident_id"] for row in self.sight.seen("call").values() if row.told["phone"] == phone}
        return frozenset(id for id, row in seen.items() if row.told["caller_phone"] == phone or id in called)

    def one(
        self,
        door: str,
        path: str,
        id: int,
        model: Any,
        *,
        sql: str,
        told: Callable[[Rows], Any],
        read: Callable[[httpx.Response], Any],
    ) -> Question:
        status = 404 if model is None else 200
        named = frozenset({id})
        return Question(
            door=door, path=path, model=(status, model), sql=sql, values={"id": id}, told=told, read=read, named=named
        )

    def listed(self, door: str, path: str, ids: Iterable[int], sql: str) -> Question:
        may = self.sight.may(door)
        return Question(
            door=door,
            path=path,
            model=(200, frozenset(ids)) if may else (403, None),
            sql=sql if may else None,
            told=lambda found: frozenset(row["id"] for row in found),
            read=lambda answer: frozenset(one["id"] for one in answer.json()[door]),
        )

    def paged(self, door: str, path: str, table: str, rows: Iterable[Row], state: str | None, said: str) -> Question:
        ids = sorted((row.id for row in rows), reverse=True)
        limit, after = self.rng.choice((3, 500)), self.rng.choice((None, self.after(self.world.rows[table].values())))
        page = [id for id in ids if after is None or id < after][:limit]
        asked = {"limit": limit} | ({"after": after} if after else {}) | ({"state": state} if state else {})
        return Question(
            door=door,
            path=f"/api/{path}?{query(asked)}",
            model=(200, (tuple(page), page[-1] if len(page) == limit else None)),
            sql=f"SELECT id FROM {table} WHERE {said} AND id < %(after)s ORDER BY id DESC LIMIT {limit}",
            values={"after": after or 2**62},
            told=lambda found: (tuple(r["id"] for r in found), found[-1]["id"] if len(found) == limit else None),
            read=lambda answer: (tuple(one["id"] for one in answer.json()[door]), answer.json()["next"]),
            named=frozenset([after] if after else []),
        )

    def after(self, rows: Iterable[Row]) -> int | None:
        ids = [row.id for row in rows]
        return self.rng.choice(ids) if ids else None

    def spot(self) -> Point:
        west, south, east, north = self.rng.choice(list(self.world.areas.values())).box
        return Point(self.rng.uniform(west, east), self.rng.uniform(south, north))


def query(asked: Mapping[str, Any]) -> str:
    return "&".join(f"{name}={quote(str(value), safe=',/')}" for name, value in asked.items())
