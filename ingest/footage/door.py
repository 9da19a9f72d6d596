"""The door for video: live pictures against single-use tickets, for pages of the server's own windows alone."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from ingest.errors import Refusal, answer
from ingest.footage.feeds import Feed, Feeds, NoCamera
from ingest.footage.guests import Guests
from ingest.footage.live import show
from ingest.footage.metrics import FEEDS
from ingest.footage.mjpeg import Pictures
from ingest.recording.playback import Played
from ingest.recording.replays import Replays
from ingest.recording.stills import Stills
from layers.hosts import LOOPBACK
from layers.video.schema import Kind

_GUARDED = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-site",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class Door:
    """What stands behind each address of the door."""

    feeds: Feeds
    guests: Guests
    origins: tuple[str, ...]  # whose pages may watch
    replays: Replays

    def app(self) -> Starlette:
        """Return the door as an app."""
        routes = [
            WebSocketRoute("/live", self.live),
            Route("/mjpeg", self.mjpeg, methods=["GET"]),
            Route("/playback", self.playback, methods=["GET"]),
            Route("/stills", self.stills, methods=["GET"]),
            Route("/export", self.export, methods=["GET"]),
            Route("/health", self.health, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]
        return Starlette(routes=routes)

    async def live(self, socket: WebSocket) -> None:
        """Show a camera as fragments of MP4, by websocket; refusals are answered instead of the handshake."""
        try:
            self._check(socket.headers)
            async with self.guests.admitted(socket.query_params.get("ticket", ""), "live") as view:
                feed = self._feed(view.ticket.camera_id)
                await socket.accept()
                await show(socket, view, feed)
        except Refusal as refusal:
            await socket.send_denial_response(answer(refusal))

    async def mjpeg(self, request: Request) -> Response:
        """Show a camera picture by picture, in one endless answer."""
        return _Mjpeg(self, request)

    async def playback(self, request: Request) -> Response:
        """Send what was recorded, from a moment on."""
        return self._stored(request, "playback")

    async def stills(self, request: Request) -> Response:
        """Send what was recorded picture by picture, from a moment on, with what must not be seen burnt in."""
        try:
            allowed = {"access-control-allow-origin": self._check(request.headers)}
        except Refusal as refusal:
            return answer(refusal)
        return Stills(self.replays, request, {**allowed, "vary": "origin", **_GUARDED})

    async def export(self, request: Request) -> Response:
        """Send an export as a file; a link that a person follows names no origin, its ticket stands for it."""
        return self._stored(request, "export")

    def _stored(self, request: Request, kind: Kind) -> Response:
        try:
            origin = "" if kind == "export" and "origin" not in request.headers else self._check(request.headers)
        except Refusal as refusal:
            return answer(refusal)
        allowed = {"access-control-allow-origin": origin} if origin else {}
        return Played(self.replays, request, kind, {**allowed, "vary": "origin", **_GUARDED})

    async def health(self, _: Request) -> Response:
        """Say that the door is open, how many streams are, and how many watch."""
        views = {"live": self.guests.count("live"), "mjpeg": self.guests.count("mjpeg")}
        return JSONResponse({"state": "ok", "open": self.feeds.open_now(), "views": views}, headers=_GUARDED)

    async def metrics(self, _: Request) -> Response:
        """Return the figures for Prometheus."""
        FEEDS.set(self.feeds.open_now())
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    def _check(self, headers: Headers) -> str:
        origin = headers.get("origin", "")
        if not is_allowed(origin, self.origins, headers.get("host", "")):
            raise Refusal("foreign_page")
        return origin

    def _feed(self, camera_id: int) -> Feed:
        try:
            return self.feeds.of(camera_id)
        except NoCamera:
            raise Refusal("camera_gone") from None


class _Mjpeg(Response):
    """The answer of `/mjpeg`: the view lasts as long as the answer."""

    def __init__(self, door: Door, request: Request) -> None:
        super().__init__()
        self._door, self._request = door, request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door, ticket = self._door, self._request.query_params.get("ticket", "")
        allowed: dict[str, str] = {}
        try:
            origin = door._check(self._request.headers)
            allowed = {"access-control-allow-origin": origin, "vary": "origin", **_GUARDED}
            async with door.guests.admitted(ticket, "mjpeg") as view:
                feed = door._feed(view.ticket.camera_id)
                await Pictures(feed.row, door.feeds.home, view, door.guests.stood, allowed)(scope, receive, send)
        except Refusal as refusal:
            refused = answer(refusal)
            refused.headers.update(allowed)
            await refused(scope, receive, send)


def is_allowed(origin: str, origins: tuple[str, ...], host_header: str) -> bool:
    """Say whether a page of that origin may watch: one of ours, or, of a server that listens everywhere, one of the
    host that was asked for at the server's own port.
    """
    if origin in origins:
        return True
    try:
        came, asked = urlsplit(origin), urlsplit(f"//{host_header}")
        ours = [urlsplit(one) for one in origins]
        return (
            any(
                one.hostname in ("0.0.0.0", "::") and (one.scheme, one.port) == (came.scheme, came.port) for one in ours
            )
            and came.hostname == asked.hostname
        )
    except ValueError:
        return False


def origins_of(told: str) -> tuple[str, ...]:
    """Return the origins of a setting, loopback by all its names: a person may type any of them."""
    found: list[str] = []
    for one in filter(None, (part.strip().rstrip("/") for part in told.split(","))):
        parts = urlsplit(one)
        names = LOOPBACK if parts.hostname in LOOPBACK else (parts.hostname or "",)
        port = "" if parts.port is None else f":{parts.port}"
        found += [f"{parts.scheme}://{f'[{name}]' if ':' in name else name}{port}" for name in names]
    return tuple(found)
