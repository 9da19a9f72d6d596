"""Administration over HTTP: who is listed, made, changed, released, and whose sessions end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access.accounts import LOCK
from geo_server.access.cli import write
from geo_server.notify import phone_queries
from geo_server.settings import Settings
from layers.areas.scope import visit_as, visit_whole
from layers.database import SERVER, as_role, visit
from layers.values import Role
from layers.viewer import Viewer
from tests.answering import app_on

pytestmark = pytest.mark.anyio
PASSWORD = "right-password"
PEOPLE = (
    ("admin-kz", Role.ADMINISTRATOR, "KZ"),
    ("admin-almaty", Role.ADMINISTRATOR, "KZ-75"),
    ("commander-almaty", Role.COMMANDER, "KZ-75"),
    ("commander-medeu", Role.COMMANDER, "KZ-75-MED"),
    ("dispatcher-medeu", Role.DISPATCHER, "KZ-75-MED"),
    ("dispatcher-oblast", Role.DISPATCHER, "KZ-19"),
)
As = Callable[[str], Awaitable[httpx.AsyncClient]]


class Office:
    as_server: AsyncEngine  # as the server comes to the store: held by its policies

    def __init__(self, engine: AsyncEngine, ids: dict[str, int], areas: dict[str, int]) -> None:
        self.engine, self.ids, self.areas = engine, ids, areas

    async def sql(self, asked: str) -> list[Any]:
        async with visit(self.engine) as session:
            return list((await session.execute(text(asked))).all())

    async def lock(self, name: str, as_: As) -> None:
        browser = await as_("")
        for _ in range(LOCK.failures):
            await browser.post("/api/session", json={"user": name, "password": "wrong"})


@pytest.fixture
async def office(engine: AsyncEngine) -> Office:
    async with visit(engine) as session:
        for name, role, code in PEOPLE:
            assert await write(session, name, PASSWORD, role, code)
        ids = {name: n for n, name in await session.execute(text("SELECT id, name FROM account"))}
        areas = {code: n for n, code in await session.execute(text("SELECT id, code FROM area"))}
    return Office(engine, ids, areas)


@pytest.fixture
async def as_(office: Office, database_url: str, tmp_path: Path) -> AsyncIterator[As]:
    """A browser signed in and stepped up as one of the people; nobody for an empty name."""
    app = app_on(Settings(home=tmp_path, database_url=as_role(database_url, SERVER)))
    office.as_server = app.state.engine
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with AsyncExitStack() as stack:

        async def browser(name: str) -> httpx.AsyncClient:
            client = httpx.AsyncClient(transport=transport, base_url="http://qyran")
            await stack.enter_async_context(client)
            if name:
                typed = {"user": name, "password": PASSWORD}
                assert (await client.post("/api/session", json=typed)).is_success
                assert (await client.post("/api/session/step-up", json={"password": PASSWORD})).is_success
            return client

        yield browser
    await app.state.engine.dispose()


def code_of(answer: httpx.Response) -> str:
    return "" if answer.is_success else str(answer.json()["code"])


async def names(browser: httpx.AsyncClient) -> set[str]:
    return {account["name"] for account in (await browser.get("/api/accounts")).json()["accounts"]}


def new(office: Office, **more: Any) -> dict[str, Any]:
    row = {"name": "saule", "password": "first-password", "role": "dispatcher", "area_id": office.areas["KZ-75-MED"]}
    return {**row, **more}


async def test_one_lists_the_accounts_at_or_below_the_own_area(office: Office, as_: As) -> None:
    assert await names(await as_("admin-kz")) == {name for name, _, _ in PEOPLE}
    almaty = {"admin-almaty", "commander-almaty", "commander-medeu", "dispatcher-medeu"}
    assert await names(await as_("admin-almaty")) == almaty
    assert await names(await as_("commander-medeu")) == {"commander-medeu", "dispatcher-medeu"}
    assert code_of(await (await as_("dispatcher-medeu")).get("/api/accounts")) == "not_your_role"


async def test_a_page_of_accounts_tells_where_the_next_begins(office: Office, as_: As) -> None:
    browser = await as_("admin-kz")
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = (await browser.get("/api/accounts", params={"limit": 4, "after": after})).json()
        seen += [account["id"] for account in page["accounts"]]
        after = page["next"]
    assert seen == sorted(office.ids.values())


async def test_an_account_that_is_made_signs_in_and_chooses_its_own_password(office: Office, as_: As) -> None:
    admin, person = await as_("admin-almaty"), await as_("")
    made = await admin.post("/api/accounts", json=new(office))
    assert made.status_code == 201, made.text
    assert made.json()["created_by"] == "admin-almaty" and made.json()["locked"] is False
    signed_in = await person.post("/api/session", json={"user": "saule", "password": "first-password"})
    assert signed_in.json()["needs"] == "new_password"
    asked = "SELECT object_id, details::text FROM audit WHERE operation = 'accounts.write'"
    ((object_id, said),) = await office.sql(asked)
    assert object_id == made.json()["id"] and "saule" in said and "password" not in said


async def test_a_name_is_given_once(office: Office, as_: As) -> None:
    admin = await as_("admin-almaty")
    refused = await admin.post("/api/accounts", json=new(office, name="admin-kz"))
    assert refused.status_code == 409 and code_of(refused) == "name_taken"


@pytest.mark.parametrize(("code", "refusal"), [("KZ", "outside_your_area"), ("KZ-19", "outside_your_area")])
async def test_no_account_is_made_above_or_beside(office: Office, as_: As, code: str, refusal: str) -> None:
    admin = await as_("admin-almaty")
    made = await admin.post("/api/accounts", json=new(office, area_id=office.areas[code]))
    assert code_of(made) == refusal
    assert code_of(await admin.post("/api/accounts", json=new(office, area_id=2**62))) == "no_such_area"


async def test_nobody_promotes_themselves(office: Office, as_: As) -> None:
    for name in ("admin-almaty", "admin-kz"):
        browser, own = await as_(name), office.ids[name]
        for change in ({"role": "commander"}, {"area_id": office.areas["KZ"]}, {"enabled": False}):
            assert code_of(await browser.patch(f"/api/accounts/{own}", json=change)) == "not_your_own"
    commander = await as_("commander-almaty")
    below = f"/api/accounts/{office.ids['dispatcher-medeu']}"
    assert code_of(await commander.patch(below, json={"role": "planner"})) == "not_your_role"


async def test_administration_asks_for_a_step_up(office: Office, as_: As) -> None:
    browser = await as_("")
    await browser.post("/api/session", json={"user": "admin-almaty", "password": PASSWORD})
    refused = await browser.post("/api/accounts", json=new(office))
    assert code_of(refused) == "step_up_needed" and refused.json()["details"]["means"] == ["password"]


async def test_a_change_of_role_counts_at_once_in_open_sessions(office: Office, as_: As) -> None:
    admin, person = await as_("admin-almaty"), await as_("commander-medeu")
    changed = await admin.patch(f"/api/accounts/{office.ids['commander-medeu']}", json={"role": "planner"})
    assert changed.json()["role"] == "planner"
    assert (await person.get("/api/session")).json()["account"]["role"] == "planner"
    ((said,),) = await office.sql("SELECT details -> 'was' ->> 'role' FROM audit WHERE operation = 'accounts.write'")
    assert said == "commander"


async def test_an_account_that_counts_no_more_is_signed_out_and_stays_out(office: Office, as_: As) -> None:
    admin, person = await as_("admin-almaty"), await as_("dispatcher-medeu")
    path = f"/api/accounts/{office.ids['dispatcher-medeu']}"
    assert (await admin.patch(path, json={"enabled": False})).json()["enabled"] is False
    assert (await person.get("/api/session")).status_code == 401
    typed = {"user": "dispatcher-medeu", "password": PASSWORD}
    assert code_of(await person.post("/api/session", json=typed)) == "wrong_password"
    assert (await admin.patch(path, json={"enabled": True})).is_success
    assert (await person.get("/api/session")).status_code == 401, "the old session stays ended"
    assert (await person.post("/api/session", json=typed)).is_success


@pytest.mark.parametrize(
    ("superior", "refusal"),
    [
        ("admin-almaty", ""),
        ("commander-almaty", ""),
        ("commander-medeu", "not_your_role"),  # beside, not above
        ("dispatcher-oblast", "not_your_role"),
    ],
)
async def test_a_lock_is_released_by_a_superior(office: Office, as_: As, superior: str, refusal: str) -> None:
    browser, person = await as_(superior), await as_("")
    await office.lock("dispatcher-medeu", as_)
    typed = {"user": "dispatcher-medeu", "password": PASSWORD}
    assert code_of(await person.post("/api/session", json=typed)) == "locked"
    path = f"/api/accounts/{office.ids['dispatcher-medeu']}/release"
    assert code_of(await browser.post(path)) == refusal
    assert code_of(await person.post("/api/session", json=typed)) == ("locked" if refusal else "")
    if not refusal:
        assert code_of(await browser.post(path)) == "not_locked"


async def test_a_lock_is_seen_in_the_list(office: Office, as_: As) -> None:
    browser = await as_("admin-almaty")
    await office.lock("dispatcher-medeu", as_)
    listed = (await browser.get("/api/accounts")).json()["accounts"]
    assert [account["name"] for account in listed if account["locked"]] == ["dispatcher-medeu"]


async def test_second_factors_that_are_lost_are_reset(office: Office, as_: As) -> None:
    admin, person = await as_("admin-almaty"), await as_("dispatcher-medeu")
    await office.sql("UPDATE account SET totp_secret = 'x' WHERE name = 'dispatcher-medeu' RETURNING 1")
    path = f"/api/accounts/{office.ids['dispatcher-medeu']}/reset-second-factor"
    assert (await admin.post(path)).json()["second_factors"] == []
    assert (await person.get("/api/session")).status_code == 401
    typed = {"user": "dispatcher-medeu", "password": PASSWORD}
    assert (await person.post("/api/session", json=typed)).json()["needs"] is None


async def test_sessions_are_listed_and_ended(office: Office, as_: As) -> None:
    admin, person = await as_("admin-almaty"), await as_("dispatcher-medeu")
    path = f"/api/accounts/{office.ids['dispatcher-medeu']}/sessions"
    (listed,) = (await admin.get(path)).json()["sessions"]
    assert listed["area"]["code"] == "KZ-75-MED" and listed["means"] == "password" and not listed["current"]
    assert listed["agent"].startswith("python-httpx") and "token" not in str(listed)
    assert (await admin.delete(f"/api/sessions/{listed['id']}")).status_code == 204
    assert (await person.get("/api/session")).status_code == 401
    assert (await admin.get(path)).json()["sessions"] == []
    assert code_of(await admin.delete(f"/api/sessions/{listed['id']}")) == "no_such_session"
    assert await office.sql("SELECT ended_by FROM account_session WHERE ended_at IS NOT NULL") == [("admin-almaty",)]


async def test_the_sessions_of_those_above_are_not_there(office: Office, as_: As) -> None:
    above, admin = await as_("admin-kz"), await as_("admin-almaty")
    assert code_of(await admin.get(f"/api/accounts/{office.ids['admin-kz']}/sessions")) == "no_such_account"
    asked = f"SELECT id FROM account_session WHERE account_id = {office.ids['admin-kz']}"
    ((session_id,),) = await office.sql(asked)
    assert code_of(await admin.delete(f"/api/sessions/{session_id}")) == "no_such_session"
    (own,) = (await above.get(f"/api/accounts/{office.ids['admin-kz']}/sessions")).json()["sessions"]
    assert own["current"] is True and (await above.delete(f"/api/sessions/{own['id']}")).status_code == 204
    assert (await above.get("/api/session")).status_code == 401


async def test_refusals_of_administration_stand_in_the_audit(office: Office, as_: As) -> None:
    admin = await as_("admin-almaty")
    await admin.patch(f"/api/accounts/{office.ids['admin-kz']}", json={"enabled": False})
    asked = "SELECT who, outcome, code, object_id FROM audit WHERE operation = 'accounts.write'"
    assert await office.sql(asked) == [("admin-almaty", "refused", "no_such_account", office.ids["admin-kz"])]


@pytest.mark.parametrize("change", [{}, {"role": "king"}, {"role": None}, {"area_id": 0}, {"name": "x"}])
async def test_a_change_that_says_nothing_good_is_refused(office: Office, as_: As, change: dict[str, Any]) -> None:
    admin = await as_("admin-almaty")
    path = f"/api/accounts/{office.ids['dispatcher-medeu']}"
    assert (await admin.patch(path, json=change)).status_code == 400


async def test_an_account_of_a_crew_has_one_unit_at_home_below_and_opens_its_page_alone(
    office: Office, as_: As
) -> None:
    admin, medeu = await as_("admin-almaty"), office.areas["KZ-75-MED"]
    async with visit(office.engine) as session:
        made = "INSERT INTO unit (call_sign, device, service, kind, home_area_id) VALUES (:n, :n, 'fire', 'car', :area)"
        for sign, area in (("АЦ-1", medeu), ("АЦ-2", office.areas["KZ-19"])):
            await session.execute(text(made), {"n": sign, "area": area})
    units = dict(tuple(row) for row in await office.sql("SELECT call_sign, id FROM unit"))
    new = {"name": "crew-1", "password": PASSWORD, "role": "crew", "area_id": medeu}
    for wrong, code in (
        (new, "unit_needed"),
        (new | {"unit_id": units["АЦ-2"]}, "no_such_unit"),
        (new | {"unit_id": 987654}, "no_such_unit"),
        (new | {"role": "dispatcher", "unit_id": units["АЦ-1"]}, "unit_needed"),
    ):
        assert (await admin.post("/api/accounts", json=wrong)).json()["code"] == code
    account = (await admin.post("/api/accounts", json=new | {"unit_id": units["АЦ-1"]})).json()
    assert (account["role"], account["unit_id"]) == ("crew", units["АЦ-1"])
    await office.sql("UPDATE account SET must_change = false WHERE name = 'crew-1' RETURNING id")
    phone = await as_("crew-1")
    told = (await phone.get("/api/session")).json()
    assert told["account"]["unit_id"] == units["АЦ-1"]
    assert {"crew.panic", "crew.status"} <= set(told["operations"]) and "units.list" not in told["operations"]
    assert (await phone.get("/api/crew")).json()["unit"]["call_sign"] == "АЦ-1"
    for door in ("/api/units", "/api/incidents", "/api/accounts", "/api/collections"):
        assert (await phone.get(door)).status_code == 403, door
    assert (await phone.post("/api/live/ticket")).status_code == 403
    who = {"account_id": account["id"], "unit_id": units["АЦ-1"], "area_id": medeu, "own_area_id": medeu}
    async with visit_as(office.as_server, Viewer(name="crew-1", role=Role.CREW, **who)) as session:
        await phone_queries.subscribe(session, account["id"], "https://push.example/1", b"\4" * 65, b"x" * 16)
    assert len(await office.sql("SELECT FROM push_subscription")) == 1
    back = await admin.patch(f"/api/accounts/{account['id']}", json={"role": "dispatcher"})
    assert (back.json()["role"], back.json()["unit_id"]) == ("dispatcher", None)
    assert (await admin.patch(f"/api/accounts/{account['id']}", json={"role": "crew"})).json()["code"] == "unit_needed"


async def test_with_its_session_a_phone_is_woken_no_more_whoever_ends_it(office: Office, as_: As) -> None:
    admin, medeu = await as_("admin-almaty"), office.areas["KZ-75-MED"]
    made = (
        "INSERT INTO unit (call_sign, device, service, kind, home_area_id) VALUES ('АЦ-3', '3', 'fire', 'car', :area)"
    )
    async with visit(office.engine) as session:
        unit = (await session.execute(text(made + " RETURNING id"), {"area": medeu})).scalar_one()
    new = {"name": "crew-1", "password": PASSWORD, "role": "crew", "area_id": medeu, "unit_id": unit}
    account = (await admin.post("/api/accounts", json=new)).json()
    await office.sql("UPDATE account SET must_change = false WHERE name = 'crew-1' RETURNING id")

    async def wake() -> tuple[httpx.AsyncClient, int]:
        """Sign a phone in and subscribe it, as its page does."""
        phone = await as_("crew-1")
        ((newest,),) = await office.sql("SELECT max(id) FROM account_session")
        async with visit_whole(office.as_server) as session:
            keys = b"\4" * 65, b"x" * 16
            await phone_queries.subscribe(session, account["id"], "https://push.example/1", *keys, session_id=newest)
        assert len(await office.sql("SELECT FROM push_subscription")) == 1
        return phone, newest

    phone, _ = await wake()
    assert (await phone.delete("/api/session")).status_code == 204
    assert await office.sql("SELECT FROM push_subscription") == []
    _, newest = await wake()
    assert (await admin.delete(f"/api/sessions/{newest}")).status_code == 204
    assert await office.sql("SELECT FROM push_subscription") == []
