"""Acts that change a world, and what the reference allows of them: nobody touches what they do not see."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely import Point

from tests.access.call_acts import CallActs
from tests.access.camera_acts import CameraActs
from tests.access.doors.desk import NOT_THERE
from tests.access.driving import Driver, Leak
from tests.access.life_acts import LifeActs
from tests.access.model import Looker, Row, Sight, World, may_enter, sight_of
from tests.access.video_acts import VideoActs

CHANGED = ("camera", "incident", "event", "call", "unit", "dispatch", "grant", "account", "source", "wanted",
           "hold", "export", "ticket", "command")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: the request, the answers that the reference allows, and whether it may change anything."""

    what: str
    path: str
    allowed: frozenset[int]
    method: str = "POST"
    body: Any = None
    named: frozenset[int] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


class Actor:
    """Draws acts for one who looks at one world."""

    def __init__(self, rng: random.Random, world: World, looker: Looker, sight: Sight) -> None:
        """Know who acts, and what they see."""
        self.rng, self.world, self.looker, self.sight = rng, world, looker, sight
        self.acts: list[Callable[[], Act]] = [
            self.confirm, self.confirm, self.reject, self.note, self.close, self.send, self.send, self.advance,
            self.open, self.alarm, self.tick, self.answer, self.regime,
            self.escalate, self.take_over, self.give_area, self.give_incident, self.revoke, self.enter,
            self.change_account, *LifeActs(self).every(), *CallActs(self).every(), *CameraActs(self).every(),
            *VideoActs(self).every(),
        ]  # fmt: skip

    def draw(self) -> Act:
        """Return an act."""
        return self.rng.choice(self.acts)()

    def confirm(self) -> Act:
        """Confirm an event: open an incident, or join one, which must be seen too."""
        event, join = self.some("event"), self.rng.choice((None, "new", self.some("incident")))
        body = {} if join is None else {"join": None, "category": "fire"} if join == "new" else {"join": join}
        seen = not isinstance(join, int) or join in self.sight.seen("incident")
        done = {200, 409} if seen else {404, 409} | self._decided(event)
        return self.made("decide", f"/api/events/{event}/confirm", "event", event, done, body, also=join)

    def reject(self) -> Act:
        """Reject an event."""
        event = self.some("event")
        return self.made("decide", f"/api/events/{event}/reject", "event", event, {200, 409}, {"reason": "nothing"})

    def note(self) -> Act:
        """Add a note."""
        id = self.some("incident")
        return self.made("note", f"/api/incidents/{id}/notes", "incident", id, {201}, {"text": "noted"})

    def alarm(self) -> Act:
        """Call an alarm level."""
        id, body = self.some("incident"), {"level": self.rng.choice((1, 2)), "reason": "it spreads"}
        return self.made("alarm", f"/api/incidents/{id}/alarm", "incident", id, {200, 400, 409}, body)

    def tick(self) -> Act:
        """Mark a line of the checklist; not every plan has this one."""
        id, body = self.some("incident"), {"item": "first_words.address"}
        return self.made("tick", f"/api/incidents/{id}/checklist", "incident", id, {200, 404, 409}, body)

    def answer(self) -> Act:
        """Answer a question of the plan; not every plan asks this one."""
        id, body = self.some("incident"), {"question": "where_exactly", "given": "by the gate"}
        return self.made("answer_plan", f"/api/incidents/{id}/answers", "incident", id, {200, 404, 409}, body)

    def regime(self) -> Act:
        """Set the regime of an area, which must be at or below the one entered."""
        area, name = self.rng.choice(list(self.world.areas)), self.rng.choice(("everyday", "raised", "emergency"))
        below = area in self.sight.below and self.world.areas[area].is_open
        status = 403 if not self.sight.may("regime") else 200 if below else 404
        body = {"area_id": area, "name": name, "reason": "a storm"}
        return Act(what="regime", method="PUT", path="/api/regime", allowed=frozenset({status}), body=body)

    def close(self) -> Act:
        """Close an incident."""
        id = self.some("incident")
        return self.made("close", f"/api/incidents/{id}/close", "incident", id, {200, 409}, {"note": "over"})

    def send(self) -> Act:
        """Send units, all of them seen, or the order is refused."""
        id, units = self.some("incident"), sorted({self.some("unit") for _ in range(self.rng.randint(1, 3))})
        done = {201, 409} if all(unit in self.sight.seen("unit") for unit in units) else {404, 409}
        return self.made("send", f"/api/incidents/{id}/dispatches", "incident", id, done, {"units": units})

    def advance(self) -> Act:
        """Take a dispatch a step on."""
        id, status = (
            self.some("dispatch"),
            self.rng.choice(("acknowledged", "enroute", "onscene", "clear", "cancelled")),
        )
        return self.made("advance", f"/api/dispatches/{id}/status", "dispatch", id, {200, 409}, {"status": status})

    def open(self) -> Act:
        """Open an incident at a place, which must be in sight."""
        west, south, east, north = self.rng.choice(list(self.world.areas.values())).box
        lon, lat = self.rng.uniform(west, east), self.rng.uniform(south, north)
        inside = self.world.area_at(Point(lon, lat)) in self.sight.areas
        body = {
            "category": "theft",
            "place": {"lon": lon, "lat": lat},
            "caller": {"name": "Болат", "phone": "+77015550101"},
        }
        status = 403 if not (inside and self.sight.may("open")) else 201
        return Act(what="open", path="/api/incidents", allowed=frozenset({status}), body=body)

    def escalate(self) -> Act:
        """Call a level above."""
        id, to = self.some("incident"), self.rng.choice((None, *self.world.areas))
        body = {"reason": "too much"} | ({"to_area_id": to} if to else {})
        return self.made("escalate", f"/api/incidents/{id}/escalate", "incident", id, {200, 409}, body)

    def take_over(self) -> Act:
        """Take the command of an incident, or give it back."""
        id, method = self.some("incident"), self.rng.choice(("POST", "DELETE"))
        body = {"reason": "mine now"} if method == "POST" else None
        return self.made("take over", f"/api/incidents/{id}/take-over", "incident", id, {200, 409}, body, method=method)

    def give_area(self) -> Act:
        """Grant an area, which must be at or below one's own."""
        of, to = self.rng.choice(list(self.world.areas)), self.rng.choice(list(self.world.areas))
        mine = self.looker.own in self.world.path(of)
        body = {"kind": "area", "area_id": of, "to_area_id": to, "reason": "help", "hours": 2}
        # entered below one's own, what lies beside is not written; given to a closed area or one above, it is refused
        done = {403} if not self.sight.may("give") else {201, 400, 403, 404} if mine else {404}
        return Act(what="give", path="/api/grants", allowed=frozenset(done), body=body)

    def give_incident(self) -> Act:
        """Grant an incident, which must lie at or below one's own area."""
        id, to = self.some("incident"), self.rng.choice(list(self.world.areas))
        body = {"kind": "incident", "incident_id": id, "to_area_id": to, "reason": "help", "hours": 2}
        row = self.sight.seen("incident").get(id)
        mine = row is not None and row.area_id is not None and self.looker.own in self.world.path(row.area_id)
        done = {403} if not self.sight.may("give") else {201, 400, 404} if mine else {404}
        return Act(what="give", path="/api/grants", allowed=frozenset(done), body=body, named=frozenset({id}))

    def revoke(self) -> Act:
        """End a grant that one's own side gave."""
        id = self.some("grant")
        row = self.sight.seen("grant").get(id)
        mine = row is not None and self.looker.own in self.world.path(row.told["area_id"])
        done = {403} if not self.sight.may("give") else {200} if mine else {404}
        return Act(
            what="give", method="DELETE", path=f"/api/grants/{id}", allowed=frozenset(done), named=frozenset({id})
        )

    def enter(self) -> Act:
        """Enter an area: one's own or one below it."""
        area = self.rng.choice((*self.world.areas, 999_999))
        status = 200 if may_enter(self.world, self.looker, area) else 403
        body = {"area_id": area}
        return Act(what="enter", method="PUT", path="/api/session/area", allowed=frozenset({status}), body=body)

    def change_account(self) -> Act:
        """Give somebody another role."""
        id = self.some("account")
        there = id in self.sight.seen("account")
        done = {200} if there else {404}
        if id == self.looker.account_id or self.looker.role != "administrator":
            done = {403}
        body = {"role": self.rng.choice(("dispatcher", "commander", "planner", "administrator"))}
        return Act(
            what="account", method="PATCH", path=f"/api/accounts/{id}", allowed=frozenset(done), body=body,
            named=frozenset({id}),
        )  # fmt: skip

    # ── what they share ──

    def made(
        self,
        what: str,
        path: str,
        kind: str,
        id: int,
        done: set[int],
        body: Any,
        *,
        method: str = "POST",
        also: Any = None,
    ) -> Act:
        allowed = {403} if not self.sight.may(what) else done if id in self.sight.seen(kind) else {404}
        named = frozenset(n for n in (id, also) if isinstance(n, int))
        return Act(what=f"{what} {kind}", method=method, path=path, allowed=frozenset(allowed), body=body, named=named)

    def _decided(self, event: int) -> set[int]:
        row = self.world.rows["event"].get(event)
        return {200} if row is not None and row.told["state"] != "new" else set()

    def some(self, kind: str) -> int:
        seen, every = self.sight.seen(kind), self.world.rows[kind]
        at = self.rng.random()
        pool = list(seen) if at < 0.65 else [id for id in every if id not in seen] if at < 0.92 else []
        return self.rng.choice(pool) if pool else NOT_THERE + self.rng.randrange(20_000)


