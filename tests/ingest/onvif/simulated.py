"""A simulated camera as tests know it, and what its analytics may be made to tell."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True)
class Simulated:
    """One that runs."""

    port: int
    ear: int
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://admin:p%26ss@127.0.0.1:{self.port}/onvif/device_service"

    def evil(self, how: str) -> str:
        return f"http://127.0.0.1:{self.port}/evil/{how}"

    def inject(self, **told: Any) -> Any:
        address = f"{self.scheme}://127.0.0.1:{self.port}/inject"
        return httpx.post(address, json=told, timeout=5, verify=False).json()


Simulate = Callable[..., Simulated]
LOGIN = {"user": "admin", "password": "p&ss"}


@contextmanager
def simulated(**told: Any) -> Iterator[Simulated]:
    """Run one that is as told."""
    command = [sys.executable, str(Path(__file__).with_name("simulator.py")), json.dumps(LOGIN | told)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            scheme = "https" if "tls" in told else "http"
            yield Simulated(**json.loads(process.stdout.readline()), scheme=scheme)
        finally:
            process.kill()


def anywhere(host: str) -> str:
    """Let cameras live on this machine."""
    return host


def notice(topic: str, at: str = "2026-01-01T00:00:00Z", **items: str) -> str:
    simple = "".join(f'<tt:SimpleItem Name="{name}" Value="{value}"/>' for name, value in items.items())
    message = f'<tt:Message UtcTime="{at}" PropertyOperation="Changed"><tt:Data>{simple}</tt:Data></tt:Message>'
    told = f"<wsnt:Topic>{topic}</wsnt:Topic><wsnt:Message>{message}</wsnt:Message>"
    return f"<wsnt:NotificationMessage>{told}</wsnt:NotificationMessage>"
