"""What either door turns away without knowing who it is, over HTTP, until it stands in the audit with its count."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from websockets.exceptions import InvalidStatus

from geo_server.audit.doors import MOST
from ingest.door import door_app
from ingest.limits import TRIES
from ingest.serve import event_kinds
from layers.areas.queries import by_code
from layers.areas.scope import visit_whole
from layers.database import INGEST, as_role, engine_for, visit
from layers.refusals import queries as refusals
from layers.refusals.tally import MOST_KEYS
from layers.sources import queries as sources
from layers.sources.schema import SourceKind
from layers.sources.table import source, source_key
from tests.geo_server.live.test_socket import store_away
from tests.scene import cookie, open_socket, served, ticket

pytestmark = pytest.mark.anyio
EVIL = "http://evil.example"
HERE = "127.0.0.1"
PATIENCE_S = 60
Found = Counter[tuple[str, str, str | None]]  # door, code, address


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let who knocks on be told each second, so that no test waits for the span."""
    monkeypatch.setattr(refusals, "AGAIN", refusals.AGAIN * 0)


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Starlette]:
    """The door for machines, as the process runs it, by ingest's own role."""
    own = engine_for(as_role(database_url, INGEST))
    app = door_app(own, event_kinds())
    async with app.router.lifespan_context(app):
        yield app
    await own.dispose()


async def ask(door: Starlette, path: str, address: str = HERE, *, key: str | None = None, body: Any = None) -> Any:
    """Ask the door for machines from an address, and return the code of its answer."""
    headers = {"X-Qyran-Key": key} if key else {}
    request = httpx.Request("POST", f"http://door{path}", headers=headers, content=json.dumps(body or {}))
    transport = httpx.ASGITransport(door, client=(address, 1))
    answer = await transport.handle_async_request(request)
    return json.loads(await answer.aread()).get("code", "taken")


async def key_of(engine: AsyncEngine, name: str, kind: SourceKind = "positions", code: str = "KZ") -> str:
    async with visit(engine) as session:
        area = await by_code(session, code)
        assert area is not None
        return await sources.create(session, name=name, kind=kind, area_id=area.id)


async def told(engine: AsyncEngine) -> list[Any]:
    asked = "SELECT * FROM audit WHERE operation = 'door.refuse' ORDER BY id"
    async with visit_whole(engine) as session:
        return list((await session.execute(text(asked))).all())


