"""What every answer carries and every request must keep to: security headers, where it came from, a size, no NUL."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_server.errors import error_response
from geo_server.video.address import as_asked, as_socket

log = structlog.get_logger()

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY_BYTES = 1_000_000
PATIENCE_S = 20.0  # an answer that has not begun by then waits for a store that does not come
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",  # what MapLibre and deck.gl set by script is no inline style: it passes through the CSSOM
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:{video}",
    "media-src blob:",  # what a window puts together of a camera's fragments
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
_NEVER = (
    *("accelerometer", "camera", "display-capture", "encrypted-media", "gyroscope", "hid"),
    *("magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)
_HERE = ("autoplay", "fullscreen", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock")


def _permissions(*, geolocation: str) -> str:
    told = dict.fromkeys(_NEVER, "()") | {"geolocation": geolocation} | dict.fromkeys(_HERE, "(self)")
    return ", ".join(f"{name}={whose}" for name, whose in sorted(told.items()))


PERMISSIONS_OF_CREW = _permissions(geolocation="(self)")  # a crew's phone tells where it is; no other window asks
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": _permissions(geolocation="()"),
}
# A year, for this host alone: neighbours below its name are not ours to bind (RFC 6797, 6.1).
HSTS = "max-age=31536000"
# What the browser kept of answers goes with the session. Not "cookies", which would sign out of the neighbours of this
# name too, nor "storage", which holds the language alone.
CLEARED = '"cache"'


def policy(video: str | None, host_header: str) -> str:
    """Return what a page may reach: this host, and of others the door for video alone, where there is one."""
    door = None if video is None else as_asked(video, host_header)
    told = "" if door is None else f" {door} {as_socket(door)}"
    return "; ".join(_POLICY).format(video=told)


POLICY = policy(None, "")


def is_own_origin(headers: Headers, *, secure: bool = False) -> bool:
    """Say whether `Origin`, where a browser sends one, is the host that was asked; `secure`: it was asked by TLS."""
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https",) if secure else ("http", "https")  # before plain http a proxy may speak TLS
    return parts.scheme in schemes and parts.netloc.lower() == headers.get("host", "").lower()


def is_from_here(headers: Headers, *, secure: bool = False) -> bool:
    """Say whether a request may change something: neither its origin nor its fetch metadata names another site.

    `Sec-Fetch-Site` comes from every browser of these years and no script can set it (W3C Fetch Metadata); `none` is
    what a person began. Programs that are no browsers send neither.
    """
    return is_own_origin(headers, secure=secure) and headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _lasting(scope: Scope, headers: Headers) -> bool:
    """Say whether the host may be bound to TLS; `localhost` is every program's of this machine, whatever its port."""
    host = headers.get("host", "").lower().rpartition(":")[0] or headers.get("host", "").lower()
    return scope["scheme"] == "https" and host != "localhost" and not host.endswith(".localhost")


class Guard:
    """ASGI middleware: refuses foreign origins, huge bodies and NULs, and puts the security headers on every answer.

    HEAD on the API is answered by the head of what GET answers (RFC 9110, 9.1).
    """

    def __init__(self, app: ASGIApp, *, refused: Callable[[str, str | None], None], video: str | None = None) -> None:
        """Stand before `app`; `refused` counts a foreign origin for the audit, by its code and the sender's address.

        `video` is the address of the door for video.
        """
        self._app, self._refused, self._video = app, refused, video

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        headers, secure = Headers(scope=scope), scope["scheme"] == "https"
        is_api, asks_head = scope["path"].startswith("/api"), scope["method"] == "HEAD"
        own = HEADERS | {"content-security-policy": policy(self._video, headers.get("host", ""))}
        own = own | ({"strict-transport-security": HSTS} if _lasting(scope, headers) else {})
        if (scope["method"], scope["path"]) == ("DELETE", "/api/session"):
            own = own | {"clear-site-data": CLEARED}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in own.items():
                    answered.setdefault(name, value)
                if is_api and "cache-control" not in answered:
                    answered["cache-control"] = "no-store"
            elif asks_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        length = headers.get("content-length", "0")
        if scope["method"] not in _SAFE and not is_from_here(headers, secure=secure):
            log.warning("foreign_origin", method=scope["method"], path=scope["path"])
            self._refused("foreign_origin", scope["client"][0] if scope.get("client") else None)
            await error_response("foreign_origin")(scope, receive, guarded)
        elif not length.isdecimal() or int(length) > LARGEST_BODY_BYTES:
            await error_response("too_large", bytes=LARGEST_BODY_BYTES)(scope, receive, guarded)
        elif is_api and _holds_nul(scope):
            await error_response("bad_value")(scope, receive, guarded)
        else:
            asked = {**scope, "method": "GET"} if is_api and asks_head else scope
            await _in_time(self._app, asked, _bounded(receive), guarded)


def _holds_nul(scope: Scope) -> bool:
    """Say whether the address holds a NUL: no text with one is of any use, and PostgreSQL takes none."""
    return "\x00" in scope["path"] or b"%00" in scope["query_string"]


async def _in_time(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the app answer; where the store keeps it from beginning to, say so instead of hanging."""

    async def heard() -> Message:
        message = await receive()
        patience.reschedule(asyncio.get_running_loop().time() + PATIENCE_S)  # a slow sender is not the store's fault
        return message

    async def told(message: Message) -> None:
        patience.reschedule(None)  # nor is a slow reader
        await send(message)

    try:
        async with asyncio.timeout(PATIENCE_S) as patience:
            await app(scope, heard, told)
    except TimeoutError:
        if not patience.expired():
            raise
        await error_response("store_down", headers={"Retry-After": "2"})(scope, receive, send)


def _bounded(receive: Receive) -> Receive:
    """Count a body that came without a length; past the bound whoever reads it gets HTTPException 413."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        if message["type"] == "http.request":
            got += len(message.get("body", b""))
            if got > LARGEST_BODY_BYTES:
                raise HTTPException(413)
        return message

    return counted
