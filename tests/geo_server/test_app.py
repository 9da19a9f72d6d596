"""The whole server over HTTP: features that GDAL reads, tiles, the map, sessions, refusals, whatever is sent."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import jsonschema_rs
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.app import create_app
from geo_server.live import messages
from geo_server.settings import Settings
from layers import changes
from layers.database import visit
from layers.register import LAYERS
from layers.values import LonLat, Role
from tests.scene import MEDEU, furnish, served

pytestmark = pytest.mark.anyio
ELSEWHERE = LonLat(lon=71.45, lat=51.15)
OGC = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    auth = httpx.BasicAuth("commander-republic", "demo")
    async with httpx.AsyncClient(base_url=url, auth=auth, timeout=30) as client:
        yield client


# ── OGC API – Features ──


async def test_every_link_of_the_landing_page_leads_to_what_it_says(client: httpx.AsyncClient) -> None:
    landing = (await client.get("/api")).json()
    assert {link["rel"] for link in landing["links"]} == {"self", "service-desc", "conformance", "data"}
    for link in landing["links"]:
        answer = await client.get(link["href"])
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(link["type"].split(";")[0])
    assert f"{OGC}/core" in (await client.get("/api/conformance")).json()["conformsTo"]


async def test_every_layer_is_a_collection_whose_pages_join_without_gap_or_repeat(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    spots = await furnish(engine, *(LonLat(lon=MEDEU.lon + n / 1000, lat=MEDEU.lat) for n in range(5)))
    told = (await client.get("/api/collections")).json()["collections"]
    assert [collection["id"] for collection in told] == [layer.name for layer in LAYERS]
    for collection in told[1:]:
        (href,) = [link["href"] for link in collection["links"] if link["rel"] == "items"]
        seen, href = [], f"{href}?limit=2"
        while href:
            answer = await client.get(href)
            page = answer.json()
            assert answer.headers["content-type"] == "application/geo+json"
            assert page["numberMatched"] == 5 and page["numberReturned"] == len(page["features"]) <= 2
            assert page["timeStamp"].endswith("Z")
            seen += [feature["id"] for feature in page["features"]]
            href = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        assert seen == sorted(spot.ids[collection["id"]] for spot in spots)


async def test_an_item_is_the_feature_of_the_page(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    (spot,) = await furnish(engine, MEDEU)
    page = (await client.get("/api/collections/incidents/items")).json()
    item = (await client.get(f"/api/collections/incidents/items/{spot.ids['incidents']}")).json()
    assert {link["rel"] for link in item.pop("links")} == {"self", "collection"}
    assert page["features"] == [item]
    assert item["geometry"] == {"type": "Point", "coordinates": [MEDEU.lon, MEDEU.lat]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("bbox=1,2,3", "bad_bbox"), ("bbox=NaN,1,2,3", "bad_bbox"), ("bbox=1e309,1,2,3", "bad_bbox"),
        ("bbox=76,44,77,43", "bad_bbox"), ("bbox=-1e9,-1e9,1e9,1e9", "bad_bbox"), ("bbox=", "bad_bbox"),
        ("datetime=yesterday", "bad_datetime"), ("datetime=../..", "bad_datetime"),
        ("datetime=2026-01-02T00:00:00Z/2026-01-01T00:00:00Z", "bad_datetime"),
        ("datetime=0000-00-00T00:00:00Z", "bad_datetime"), ("limit=0", "bad_request"), ("limit=NaN", "bad_request"),
        ("after=99999999999999999999", "bad_request"), ("colour=red", "unknown_parameter"),
    ],
)  # fmt: skip
async def test_a_wrong_question_is_refused_in_three_languages(client: httpx.AsyncClient, query: str, code: str) -> None:
    answer = await client.get(f"/api/collections/roads/items?{query}")
    told = answer.json()
    assert answer.status_code == 400 and told["code"] == code
    assert set(told) == {"code", "description", "message", "details"} and set(told["message"]) == {"kk", "ru", "en"}


async def test_a_limit_beyond_the_most_is_the_most(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/collections/roads/items?limit=999999999")).status_code == 200


async def test_what_is_not_there_is_404_and_a_wrong_method_405(client: httpx.AsyncClient) -> None:
    for path in ("/api/collections/nothing", "/api/collections/roads/items/1", "/api/nothing", "/nothing.js"):
        answer = await client.get(path)
        assert answer.status_code == 404 and answer.json()["code"].startswith(("no_such", "not_found")), path
    assert (await client.put("/api/map")).json()["code"] == "wrong_method"


async def test_gdal_reads_every_layer(url: str, engine: AsyncEngine) -> None:
    await furnish(engine, *(LonLat(lon=MEDEU.lon + n / 1000, lat=MEDEU.lat) for n in range(3)))
    assert shutil.which("ogrinfo"), "Debian's gdal-bin is not installed"
    environment = os.environ | {"GDAL_HTTP_USERPWD": "commander-republic:demo"}
    async with visit(engine) as session:
        tree = (await session.execute(text("SELECT count(*) FROM area"))).scalar_one()
    for layer in LAYERS:
        many = tree if layer.name == "areas" else 3
        command = ["ogrinfo", "-ro", "-al", "-oo", "PAGE_SIZE=2", f"OAPIF:{url}/api", layer.name]
        told = await asyncio.to_thread(_run, command, environment)
        assert told.returncode == 0 and "ERROR" not in told.stderr, told.stderr
        assert f"Feature Count: {many}\n" in told.stdout and told.stdout.count("OGRFeature(") == many, layer.name


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


# ── tiles, the map ──


async def test_a_tile_is_sent_once_and_then_only_confirmed_until_its_layer_changes(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    (spot,) = await furnish(engine, MEDEU)
    path = "/api/tiles/cameras/14/11694/5996"
    first = await client.get(path)
    assert first.status_code == 200 and first.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    same = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(path, headers=same)).status_code == 304
    async with visit(engine) as session:
        await changes.ring(session, {"cameras": [spot.ids["cameras"]]})
    deadline = time.monotonic() + 20
    while (again := (await client.get(path, headers=same)).status_code) == 304 and time.monotonic() < deadline:
        pass
    assert again == 200


async def test_two_areas_never_share_a_tile(client: httpx.AsyncClient, url: str, engine: AsyncEngine) -> None:
    await furnish(engine, MEDEU)
    x, y = int((MEDEU.lon + 180) / 360 * 2**16), 23985
    tiles = {}
    for name in ("commander-republic", "commander-oblast", "commander-district"):
        answers = [await client.get(f"/api/tiles/cameras/16/{x}/{y + d}", auth=(name, "demo")) for d in range(-3, 4)]
        tiles[name] = (sum(len(a.content) for a in answers), answers[0].headers["etag"])
    assert len({etag for _, etag in tiles.values()}) == 3
    assert tiles["commander-oblast"][0] == 0


@pytest.mark.parametrize("path", ["3/8/0", "23/0/0", "-1/0/0", "1/x/0", "2147483648/0/0"])
async def test_a_tile_off_the_globe_is_refused(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/tiles/roads/{path}")).status_code in (400, 404)


async def test_the_map_document_carries_every_look_and_word(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/map", auth=("dispatcher", "demo"))).json()
    assert [layer["name"] for layer in told["layers"]] == [
        layer.name for layer in LAYERS if Role.DISPATCHER in layer.seen_by
    ]
    assert told["area"]["code"] == "KZ-75" and told["bounds"][0] < told["centre"]["lon"] < told["bounds"][2]
    assert 8 < told["zoom"] < 14 and "line_crossing" in told["kinds"] and "police" in told["services"]
    assert told["statuses"]["units"]["on"]["kk"] == "ауысымда" and told["statuses"]["events"]["new"]["en"] == "new"
    for layer in told["layers"]:
        if layer["look"]["kind"] == "tiles":
            address = layer["look"]["url"].format(z=12, x=2923, y=1499)
            assert (await client.get(address)).status_code == 200


# ── coming in, being well ──


async def test_a_person_comes_in_and_goes_out(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        refused = await browser.get("/api/session")
        assert refused.status_code == 401 and refused.json()["code"] == "not_signed_in"
        answer = await browser.post("/api/session", json={"user": "dispatcher", "password": "demo"})
        assert answer.json()["account"]["area"]["code"] == "KZ-75" and answer.json()["account"]["demo"]
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert (await browser.get("/api/session")).json() == answer.json()
        assert (await browser.delete("/api/session")).status_code == 204
        assert (await browser.get("/api/session")).status_code == 401


async def test_the_sixth_wrong_try_is_locked_and_says_so(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        typed = {"user": "planner", "password": "wrong"}
        answers = [await browser.post("/api/session", json=typed) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].json()["code"] == "locked" and int(answers[-1].headers["retry-after"]) == 1800


async def test_another_site_changes_nothing(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, headers={"Origin": "http://evil.example"}) as browser:
        answer = await browser.post("/api/session", json={"user": "dispatcher", "password": "demo"})
    assert answer.status_code == 403 and answer.json()["code"] == "foreign_origin"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("body", [b"{", b'{"user": NaN}', b'{"user":"\\u0000","password":"x"}', b"\xff", b"[" * 9000])
async def test_a_body_that_is_none_is_refused_and_never_echoed(url: str, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        answer = await browser.post("/api/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 401) and answer.json()["message"]["kk"]


async def test_a_huge_body_is_refused(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        answer = await browser.post("/api/session", content=b"x" * 2_000_000)
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


async def test_health_and_metrics_are_open_and_name_every_part(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        told = (await browser.get("/api/health")).json()
        assert {part["name"] for part in told["parts"]} == {
            "store",
            "ingest",
            "cameras",
            "recordings",
            "disk",
            "live",
            "roads",
            "audit",
            "channels",
            "clocks",
            "roster",
            "routes",
            "positions",
            "speeds",
            "coverage",
            "placement",
            "register",
            "reports",
            "report_files",
        }
        assert "qyran_requests_total" in (await browser.get("/metrics")).text


async def test_a_store_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/nothing"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qyran") as client:
        answer = await client.get("/api/map", auth=("dispatcher", "demo"))
        assert answer.status_code == 503 and answer.json()["code"] == "store_down"
        health = (await client.get("/api/health")).json()
    assert health["status"] == "degraded" and health["parts"][0]["state"] == "down"


# ── the definition ──


async def test_the_definition_tells_the_live_feed_as_it_travels(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/openapi.json")).json()
    live, schemas = told["paths"]["/api/live"]["get"], told["components"]["schemas"]
    for refs in live["x-messages"].values():
        assert all(ref["$ref"].removeprefix("#/components/schemas/") in schemas for ref in refs)
    said = [messages.hello(1, 0), messages.tick(1, 0, None), messages.missed(1)]
    said += [
        *messages.changes([messages.change("units", 1, 1, None)]),
        '{"type":"view","bbox":[76,43,77,44]}',
        '{"type":"resume","seq":0}',
    ]
    for text_said in said:
        message = json.loads(text_said)
        jsonschema_rs.validate(schemas[f"Live{message['type'].capitalize()}"], message)
    frame = live["x-frame"]
    assert sum(int(field["type"][1:]) for field in frame["header"]) == frame["header_bytes"] == 24
    assert sum(int(field["type"][1:]) for field in frame["record"]) == frame["record_bytes"] == 20
    assert set(live["x-close-codes"]) == {"1001", "1008", "1013", "4401", "4408"}
