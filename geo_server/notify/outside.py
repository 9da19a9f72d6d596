"""Asking a host outside: only one that was allowed, at an address that was looked at, and following it nowhere."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

from layers.hosts import authority

READ_BYTES = 4096  # of an answer: a receiver that never stops talking is heard no longer


class NotAllowed(Exception):
    """That address is not to be asked; `code` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered: its status, the headers, and the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after_s(self) -> float | None:
        """Return for how many seconds it asks to be left alone (RFC 9110, 10.2.3), None where it does not say."""
        told = self.headers.get("retry-after", "")
        return float(told) if told.isascii() and told.isdigit() and len(told) < 7 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Which hosts may be asked; `local` are those that may stand on this machine or its link."""

    hosts: tuple[str, ...]
    local: tuple[str, ...] = ()

    def names(self, host: str) -> bool:
        """Say whether a host is allowed by its name."""
        return any(_matches(host, pattern) for pattern in self.hosts)

    def check(self, url: str) -> str:
        """Return the host of an address; raises NotAllowed."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in ("http", "https") or not self.names(host):
            raise NotAllowed("host_not_allowed")
        return host

    async def place_of(self, host: str, port: int) -> str:
        """Return the IP address to connect to; raises NotAllowed where any of the host's is not to be asked.

        The connection goes to this very address, so a name that resolves differently the next time gains nothing.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = [str(entry[4][0]) for entry in found]
        if not places:
            raise NotAllowed("host_not_found")
        if not any(_matches(host, pattern) for pattern in self.local) and any(map(_is_local, places)):
            raise NotAllowed("host_is_local")
        return places[0]


def _matches(host: str, pattern: str) -> bool:
    wanted = pattern.lower()
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


def _is_local(place: str) -> bool:
    """Say whether an address stays on this machine or its link, or belongs to nobody (169.254.169.254 among them)."""
    at = ipaddress.ip_address(place.partition("%")[0])
    at = getattr(at, "ipv4_mapped", None) or at
    return at.is_loopback or at.is_link_local or at.is_unspecified or at.is_multicast or at.is_reserved


def tls(authority: Path | None) -> ssl.SSLContext:
    """Return how to speak TLS to a server: what public authorities vouch for, or what one certificate does.

    That may be the server's own as well. The name is checked either way.
    """
    context = ssl.create_default_context(cafile=None if authority is None else str(authority))
    if authority is not None:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


async def post(url: str, body: bytes, headers: Mapping[str, str], allowed: Allowed, *, timeout_s: float) -> Answer:
    """Send a body and return what is answered, whatever it is; redirects are answers like others.

    Raises NotAllowed, OSError where the name is not found, httpx.HTTPError where nobody answers.
    """
    host = allowed.check(url)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = await allowed.place_of(host, port)
    at = urlunsplit(parts._replace(netloc=authority(place, port)))
    named = {**headers, "Host": parts.netloc}
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout_s) as client,
        client.stream("POST", at, content=body, headers=named, extensions={"sni_hostname": host}) as answer,
    ):
        return Answer(answer.status_code, answer.headers, await _beginning(answer))


async def _beginning(answer: httpx.Response) -> bytes:
    read = b""
    async for part in answer.aiter_raw():
        read += part
        if len(read) >= READ_BYTES:
            break
    return read[:READ_BYTES]
