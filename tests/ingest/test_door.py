import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import keys
from ingest.door import MOST_POSITIONS_BYTES, door_app
from ingest.limits import TRIES
from ingest.serve import event_kinds
from layers.areas.queries import by_code
from layers.database import INGEST, as_role, engine_for, visit
from layers.events.table import event, event_picture
from layers.sources.queries import create, enable
from layers.sources.table import source
from layers.tracks.table import track
from layers.units.table import unit, unit_position

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Gate:
    """The door under test, with keys of every kind and one unit, whose device is `car-1`.

    The door comes into the store by ingest's own role; `engine`, which looks at what it left there, as the owner.
    """

    client: httpx.AsyncClient
    engine: AsyncEngine
    positions: str
    events: str
    district: str  # the key of a source that answers for another area than the unit's

    async def one(self, **fields: Any) -> httpx.Response:
        known: dict[str, Any] = {
            "id": "car-1",
            "lat": 43.25,
            "lon": 76.95,
            "timestamp": int(time.time()),
            "key": self.positions,
        }
        return await self.client.get("/", params=known | fields)

    async def batch(self, *listed: Any, key: str | None = None) -> httpx.Response:
        body = json.dumps({"positions": listed})  # writes NaN as many senders do
        return await self.client.post("/positions", content=body, headers={"X-Qyran-Key": key or self.positions})

    async def tell(self, *listed: Any, key: str | None = None) -> httpx.Response:
        body = json.dumps({"events": listed})
        return await self.client.post("/events", content=body, headers={"X-Qyran-Key": key or self.events})


def position(**changes: Any) -> dict[str, Any]:
    return {"device": "car-1", "at": time.time(), "lon": 76.95, "lat": 43.25, "speed_kmh": 40} | changes


def report(**changes: Any) -> dict[str, Any]:
    return {"id": "e1", "kind": "smoke", "at": time.time(), "lon": 76.95, "lat": 43.25, "certainty": 0.8} | changes


@pytest.fixture
async def gate(engine: AsyncEngine, database_url: str) -> AsyncIterator[Gate]:
    async with visit(engine) as session:
        republic, other = await by_code(session, "KZ"), await by_code(session, "KZ-19")
        assert republic is not None and other is not None
        row = {"call_sign": "102-1", "device": "car-1", "service": "police", "kind": "car", "home_area_id": republic.id}
        await session.execute(insert(unit).values(row))
        positions = await create(session, name="trackers", kind="positions", area_id=republic.id)
        district = await create(session, name="district", kind="positions", area_id=other.id)
        events = await create(session, name="smoke towers", kind="events", area_id=republic.id)
    own = engine_for(as_role(database_url, INGEST))
    app = door_app(own, event_kinds())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://door") as client,
    ):
        yield Gate(client, engine, positions, events, district)
    await own.dispose()


async def count(engine: AsyncEngine, table: Any) -> int:
    async with visit(engine) as session:
        return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


def code(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"code", "description", "message", "details"}
    assert set(body["message"]) == {"kk", "ru", "en"}
    return answer.status_code, body["code"]


async def test_a_position_by_query_is_stored_before_the_answer(gate: Gate) -> None:
    answer = await gate.one(speed=10, bearing=90)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "refused": []})
    async with visit(gate.engine) as session:
        row = (await session.execute(select(unit_position))).one()
    assert (row.lon, row.lat, row.heading_deg, round(row.speed_kmh, 2)) == (76.95, 43.25, 90, 18.52)


async def test_a_position_by_form_and_by_the_newer_json_is_stored(gate: Gate) -> None:
    form = {"id": "car-1", "lat": "43.25", "lon": "76.95", "timestamp": str(int(time.time()) - 1)}
    posted = await gate.client.post("/", data=form, params={"key": gate.positions})
    coords = {"latitude": 43.25, "longitude": 76.95, "speed": -1, "heading": -1}
    body = {"location": {"timestamp": "2000-01-01T00:00:00.000Z", "coords": coords}, "device_id": "car-1"}
    body["location"]["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())  # type: ignore[index]
    newer = await gate.client.post("/", json=body, params={"key": gate.positions})
    assert (posted.status_code, newer.status_code) == (200, 200)
    assert await count(gate.engine, track) == 2


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": "nobody"}, "unknown_device"),
        ({"lat": "NaN"}, "not_finite"),
        ({"lon": "-inf"}, "not_finite"),
        ({"speed": "nan"}, "not_finite"),
        ({"lat": "90.01"}, "off_the_globe"),
        ({"lon": "1e308"}, "off_the_globe"),
        ({"timestamp": int(time.time()) + 86_400}, "from_the_future"),  # the tests may begin long after this line
        ({"timestamp": 5}, "too_old"),
        ({"timestamp": "nan"}, "bad_time"),
        ({"timestamp": "soon"}, "bad_time"),
        ({"timestamp": "9" * 400}, "bad_time"),
        ({"speed": 1e9}, "bad_speed"),
        ({"bearing": 720}, "bad_heading"),
        ({"lat": "north"}, "bad_entry"),
        ({"lat": ""}, "missing_field"),
    ],
)
async def test_a_bad_position_is_refused_with_its_reason(gate: Gate, fields: dict[str, Any], expected: str) -> None:
    assert code(await gate.one(**fields)) == (400, expected)
    assert await count(gate.engine, track) == 0


