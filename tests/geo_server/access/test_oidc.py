"""Sign-in by a provider: a real one as a process of its own, and one that lies, is slow or is down."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import oidc
from geo_server.access.oidc import PENDING_S, ProviderFault, Relying
from geo_server.access.provider import Provider, Standing
from geo_server.settings import Settings
from layers.database import visit
from tests.geo_server.access import lying
from tests.geo_server.access.lying import CLIENT, SECRET, Lying
from tests.providing import GROUPS, providing, told_of
from tests.running import free_ports
from tests.scene import served

pytestmark = pytest.mark.anyio


@contextmanager
def relying_on(issuer: str, database_url: str, home: Path) -> Iterator[str]:
    """Run the server with that provider."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in told_of(issuer).items():
            environment.setenv(name, value)
        with served(database_url, home) as url:
            yield url


@pytest.fixture
def liar() -> Iterator[Lying]:
    with lying.lying() as provider:
        yield provider


@pytest.fixture
def url(liar: Lying, database_url: str, tmp_path: Path) -> Iterator[str]:
    with relying_on(liar.address, database_url, tmp_path) as url:
        yield url


@pytest.fixture
async def browser(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, timeout=20) as browser:
        yield browser


def relying_party(liar: Lying, clock: Callable[[], float] = time.monotonic) -> Relying:
    """Return our side alone, without a server and a store."""
    groups = {name: Standing.model_validate(standing) for name, standing in GROUPS.items()}
    provider = Provider(
        issuer=liar.address, client_id=CLIENT, client_secret=SecretStr(SECRET), groups_claim="groups", groups=groups
    )
    return Relying(provider, clock=clock)


async def out(relying: Relying, liar: Lying) -> tuple[dict[str, str], str]:
    """Go out to the provider; return what it sends back, and what binds the return."""
    address, binder = await relying.begin("http://127.0.0.1/back")
    return liar.remember(address), binder


async def leave(browser: httpx.AsyncClient, provider: Lying) -> dict[str, str]:
    """Go to the provider, which remembers what it was told, and return with what it sends back."""
    answer = await browser.get("/api/session/oidc")
    assert answer.status_code == 303, answer.text
    return provider.remember(answer.headers["location"])


async def come_back(browser: httpx.AsyncClient, returned: dict[str, str]) -> str:
    """Return from the provider, and say where to one is sent."""
    answer = await browser.get("/api/session/oidc/callback", params=returned)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def sign_in(browser: httpx.AsyncClient, provider: Lying) -> str:
    return await come_back(browser, await leave(browser, provider))


async def account(browser: httpx.AsyncClient) -> dict[str, Any]:
    answer = await browser.get("/api/session")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["account"]
    return told


async def audited(engine: AsyncEngine, operation: str = "session.open") -> list[tuple[str, str | None, dict[str, Any]]]:
    asked = "SELECT outcome, code, details FROM audit WHERE operation = :operation ORDER BY id"
    async with visit(engine) as session:
        rows = await session.execute(text(asked), {"operation": operation})
        return [(row.outcome, row.code, row.details) for row in rows]


async def accounts(engine: AsyncEngine) -> int:
    async with visit(engine) as session:
        return int(
            (await session.execute(text("SELECT count(*) FROM account WHERE provider IS NOT NULL"))).scalar_one()
        )


# ── a real provider ──


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with providing() as address:
        yield address


async def by_real(browser: httpx.AsyncClient, subject: str) -> str:
    """Sign in there as a person does, and follow the way back."""
    there = (await browser.get("/api/session/oidc")).headers["location"]
    back = await browser.post(there, data={"sub": subject})
    assert back.status_code == 302, back.text
    answer = await browser.get(back.headers["location"])
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@pytest.fixture
def url_of_real(real: str, database_url: str, tmp_path: Path) -> Iterator[str]:
    with relying_on(real, database_url, tmp_path) as url:
        yield url


async def test_people_of_a_real_provider_come_in_as_what_their_groups_mean(
    url_of_real: str, engine: AsyncEngine
) -> None:
    for subject, role, area in (("p1", "dispatcher", "KZ-75-MED"), ("p2", "commander", "KZ-75")):
        async with httpx.AsyncClient(base_url=url_of_real, timeout=20) as browser:
            assert (await browser.get("/api/session/providers")).json() == {"oidc": True}
            assert await by_real(browser, subject) == "/"
            told = await account(browser)
            assert (told["role"], told["area"]["code"]) == (role, area)
            assert (await browser.get("/api/map")).status_code == 200
    async with httpx.AsyncClient(base_url=url_of_real, timeout=20) as browser:
        assert await by_real(browser, "p3") == "/?refused=not_entitled"
        assert (await browser.get("/api/session")).status_code == 401
    outcomes = [(outcome, code) for outcome, code, _ in await audited(engine)]
    assert outcomes == [("done", None), ("done", None), ("refused", "not_entitled")]
    assert [details["made"] for _, _, details in await audited(engine, "accounts.provide")] == [True, True]


