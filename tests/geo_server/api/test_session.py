"""The session over HTTP: second factors, step-up, areas, the password, and what the audit tells of each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access.cli import write
from geo_server.settings import Settings
from layers.database import SERVER, as_role, visit
from layers.values import Role
from tests.answering import app_on
from tests.authenticator import Authenticator

pytestmark = pytest.mark.anyio
SITE = "http://qyran"
PASSWORD = "right-password"


@dataclass
class House:
    app: FastAPI
    engine: AsyncEngine

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=("10.0.0.7", 1), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=SITE, headers={"origin": SITE})

    async def sql(self, asked: str, **values: Any) -> list[Any]:
        async with visit(self.engine) as session:
            found = await session.execute(text(asked), values)
            return list(found.all()) if found.returns_rows else []

    async def audit(self) -> list[tuple[str, str | None]]:
        return [tuple(row) for row in await self.sql("SELECT operation, code FROM audit ORDER BY id")]


@pytest.fixture
async def house(engine: AsyncEngine, database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with visit(engine) as session:
        await write(session, "aigerim", PASSWORD, Role.COMMANDER, "KZ-75")
    app = app_on(Settings(home=tmp_path, database_url=as_role(database_url, SERVER)))
    yield House(app, engine)
    await app.state.engine.dispose()


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.browser() as browser:
        answer = await sign_in(browser)
        assert answer.status_code == 200, answer.text
        yield browser


async def sign_in(browser: httpx.AsyncClient) -> httpx.Response:
    return await browser.post("/api/session", json={"user": "aigerim", "password": PASSWORD})


async def step_up(browser: httpx.AsyncClient, **proof: Any) -> httpx.Response:
    return await browser.post("/api/session/step-up", json=proof or {"password": PASSWORD})


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


class Phone:
    """An authenticator app; each code it shows is of a later step than those before."""

    def __init__(self, secret: str) -> None:
        self.codes = pyotp.TOTP(secret)

    async def show(self, house: House) -> str:
        """A code that is good now: the steps used so far are let fall a minute back, as if that time had passed."""
        await house.sql("UPDATE account SET totp_last_step = totp_last_step - 2")
        ((now,),) = await house.sql("SELECT extract(epoch FROM clock_timestamp())::float8")
        return str(self.codes.at(int(now)))


async def enrol_codes(house: House, browser: httpx.AsyncClient) -> Phone:
    assert (await step_up(browser)).status_code == 200
    begun = (await browser.post("/api/session/second-factors/totp")).json()
    phone = Phone(begun["secret"])
    confirmed = await browser.post("/api/session/second-factors/totp/confirm", json={"code": await phone.show(house)})
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["account"]["second_factors"] == ["totp"] and confirmed.json()["needs"] is None
    return phone


async def enrol_key(browser: httpx.AsyncClient) -> Authenticator:
    assert (await step_up(browser)).status_code == 200
    key = Authenticator(origin=SITE, rp_id="qyran")
    options = (await browser.post("/api/session/second-factors/webauthn/options")).json()
    made = {"name": "blue key", "credential": key.make(options)}
    enrolled = await browser.post("/api/session/second-factors/webauthn", json=made)
    assert enrolled.status_code == 200, enrolled.text
    assert enrolled.json()["account"]["second_factors"] == ["webauthn"]
    return key


async def test_a_session_tells_who_where_and_how_long(browser: httpx.AsyncClient) -> None:
    told = (await browser.get("/api/session")).json()
    assert told["account"]["name"] == "aigerim" and told["account"]["second_factors"] == []
    assert told["entered"]["code"] == "KZ-75" and told["needs"] is None and told["stepped_up_until"] is None
    assert told["areas"][0]["code"] == "KZ-75" and {area["level"] for area in told["areas"]} == {2, 4}
    assert "incidents.take_over" in told["operations"] and "accounts.write" not in told["operations"]
    assert told["shift"]["ends_at"] > told["shift"]["started_at"]


async def test_the_way_in_and_out_stands_in_the_audit(house: House) -> None:
    async with house.browser() as browser:
        await browser.post("/api/session", json={"user": "aigerim", "password": "wrong"})
        await sign_in(browser)
        await browser.delete("/api/session")
    assert await house.audit() == [
        ("session.open", "wrong_password"),
        ("session.open", None),
        ("session.close", None),
    ]
    ((who, role, origin),) = await house.sql("SELECT DISTINCT who, role, origin FROM audit")
    assert (who, role, origin) == ("aigerim", "commander", "10.0.0.7")


async def test_a_lock_is_told_once_and_a_strange_name_is_kept_apart(house: House) -> None:
    async with house.browser() as browser:
        typed = {"user": "my-pass-phrase", "password": "x"}
        answers = [await browser.post("/api/session", json=typed) for _ in range(6)]
    assert code_of(answers[-1]) == "locked" and answers[-1].headers["retry-after"] == "1800"
    operations = [operation for operation, _ in await house.audit()]
    assert operations == ["session.open"] * 5 + ["session.lock", "session.open"]
    assert await house.sql("SELECT 1 FROM audit WHERE who <> '' OR details::text LIKE '%phrase%'") == []
    assert len(await house.sql("SELECT 1 FROM audit_personal WHERE value = 'my-pass-phrase'")) == 7


async def test_a_code_is_asked_for_before_anything_else(house: House, browser: httpx.AsyncClient) -> None:
    phone = await enrol_codes(house, browser)
    async with house.browser() as second:
        assert (await sign_in(second)).json()["needs"] == "second_factor"
        assert code_of(await second.get("/api/map")) == "second_factor_needed"
        assert code_of(await step_up(second)) == "second_factor_needed"
        assert code_of(await second.get("/api/session/second-factors")) == "second_factor_needed"
        given = await second.post("/api/session/totp", json={"code": await phone.show(house)})
        assert given.status_code == 200 and given.json()["needs"] is None
        assert (await second.get("/api/session/second-factors")).json() == {"totp": True, "webauthn": []}


async def test_a_code_is_good_once(house: House, browser: httpx.AsyncClient) -> None:
    phone = await enrol_codes(house, browser)
    code = await phone.show(house)
    assert (await step_up(browser, code=code)).status_code == 200
    assert code_of(await step_up(browser, code=code)) == "code_used"
    async with house.browser() as second:
        await sign_in(second)
        assert code_of(await second.post("/api/session/totp", json={"code": code})) == "code_used"


async def test_a_code_after_the_clock_went_back_is_refused_in_a_sentence(
    house: House, browser: httpx.AsyncClient
) -> None:
    phone = await enrol_codes(house, browser)
    code = await phone.show(house)
    await house.sql("UPDATE account SET totp_last_step = totp_last_step + 100")
    refused = await step_up(browser, code=code)
    assert refused.status_code == 403 and code_of(refused) == "clock_went_back"


async def test_wrong_codes_lock_the_name(house: House, browser: httpx.AsyncClient) -> None:
    phone = await enrol_codes(house, browser)
    right = await phone.show(house)
    wrong = str((int(right) + 1) % 10**6).zfill(6)
    async with house.browser() as second:
        await sign_in(second)  # itself a try until the code is given
        codes = [code_of(await second.post("/api/session/totp", json={"code": wrong})) for _ in range(4)]
        codes.append(code_of(await second.post("/api/session/totp", json={"code": right})))
    assert codes == ["wrong_code"] * 4 + ["locked"]


async def test_a_secret_counts_only_once_it_is_confirmed(house: House, browser: httpx.AsyncClient) -> None:
    assert code_of(await browser.post("/api/session/second-factors/totp")) == "step_up_needed"
    await step_up(browser)
    begun = (await browser.post("/api/session/second-factors/totp")).json()
    assert begun["uri"].startswith("otpauth://totp/Qyran:aigerim?secret=" + begun["secret"])
    assert (await browser.get("/api/session/second-factors")).json()["totp"] is False
    async with house.browser() as second:
        assert (await sign_in(second)).json()["needs"] is None


async def test_the_store_cannot_read_a_secret(house: House, browser: httpx.AsyncClient, tmp_path: Path) -> None:
    phone = await enrol_codes(house, browser)
    ((kept,),) = await house.sql("SELECT totp_secret FROM account")
    assert phone.codes.secret.encode() not in bytes(kept)
    key = tmp_path / "keys" / "secrets.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.write_bytes(bytes(32))
    assert code_of(await step_up(browser, code=await phone.show(house))) == "second_factor_unreadable"


async def test_an_account_with_a_second_factor_does_not_step_up_by_its_password(
    house: House, browser: httpx.AsyncClient
) -> None:
    await enrol_codes(house, browser)
    refused = await step_up(browser, password=PASSWORD)
    assert code_of(refused) == "proof_too_weak" and refused.json()["details"]["means"] == ["totp"]


async def test_a_step_up_lasts_ten_minutes(house: House, browser: httpx.AsyncClient) -> None:
    assert (await step_up(browser)).json()["stepped_up_until"] is not None
    await house.sql("UPDATE account_session SET stepped_up_at = stepped_up_at - interval '10 minutes'")
    assert (await browser.get("/api/session")).json()["stepped_up_until"] is None
    assert code_of(await browser.post("/api/session/second-factors/totp")) == "step_up_needed"


async def test_wrong_passwords_at_the_step_up_lock_the_name(house: House, browser: httpx.AsyncClient) -> None:
    codes = [code_of(await step_up(browser, password="wrong")) for _ in range(6)]
    assert codes == ["not_your_password"] * 5 + ["locked"]
    assert (await house.audit())[-1] == ("session.step_up", "locked")


async def test_a_security_key_signs_in_and_steps_up(house: House, browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    async with house.browser() as second:
        assert (await sign_in(second)).json()["needs"] == "second_factor"
        options = (await second.post("/api/session/webauthn/options")).json()
        given = await second.post("/api/session/webauthn/verify", json=key.use(options))
        assert given.status_code == 200 and given.json()["needs"] is None, given.text
        options = (await second.post("/api/session/webauthn/options")).json()
        assert (await step_up(second, webauthn=key.use(options))).json()["stepped_up_until"] is not None
    (listed,) = (await browser.get("/api/session/second-factors")).json()["webauthn"]
    assert listed["name"] == "blue key" and listed["last_used_at"] is not None


async def test_an_answer_of_a_key_is_good_once(browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    answer = key.use((await browser.post("/api/session/webauthn/options")).json())
    assert (await step_up(browser, webauthn=answer)).status_code == 200
    assert code_of(await step_up(browser, webauthn=answer)) == "no_challenge"
    await browser.post("/api/session/webauthn/options")
    assert code_of(await step_up(browser, webauthn=answer)) == "wrong_key"


async def test_a_wrong_answer_uses_up_the_challenge(browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    answer = key.use((await browser.post("/api/session/webauthn/options")).json())
    forged = {**answer, "response": {**answer["response"], "signature": "AAAA"}}
    assert code_of(await step_up(browser, webauthn=forged)) == "wrong_key"
    assert code_of(await step_up(browser, webauthn=answer)) == "no_challenge"


async def test_a_key_that_answers_at_another_site_is_refused(browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    for bent in ({"origin": "http://qyran.example"}, {"rp_id": "qyran.example"}):
        answering = Authenticator(**{**vars(key), **bent})
        answer = answering.use((await browser.post("/api/session/webauthn/options")).json())
        assert code_of(await step_up(browser, webauthn=answer)) == "wrong_key"


async def test_a_copied_key_is_found_out_by_its_count(browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    copy = Authenticator(**vars(key))
    for signing, works in ((key, True), (copy, False)):
        answer = signing.use((await browser.post("/api/session/webauthn/options")).json())
        assert (await step_up(browser, webauthn=answer)).is_success is works


async def test_a_challenge_to_enrol_is_not_one_to_use(browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    options = (await browser.post("/api/session/webauthn/options")).json()
    await browser.post("/api/session/second-factors/webauthn/options")
    assert code_of(await step_up(browser, webauthn=key.use(options))) == "no_challenge"


@pytest.mark.parametrize("answer", [{}, {"id": 7}, {"id": "a", "rawId": "a", "response": {"signature": None}}])
async def test_an_answer_that_is_no_answer_is_refused(browser: httpx.AsyncClient, answer: dict[str, Any]) -> None:
    await enrol_key(browser)
    await browser.post("/api/session/webauthn/options")
    assert code_of(await step_up(browser, webauthn=answer)) == "wrong_key"
    await browser.post("/api/session/second-factors/webauthn/options")
    made = await browser.post("/api/session/second-factors/webauthn", json={"name": "x", "credential": answer})
    assert code_of(made) == "wrong_key"


async def test_a_factor_that_is_removed_is_asked_for_no_more(house: House, browser: httpx.AsyncClient) -> None:
    phone = await enrol_codes(house, browser)
    await step_up(browser, code=await phone.show(house))
    assert (await browser.delete("/api/session/second-factors/totp")).status_code == 204
    assert code_of(await browser.delete("/api/session/second-factors/totp")) == "no_second_factor"
    async with house.browser() as second:
        assert (await sign_in(second)).json()["needs"] is None
    told = await house.audit()
    assert ("session.factor_enrolled", None) in told and ("session.factor_removed", None) in told


async def test_a_key_is_removed_by_its_owner_alone(house: House, browser: httpx.AsyncClient) -> None:
    key = await enrol_key(browser)
    (listed,) = (await browser.get("/api/session/second-factors")).json()["webauthn"]
    path = f"/api/session/second-factors/webauthn/{listed['id']}"
    async with visit(house.engine) as session:
        await write(session, "bolat", PASSWORD, Role.COMMANDER, "KZ-75")
    async with house.browser() as other:
        await other.post("/api/session", json={"user": "bolat", "password": PASSWORD})
        await step_up(other)
        assert code_of(await other.delete(path)) == "no_second_factor"
    await step_up(browser, webauthn=key.use((await browser.post("/api/session/webauthn/options")).json()))
    assert (await browser.delete(path)).status_code == 204


async def test_one_enters_an_area_below_and_none_beside(house: House, browser: httpx.AsyncClient) -> None:
    ids = {code: area_id for area_id, code in await house.sql("SELECT id, code FROM area")}
    entered = await browser.put("/api/session/area", json={"area_id": ids["KZ-75-MED"]})
    assert entered.json()["entered"]["code"] == "KZ-75-MED" and entered.json()["areas"][0]["code"] == "KZ-75"
    for area_id in (ids["KZ"], ids["KZ-19"], 2**62):
        refused = await browser.put("/api/session/area", json={"area_id": area_id})
        assert refused.status_code == 403 and code_of(refused) == "outside_your_area"
    assert (await browser.get("/api/session")).json()["entered"]["code"] == "KZ-75-MED"
    assert (await house.audit())[-1] == ("session.area", "outside_your_area")


async def test_a_new_password_ends_the_other_sessions(house: House, browser: httpx.AsyncClient) -> None:
    async with house.browser() as second:
        await sign_in(second)
        wrong = await browser.post("/api/session/password", json={"old": "wrong", "new": "another-password"})
        assert code_of(wrong) == "not_your_password"
        same = await browser.post("/api/session/password", json={"old": PASSWORD, "new": PASSWORD})
        assert code_of(same) == "same_password"
        changed = await browser.post("/api/session/password", json={"old": PASSWORD, "new": "another-password"})
        assert changed.status_code == 204
        assert (await browser.get("/api/session")).status_code == 200
        assert (await second.get("/api/session")).status_code == 401
        assert code_of(await sign_in(second)) == "wrong_password"


async def test_a_password_that_must_be_changed_is_changed_first(house: House) -> None:
    await house.sql("UPDATE account SET must_change = true")
    async with house.browser() as browser:
        assert (await sign_in(browser)).json()["needs"] == "new_password"
        assert code_of(await step_up(browser)) == "new_password_needed"
        assert not (await browser.get("/api/units")).is_success
        await browser.post("/api/session/password", json={"old": PASSWORD, "new": "my-own-password"})
        assert (await browser.get("/api/session")).json()["needs"] is None


async def test_a_program_by_basic_has_no_session_to_change(house: House) -> None:
    async with house.browser() as browser:
        who = await browser.get("/api/session", auth=("aigerim", PASSWORD))
        assert who.json()["means"] == "basic" and who.json()["account"]["name"] == "aigerim"
        refused = await browser.post("/api/session/step-up", json={"password": PASSWORD}, auth=("aigerim", PASSWORD))
        assert code_of(refused) == "session_needed"


@pytest.mark.parametrize(
    "proof", [{}, {"code": "12345"}, {"code": "１２３４５６"}, {"code": "123456", "password": "x"}]
)
async def test_a_proof_that_is_none_is_refused(browser: httpx.AsyncClient, proof: dict[str, Any]) -> None:
    assert (await browser.post("/api/session/step-up", json=proof)).status_code == 400


async def test_an_act_that_the_audit_cannot_tell_does_not_happen(house: House, browser: httpx.AsyncClient) -> None:
    await house.sql("ALTER TABLE audit RENAME TO audit_away")
    answer = await browser.post("/api/session/password", json={"old": PASSWORD, "new": "another-password"})
    assert answer.status_code == 503 and code_of(answer) == "audit_unwritten"
    await house.sql("ALTER TABLE audit_away RENAME TO audit")
    async with house.browser() as second:
        assert (await sign_in(second)).is_success
