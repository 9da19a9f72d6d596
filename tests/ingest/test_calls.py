import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.serve import event_kinds
from layers.areas.queries import by_code
from layers.calls.table import call, call_entry
from layers.changes import change
from layers.database import INGEST, as_role, engine_for, visit
from layers.sources.queries import create
from tests.ingest.test_pidf_lo import CIRCLE, CIVIC, document

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Exchange:
    """A telephone exchange before the door, with keys of its own and of a source of events."""

    client: httpx.AsyncClient
    engine: AsyncEngine
    key: str
    events: str

    async def say(self, *calls: Any, key: str | None = None) -> httpx.Response:
        body = json.dumps({"calls": calls})  # writes NaN as many senders do
        return await self.client.post("/calls", content=body, headers={"X-Qyran-Key": key or self.key})

    async def rows(self) -> list[Any]:
        async with visit(self.engine) as session:
            asked = text("SELECT c.*, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM call c ORDER BY id")
            return list((await session.execute(asked)).all())


def ring(**more: Any) -> dict[str, Any]:
    return {"id": "c1", "state": "ringing", "at": time.time(), "line": "112"} | more


@pytest.fixture
async def exchange(engine: AsyncEngine, database_url: str) -> AsyncIterator[Exchange]:
    async with visit(engine) as session:
        almaty = await by_code(session, "KZ-75")
        assert almaty is not None
        key = await create(session, name="112", kind="exchange", area_id=almaty.id)
        events = await create(session, name="towers", kind="events", area_id=almaty.id)
    own = engine_for(as_role(database_url, INGEST))
    app = door_app(own, event_kinds())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://door") as client,
    ):
        yield Exchange(client, engine, key, events)
    await own.dispose()


async def test_a_call_rings_is_placed_by_its_handset_answered_and_ended_as_one_call(exchange: Exchange) -> None:
    position = {"lon": 76.97, "lat": 43.23, "radius_m": 24, "confidence_pct": 90, "at": time.time() - 3, "by": "aml"}
    told = [
        ring(phone="+77015550101"),
        ring(position=position),
        ring(state="answered"),
        ring(state="ended", at=time.time() + 1),
    ]
    for message in told:
        answer = await exchange.say(message)
        assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "refused": [], "noted": []})
    (row,) = await exchange.rows()
    assert (row.state, row.outcome, row.phone, row.placed_by) == ("ended", None, "+77015550101", "aml")
    assert (row.lon, row.lat, row.radius_m, row.confidence_pct) == (76.97, 43.23, 24, 90)
    async with visit(exchange.engine) as session:
        rung = (await session.execute(select(change.c.layer, change.c.feature_id))).all()
        kinds = (await session.execute(select(call_entry.c.kind).order_by(call_entry.c.id))).scalars().all()
    assert set(rung) == {("calls", row.id)}
    assert kinds == ["rang", "located", "answered", "ended"]


async def test_a_whole_call_in_one_batch_and_the_batch_again_are_the_same_call(exchange: Exchange) -> None:
    batch = [ring(), ring(state="answered"), ring(id="c2"), ring(state="ended")]
    for _ in range(2):
        assert (await exchange.say(*batch)).json()["accepted"] == 4
    assert [(row.exchange_id, row.state) for row in await exchange.rows()] == [("c1", "ended"), ("c2", "ringing")]


async def test_the_handsets_own_message_and_a_pidf_lo_place_a_call_too(exchange: Exchange) -> None:
    handset = f'A"ML=1;lt=+43.23;lg=+76.97;rd=50;top={time.strftime("%Y%m%d%H%M%S", time.gmtime())};lc=90;pm=W'
    here = document(CIRCLE, CIVIC).replace("2026-11-01T08:05:10Z", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    answer = await exchange.say(ring(aml=handset), ring(id="c2", pidf_lo=here))
    assert answer.json() == {"accepted": 2, "refused": [], "noted": []}
    first, second = await exchange.rows()
    assert (first.placed_by, first.radius_m) == ("aml", 50)
    assert (second.placed_by, round(second.radius_m, 2), second.confidence_pct) == ("pidf_lo", 850.24, 95)
    assert (second.address, second.common_name) == ("Абай даңғылы 10А", "Опера")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"position": {"lon": 37.62, "lat": 55.75}}, "beyond_country"),
        ({"position": {"lon": 200, "lat": 43}}, "off_the_globe"),
        ({"position": {"lon": float("nan"), "lat": 43}}, "not_finite"),
        ({"position": {"lon": 76.97, "lat": 43.23, "radius_m": -1}}, "bad_circle"),
        ({"position": {"lon": 76.97, "lat": 43.23, "radius_m": 5, "confidence_pct": 101}}, "bad_circle"),
        ({"aml": 'A"ML=1;lt=+43.23;lg=+76.97;rd=5;top=20200101000000;lc=90;pm=G'}, "too_old"),
        ({"aml": 'A"ML=1;pm=N'}, "bad_aml"),
        ({"pidf_lo": "<!DOCTYPE x><x/>"}, "bad_pidf_lo"),
        ({"pidf_lo": "<script>alert(1)</script>"}, "bad_pidf_lo"),
        ({"at": "yesterday"}, "bad_time"),
        ({"at": 4e9}, "from_the_future"),
        ({"caller_name": "а" * 100_000}, "bad_text"),
        ({"phone": "1\x002"}, "bad_text"),
        ({"line": "\ud800"}, "bad_text"),
        ({"phone": 7}, "bad_text"),
        ({"aml": 7}, "bad_aml"),
        ({"pidf_lo": {}}, "bad_pidf_lo"),
        ({"position": {"lon": 76.97}}, "bad_position"),
        ({"position": "here"}, "bad_position"),
    ],
)
async def test_what_cannot_be_read_costs_its_part_and_not_the_call(
    exchange: Exchange, more: dict[str, Any], code: str
) -> None:
    message = ring(**more)
    for _ in range(2):
        answer = await exchange.say(message)
        assert (answer.status_code, answer.json()["accepted"]) == (200, 1), answer.text
        assert [(one["index"], one["code"]) for one in answer.json()["noted"]] == [(0, code)]
    (row,) = await exchange.rows()
    assert (row.state, row.placed_by, row.lon) == ("ringing", "none", None)
    async with visit(exchange.engine) as session:
        lines = (await session.execute(select(call_entry.c.kind, call_entry.c.details))).all()
    assert len(lines) == 2 and "а" * 200 not in str(lines), "it stands in the call's record once, and not at length"
    assert row.outside == (code == "beyond_country")


