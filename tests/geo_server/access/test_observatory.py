"""The first page scores A+ by the published rules of Mozilla's HTTP Observatory (mdn/mdn-http-observatory, 2026).

The rules are written here again, each with the points it gives or takes; a scan from outside needs a public address.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from geo_server.access import cookie
from geo_server.access.headers import Guard

pytestmark = pytest.mark.anyio
WEB = Path(__file__).parents[3] / "web"
BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*"}
HALF_A_YEAR_S = 15_768_000
Headers = Mapping[str, str]


def policy(headers: Headers) -> int:
    told = headers.get("content-security-policy")
    if told is None:
        return -25
    rules = {name: set(sources) for name, *sources in (rule.split() for rule in told.split(";") if rule.strip())}
    default = rules.get("default-src", {"*"})
    script, style, objects = (rules.get(f"{kind}-src", default) for kind in ("script", "style", "object"))
    if script & (BROAD | {"'unsafe-inline'", "data:"}) or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for sources in rules.values() for source in sources):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (BROAD | {"'unsafe-inline'", "data:"}):
        return 0
    return 10 if default == {"'none'"} else 5


def transport(headers: Headers) -> int:
    found = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    if found is None:
        return -20
    return 0 if int(found[1]) >= HALF_A_YEAR_S else -10


def framing(headers: Headers) -> int:
    ancestors = re.search(r"frame-ancestors ([^;]+)", headers.get("content-security-policy", ""))
    if ancestors and not set(ancestors[1].split()) & BROAD:
        return 5
    return 0 if headers.get("x-frame-options", "").upper() in ("DENY", "SAMEORIGIN") else -20


def referrer(headers: Headers) -> int:
    told = headers.get("referrer-policy")
    if told is None:
        return 0
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    return 5 if told in private else -5


def sniffing(headers: Headers) -> int:
    return 0 if headers.get("x-content-type-options") == "nosniff" else -5


def embedding(headers: Headers) -> int:
    told = headers.get("cross-origin-resource-policy")
    return {None: 0, "cross-origin": 0, "same-origin": 10, "same-site": 10}.get(told, -5)


def sharing(headers: Headers) -> int:
    told = headers.get("access-control-allow-origin")
    return -50 if told and headers.get("access-control-allow-credentials") == "true" else 0


def cookies(headers: Headers) -> int:
    told = headers.get("set-cookie", "").lower()
    if not told:
        return 0
    if "secure" not in told:
        return -40
    if "httponly" not in told:
        return -30
    return 5 if "samesite=strict" in told or "samesite=lax" in told else 0


# What each rule gives the first page. Two more give 0: redirection, as nothing answers by http
# (tests/geo_server/test_tls.py), and the page's scripts, which are all its own (the last test here).
RULES: dict[str, tuple[Callable[[Headers], int], int]] = {
    "content-security-policy": (policy, 10),
    "cross-origin-resource-policy": (embedding, 10),
    "referrer-policy": (referrer, 5),
    "frame-ancestors and x-frame-options": (framing, 5),
    "strict-transport-security": (transport, 0),
    "x-content-type-options": (sniffing, 0),
    "access-control-allow-origin": (sharing, 0),
    "set-cookie": (cookies, 0),
}


def score(headers: Headers) -> int:
    """Return the whole score: what gives points counts only from 90 on."""
    points = [rule(headers) for rule, _ in RULES.values()]
    base = 100 + sum(point for point in points if point < 0)
    return base + sum(point for point in points if point > 0) if base >= 90 else base


async def page(path: str = "/", *, over: str = "https", host: str = "qyran.example") -> httpx.Response:
    """Ask for the first page, or at `/in` for a session's cookie."""

    async def first(_: Request) -> Response:
        return HTMLResponse("<!doctype html>")

    async def signed_in(request: Request) -> Response:
        answer = HTMLResponse("")
        cookie.give(answer, request, "token", timedelta(hours=12))
        return answer

    guard = Middleware(Guard, refused=lambda *_: None)
    app = Starlette(routes=[Route("/", first), Route("/in", signed_in)], middleware=[guard])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"{over}://{host}") as client:
        return await client.get(path)


@pytest.mark.parametrize("name", RULES)
async def test_each_rule_gives_the_points_it_should(name: str) -> None:
    rule, points = RULES[name]
    assert rule((await page()).headers) == points


async def test_the_first_page_is_worth_an_a_plus() -> None:
    assert score((await page()).headers) == 130


@pytest.mark.parametrize(
    ("name", "spoiled", "loses"),
    [
        ("content-security-policy", None, 55),
        ("content-security-policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'", 50),
        ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", 10),
        ("content-security-policy", "default-src 'self'; frame-ancestors 'none'", 5),
        ("strict-transport-security", None, 50),
        ("strict-transport-security", "max-age=600", 10),
        ("referrer-policy", "unsafe-url", 10),
        ("x-content-type-options", None, 5),
        ("cross-origin-resource-policy", None, 10),
        ("set-cookie", "session=x", 70),
    ],
)
async def test_what_is_left_out_would_be_seen(name: str, spoiled: str | None, loses: int) -> None:
    headers = dict((await page()).headers)
    headers.pop(name, None)
    assert score(headers | ({} if spoiled is None else {name: spoiled})) == 130 - loses


async def test_the_cookie_of_a_session_is_worth_all_a_cookie_can_be_and_nobody_else_can_plant_it() -> None:
    answer = await page("/in")
    assert cookies(answer.headers) == 5
    assert (
        answer.headers["set-cookie"].startswith("__Host-qyran_session=") and "Path=/;" in answer.headers["set-cookie"]
    )
    assert "domain" not in answer.headers["set-cookie"].lower()
    assert (await page("/in", over="http")).headers["set-cookie"].startswith("qyran_session=")


async def test_without_tls_nothing_binds_the_host_to_it() -> None:
    assert "strict-transport-security" not in (await page(over="http")).headers
    assert "strict-transport-security" not in (await page(host="localhost:8443")).headers
    assert (await page()).headers["strict-transport-security"] == "max-age=31536000"


def test_the_first_page_takes_every_script_from_its_own_host() -> None:
    sources = re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"([^\"]+)\"", (WEB / "index.html").read_text())
    assert sources and all(source.startswith("./") for source in sources)
