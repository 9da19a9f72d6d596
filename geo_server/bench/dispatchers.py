"""The dispatchers of the dispatch bench, a process of their own: each has a session, a socket, and takes calls.

A call is rung by the exchange through ingest's door; every socket notes when the change came. Whoever takes it does
what the console does: reads, answers, opens an incident, asks who should go, sends them, follows them to the end.
The first calls are worked as all are and not counted: in its first half minute a server plans each question anew on
each of its connections, which no shift after that does.
"""

import asyncio
import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import numpy as np
import orjson
import uvloop

from geo_server.access import cookie
from geo_server.bench.live_sockets import Listener, connected
from geo_server.bench.plain_http import Connection

CATEGORY = "road_accident"
STEPS = ("acknowledged", "enroute", "onscene", "clear")


@dataclass(slots=True)
class Shift:
    """What all saw and did: when each call rang, how late each screen knew, how long each act and each reading took."""

    rang: dict[str, float] = field(default_factory=dict)  # by line; of those that are not counted none
    handed: set[int] = field(default_factory=set)
    screens_ms: list[float] = field(default_factory=list)
    acts_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    reads_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    empty_ms: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    busy: int = 0  # a unit that another dispatcher had just sent: not a failure, the next proposal is asked
    calls: int = 0
    sent: int = 0  # of them those to which somebody was sent


@dataclass(slots=True)
class Dispatcher:
    """One at the desk: HTTP with the session's cookie, a connection of its own."""

    connection: Connection
    shift: Shift
    think_s: float

    async def take(self, call_id: int, place: Mapping[str, float]) -> None:
        """Take one call from its ringing to the closed incident."""
        await self._ask("calls.read", "GET", f"/api/calls/{call_id}")
        await self._ask("calls.answer", "POST", f"/api/calls/{call_id}/answer")
        await self._pause()
        told = {"category": CATEGORY, "place": place, "description": "ДТП, двое пострадавших"}
        opened = await self._ask("calls.incident", "POST", f"/api/calls/{call_id}/incident", told)
        if opened is None:
            return
        await self._send(opened["id"])
        await self._ask("calls.end", "POST", f"/api/calls/{call_id}/end", {"outcome": "new_incident"})
        await self._follow(opened["id"])
        self.shift.calls += 1

    async def _send(self, incident_id: int) -> None:
        for _ in range(3):
            found = await self._ask("proposals", "GET", f"/api/incidents/{incident_id}/proposals")
            chosen = (found or {}).get("chosen", [])
            if not chosen:
                return
            if await self._ask("dispatch", "POST", f"/api/incidents/{incident_id}/dispatches", {"units": chosen}):
                self.shift.sent += 1
                return

    async def _follow(self, incident_id: int) -> None:
        card = await self._ask("incidents.read", "GET", f"/api/incidents/{incident_id}")
        for status in STEPS:
            await self._pause()
            for sent in (card or {}).get("dispatches", []):
                await self._ask("status", "POST", f"/api/dispatches/{sent['id']}/status", {"status": status})
        await self._ask("note", "POST", f"/api/incidents/{incident_id}/notes", {"text": "Помощь оказана"})
        await self._ask("close", "POST", f"/api/incidents/{incident_id}/close")

    async def _ask(self, act: str, method: str, path: str, body: Any = None) -> dict[str, Any] | None:
        began = time.perf_counter()
        status, told = await self.connection.ask(method, path, body)
        took_ms = self.shift.reads_ms if method == "GET" else self.shift.acts_ms
        took_ms[act].append((time.perf_counter() - began) * 1000)
        if status < 300:
            found: dict[str, Any] = orjson.loads(told)
            return found
        if status == 409 and orjson.loads(told)["code"] == "unit_busy":
            self.shift.busy += 1
        else:
            self.shift.refused.append(f"{act}: {status} {told[:160]!r}")
        return None

    async def _pause(self) -> None:
        await asyncio.sleep(self.think_s)


_Arrived = asyncio.Queue[tuple[int, Mapping[str, float], Shift]]  # a call, its place, and where its acts are counted


async def work(
    port: int,
    door: int,
    key: str,
    tokens: Sequence[str],
    box: list[float],
    calls_s: float,
    warm_s: float,
    last_s: float,
) -> dict[str, Any]:
    """Let the exchange ring `calls_s` times a second for `last_s` seconds among so many desks, and tell what was."""
    shift, warming = Shift(), Shift()
    listeners = [await connected(port, token, box) for token in tokens]
    arrived: _Arrived = asyncio.Queue()
    async with asyncio.TaskGroup() as desks:
        watching = [desks.create_task(_watch(one, shift, warming, arrived)) for one in listeners]
        taking = [desks.create_task(_desk(port, token, arrived)) for token in tokens]
        ringing = _exchange(door, key, shift, box, calls_s, warm_s, last_s)
        await asyncio.gather(ringing, _empty(port, shift, warm_s, last_s))
        for _ in taking:
            arrived.put_nowait((0, {}, shift))
        await asyncio.wait(taking)
        for task in watching:
            task.cancel()
    shift.refused += warming.refused
    return _told(shift, sum(one.lost for one in listeners), len(tokens))


