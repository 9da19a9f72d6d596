"""A real browser on the real house; a page that asks for anything outside it fails its test."""

import base64
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import httpx
import numpy as np
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    WebSocketRoute,
    expect,
)

from tests.running import Running

WEB = Path(__file__).parents[2] / "web"
HALF = 0.5  # px of the picture for each of the page: a quarter of the map is drawn by the processor
PATIENCE_MS = 30_000  # software rendering beside other tests
HERE = (76.9535, 43.2505)  # lon, lat: the middle of the small demo city
expect.set_options(timeout=PATIENCE_MS)


@dataclass  # without slots: Playwright hangs its wrapper on the object of a handler
class Watched:
    """What a page did that it must not do."""

    own: tuple[str, ...]  # the server's, and where there is one the door for video's
    faults: list[str] = field(default_factory=list)

    def request(self, url: str) -> None:
        """Note a request that leaves the house."""
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.own:
            self.faults.append(f"asked outside the house: {url}")

    def console(self, message: ConsoleMessage) -> None:
        """Note what the page's own policy forbade."""
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)


@pytest.fixture(scope="module")
def profile(browser: Browser, running: Running) -> Iterator[BrowserContext]:
    """One profile for a module's tests, one after the other: what was loaded and compiled once is not again."""
    with profile_of(browser, running.url) as profile:
        yield profile


@pytest.fixture(scope="module")
def impatient(profile: BrowserContext) -> None:
    """What a window reads anew every quarter of a minute or rarer, it reads every second: for what rings no bell."""
    profile.add_init_script(
        "const usual = setInterval; setInterval = (act, ms, ...told) => usual(act, ms < 15000 ? ms : 1000, ...told)"
    )


@pytest.fixture
def page(profile: BrowserContext, running: Running) -> Iterator[Page]:
    """The sign-in page, in a profile that nobody used: its cache alone stays."""
    with watched(profile, running.url, running.environment.get("QYRAN_VIDEO_ADDRESS")) as page:
        forget(page, running.url)
        page.goto("/")
        yield page


@contextmanager
def profile_of(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """A profile in which the house speaks English."""
    size: ViewportSize = {"width": 1280, "height": 720}
    context = browser.new_context(viewport=size, reduced_motion="reduce", base_url=url, device_scale_factor=HALF)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script("localStorage.getItem('qyran.language') || localStorage.setItem('qyran.language', 'en')")
    yield context
    context.close()


@contextmanager
def watched(profile: BrowserContext, url: str, video: str | None = None) -> Iterator[Page]:
    """An empty page; afterwards: nothing outside was asked, nothing was thrown, nothing forbidden."""
    page = profile.new_page()
    watched = Watched(own=tuple(urlsplit(one).netloc for one in (url, video) if one))
    page.on("request", lambda request: watched.request(request.url))
    page.on("websocket", lambda socket: watched.request(socket.url))
    page.on("pageerror", lambda error: watched.faults.append(f"thrown: {error}"))
    page.on("console", watched.console)
    yield page
    page.close()
    assert watched.faults == []


def forget(page: Page, url: str) -> None:
    """Let an empty page be the first of its profile. No other of it is open: one that still writes is told that its
    store was closed under it.
    """
    page.context.clear_cookies()
    keeper = page.context.new_cdp_session(page)
    keeper.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    keeper.detach()


def come_in(page: Page, user: str = "dispatcher", password: str = "demo") -> None:
    """Sign in as the form does, without it, in a page that is not open yet; a session of its own for each test."""
    typed = {"user": user, "password": password}
    answer = page.request.post("/api/session", data=typed, max_retries=1)  # a kept connection may have ended meanwhile
    assert answer.status == 200, answer.text()


@contextmanager
def watched_page(browser: Browser, running: Running, *, host: str = "127.0.0.1") -> Iterator[Page]:
    """The sign-in page in a profile of its own, watched."""
    url = running.url.replace("127.0.0.1", host)
    with profile_of(browser, url) as profile, watched(profile, url) as page:
        page.goto("/")
        yield page


def sign_in(page: Page, user: str = "dispatcher", password: str = "demo") -> None:
    """Fill the form and press its button."""
    page.get_by_label("Name", exact=True).fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def open_menu(page: Page) -> Locator:
    """Open the account's menu in the bar."""
    page.get_by_role("button", name="Account: ").click()
    return page.get_by_role("dialog", name="Account")


@pytest.fixture
def other(browser: Browser, running: Running) -> Iterator[Page]:
    """A second window, on another machine as it were."""
    with watched_page(browser, running) as page:
        yield page


@pytest.fixture
def desk(profile: BrowserContext, running: Running) -> Iterator[Page]:
    """The page of a signed-in dispatcher with its map drawn and its feed open."""
    with watched(profile, running.url, running.environment.get("QYRAN_VIDEO_ADDRESS")) as page:
        forget(page, running.url)
        come_in(page)
        page.goto("/")
        yield drawn(page)


def desk_of(page: Page, user: str = "dispatcher", password: str = "demo") -> Page:
    """Sign in by the form, and wait until the map is drawn and the feed is open."""
    sign_in(page, user, password)
    return drawn(page)


def drawn(page: Page) -> Page:
    """Wait until a desk's map is drawn and its feed is open."""
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    until(lambda: page.evaluate("Boolean(globalThis.qyranMap?.isStyleLoaded())"), "the map is drawn")
    expect(page.get_by_role("img", name="Connection to the server: live")).to_be_visible()
    return page


def feeds_of(page: Page) -> list[WebSocketRoute]:
    """Stand between the page and its live feed from now on; the last is the one that is open."""
    feeds: list[WebSocketRoute] = []

    def between(feed: WebSocketRoute) -> None:
        feed.connect_to_server()
        feeds.append(feed)

    page.route_web_socket(re.compile("/api/live"), between)
    return feeds


def miss(feed: WebSocketRoute) -> None:
    """Say what the server says after a gap that is longer than what it keeps."""
    feed.send(json.dumps({"type": "missed", "seq": 1, "at": datetime.now(UTC).isoformat()}))


def open_page(page: Page, address: str, title: str) -> Locator:
    """Go to a page beside the desk by its address."""
    page.evaluate("address => { location.hash = address; }", address)
    opened = page.get_by_role("main", name=title)
    expect(opened).to_be_visible()
    return opened


def prove(page: Page, password: str = "demo") -> None:
    """Answer the step-up by the password."""
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog).to_have_count(0)


