"""The live feed, listened to by many at once: a snapshot, what was missed, what changes now, and who hears of it."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from shapely import Point

from geo_server.live.messages import HEADER, RECORD
from tests.access.doors.shown import LAYERS
from tests.access.driving import Driver, Leak
from tests.access.model import UNBOUND, Looker, Sight, World, sight_of
from tests.access.world import place
from tests.scene import changes_in

PATIENCE_S = 20.0
KINDS = {
    "cameras": "camera", "incidents": "incident", "events": "event", "calls": "call", "dispatches": "dispatch",
    "units": "unit",
}  # fmt: skip
_EVERYWHERE = [60.0, 40.0, 80.0, 60.0]


@dataclass(slots=True)
class Listener:
    """One open socket, and all that came through it."""

    looker: Looker
    sent: asyncio.Queue[dict[str, Any]]
    came: asyncio.Queue[dict[str, Any]]
    frames: list[set[int]] = field(default_factory=list)
    changes: dict[tuple[str, int], bool] = field(default_factory=dict)

    async def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        await self.sent.put({"type": "websocket.receive", "text": json.dumps(message)})

    async def until_frame(self) -> set[int]:
        """Take in what comes until a snapshot, and return the units in it."""
        while True:
            message = await self._next()
            if message.get("bytes"):
                head = HEADER.unpack(message["bytes"][: HEADER.size])
                units = set(np.frombuffer(message["bytes"][HEADER.size :], RECORD)["unit_id"].tolist())
                self.frames.append(units)
                if head[2]:
                    return units

    async def until_told(self, layer: str, id: int) -> None:
        """Take in what comes until a change of that row."""
        self.changes.pop((layer, id), None)
        while (layer, id) not in self.changes:
            await self._next()

    async def _next(self) -> dict[str, Any]:
        message = await asyncio.wait_for(self.came.get(), PATIENCE_S)
        if message["type"] != "websocket.send":
            raise Leak(f"{self.looker}: the socket said {message}")
        if message.get("text"):
            for change in changes_in(message["text"]):
                self.changes[change["layer"], change["id"]] = change["feature"] is not None
        return message


@asynccontextmanager
async def listening(driver: Driver, looker: Looker) -> AsyncIterator[Listener]:
    """Open the feed as somebody, with a ticket of their session."""
    answer = await driver.http(looker, "POST", "/api/live/ticket")
    assert answer.status_code == 201, answer.text
    ticket = answer.json()["ticket"]
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "scheme": "ws", "path": "/api/live", "raw_path": b"/api/live",
        "query_string": f"ticket={ticket}".encode(), "root_path": "", "client": ("127.0.0.1", 1), "subprotocols": [],
        "headers": [(b"host", b"qyran"), (b"cookie", f"qyran_session={looker.token}".encode())], "state": {},
    }  # fmt: skip
    listener = Listener(looker=looker, sent=asyncio.Queue(), came=asyncio.Queue())
    await listener.sent.put({"type": "websocket.connect"})
    task = asyncio.create_task(driver.app(scope, listener.sent.get, listener.came.put))  # type: ignore[arg-type]
    try:
        accepted = await asyncio.wait_for(listener.came.get(), PATIENCE_S)
        assert accepted["type"] == "websocket.accept", accepted
        yield listener
    finally:
        await listener.sent.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(task, PATIENCE_S)


async def listen(driver: Driver, rng: random.Random, world: World, lookers: list[Looker]) -> None:
    """Open sockets for some, compare what they hear with the reference; raises Leak."""
    world, taker = _grant(driver, rng, world, lookers)
    sights = {looker: sight_of(world, looker) for looker in lookers}
    some = [looker for looker, sight in sights.items() if sight is not None and looker != taker]
    async with AsyncExitStack() as stack:
        chosen = [*rng.sample(some, min(4, len(some))), *([taker] if taker else [])]
        heard = [await stack.enter_async_context(listening(driver, looker)) for looker in chosen]
        for listener in heard:
            sight = sights[listener.looker]
            assert sight is not None
            await _snapshot(listener, sight)
            await _resumed(listener, sight, world)
        after = _stir(driver, rng, world)
        republic = next(area.id for area in world.areas.values() if area.level == 1)
        driver.owner.execute("INSERT INTO change (layer, feature_id) VALUES ('areas', %s)", (republic,))
        driver.owner.execute("NOTIFY qyran")
        for listener in heard:
            await listener.until_told("areas", republic)
            now = sight_of(after, listener.looker)
            before = sights[listener.looker]
            assert now is not None and before is not None
            listener.frames.clear()
            await _snapshot(listener, now)
            _judge_changes(listener, [before, now])


def _grant(driver: Driver, rng: random.Random, world: World, lookers: list[Looker]) -> tuple[World, Looker | None]:
    """Grant somebody an incident beside them to which a unit beside them is bound, where the world has one."""
    units, beside = world.rows["unit"], []
    for looker in lookers:
        sight = sight_of(world, looker)
        if sight is not None and sight.entered == looker.own:
            bound = (row for row in world.rows["dispatch"].values() if row.told["status"] not in UNBOUND)
            away = ((row, units[row.told["unit_id"]]) for row in bound if not sight.sees(row))
            beside += [(looker, row) for row, unit in away if unit.shape is not None and not sight.sees(unit)]
    if not beside:
        return world, None
    taker, row = rng.choice(beside)
    driver.owner.execute(
        "INSERT INTO area_grant (kind, area_id, to_area_id, incident_id, reason, given_by, ends_at)"
        " VALUES ('incident', %s, %s, %s, 'help', 'x', now() + interval '1 hour')",
        (row.area_id, taker.own, row.told["incident_id"]),
    )
    return driver.world(), taker


async def _snapshot(listener: Listener, sight: Sight) -> None:
    """All units that stand in sight come, and on the way there none that never did."""
    await listener.say({"type": "view", "bbox": _EVERYWHERE})
    got, expected = await listener.until_frame(), _moving(sight)
    if got != expected:
        raise Leak(f"{sight.looker}: a snapshot of {got - expected} too much, without {expected - got}")


async def _resumed(listener: Listener, sight: Sight, world: World) -> None:
    """All that the bell ever told is told again, of what is seen."""
    await listener.say({"type": "resume", "seq": 0})
    # whatever comes of a resume comes before the snapshot that is asked for after it
    await _snapshot(listener, sight)
    await _snapshot(listener, sight)
    _judge_changes(listener, [sight])
    for layer, kind in KINDS.items():
        told = {id for (of, id), there in listener.changes.items() if of == layer and there}
        must = _moving(sight) if kind == "unit" else set(sight.seen(kind))
        if not must <= told:
            raise Leak(f"{sight.looker}: a resume without {layer} {must - told}")


def _judge_changes(listener: Listener, sights: list[Sight]) -> None:
    """No row is told that is not in sight, not even that it is gone."""
    for (layer, id), there in listener.changes.items():
        if layer not in KINDS:
            continue
        seen = [sight for sight in sights if id in sight.seen(KINDS[layer])]
        if not seen:
            raise Leak(f"{listener.looker}: the socket tells of {layer} {id}, there: {there}")


def _moving(sight: Sight) -> set[int]:
    """Return the units whose positions the feed brings: all that are seen and have one."""
    return {id for id, row in sight.seen("unit").items() if row.shape is not None}


def _rebind(driver: Driver, rng: random.Random, world: World) -> None:
    """Free some units and bind others, first of all those of incidents that were granted."""
    granted = {row.told["incident_id"] for row in world.rows["grant"].values()}
    rows = list(world.rows["dispatch"].values())
    rows = sorted(rng.sample(rows, len(rows)), key=lambda row: row.told["incident_id"] not in granted)
    bound = [row for row in rows if row.told["status"] not in UNBOUND]
    busy = {row.told["unit_id"] for row in bound}
    free = {row.told["unit_id"]: row for row in reversed(rows) if row.told["unit_id"] not in busy}  # one a unit
    for row, status in [*((row, "clear") for row in bound[:3]), *((row, "enroute") for row in [*free.values()][-3:])]:
        driver.owner.execute("UPDATE dispatch SET status = %s WHERE id = %s", (status, row.id))
        for layer, id in (("dispatches", row.id), ("units", row.told["unit_id"])):
            driver.owner.execute("INSERT INTO change (layer, feature_id) VALUES (%s, %s)", (layer, id))


def _stir(driver: Driver, rng: random.Random, world: World) -> World:
    """Move units and rows about, as ingest does, free units and bind others, as desks do, and ring."""
    boxes = [area.box for area in world.areas.values()]

    def somewhere() -> Point:
        west, south, east, north = rng.choice(boxes)
        return Point(round(rng.uniform(west, east), 5), round(rng.uniform(south, north), 5))

    with driver.owner.transaction():
        for unit in rng.sample(list(world.rows["unit"]), 6):
            place(driver.owner, unit, somewhere())
        for layer, kind in (("incidents", "incident"), ("events", "event"), ("cameras", "camera")):
            for id in rng.sample(list(world.rows[kind]), 4):
                at = somewhere()
                moved = f"UPDATE {LAYERS[layer].table} SET geom = ST_SetSRID(ST_MakePoint(%s, %s), 4326) WHERE id = %s"
                driver.owner.execute(moved.encode(), (at.x, at.y, id))
                driver.owner.execute("INSERT INTO change (layer, feature_id) VALUES (%s, %s)", (layer, id))
        _rebind(driver, rng, world)
        driver.owner.execute(
            "UPDATE dispatch d SET area_id = i.area_id FROM incident i"
            " WHERE i.id = d.incident_id AND d.area_id <> i.area_id"
        )
        driver.owner.execute("NOTIFY qyran")
    driver.forget_tiles()
    return driver.world()