async def act(driver: Driver, rng: random.Random, world: World, looker: Looker) -> World:
    """Let somebody do something and return the world after it; raises Leak where it went beyond what they see."""
    before = sight_of(world, looker)
    if before is None:
        return world
    one = Actor(rng, world, looker, before).draw()
    answer = await driver.http(looker, one.method, one.path, body=one.body, headers=dict(one.headers))
    where = f"\n{looker}\n{one}\n→ {answer.status_code} {answer.text[:900]}"
    if answer.status_code not in one.allowed:
        raise Leak(where)
    if answer.status_code == 404 and answer.json()["code"] != "no_such_area":  # areas are public
        driver.alike(f"{one.what} {answer.json()['code']}", one.named, answer, where)
    after = driver.world()
    changed = differing(world, after)
    if answer.status_code >= 400 and changed:
        raise Leak(f"{where}\nrefused, and yet changed {changed}")
    now = sight_of(after, looker)
    foreign = [row for row in changed if not (before.sees(row) or (now is not None and now.sees(row)))]
    if foreign:
        raise Leak(f"{where}\nchanged what is not theirs: {foreign}")
    driver.forget_tiles()
    return after


def differing(before: World, after: World) -> list[Row]:
    """Return the rows that are new or not as they were."""
    return [
        row
        for kind in CHANGED
        for id, row in after.rows[kind].items()
        if id not in before.rows[kind] or _own(before.rows[kind][id]) != _own(row)
    ]


def _own(row: Row) -> object:
    """Return what a row says of itself: a unit's task is the shadow of its dispatch, which is compared on its own."""
    if row.kind != "unit":
        return row.words
    return {name: value for name, value in row.told.items() if name not in ("task", "changed_at")}