# ── one that lies ──

# what is wrong with it → how to make it so, and what the audit then says
LIES: dict[str, tuple[Callable[[Lying], None], str]] = {
    "made for another": (lying.claims(aud="somebody-else"), "invalid_claim aud"),
    "made for nobody": (lying.claims(aud=None), "missing_claim aud"),
    "made for several, and not said for whom": (lying.claims(aud=[CLIENT, "somebody-else"]), "missing_claim azp"),
    "asked for by another": (lying.claims(azp="somebody-else"), "invalid_claim azp"),
    "of another issuer": (lying.claims(iss="https://provider.example"), "invalid_claim iss"),
    "of an older sign-in": (lying.claims(nonce="of-another-sign-in"), "invalid_claim nonce"),
    "of no sign-in": (lying.claims(nonce=None), "missing_claim nonce"),
    "without a person": (lying.claims(sub=None), "missing_claim sub"),
    "of a person with no name": (lying.claims(sub=""), "no_subject"),
    "of a person that is a number": (lying.claims(sub=7), "invalid_claim sub"),
    "without an end": (lying.claims(exp=None), "missing_claim exp"),
    "expired": (lying.times(exp=-3600), "expired_token exp"),
    "made in the future": (lying.times(iat=3600), "invalid_claim iat"),
    "not good yet": (lying.times(nbf=3600), "invalid_claim nbf"),
    "of another access token": (lying.claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "invalid_claim at_hash"),
    "with groups that are none": (lying.claims(groups="commanders"), "unreadable_groups"),
    "unsigned": (lying.signed(lying.unsigned), "unsupported_algorithm"),
    "signed by our own secret": (lying.signed(lying.by_our_secret), "unsupported_algorithm"),
    "signed by its public key": (lying.signed(lying.by_public_key), "unsupported_algorithm"),
    "signed by a key it does not show": (lying.signed(lying.by_another_key), "bad_signature"),
    "signed by a key of another kind": (lying.signed(lying.by_elliptic_key), "invalid_key_type"),
    "none at all": (lying.signed(lambda *_: "not.a.token"), "decode_error"),
    "not in the answer": (lying.answered(200, b"{}"), "decode_error"),
    "in an answer that is no JSON": (lying.answered(200, b"<html>"), "unreadable"),
    "in an answer that is a list": (lying.answered(200, b"[]"), "unreadable"),
    "in an answer without end": (lying.answered(200, b"[" * 600_000), "too_large"),
    "refused": (lying.answered(400, b'{"error": "invalid_grant"}'), "answered_400"),
    "a fault of its own": (lying.answered(500, b""), "answered_500"),
    "elsewhere": (lying.answered(302, b""), "answered_302"),
    "described by another": (lying.described(issuer="https://provider.example"), "wrong_issuer"),
    "fetched by plain http": (lying.described(token_endpoint="http://provider.example/token"), "unsafe_address"),
    "checked by keys from nowhere": (lying.described(jwks_uri=7), "unsafe_address"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_provider_is_caught_whose_token_is(liar: Lying, lie: str) -> None:
    relying, (make, why) = relying_party(liar), LIES[lie]
    returned, binder = await out(relying, liar)
    make(liar)
    with pytest.raises(ProviderFault) as fault:
        await relying.finish(returned, binder)
    assert fault.value.why == why


async def test_a_code_that_somebody_else_asked_for_is_worth_nothing(liar: Lying) -> None:
    mine, theirs = relying_party(liar), relying_party(liar)
    returned, binder = await out(mine, liar)
    other, _ = await out(theirs, liar)
    with pytest.raises(ProviderFault, match="answered_400"):  # the verifier is not that of the code (RFC 7636)
        await mine.finish(returned | {"code": other["code"]}, binder)


async def test_an_honest_provider_is_believed(liar: Lying) -> None:
    relying = relying_party(liar)
    identity = await relying.finish(*await out(relying, liar))
    assert (identity.subject, identity.name, identity.groups) == ("person-1", "aigul", ("dispatchers",))


async def test_a_provider_that_lies_lets_nobody_in_and_stands_in_the_audit(
    browser: httpx.AsyncClient, liar: Lying, engine: AsyncEngine
) -> None:
    returned = await leave(browser, liar)
    LIES["made for another"][0](liar)
    assert await come_back(browser, returned) == "/?refused=provider_failed"
    assert (await browser.get("/api/session")).status_code == 401
    ((outcome, code, details),) = await audited(engine)
    assert (outcome, code, details["means"]) == ("refused", "provider_failed", "oidc")
    assert details["why"] == "invalid_claim aud"
    assert await accounts(engine) == 0


async def test_an_honest_one_lets_in_the_same_person(browser: httpx.AsyncClient, liar: Lying) -> None:
    assert await sign_in(browser, liar) == "/"
    assert (await account(browser))["name"] == "aigul"


async def test_a_slow_provider_is_waited_for_no_longer_than_is_patient(
    browser: httpx.AsyncClient, liar: Lying, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "PATIENCE_S", 0.5)
    returned = await leave(browser, liar)
    liar.hangs = threading.Event()
    assert await come_back(browser, returned) == "/?refused=provider_failed"
    assert [details["why"] for _, _, details in await audited(engine)] == ["slow"]


@pytest.fixture
def url_of_none(database_url: str, tmp_path: Path) -> Iterator[str]:
    with relying_on(f"http://127.0.0.1:{free_ports(1)[0]}", database_url, tmp_path) as url:
        yield url


async def test_a_provider_that_is_down_is_told_on_the_first_page(url_of_none: str, engine: AsyncEngine) -> None:
    async with httpx.AsyncClient(base_url=url_of_none, timeout=20) as browser:
        answer = await browser.get("/api/session/oidc")
        assert answer.headers["location"] == "/?refused=provider_failed"
        health = (await browser.get("/api/health")).text
    assert [details["why"] for _, _, details in await audited(engine)] == ["down"]
    assert "oidc" not in health and "provider" not in health


# ── the way there and back ──


async def test_what_came_back_once_is_good_no_more(browser: httpx.AsyncClient, liar: Lying) -> None:
    returned = await leave(browser, liar)
    assert await come_back(browser, returned) == "/"
    assert await come_back(browser, returned) == "/?refused=provider_failed"
    assert await come_back(browser, {"code": "code", "state": "forged"}) == "/?refused=provider_failed"
    assert await come_back(browser, {}) == "/?refused=provider_failed"


async def test_another_browser_cannot_end_what_this_one_began(
    url: str, browser: httpx.AsyncClient, liar: Lying, engine: AsyncEngine
) -> None:
    returned = await leave(browser, liar)
    async with httpx.AsyncClient(base_url=url) as other:
        assert await come_back(other, returned) == "/?refused=provider_failed"
        assert (await other.get("/api/session")).status_code == 401
    assert [details["why"] for _, _, details in await audited(engine)] == ["another_browser"]


async def test_one_who_says_no_there_is_told_so_here(browser: httpx.AsyncClient, liar: Lying) -> None:
    returned = await leave(browser, liar)
    told = {"state": returned["state"], "error": "access_denied"}
    assert await come_back(browser, told) == "/?refused=provider_failed"


async def test_an_answer_that_another_issuer_signs_with_its_name_is_refused(
    browser: httpx.AsyncClient, liar: Lying
) -> None:
    returned = await leave(browser, liar)
    assert await come_back(browser, returned | {"iss": "https://provider.example"}) == "/?refused=provider_failed"


async def test_the_way_there_binds_this_browser_and_proves_the_code(browser: httpx.AsyncClient, liar: Lying) -> None:
    answer = await browser.get("/api/session/oidc")
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    assert told["code_challenge_method"] == ["S256"] and len(told["state"][0]) >= 43 and len(told["nonce"][0]) >= 43
    assert told["redirect_uri"] == [f"{str(browser.base_url).rstrip('/')}/api/session/oidc/callback"]
    bound = answer.headers["set-cookie"].lower()
    assert "httponly" in bound and "samesite=lax" in bound and "max-age=600" in bound


async def test_a_sign_in_that_takes_longer_than_ten_minutes_begins_anew(liar: Lying) -> None:
    now = [0.0]
    relying = relying_party(liar, clock=lambda: now[0])
    returned, binder = await out(relying, liar)
    now[0] = PENDING_S + 1
    with pytest.raises(ProviderFault, match="unknown_state"):
        await relying.finish(returned, binder)


# ── what an account becomes ──


async def test_groups_that_stand_only_in_the_userinfo_count_for_the_same_person_alone(
    browser: httpx.AsyncClient, liar: Lying
) -> None:
    lying.claims(groups=None)(liar)
    liar.userinfo = {"sub": "person-1", "groups": ["commanders"]}
    assert await sign_in(browser, liar) == "/"
    assert (await account(browser))["role"] == "commander"
    liar.userinfo = {"sub": "person-2", "groups": ["commanders"]}
    assert await sign_in(browser, liar) == "/?refused=provider_failed"


async def test_each_sign_in_brings_the_account_to_what_its_groups_mean_now(
    browser: httpx.AsyncClient, liar: Lying, engine: AsyncEngine
) -> None:
    lying.claims(groups=["dispatchers", "commanders"])(liar)
    assert await sign_in(browser, liar) == "/"
    assert (await account(browser))["role"] == "commander"  # of several, the first that the map names
    first = (await account(browser))["id"]
    lying.claims(groups=["dispatchers"], preferred_username="another name")(liar)
    assert await sign_in(browser, liar) == "/"
    told = await account(browser)
    assert (told["id"], told["role"], told["area"]["code"]) == (first, "dispatcher", "KZ-75-MED")
    assert [sorted(details) for _, _, details in await audited(engine, "accounts.provide")] == [
        ["area_id", "by", "made", "role"],
        ["area_id", "before", "by", "role"],
    ]


@pytest.mark.parametrize("groups", [["choir"], [], ["nowhere"], [7, None, "choir"]])
async def test_who_lost_every_group_stays_out_and_loses_the_sessions_that_are_open(
    url: str, browser: httpx.AsyncClient, liar: Lying, groups: list[Any]
) -> None:
    assert await sign_in(browser, liar) == "/"
    lying.claims(groups=groups)(liar)
    async with httpx.AsyncClient(base_url=url) as again:
        assert await sign_in(again, liar) == "/?refused=not_entitled"
    assert (await browser.get("/api/session")).status_code == 401


async def test_no_group_undoes_what_an_administrator_ended(
    browser: httpx.AsyncClient, liar: Lying, engine: AsyncEngine
) -> None:
    assert await sign_in(browser, liar) == "/"
    async with visit(engine) as session:
        await session.execute(text("UPDATE account SET enabled = false WHERE provider IS NOT NULL"))
    assert await sign_in(browser, liar) == "/?refused=not_entitled"


async def test_a_name_that_somebody_has_here_is_told_apart_and_not_taken_over(
    browser: httpx.AsyncClient, liar: Lying
) -> None:
    lying.claims(preferred_username="admin")(liar)
    assert await sign_in(browser, liar) == "/"
    told = await account(browser)
    assert told["name"].startswith("admin ") and told["role"] == "dispatcher"


async def test_two_browsers_of_a_new_person_at_once_make_one_account(
    url: str, liar: Lying, engine: AsyncEngine
) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=20) as one, httpx.AsyncClient(base_url=url, timeout=20) as two:
        assert set(await asyncio.gather(sign_in(one, liar), sign_in(two, liar))) == {"/"}
        assert (await account(one))["id"] == (await account(two))["id"]
    assert await accounts(engine) == 1


async def test_who_signs_in_by_a_provider_has_no_password_here(browser: httpx.AsyncClient, liar: Lying) -> None:
    assert await sign_in(browser, liar) == "/"
    for password in ("", " ", "demo"):
        answer = await browser.post("/api/session", json={"user": "aigul", "password": password})
        assert answer.status_code in (400, 401)


# ── where it is not set, or wrongly ──


@pytest.fixture
def url_without(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


async def test_without_a_provider_there_is_no_such_way(url_without: str) -> None:
    async with httpx.AsyncClient(base_url=url_without) as browser:
        assert (await browser.get("/api/session/providers")).json() == {"oidc": False}
        assert (await browser.get("/api/session/oidc")).status_code == 404


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"oidc_issuer": "http://provider.example"}, "must be asked by https"),
        ({"oidc_issuer": "provider"}, "must be asked by https"),
        ({"oidc_issuer": "https://provider.example"}, "set QYRAN_OIDC_CLIENT_ID"),
        ({"oidc_groups": {"x": {"role": "king", "area": "KZ"}}}, "role"),
    ],
)
def test_a_provider_that_is_told_by_half_is_refused_at_the_start(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings(**told)
