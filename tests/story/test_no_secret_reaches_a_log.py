"""Whatever a person or a machine proves itself with stands in no log of either wing, nor in the metrics."""

import base64
import json
from collections.abc import Iterator

import httpx
import psycopg
import pyotp
import pytest
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect

from tests.running import Running

WRONG = "a-password-typed-wrong"


@pytest.fixture(scope="module")
def shown(running: Running) -> dict[str, str]:
    """Go through a shift and through what goes wrong in one; return every secret that was shown on the way."""
    with httpx.Client(base_url=running.url, timeout=20) as browser:
        shown = dict(_signed_in(browser)) | dict(_second_factor(browser)) | dict(_listened(running, browser))
        _refused(running, browser, shown)
    shown |= {"source key": running.keys["positions_key"]} | _reported(running)
    return shown


def _signed_in(browser: httpx.Client) -> Iterator[tuple[str, str]]:
    assert browser.post("/api/session", json={"user": "planner", "password": WRONG}).status_code == 401
    yield "wrong password", WRONG
    header = base64.b64encode(f"planner:{WRONG}".encode()).decode()
    assert browser.get("/api/map", headers={"Authorization": f"Basic {header}"}).status_code == 401
    yield "Basic header", header
    assert browser.post("/api/session", json={"user": "planner", "password": "demo"}).status_code == 200
    yield "session token", browser.cookies["qyran_session"]


def _second_factor(browser: httpx.Client) -> Iterator[tuple[str, str]]:
    assert browser.post("/api/session/step-up", json={"password": "demo"}).status_code == 200
    begun = browser.post("/api/session/second-factors/totp").json()
    yield "TOTP secret", begun["secret"]
    code = pyotp.TOTP(begun["secret"]).now()
    assert browser.post("/api/session/second-factors/totp/confirm", json={"code": code}).status_code == 200
    yield "TOTP code", code
    assert browser.post("/api/session/totp", json={"code": code}).status_code >= 400  # it was used


def _listened(running: Running, browser: httpx.Client) -> Iterator[tuple[str, str]]:
    for ticket, name in ((browser.post("/api/live/ticket").json()["ticket"], "ticket"), ("forged-ticket", "forged")):
        address = f"{running.url.replace('http', 'ws')}/api/live?ticket={ticket}"
        sent = {"Cookie": f"qyran_session={browser.cookies['qyran_session']}", "Origin": running.url}
        try:
            with connect(address, additional_headers=sent, proxy=None) as feed:
                assert json.loads(feed.recv(timeout=20))["type"] == "hello"
                feed.send(f'{{"type": "{WRONG}"}}')
                feed.recv(timeout=20)
        except (InvalidStatus, WebSocketException):
            pass
        yield name, ticket


def _refused(running: Running, browser: httpx.Client, shown: dict[str, str]) -> None:
    """Repeat the secrets where they do not belong, and where the store throws them back."""
    token = shown["session token"]
    for path in (f"/{token}", f"/api/{token}", f"/api/events/{token}", f"/api/collections/roads/items?bbox={token}"):
        assert browser.get(path).status_code >= 400
    assert browser.post("/api/session", content=f'{{"user":"x","password":"{WRONG}"').status_code == 400
    with psycopg.connect(running.database_url, autocommit=True) as link:
        link.execute("ALTER TABLE account_session RENAME COLUMN token_sha256 TO gone")
        try:
            assert browser.get("/api/session").status_code == 500  # a fault, with its traceback in the log
        finally:
            link.execute("ALTER TABLE account_session RENAME COLUMN gone TO token_sha256")


def _reported(running: Running) -> dict[str, str]:
    key, forged = running.keys["positions_key"], "forged-source-key"
    with httpx.Client(base_url=running.ingest_url, timeout=20) as tracker:
        fix = {"id": "demo-police-001", "lat": "43.25", "lon": "76.95"}
        assert tracker.get("/", params={**fix, "key": key}).status_code < 300
        assert tracker.get("/", params={**fix, "key": forged}).status_code >= 400
        assert tracker.post("/positions", content="{", headers={"X-Qyran-Key": key}).status_code >= 400
    return {"forged key": forged}


def test_no_secret_that_was_shown_stands_in_a_log(running: Running, shown: dict[str, str]) -> None:
    logs = {name: running.log(name) for name in running.logs}
    assert "internal_fault" in logs["server"], "the fault was not logged: the test looks into the wrong file"
    found = {(name, what) for name, log in logs.items() for what, secret in shown.items() if _stands(secret, log)}
    assert found == set()


def test_no_secret_stands_in_the_metrics(running: Running, shown: dict[str, str]) -> None:
    for url in (running.url, running.ingest_url):
        told = httpx.get(f"{url}/metrics", timeout=20).text
        assert [what for what, secret in shown.items() if _stands(secret, told)] == []


def _stands(secret: str, text: str) -> bool:
    if secret.isdecimal():  # six digits may be part of some number: only a number of their own counts
        return f'"{secret}"' in text or f" {secret} " in text or f"={secret}" in text
    return secret in text