async def test_a_bad_entry_of_a_batch_is_told_by_index_and_costs_no_other(gate: Gate) -> None:
    late = position(at=time.time() - 1)
    listed = [position(), position(lon=float("nan")), late, position(device="nobody"), {"device": 5}, position(lat=91)]
    answer = await gate.batch(*listed)
    told = [(one["index"], one["code"]) for one in answer.json()["refused"]]
    assert (answer.status_code, answer.json()["accepted"]) == (200, 2)
    assert told == [(1, "not_finite"), (3, "unknown_device"), (4, "bad_entry"), (5, "off_the_globe")]
    assert all(one["description"] for one in answer.json()["refused"])
    assert await count(gate.engine, track) == 2


async def test_an_empty_batch_is_taken(gate: Gate) -> None:
    assert (await gate.batch()).json() == {"accepted": 0, "refused": []}


async def test_concurrent_senders_are_all_stored_once(gate: Gate) -> None:
    start = int(time.time()) - 100
    answers = await asyncio.gather(*(gate.one(timestamp=start + n % 50) for n in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert await count(gate.engine, track) == 50


async def test_a_source_moves_only_units_of_its_own_area(gate: Gate) -> None:
    assert code(await gate.one(key=gate.district)) == (400, "unknown_device")


async def test_keys_are_asked_for(gate: Gate) -> None:
    assert code(await gate.one(key="")) == (401, "no_key")
    assert code(await gate.one(key="guess")) == (401, "unknown_key")
    assert code(await gate.one(key=gate.events)) == (403, "wrong_kind")
    assert code(await gate.tell(report(), key=gate.positions)) == (403, "wrong_kind")
    assert code(await gate.client.post("/positions", content="{}")) == (401, "no_key")


async def test_a_source_switched_off_is_refused_once_its_key_is_forgotten(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await gate.one()).status_code == 200
    async with visit(gate.engine) as session:
        await enable(session, "trackers", enabled=False)
    monkeypatch.setattr(keys, "KEY_S", 0.0)
    assert code(await gate.one()) == (403, "disabled_key")


async def test_a_key_that_sends_too_much_is_told_when_to_send_it_again(gate: Gate) -> None:
    async with visit(gate.engine) as session:
        await session.execute(update(source).values(rate_per_s=0.6, rows_per_s=0.5))
    assert (await gate.batch(position(), position(at=time.time() - 1))).status_code == 200
    again = await gate.batch(position())
    assert code(again) == (429, "too_many_requests")
    assert (again.headers["retry-after"], again.json()["details"]) == ("2", {"retry_after_s": 2})
    assert (await gate.tell(report(), report(id="e2"))).json()["accepted"] == 2
    async with visit(gate.engine) as session:
        await session.execute(update(source).values(rate_per_s=1000))
    more = await gate.tell(report(id="e3"), key=gate.events)
    assert code(more)[0] == 429
    assert await count(gate.engine, track) == 2
    assert await count(gate.engine, event) == 2


async def test_a_flood_of_unknown_keys_ends_in_a_wait(gate: Gate) -> None:
    told = [await gate.one(key=f"guess {n}") for n in range(int(TRIES) + 20)]
    assert {code(answer) for answer in told} == {(401, "unknown_key"), (429, "too_many_tries")}
    assert told[-1].headers["retry-after"] == "1"


async def test_events_outside_the_area_of_their_source_are_refused_and_cost_no_other(gate: Gate) -> None:
    async with visit(gate.engine) as session:
        almaty = await by_code(session, "KZ-75")
        assert almaty is not None
        key = await create(session, name="towers of Almaty", kind="events", area_id=almaty.id)
    away = report(id="e2", lon=71.43, lat=51.13)
    told = (await gate.tell(report(kind="unheard"), report(), away, report(id="e3"), key=key)).json()
    assert told["accepted"] == 2
    assert [(one["index"], one["code"]) for one in told["refused"]] == [
        (0, "unknown_event_kind"),
        (2, "outside_source_area"),
    ]
    async with visit(gate.engine) as session:
        assert sorted((await session.execute(select(event.c.source_event_id))).scalars()) == ["e1", "e3"]
        rung = (await session.execute(text("SELECT count(*) FROM change WHERE layer = 'events'"))).scalar_one()
    assert rung == 2


async def test_the_whole_republics_source_tells_events_from_anywhere(gate: Gate) -> None:
    told = await gate.tell(report(lon=71.43, lat=51.13), report(id="e2", lon=0, lat=0))
    assert told.json() == {"accepted": 2, "refused": []}


async def test_a_unit_that_is_new_is_known_within_a_second(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(await gate.one(id="car-2")) == (400, "unknown_device")
    async with visit(gate.engine) as session:
        row = {"call_sign": "102-2", "device": "car-2", "service": "police", "kind": "car"}
        home = await by_code(session, "KZ")
        assert home is not None
        await session.execute(insert(unit).values(row | {"home_area_id": home.id}))
    monkeypatch.setattr(keys, "DEVICES_AGAIN_S", 0.0)
    assert (await gate.one(id="car-2")).status_code == 200


@pytest.mark.parametrize("path", ["/positions", "/events"])
@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b'{"positions": 5, "events": 5}', b"\xff" * 9, b"[" * 200_000])
async def test_a_body_that_is_no_batch_is_refused(gate: Gate, path: str, sent: bytes) -> None:
    key = gate.positions if path == "/positions" else gate.events
    assert code(await gate.client.post(path, content=sent, headers={"X-Qyran-Key": key})) == (400, "malformed")


async def test_a_huge_body_is_refused_unread(gate: Gate) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(MOST_POSITIONS_BYTES // 2**20 + 2):
            yield b" " * 2**20

    head = {"X-Qyran-Key": gate.positions}
    assert code(await gate.client.post("/positions", content=trickle(), headers=head)) == (413, "too_large")
    whole = b" " * (MOST_POSITIONS_BYTES + 1)
    assert code(await gate.client.post("/positions", content=whole, headers=head)) == (413, "too_large")
    assert code(await gate.client.post("/", content=whole)) == (413, "too_large")


async def test_events_are_stored_with_place_picture_and_bell(gate: Gate) -> None:
    jpeg = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))[1].tobytes()
    drawn = {"major_m": 20, "minor_m": 5, "bearing_deg": 30}
    shown = report(ellipse=drawn, details={"tower": "7"}, picture_jpeg_base64=base64.b64encode(jpeg).decode())
    answer = await gate.tell(shown, report(id="e2", kind="unheard"), report(id="e3", certainty=7))
    assert answer.json()["accepted"] == 1
    assert [one["code"] for one in answer.json()["refused"]] == ["unknown_event_kind", "bad_certainty"]
    async with visit(gate.engine) as session:
        row = (await session.execute(select(event))).one()
        seen = (await session.execute(select(event_picture))).one()
        rung = (await session.execute(text("SELECT layer, feature_id FROM change"))).all()
    assert (row.source, row.source_event_id, row.placed_by) == ("smoke towers", "e1", "sender")
    assert (row.ellipse_major_m, row.details) == (20, {"tower": "7"})
    assert (bytes(seen.jpeg), seen.width_px, seen.height_px) == (jpeg, 64, 48)
    assert [tuple(one) for one in rung] == [("events", row.id)]