async def counted(engine: AsyncEngine, whole: int) -> Found:
    """Wait until so many refusals were told, and return how they add up."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found: Found = Counter()
        for row in await told(engine):
            assert (row.outcome, row.layer is None) == ("refused", row.object_id is None)
            assert row.details["from"] <= row.details["to"]
            found[row.details["door"], row.code, row.origin] += row.details["count"]
        if found.total() >= whole or time.monotonic() > deadline:
            return found
        await asyncio.sleep(0.1)  # a row has no event


async def test_the_door_for_people_tells_of_forged_ended_foreign_and_missing_sessions(
    url: str, engine: AsyncEngine
) -> None:
    ended = await cookie(url, "dispatcher")
    async with httpx.AsyncClient(base_url=url) as browser:
        for _ in range(3):
            assert (await browser.get("/api/events", headers={"Cookie": "qyran_session=forged"})).status_code == 401
        async with visit(engine) as session:
            await session.execute(text("UPDATE account_session SET expires_at = created_at"))
        assert (await browser.get("/api/events", headers={"Cookie": f"qyran_session={ended}"})).status_code == 401
        for _ in range(2):
            assert (await browser.get("/api/events")).status_code == 401
        for header in ("Basic !!!", "Basic " + "QTph" * 200):
            assert (await browser.get("/api/events", headers={"Authorization": header})).status_code == 401
        typed = {"user": "dispatcher", "password": "demo"}
        for headers in ({"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await browser.post("/api/session", json=typed, headers=headers)).status_code == 403
    assert await counted(engine, 11) == {
        ("people", "bad_session", HERE): 4,
        ("people", "not_signed_in", HERE): 4,
        ("people", "foreign_origin", HERE): 3,
    }
    assert {row.who for row in await told(engine)} == {""}


async def test_the_live_feed_tells_of_tickets_and_origins_that_no_session_stands_behind(
    url: str, engine: AsyncEngine
) -> None:
    mine = await cookie(url, "dispatcher")
    used = await ticket(url, mine)
    async with open_socket(url, mine, with_ticket=used) as socket:
        await socket.recv()
    shown = [("", used, url), ("", "forged", url), ("forged", used, url), ("", "", url), ("", used, EVIL)]
    for token, with_ticket, origin in shown:
        with pytest.raises(InvalidStatus):
            async with open_socket(url, token, origin=origin, with_ticket=with_ticket):
                pass
    with pytest.raises(InvalidStatus):  # this one has a session: it is told by name, and counted nowhere
        async with open_socket(url, mine, with_ticket=used):
            pass
    assert await counted(engine, 5) == {
        ("people", "bad_ticket", HERE): 2,
        ("people", "bad_session", HERE): 1,
        ("people", "not_signed_in", HERE): 1,
        ("people", "foreign_origin", HERE): 1,
    }
    async with visit_whole(engine) as session:
        named = await session.execute(text("SELECT who FROM audit WHERE code = 'bad_ticket' AND who <> ''"))
        assert list(named.scalars()) == ["dispatcher"]


async def test_the_door_for_machines_tells_of_keys_that_open_nothing_and_whose_they_were(
    url: str, door: Starlette, engine: AsyncEngine
) -> None:
    good, events, almaty = (
        await key_of(engine, "trackers"),
        await key_of(engine, "towers", "events"),
        await key_of(engine, "towers of Almaty", "events", "KZ-75"),
    )
    away = {"kind": "smoke", "at": time.time(), "lon": 71.43, "lat": 51.13, "certainty": 0.8}
    batch = {"events": [away | {"id": "1"}, away | {"id": "2"}]}
    assert [await ask(door, "/positions", key="forged") for _ in range(3)] == ["unknown_key"] * 3
    assert await ask(door, "/positions") == "no_key"
    assert await ask(door, "/positions", key=events) == "wrong_kind"
    assert await ask(door, "/positions", key=good, body={"positions": [position("nobody")]}) == "taken"
    assert await ask(door, "/events", key=almaty, body=batch) == "taken"
    await end_keys(engine, trackers="revoked_at", towers="expires_at")
    assert await until_refused(door, "/positions", good) == "revoked_key"
    assert await until_refused(door, "/events", events) == "expired_key"
    found = await counted(engine, 10)
    assert found == {
        ("machines", "unknown_key", HERE): 3,
        ("machines", "no_key", HERE): 1,
        ("machines", "wrong_kind", HERE): 1,
        ("machines", "unknown_device", HERE): 1,
        ("machines", "outside_source_area", HERE): 2,
        ("machines", "revoked_key", HERE): 1,
        ("machines", "expired_key", HERE): 1,
    }
    assert {row.code: row.who for row in await told(engine)} == {
        "unknown_key": "", "no_key": "", "wrong_kind": "towers", "unknown_device": "trackers",
        "outside_source_area": "towers of Almaty", "revoked_key": "trackers", "expired_key": "towers",
    }  # fmt: skip


async def test_a_key_over_its_limit_and_a_guesser_are_told(url: str, door: Starlette, engine: AsyncEngine) -> None:
    key = await key_of(engine, "trackers")
    async with visit(engine) as session:
        await session.execute(update(source).values(rate_per_s=0.1, rows_per_s=0.1))
    many = {"positions": [position("nobody")] * 2}
    codes = Counter([await ask(door, "/positions", key=key, body=many) for _ in range(9)])
    guesses = [ask(door, "/positions", "192.0.2.9", key=f"guess {n}") for n in range(int(TRIES) + 50)]
    codes.update(await asyncio.gather(*guesses))
    assert codes["too_many_requests"] and codes["too_many_tries"]
    refused = codes.total() - codes.pop("taken", 0)
    found = await counted(engine, refused + 2)
    told_by_code: Counter[str] = Counter()
    for (_, code, _), count in found.items():
        told_by_code[code] += count
    assert told_by_code.pop("unknown_device") == 2 and told_by_code == codes


async def test_a_flood_from_ten_thousand_addresses_is_few_entries_and_an_exact_sum(
    url: str, door: Starlette, engine: AsyncEngine
) -> None:
    began = time.time()
    for first in range(0, 10_000, 100):
        keys = [f"forged {n}" if n % 20 == 0 else None for n in range(first, first + 100)]
        senders = [f"10.{first // 100}.0.{n}" for n in range(100)]
        asked = [ask(door, "/positions", sender, key=key) for sender, key in zip(senders, keys, strict=True)]
        assert set(await asyncio.gather(*asked)) <= {"no_key", "unknown_key"}
    found = await counted(engine, 10_000)
    assert found.total() == 10_000
    seconds = time.time() - began
    assert len(await told(engine)) <= MOST * (seconds + 2)
    async with visit_whole(engine) as session:
        waiting = (await session.execute(text("SELECT count(*) FROM door_refusal"))).scalar_one()
    assert waiting <= (MOST_KEYS + 2) * (seconds + 2)
    by_code: Counter[str] = Counter()
    for (_, code, _), count in found.items():
        by_code[code] += count
    assert by_code == {"no_key": 9_500, "unknown_key": 500}


async def test_what_was_refused_while_the_store_was_away_is_told_when_it_is_back(
    url: str, database_url: str, engine: AsyncEngine
) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=30) as browser:
        with store_away(database_url):
            for _ in range(5):
                assert (await browser.post("/api/session", headers={"Origin": EVIL})).status_code == 403
            assert await part(browser, lambda told: "5 refusals at the door wait to be written" in told)
        assert await counted(engine, 5) == {("people", "foreign_origin", HERE): 5}
        assert await part(browser, lambda told: "refusals" not in told)


def test_a_quiet_ending_writes_what_was_counted(database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path) as url, httpx.Client(base_url=url) as browser:
        for _ in range(4):
            browser.post("/api/session", headers={"Origin": EVIL})
    asked = "SELECT coalesce(sum(count), 0) FROM door_refusal"
    asked += " UNION ALL SELECT coalesce(sum((details->>'count')::int), 0) FROM audit WHERE operation = 'door.refuse'"
    with psycopg.connect(database_url) as link:
        assert sum(int(row[0]) for row in link.execute(asked.encode())) == 4


def position(device: str) -> dict[str, Any]:
    return {"device": device, "at": time.time(), "lon": 76.95, "lat": 43.25}


async def end_keys(engine: AsyncEngine, **ends: str) -> None:
    """End the keys of these sources now, by that column."""
    async with visit(engine) as session:
        for name, column in ends.items():
            its = source_key.c.source_id.in_(select(source.c.id).where(source.c.name == name))
            await session.execute(update(source_key).where(its).values({column: text("now()")}))


async def until_refused(door: Starlette, path: str, key: str) -> Any:
    """What the key meets once the door knows that it ended; until then the empty batch is no refusal."""
    batch: dict[str, list[Any]] = {"positions": [], "events": []}
    deadline = time.monotonic() + PATIENCE_S
    while (code := await ask(door, path, key=key, body=batch)) == "taken":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)  # a row has no event
    return code


async def part(browser: httpx.AsyncClient, wanted: Callable[[str], bool]) -> bool:
    """Wait until the audit's part of health says what is wanted, and return whether it does."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        parts = {one["name"]: one for one in (await browser.get("/api/health")).json()["parts"]}
        if wanted(parts["audit"]["detail"]):
            return True
        await asyncio.sleep(0.1)
    return False