def centre_on(page: Page, lon: float, lat: float, zoom: float = 17) -> None:
    """Take the map there."""
    page.evaluate("([lon, lat, zoom]) => qyranMap.jumpTo({center: [lon, lat], zoom})", [lon, lat, zoom])


def at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the page, px."""
    box = page.locator(".map .canvas").bounding_box()
    spot: Any = page.evaluate("place => { const p = qyranMap.project(place); return [p.x, p.y]; }", [lon, lat])
    assert box is not None
    return box["x"] + spot[0], box["y"] + spot[1]


def until(ask: Callable[[], Any], what: str) -> Any:
    """Ask until the answer is true; a page under this policy runs no `wait_for_function`."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.1)
    pytest.fail(f"not within {PATIENCE_MS / 1000:.0f} s: {what}")


def plain_http() -> httpx.Client:
    """A client of the house's own doors: it loads no certificates, and keeps no connection that a door has left."""
    return httpx.Client(timeout=20, verify=False, limits=httpx.Limits(max_keepalive_connections=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """What the city's machines send, and what the server then says."""

    running: Running
    http: httpx.Client = field(default_factory=plain_http)

    def call(
        self,
        said: str,
        *,
        lon: float = HERE[0],
        lat: float = HERE[1],
        kind: str = "outside",
        caller: tuple[str, str] | None = None,
    ) -> str:
        """Report an event of an outside source with a picture; returns what the caller said, which names it."""
        who = {} if caller is None else {"caller": {"name": caller[0], "phone": caller[1]}}
        picture = cv2.imencode(".jpg", np.full((120, 160, 3), 90, np.uint8))[1].tobytes()
        event = {
            "id": uuid.uuid4().hex,
            "kind": kind,
            "at": time.time() - 2,
            "lon": lon,
            "lat": lat,
            "certainty": 0.8,
            "ellipse": {"major_m": 30, "minor_m": 12, "bearing_deg": 40},
            "details": {"description": said, **who},
            "picture_jpeg_base64": base64.b64encode(picture).decode(),
        }
        self._send("/events", {"events": [event]}, self.running.keys["events_key"])
        return said

    def ring(
        self, phone: str, *, lon: float = HERE[0], lat: float = HERE[1], radius_m: float = 40, state: str = "ringing"
    ) -> str:
        """Report a telephone call with the place of its handset; returns the exchange's name of it."""
        at = time.time()
        position = {"lon": lon, "lat": lat, "radius_m": radius_m, "confidence_pct": 90, "at": at, "by": "aml"}
        call = {"id": uuid.uuid4().hex, "state": state, "at": at, "line": "112", "phone": phone, "position": position}
        self._send("/calls", {"calls": [call]}, self.running.keys["exchange_key"])
        return str(call["id"])

    def drive(self, device: str, *, lon: float, lat: float) -> None:
        """Report where a unit is now."""
        self._drive({device: (lon, lat)})

    def drive_some(self) -> None:
        """Report several units of each service around the middle of the city, so that all are fresh."""
        services = ("police", "ambulance", "fire", "rescue")
        places = [(HERE[0] + i * 0.0008, HERE[1] + i * 0.0005) for i in range(1, 7)]
        self._drive({f"demo-{of}-{i:03d}": place for of in services for i, place in enumerate(places, 1)})

    def ask(self, path: str) -> Any:
        """Ask the server as the dispatcher."""
        answer = self.http.get(f"{self.running.url}{path}", auth=("dispatcher", "demo"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, path: str, body: dict[str, Any], *, method: str = "POST") -> Any:
        """Do something in the server as the dispatcher."""
        answer = self.http.request(method, f"{self.running.url}{path}", json=body, auth=("dispatcher", "demo"))
        assert answer.status_code < 300, answer.text
        return answer.json()

    def open_incident(
        self, description: str, *, category: str = "fire", lon: float = HERE[0], lat: float = HERE[1], **more: Any
    ) -> Any:
        """Open an incident as the dispatcher."""
        place = {"lon": lon, "lat": lat}
        return self.act("/api/incidents", {"category": category, "description": description, "place": place, **more})

    def _drive(self, places: dict[str, tuple[float, float]]) -> None:
        now = {"at": time.time(), "speed_kmh": 20, "heading_deg": 90}
        fixes = [{"device": device, "lon": lon, "lat": lat, **now} for device, (lon, lat) in places.items()]
        self._send("/positions", {"positions": fixes}, self.running.keys["positions_key"])

    def _send(self, path: str, body: dict[str, Any], key: str) -> None:
        headers = {"X-Qyran-Key": key, "Content-Type": "application/json"}
        answer = self.http.post(f"{self.running.ingest_url}{path}", content=json.dumps(body), headers=headers)
        assert answer.status_code < 300, answer.text


@pytest.fixture
def machines(running: Running) -> Machines:
    return Machines(running=running)
