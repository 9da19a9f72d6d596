"""Every answer carries the security headers, nothing is changed from another site, and no body is too large."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers

from geo_server.access import headers
from geo_server.access.headers import LARGEST_BODY_BYTES, POLICY, Guard, is_own_origin
from geo_server.errors import answer_errors

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        (None, True),
        ("http://qyran.kz", True),
        ("https://QYRAN.kz", True),
        ("http://qyran.kz:8080", False),
        ("http://evil.example", False),
        ("http://qyran.kz.evil.example", False),
        ("null", False),
        ("http://[", False),
        ("file://qyran.kz", False),
    ],
)
def test_an_origin_is_own_only_when_it_is_the_host_that_was_asked(origin: str | None, own: bool) -> None:
    sent = {"host": "qyran.kz"} | ({} if origin is None else {"origin": origin})
    assert is_own_origin(Headers(sent)) is own


def test_an_origin_by_plain_http_is_not_own_where_the_host_was_asked_by_tls() -> None:
    for origin, own in (("http://qyran.kz", False), ("https://qyran.kz", True)):
        assert is_own_origin(Headers({"host": "qyran.kz", "origin": origin}), secure=True) is own


def test_the_policy_allows_no_foreign_address_and_nothing_unsafe() -> None:
    assert "http" not in POLICY and "unsafe" not in POLICY and "script-src 'self';" in POLICY
    assert "default-src 'none'" in POLICY and "frame-ancestors 'none'" in POLICY


@pytest.fixture
def counted() -> list[tuple[str, str | None]]:
    """What was counted as refused: its code, and from where."""
    return []


@pytest.fixture
async def guarded(counted: list[tuple[str, str | None]]) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.add_api_route("/api/said", lambda said: {"said": said}, methods=["GET"])

    @app.post("/api/said")
    def say(said: dict[str, str]) -> int:
        return len(said)

    @app.get("/api/never")
    async def never() -> None:
        await asyncio.Event().wait()

    answer_errors(app)
    app.add_middleware(Guard, refused=lambda *told: counted.append(told))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qyran") as client:
        yield client


async def test_a_body_without_a_length_is_refused_where_it_grows_too_large(guarded: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * (LARGEST_BODY_BYTES // 2)

    answer = await guarded.post("/api/said", content=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


@pytest.mark.parametrize(
    ("site", "status"), [(None, 200), ("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)]
)
async def test_what_a_browser_sends_for_another_site_changes_nothing(
    guarded: httpx.AsyncClient, counted: list[tuple[str, str | None]], site: str | None, status: int
) -> None:
    sent = {} if site is None else {"Sec-Fetch-Site": site}
    assert (await guarded.post("/api/said", json={}, headers=sent)).status_code == status
    assert (await guarded.get("/api/said?said=yes", headers=sent)).status_code == 200
    assert counted == ([] if status == 200 else [("foreign_origin", "127.0.0.1")])


async def test_no_address_brings_a_nul_to_the_store(guarded: httpx.AsyncClient) -> None:
    for address in ("/api/said?said=a%00b", "/api/said?%00=b", "/api/said%00"):
        answer = await guarded.get(address)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_value"), address
    assert (await guarded.get("/api/said?said=%2500")).json() == {"said": "%00"}, "these are three letters"


async def test_signing_out_clears_what_the_browser_kept_of_answers(guarded: httpx.AsyncClient) -> None:
    assert (await guarded.delete("/api/session")).headers["clear-site-data"] == '"cache"'
    assert "clear-site-data" not in (await guarded.get("/api/said?said=yes")).headers


async def test_head_is_answered_by_the_head_of_what_get_answers(guarded: httpx.AsyncClient) -> None:
    head, whole = await guarded.head("/api/said?said=yes"), await guarded.get("/api/said?said=yes")
    assert head.status_code == 200 and head.content == b"" and whole.content
    assert head.headers == whole.headers


async def test_who_waits_for_a_store_that_never_answers_is_told(
    guarded: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "PATIENCE_S", 0.01)
    answer = await guarded.get("/api/never")
    assert answer.status_code == 503 and answer.json()["code"] == "store_down"


def test_the_page_speaks_to_its_own_host_alone() -> None:
    connects = next(rule for rule in POLICY.split("; ") if rule.startswith("connect-src"))
    assert connects == "connect-src 'self' data: blob:"
