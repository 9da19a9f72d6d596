"""Asking cameras over HTTP: every hop's address is checked, and what was checked is connected to."""

import re
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from ingest.sources.addresses import is_address, resolved
from ingest.sources.networks import Networks
from ingest.sources.source import SourceError
from layers.hosts import authority

SCHEMES = frozenset({"http", "https"})
MOST_HOPS = 3
PORTS = {"http": 80, "https": 443}
DIGEST = re.compile(r"(^|,\s*)digest\s", re.IGNORECASE)


@contextmanager
def answered(url: str, networks: Networks, timeout_s: float) -> Iterator[httpx.Response]:
    """Ask and yield the answer, its body still to be read, for as long as the block lasts.

    Every fault, also within the block, becomes a SourceError: one sentence without the password.
    """
    host = urlsplit(url).hostname or "The camera"
    try:
        with _client(timeout_s) as client:
            yield _asked(client, url, networks)
    except httpx.TimeoutException:
        raise SourceError("no_answer", seconds=timeout_s) from None
    except httpx.ConnectError as error:
        if "refused" in str(error).lower():
            raise SourceError("refused", host=host) from None
        raise SourceError("unreachable", host=host, error=type(error).__name__) from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise SourceError("unreadable", error=type(error).__name__) from None


def _client(timeout_s: float) -> httpx.Client:
    """Return a client; a camera's certificate is its own and nobody's, so it rests on its address and password."""
    return httpx.Client(timeout=timeout_s, verify=False, trust_env=False, follow_redirects=False)


def _asked(client: httpx.Client, url: str, networks: Networks) -> httpx.Response:
    for _ in range(MOST_HOPS):
        response = _sent(client, url, networks)
        if not response.has_redirect_location:
            return _good(response)
        networks = beyond(response, networks)
        response.close()
        url = hop(url, response.headers["location"])
    raise SourceError("endless")


def _sent(client: httpx.Client, url: str, networks: Networks) -> httpx.Response:
    """Send to the very address that was checked; who logs in is told by the way the camera asks for it."""
    if not is_address(url, SCHEMES):
        raise SourceError("bad_hop")
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    near = parts._replace(netloc=authority(resolved(host, networks), port)).geturl()
    told = {"Host": parts.netloc.rpartition("@")[2], "Accept-Encoding": "identity"}
    request = client.build_request("GET", near, headers=told, extensions={"sni_hostname": host})
    response = client.send(request, stream=True)
    if response.status_code != 401 or parts.username is None:
        return response
    response.close()
    user, password = unquote(parts.username), unquote(parts.password or "")
    by_digest = DIGEST.search(response.headers.get("www-authenticate", ""))
    auth = httpx.DigestAuth(user, password) if by_digest else httpx.BasicAuth(user, password)
    again = client.build_request("GET", near, headers=told, extensions={"sni_hostname": host})
    return client.send(again, stream=True, auth=auth)


def beyond(response: httpx.Response, networks: Networks) -> Networks:
    """Return the networks that whoever gave an answer, still open, may lead into."""
    return networks.beyond(response.extensions["network_stream"].get_extra_info("server_addr")[0])


def _good(response: httpx.Response) -> httpx.Response:
    if response.status_code in (401, 403):
        raise SourceError("unauthorized")
    if response.status_code in (404, 410):
        raise SourceError("no_such_stream")
    if response.status_code != 200:
        raise SourceError("http_status", status=response.status_code)
    return response


def hop(url: str, to: str) -> str:
    """Return where an address leads; the password goes no further than its own host, and nothing leaves TLS."""
    there = urlsplit(urljoin(url, to))
    here = urlsplit(url)
    if here.scheme == "https" and there.scheme == "http":
        raise SourceError("away_from_tls")
    login, at, _ = here.netloc.rpartition("@")
    place = there.netloc.rpartition("@")[2]
    same = (here.hostname, here.port) == (there.hostname, there.port)
    return there._replace(netloc=login + at + place if same else place).geturl()


def body(response: httpx.Response, *, most_bytes: int, most_s: float) -> bytes:
    """Read a body to its end; SourceError where it is too large or trickles in."""
    parts, size, until = [], 0, time.monotonic() + most_s
    for part in _unpacked(response, most_bytes):
        parts.append(part)
        size += len(part)
        if size > most_bytes:
            raise SourceError("too_much")
        if time.monotonic() > until:
            raise SourceError("no_answer", seconds=most_s)
    return b"".join(parts)


def _unpacked(response: httpx.Response, most_bytes: int) -> Iterator[bytes]:
    """Unpack gzip that nobody asked for, each part no further than just beyond the bound; no other packing is read."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing == "identity":
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "deflate"):
        raise SourceError("unreadable", error="Content-Encoding")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by its head
    try:
        for part in response.iter_raw():
            yield unpack.decompress(part, most_bytes + 1)
    except zlib.error:
        raise SourceError("unreadable", error="Content-Encoding") from None
