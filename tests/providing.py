"""A real OpenID provider, a process of its own, with three people; and what our server is told of it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.geo_server.access.lying import CLIENT, SECRET
from tests.running import free_ports

GROUPS = {
    "commanders": {"role": "commander", "area": "KZ-75"},
    "dispatchers": {"role": "dispatcher", "area": "KZ-75-MED"},
    "nowhere": {"role": "administrator", "area": "KZ-99"},
}
PEOPLE: list[dict[str, Any]] = [
    {"sub": "p1", "preferred_username": "aigul", "groups": ["dispatchers", "choir"]},
    {"sub": "p2", "preferred_username": "bolat", "groups": ["dispatchers", "commanders"]},
    {"sub": "p3", "preferred_username": "guest", "groups": ["choir"]},
]


def told_of(issuer: str) -> dict[str, str]:
    """Return the settings of a server that relies on it."""
    told = {"ISSUER": issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "GROUPS": json.dumps(GROUPS)}
    return {f"QYRAN_OIDC_{name}": value for name, value in told.items()}


@contextmanager
def providing() -> Iterator[str]:
    """Run it, and give its address."""
    (port,) = free_ports(1)
    people = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *people]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _until_up(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _until_up(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{address}/.well-known/openid-configuration", timeout=2)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the provider did not come up")