async def _desk(port: int, token: str, arrived: _Arrived) -> None:
    headers = {"Cookie": f"{cookie.NAME}={token}", "Origin": f"http://127.0.0.1:{port}"}
    connection = Connection(port, headers)
    while (call := await arrived.get())[0]:
        call_id, place, counted = call
        await Dispatcher(connection, counted, think_s=1.5).take(call_id, place)
    connection.close()


async def _watch(listener: Listener, shift: Shift, warming: Shift, arrived: _Arrived) -> None:
    """Note when each new call came to this screen; the first that has it hands it to whoever is free."""
    known: set[int] = set()
    while True:
        came, text = await listener.texts.get()
        if b'"layer":"calls"' not in text:
            continue
        for told in _calls_in(text):
            if told["id"] in known:
                continue
            known.add(told["id"])
            rang = shift.rang.get(told["feature"]["properties"]["line"])
            if rang is not None:
                shift.screens_ms.append((came - rang) * 1000)
            if told["id"] not in shift.handed:
                shift.handed.add(told["id"])
                lon, lat = told["feature"]["geometry"]["coordinates"][:2]
                arrived.put_nowait((told["id"], {"lon": lon, "lat": lat}, warming if rang is None else shift))


@lru_cache(maxsize=16)
def _calls_in(text: bytes) -> list[dict[str, Any]]:
    """Read a message once for all the screens that it comes to: a machine of its own would do it for each."""
    told = orjson.loads(text)
    return [one for one in told["changes"] if one["layer"] == "calls" and one["feature"] is not None]


async def _exchange(
    port: int, key: str, shift: Shift, box: list[float], calls_s: float, warm_s: float, last_s: float
) -> None:
    """Ring by an even clock, each call from somewhere in the city with its AML position."""
    chance, began = np.random.default_rng(3), time.monotonic()
    west, south, east, north = box
    async with httpx.AsyncClient(headers={"X-Qyran-Key": key}, timeout=30) as client, asyncio.TaskGroup() as ringing:
        for n in itertools.count():
            passed_s = time.monotonic() - began
            if passed_s >= warm_s + last_s:
                return
            if passed_s >= warm_s:
                shift.rang[f"line-{n}"] = time.time()
            place = float(chance.uniform(west, east)), float(chance.uniform(south, north))
            ringing.create_task(_ring(client, port, shift, f"line-{n}", place))
            await asyncio.sleep(max(0.0, began + (n + 1) / calls_s - time.monotonic()))


async def _ring(client: httpx.AsyncClient, port: int, shift: Shift, line: str, place: tuple[float, float]) -> None:
    now = time.time()
    at = f"{np.datetime64(int(now * 1000), 'ms')}Z"
    position = {"lon": place[0], "lat": place[1], "radius_m": 25, "confidence_pct": 90, "at": at, "by": "aml"}
    call = {"id": f"{now:.6f}-{line}", "line": line, "state": "ringing", "at": at, "phone": "+77011234567"}
    answer = await client.post(f"http://127.0.0.1:{port}/calls", json={"calls": [call | {"position": position}]})
    if answer.status_code != 200 or answer.json()["refused"]:
        shift.refused.append(f"ring: {answer.status_code} {answer.text[:160]}")


async def _empty(port: int, shift: Shift, warm_s: float, last_s: float) -> None:
    """Ask the server for nothing, an endpoint without a store behind it, twice a second: the floor of every act."""
    await asyncio.sleep(warm_s)
    until, connection = time.monotonic() + last_s, Connection(port, {})
    while time.monotonic() < until:
        began = time.perf_counter()
        await connection.ask("GET", "/api/session/providers")
        shift.empty_ms.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.5)
    connection.close()


def _told(shift: Shift, lost: int, screens: int) -> dict[str, Any]:
    return {
        "rung": len(shift.rang), "taken": shift.calls, "sent": shift.sent, "busy": shift.busy, "lost": lost,
        "unseen": len(shift.rang) * screens - len(shift.screens_ms),
        "refused": shift.refused[:5], "refusals": len(shift.refused),
        "screen": _percentiles(shift.screens_ms), "empty": _percentiles(shift.empty_ms),
        "acts": _each(shift.acts_ms), "reads": _each(shift.reads_ms),
    }  # fmt: skip


def _each(took_ms: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    return {name: _percentiles(took) for name, took in sorted(took_ms.items())}


def _percentiles(took_ms: Sequence[float]) -> dict[str, float]:
    if not took_ms:
        return {"count": 0, "p50": 0.0, "p95": 0.0, "p99": 0.0}
    p50, p95, p99 = (float(value) for value in np.percentile(took_ms, (50, 95, 99)))
    return {"count": len(took_ms), "p50": p50, "p95": p95, "p99": p99}


if __name__ == "__main__":
    asked = orjson.loads(sys.stdin.buffer.read())
    print(orjson.dumps(uvloop.run(work(**asked))).decode(), flush=True)