async def test_an_event_sent_again_is_one_event(gate: Gate) -> None:
    for _ in range(2):
        assert (await gate.tell(report())).json() == {"accepted": 1, "refused": []}
    assert await count(gate.engine, event) == 1


async def test_what_is_not_there_is_told_in_the_same_shape(gate: Gate) -> None:
    assert code(await gate.client.get("/nothing")) == (404, "not_found")
    wrong = await gate.client.delete("/positions")
    assert code(wrong) == (405, "wrong_method")
    assert wrong.headers["allow"] == "POST"


async def test_health_and_metrics_tell_how_it_is(gate: Gate) -> None:
    await gate.one()
    health = (await gate.client.get("/health")).json()
    assert (health["status"], health["parts"][0]["state"]) == ("ok", "ok")
    assert "qyran_positions_stored_total" in (await gate.client.get("/metrics")).text


async def test_without_a_store_nothing_is_acknowledged_and_the_door_answers(tmp_path: Any) -> None:
    engine = engine_for(f"postgresql://qyran@/qyran?host={tmp_path}")
    app = door_app(engine, event_kinds())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://door") as client,
    ):
        answer = await client.post("/positions", json={"positions": [position()]}, headers={"X-Qyran-Key": "k"})
        assert code(answer) == (503, "store_away")
        assert answer.headers["retry-after"]
        health = await client.get("/health")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
    await engine.dispose()


async def test_a_full_disk_of_the_store_is_told_at_either_way_in(gate: Gate) -> None:
    async with visit(gate.engine) as session:
        body = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END"
        await session.execute(text(f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
        for table in ("event", "unit_position"):
            asked = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
            await session.execute(text(asked))
    assert code(await gate.tell(report())) == (503, "store_full")
    assert code(await gate.one()) == (503, "store_full")
    assert await count(gate.engine, event) == await count(gate.engine, track) == 0


async def test_every_request_is_counted_with_how_it_was_answered(gate: Gate) -> None:
    def counted(path: str, outcome: str) -> float:
        labels = {"path": path, "outcome": outcome}
        return REGISTRY.get_sample_value("qyran_ingest_requests_total", labels) or 0.0

    before = [counted("/", "200"), counted("/", "401"), counted("other", "404")]
    await gate.one()
    await gate.one(key="guess")
    await gate.client.get("/nothing")
    after = [counted("/", "200"), counted("/", "401"), counted("other", "404")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]
