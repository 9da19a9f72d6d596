"""Counts requests and their time by route, for Prometheus."""

import time

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_requests = Counter("qyran_requests_total", "Requests answered", ["method", "route", "status"])
_seconds = Histogram("qyran_request_seconds", "Time to the first byte of an answer", ["route"])


class Measured:
    """ASGI middleware; a route is named by its template, so that ids make no series of their own."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = _template(scope)
                _requests.labels(scope["method"], route, str(message["status"])).inc()
                _seconds.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, measured)


def _template(scope: Scope) -> str:
    """Return the template of the route that answered; FastAPI leaves out the prefix under which it was included."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is None:
        return "other"
    return f"/api{path}" if scope["path"].startswith("/api") and not path.startswith("/api") else path