@pytest.mark.parametrize("wrong", [{"id": ""}, {"id": "x" * 201}, {"state": "busy"}, {"at": None}, {"id": "a\x00"}])
async def test_what_is_no_call_is_refused_by_its_index_and_costs_no_other(
    exchange: Exchange, wrong: dict[str, Any]
) -> None:
    answer = await exchange.say(ring(**wrong), ring(id="good"))
    assert answer.json()["accepted"] == 1
    assert [one["index"] for one in answer.json()["refused"]] == [0]
    assert [row.exchange_id for row in await exchange.rows()] == ["good"]


async def test_what_was_said_at_length_is_kept_to_the_limit_and_the_field_that_was_cut_is_named(
    exchange: Exchange,
) -> None:
    answer = await exchange.say(ring(said="ө" * 3_999 + "rt" + "x" * 9_000), ring(id="c2", said="дым\x00 в подвале"))
    assert [(one["index"], one["code"], one["field"]) for one in answer.json()["noted"]] == [
        (0, "text_cut", "said"),
        (1, "text_cut", "said"),
    ]
    assert [row.said for row in await exchange.rows()] == ["ө" * 3_999 + "r", "дым в подвале"]
    async with visit(exchange.engine) as session:
        lines = select(call_entry.c.details).where(call_entry.c.kind == "left_out")
        told = (await session.execute(lines)).scalars().all()
    assert told == [{"code": "text_cut", "field": "said"}] * 2


async def test_a_position_by_a_way_that_nobody_knows_is_taken_as_told_by_the_exchange(exchange: Exchange) -> None:
    answer = await exchange.say(ring(position={"lon": 76.97, "lat": 43.23, "by": "gnss"}))
    assert [(one["code"], one["field"]) for one in answer.json()["noted"]] == [("bad_way", "position")]
    (row,) = await exchange.rows()
    assert (row.placed_by, row.lon) == ("exchange", 76.97)


@pytest.mark.parametrize("at", [10**400, -(10**400), 1e300, "now", [], True])
async def test_a_positioning_time_that_is_none_costs_neither_the_place_nor_the_other_calls(
    exchange: Exchange, at: Any
) -> None:
    answer = await exchange.say(ring(id="odd", position={"lon": 76.97, "lat": 43.23, "at": at}), ring(id="good"))
    assert (answer.status_code, answer.json()["accepted"]) == (200, 2), answer.text
    assert answer.json()["noted"][0]["field"] == "position"


async def test_a_circle_too_small_for_the_store_is_a_point(exchange: Exchange) -> None:
    told = {"lon": 76.97, "lat": 43.23, "radius_m": 1e-50, "confidence_pct": 1e-50}
    answer = await exchange.say(ring(position=told))
    assert answer.json()["noted"] == []
    assert [(row.radius_m, row.confidence_pct) for row in await exchange.rows()] == [(0, 0)]


async def test_two_calls_in_one_second_about_one_crash_are_two_calls(exchange: Exchange) -> None:
    at = time.time()
    here, there = {"lon": 76.97, "lat": 43.23, "at": at}, {"lon": 76.97493, "lat": 43.23, "at": at}
    await exchange.say(ring(id="a", at=at, position=here), ring(id="b", at=at, position=there))
    assert len(await exchange.rows()) == 2


async def test_what_a_caller_is_called_is_kept_as_it_was_said(exchange: Exchange) -> None:
    await exchange.say(ring(caller_name="<script>alert('қ')</script>"))
    assert (await exchange.rows())[0].caller_name == "<script>alert('қ')</script>"


async def test_only_the_key_of_an_exchange_reports_calls(exchange: Exchange) -> None:
    answer = await exchange.say(ring(), key=exchange.events)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_kind")
    assert await exchange.rows() == []


async def test_the_same_id_at_two_exchanges_is_two_calls(exchange: Exchange) -> None:
    async with visit(exchange.engine) as session:
        almaty = await by_code(session, "KZ-75")
        assert almaty is not None
        other = await create(session, name="103", kind="exchange", area_id=almaty.id)
    await exchange.say(ring())
    await exchange.say(ring(), key=other)
    async with visit(exchange.engine) as session:
        assert len((await session.execute(select(call.c.id))).all()) == 2
