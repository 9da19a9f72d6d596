"""The windows as files: what the crew's page is, what it may, and what browsers keep of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from geo_server.access.headers import HEADERS, POLICY, Guard
from geo_server.errors import answer_errors
from geo_server.windows import Windows

pytestmark = pytest.mark.anyio
FILES = ("index.html", "crew.html", "crew-worker.js", "crew.webmanifest", "assets/crew-a1b2.js")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    app = Guard(Starlette(routes=[Mount("/", Windows(tmp_path))]), refused=lambda code, origin: None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as client:
        yield client


async def test_the_crews_page_stands_at_its_short_address(client: httpx.AsyncClient) -> None:
    answer = await client.get("/crew")
    assert answer.status_code == 200 and answer.text == "crew.html"
    assert answer.headers["content-type"].startswith("text/html")
    assert (await client.get("/")).text == "index.html"


async def test_with_a_slash_behind_it_leads_there_because_its_files_are_beside_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/crew/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/crew")


async def test_the_crews_page_alone_may_ask_where_the_phone_is(client: httpx.AsyncClient) -> None:
    assert "geolocation=(self)" in (await client.get("/crew")).headers["permissions-policy"]
    assert "geolocation=(self)" in (await client.get("/crew.html")).headers["permissions-policy"]
    for path in ("/", "/crew-worker.js", "/assets/crew-a1b2.js", "/nothing"):
        assert "geolocation=()" in (await client.get(path)).headers["permissions-policy"], path


async def test_the_crews_page_may_no_more_than_the_others_in_anything_else(client: httpx.AsyncClient) -> None:
    told = (await client.get("/crew")).headers
    assert told["content-security-policy"] == POLICY
    for name, value in HEADERS.items():
        if name != "permissions-policy":
            assert told[name] == value
    assert "camera=()" in told["permissions-policy"] and "microphone=()" in told["permissions-policy"]


async def test_the_policy_lets_a_service_worker_and_a_manifest_of_our_own_in_and_no_string_be_run() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert "'self'" in rules["worker-src"].split() and rules["manifest-src"] == "'self'"
    assert rules["script-src"] == "'self'" and "unsafe" not in POLICY


async def test_the_worker_and_the_page_are_asked_for_anew_and_the_assets_never_again(client: httpx.AsyncClient) -> None:
    for path in ("/crew", "/crew-worker.js", "/crew.webmanifest"):
        assert (await client.get(path)).headers["cache-control"] == "no-cache", path
    assert "immutable" in (await client.get("/assets/crew-a1b2.js")).headers["cache-control"]


async def test_a_worker_and_a_manifest_are_served_as_what_they_are(client: httpx.AsyncClient) -> None:
    assert "javascript" in (await client.get("/crew-worker.js")).headers["content-type"]
    assert (await client.get("/crew.webmanifest")).headers["content-type"].startswith("application/manifest+json")


async def test_while_nobody_has_built_them_a_plain_sentence_stands_there_and_no_fault(tmp_path: Path) -> None:
    app = FastAPI()
    app.mount("/", Windows(tmp_path / "dist"))
    answer_errors(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://qyran") as client:
        for path in ("/crew", "/api/live?ticket=%00"):
            assert (await client.get(path)).status_code == 404, path
        answer = await client.get("/")
        assert answer.status_code == 404 and "not built yet" in answer.text
