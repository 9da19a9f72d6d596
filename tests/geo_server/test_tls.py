"""The server by https: what it tells a browser, that the feed comes by wss, and that plain http meets silence."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import connect

from geo_server.access.cli import write_demo
from geo_server.door import certificates
from geo_server.door.certificates import Pair
from geo_server.door.processes import ask
from layers.database import SERVER, as_role
from tests.running import CHECKOUT, free_ports

pytestmark = pytest.mark.anyio
READY_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Secure:
    """A server by https: its port, its certificate, and what it logs."""

    port: int
    pair: Pair
    log: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def context(self) -> ssl.SSLContext:
        """Trust the certificate, and mind its names, as a browser does."""
        return ssl.create_default_context(cafile=str(self.pair.cert))


@pytest.fixture
async def secure(database_url: str, engine: AsyncEngine, tmp_path: Path) -> Iterator[Secure]:  # type: ignore[misc]
    await write_demo(engine)
    pair = certificates.own(tmp_path, "127.0.0.1")
    (port,) = free_ports(1)
    server = Secure(port=port, pair=pair, log=tmp_path / "server.log")
    told = {"QYRAN_HOME": tmp_path, "QYRAN_DATABASE_URL": as_role(database_url, SERVER), "QYRAN_PORT": port}
    told |= {"QYRAN_DEMO": 1, "QYRAN_TLS_CERT": pair.cert, "QYRAN_TLS_KEY": pair.key}
    with _process({name: str(value) for name, value in told.items()}, server):
        yield server


@contextmanager
def _process(told: dict[str, str], server: Secure) -> Iterator[None]:
    with server.log.open("w") as written:
        command = [sys.executable, "-m", "geo_server", "serve", "--home", told["QYRAN_HOME"]]
        environment = os.environ | told
        process = subprocess.Popen(command, env=environment, cwd=CHECKOUT, stdout=written, stderr=written)
    try:
        deadline = time.monotonic() + READY_S
        while not _is_well(server):
            assert process.poll() is None and time.monotonic() < deadline, server.log.read_text()[-3000:]
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _is_well(server: Secure) -> bool:
    try:
        with ask(f"{server.url}/api/health", server.pair.cert) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def test_a_shift_by_tls(secure: Secure) -> None:
    async with httpx.AsyncClient(base_url=secure.url, verify=secure.context, timeout=20) as browser:
        answer = await browser.post("/api/session", json={"user": "dispatcher", "password": "demo"})
        assert answer.status_code == 200, answer.text
        told = answer.headers["set-cookie"]
        assert told.startswith("__Host-qyran_session=")
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in told.split(";")}
        assert answer.headers["strict-transport-security"] == "max-age=31536000"

        token = answer.cookies["__Host-qyran_session"]
        planted = {"Cookie": f"qyran_session={token}"}  # what plain http or a neighbour's name could have set
        async with httpx.AsyncClient(base_url=secure.url, verify=secure.context, headers=planted) as other:
            assert (await other.get("/api/session")).status_code == 401

        ticket = (await browser.post("/api/live/ticket")).json()["ticket"]
        address = f"wss://127.0.0.1:{secure.port}/api/live?ticket={ticket}"
        sent = {"Cookie": f"__Host-qyran_session={token}", "Origin": secure.url}
        async with connect(address, ssl=secure.context, additional_headers=sent, proxy=None) as feed:
            assert json.loads(await feed.recv())["type"] == "hello"

        foreign = {"Origin": secure.url.replace("https", "http")}  # one in the middle who speaks for us by http
        assert (await browser.delete("/api/session", headers=foreign)).json()["code"] == "foreign_origin"
        assert (await browser.delete("/api/session")).status_code == 204
        assert (await browser.get("/api/session")).status_code == 401


async def test_plain_http_on_the_port_is_answered_by_silence(secure: Secure) -> None:
    with socket.create_connection(("127.0.0.1", secure.port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert plain.recv(1000) == b""


async def test_what_is_older_than_tls_1_2_is_refused(secure: Secure) -> None:
    context = secure.context
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        socket_of = socket.create_connection(("127.0.0.1", secure.port), timeout=10)
        context.wrap_socket(socket_of, server_hostname="127.0.0.1")


async def test_nobody_says_for_themselves_where_they_came_from(secure: Secure, engine: AsyncEngine) -> None:
    from sqlalchemy import text

    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9"}
    async with httpx.AsyncClient(base_url=secure.url, verify=secure.context, headers=forged) as browser:
        answer = await browser.post("/api/session", json={"user": "dispatcher", "password": "demo"})
    assert "secure" in answer.headers["set-cookie"].lower()
    async with engine.connect() as session:
        origins = (await session.execute(text("SELECT DISTINCT origin FROM account_session"))).scalars().all()
    assert origins == ["127.0.0.1"]


def test_a_pair_that_cannot_serve_is_one_sentence(tmp_path: Path) -> None:
    pair, other = certificates.own(tmp_path / "a", "127.0.0.1"), certificates.own(tmp_path / "b", "127.0.0.1")
    told = {"QYRAN_TLS_CERT": str(pair.cert), "QYRAN_TLS_KEY": str(other.key)}
    command = [sys.executable, "-m", "geo_server", "serve", "--home", str(tmp_path)]
    done = subprocess.run(command, env=os.environ | told, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "is not that of the certificate" in done.stderr and "Traceback" not in done.stderr
