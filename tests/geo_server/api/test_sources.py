"""Sources and their keys as administrators of several areas meet them; the server comes in by its own role."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access.current import any_session
from geo_server.access.schema import Account, OpenSession
from geo_server.settings import Settings
from layers.areas.queries import every
from layers.areas.schema import Area
from layers.database import SERVER, as_role, visit
from layers.sources.queries import by_key, create, digest, holders
from layers.values import Role
from tests.answering import app_on

pytestmark = pytest.mark.anyio

PEOPLE = {
    "republic": (Role.ADMINISTRATOR, "KZ"),
    "almaty": (Role.ADMINISTRATOR, "KZ-75"),
    "astana": (Role.ADMINISTRATOR, "KZ-71"),
    "tired": (Role.ADMINISTRATOR, "KZ-75"),  # proved themselves too long ago
    "commander": (Role.COMMANDER, "KZ"),
}


class House:
    """The server, with a client for each of `PEOPLE`."""

    def __init__(self, engine: AsyncEngine, areas: dict[str, Area], clients: dict[str, httpx.AsyncClient]) -> None:
        self.engine, self.areas, self.clients = engine, areas, clients

    async def ask(self, who: str, method: str, path: str, **body: Any) -> httpx.Response:
        return await self.clients[who].request(
            method, f"/api{path}", json=body if method in ("POST", "PATCH") else None
        )

    async def add(self, who: str = "almaty", code: str = "KZ-75", name: str = "trackers") -> int:
        body = {"name": name, "kind": "positions", "area_id": self.areas[code].id}
        answer = await self.ask(who, "POST", "/sources", **body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    async def sql(self, asked: str) -> list[Any]:
        async with visit(self.engine) as session:
            return list((await session.execute(text(asked))).all())


@pytest.fixture
async def house(engine: AsyncEngine, database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with visit(engine) as session:
        areas = {area.code: area for area in await every(session)}
    app = app_on(Settings(home=tmp_path, database_url=as_role(database_url, SERVER)))

    def who(request: Request) -> OpenSession:
        name = request.headers["x-who"]
        return _session(name, *PEOPLE[name], areas)

    app.dependency_overrides[any_session] = who
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with AsyncExitStack() as stack:
        clients = {
            name: await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://qyran", headers={"x-who": name})
            )
            for name in PEOPLE
        }
        yield House(engine, areas, clients)
    await app.state.engine.dispose()


def _session(name: str, role: Role, code: str, areas: dict[str, Area]) -> OpenSession:
    now, number = datetime.now(UTC), list(PEOPLE).index(name) + 1
    return OpenSession(
        id=number,
        account=Account(id=number, name=name, role=role, demo=False, area=areas[code]),
        entered=areas[code],
        means="password",
        second_factor=False,
        needs=None,
        stepped_up_at=None if name == "tired" else now,
        started_at=now,
        ends_at=now + timedelta(hours=12),
        origin="127.0.0.1",
    )


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["code"])


async def test_a_new_source_has_no_key_until_it_is_given_one_that_is_told_once(house: House) -> None:
    made = await house.add()
    told = await house.ask("almaty", "POST", f"/sources/{made}/keys")
    assert told.status_code == 201
    assert told.headers["cache-control"] == "no-store"
    key = told.json()["key"]
    async with visit(house.engine) as session:
        found = await by_key(session, digest(key))
    assert found is not None
    assert found.id == made
    listed = (await house.ask("almaty", "GET", "/sources")).json()["sources"]
    assert [(one["id"], one["area"]["code"], one["enabled"]) for one in listed] == [(made, "KZ-75", True)]
    (shown,) = listed[0]["keys"]
    assert (shown["state"], shown["created_by"], shown["last_used_at"]) == ("good", "almaty", None)
    assert "key" not in shown


async def test_no_key_reaches_the_log_or_the_audit(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    made = await house.add()
    key = (await house.ask("almaty", "POST", f"/sources/{made}/keys")).json()["key"]
    written = await house.sql("SELECT operation, layer, object_id, audit::text FROM audit ORDER BY id")
    assert [(row[0], row[1]) for row in written] == [("sources.write", "sources")] * 2
    assert [row[2] for row in written] == [made, made]
    assert all(key not in row[3] and digest(key).hex() not in row[3] for row in written)
    assert key not in "".join(capsys.readouterr())


async def test_keys_rotate_without_a_gap_and_end_one_by_one(house: House) -> None:
    made = await house.add()
    keys = [(await house.ask("almaty", "POST", f"/sources/{made}/keys")).json() for _ in range(2)]
    for _ in range(2):  # again is the same
        assert (await house.ask("almaty", "DELETE", f"/keys/{keys[0]['id']}")).status_code == 204
    async with visit(house.engine) as session:
        found = await holders(session, [digest(one["key"]) for one in keys])
    assert [found[digest(one["key"])].state for one in keys] == ["revoked", "good"]


async def test_a_key_may_end_by_itself_but_not_in_the_past(house: House) -> None:
    made = await house.add()
    ends = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    told = await house.ask("almaty", "POST", f"/sources/{made}/keys", expires_at=ends)
    assert datetime.fromisoformat(told.json()["expires_at"]) == datetime.fromisoformat(ends)
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert code(await house.ask("almaty", "POST", f"/sources/{made}/keys", expires_at=past)) == (400, "bad_value")
    assert len(await house.sql("SELECT 1 FROM source_key")) == 1


async def test_the_eleventh_key_is_refused_in_words(house: House) -> None:
    made = await house.add()
    for _ in range(10):
        assert (await house.ask("almaty", "POST", f"/sources/{made}/keys")).status_code == 201
    assert code(await house.ask("almaty", "POST", f"/sources/{made}/keys")) == (409, "too_many_keys")


async def test_a_source_is_stopped_and_let_send_again_and_its_limits_set(house: House) -> None:
    made = await house.add()
    stopped = await house.ask("almaty", "PATCH", f"/sources/{made}", enabled=False, rate_per_s=7)
    assert (stopped.json()["enabled"], stopped.json()["rate_per_s"]) == (False, 7)
    again = await house.ask("almaty", "PATCH", f"/sources/{made}", enabled=True)
    assert (again.json()["enabled"], again.json()["rate_per_s"]) == (True, 7)


async def test_what_lies_beside_or_above_is_not_there(house: House) -> None:
    async with visit(house.engine) as session:
        for name, area in (("whole", "KZ"), ("other", "KZ-71")):
            await create(session, name=name, kind="events", area_id=house.areas[area].id)
    ids = [row[0] for row in await house.sql("SELECT id FROM source ORDER BY id")]
    keys = [row[0] for row in await house.sql("SELECT id FROM source_key ORDER BY id")]
    assert (await house.ask("almaty", "GET", "/sources")).json() == {"sources": []}
    for source_id, key_id in zip(ids, keys, strict=True):
        told = [
            await house.ask("almaty", "PATCH", f"/sources/{source_id}", enabled=False),
            await house.ask("almaty", "POST", f"/sources/{source_id}/keys"),
            await house.ask("almaty", "DELETE", f"/keys/{key_id}"),
            await house.ask("almaty", "DELETE", "/keys/999999"),
        ]
        found = [code(answer) for answer in told]
        assert found == [(404, "no_such_source")] * 2 + [(404, "no_such_key")] * 2
    assert await house.sql("SELECT 1 FROM source_key WHERE revoked_at IS NOT NULL") == []
    assert len((await house.ask("republic", "GET", "/sources")).json()["sources"]) == 2


async def test_what_was_granted_shows_no_keys_and_hands_over_no_source(house: House) -> None:
    await house.add("astana", "KZ-71")
    await house.sql(
        "INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)"
        f" VALUES ('area', {house.areas['KZ-71'].id}, {house.areas['KZ-75'].id}, 'flood', 'x', now() + interval '1 h')"
        " RETURNING id"
    )
    ids = [row[0] for row in await house.sql("SELECT id FROM source")]
    assert (await house.ask("almaty", "GET", "/sources")).json() == {"sources": []}
    assert code(await house.ask("almaty", "POST", f"/sources/{ids[0]}/keys")) == (404, "no_such_source")


async def test_a_source_is_of_an_area_at_or_below_the_own_one(house: House) -> None:
    await house.add("almaty", "KZ-75-MED")
    for area_id in (house.areas["KZ"].id, house.areas["KZ-71"].id, 10**9):
        told = await house.ask("almaty", "POST", "/sources", name="x", kind="events", area_id=area_id)
        assert code(told) == (403, "outside_your_area")


async def test_a_name_is_taken_once(house: House) -> None:
    await house.add()
    body = {"name": "trackers", "kind": "events", "area_id": house.areas["KZ-75"].id}
    assert code(await house.ask("almaty", "POST", "/sources", **body)) == (409, "source_name_taken")
    told = await house.sql("SELECT code FROM audit WHERE outcome = 'refused'")
    assert [row[0] for row in told] == ["source_name_taken"]


async def test_only_an_administrator_who_proved_themselves_writes(house: House) -> None:
    made = await house.add()
    body = {"name": "y", "kind": "events", "area_id": house.areas["KZ-75"].id}
    for who, told in (("tired", (403, "step_up_needed")), ("commander", (403, "not_your_role"))):
        assert code(await house.ask(who, "POST", "/sources", **body)) == told
        assert code(await house.ask(who, "POST", f"/sources/{made}/keys")) == told
        assert code(await house.ask(who, "PATCH", f"/sources/{made}", enabled=False)) == told
        assert code(await house.ask(who, "DELETE", "/keys/1")) == told
    assert code(await house.ask("commander", "GET", "/sources")) == (403, "not_your_role")
    assert (await house.ask("tired", "GET", "/sources")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "video"}, {"name": " "}, {"name": "a\x00"}, {"area_id": 0}, {"rate_per_s": 0}, {"key": "x"}, {"name": 5}],
)
async def test_a_source_that_is_none_is_refused(house: House, wrong: dict[str, Any]) -> None:
    body = {"name": "x", "kind": "events", "area_id": house.areas["KZ-75"].id} | wrong
    assert code(await house.ask("almaty", "POST", "/sources", **body)) == (400, "bad_request")
