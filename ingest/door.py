"""The door for machines: positions, outside events, calls of exchanges, pictures; each answered when it is safe."""

import asyncio
import time
from collections import Counter as Tallied
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import numpy as np
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest import osmand
from ingest.batch import Position, Taken, entries, refused, told, unit_ids
from ingest.calls import CallsTaken, CallTold, noted, read, report_calls, storable
from ingest.checks import UNKNOWN_UNIT, checked
from ingest.errors import Refusal, answer, unstored
from ingest.keys import STORE_AWAY, Devices, Keys, Machine
from ingest.openapi import DOCUMENT, OF_A_SENDER
from ingest.outside import EventTold, report_outside, wrong
from ingest.pictures import MOST_PICTURE_BYTES, Receivers, picture_of
from ingest.positions import PositionWriter
from ingest.posted import leave, sweep
from ingest.shards.counts import Counts
from layers import faults
from layers.database import visit
from layers.refusals.tally import Tally
from layers.sources.schema import Source, SourceKind

log = structlog.get_logger()

HOME = Path("var")  # as the settings have it
MOST_POSITIONS_BYTES = 4 * 2**20
MOST_EVENTS_BYTES = 16 * 2**20
MOST_CALLS_BYTES = 4 * 2**20
MOST_SINGLE_BYTES = 64 * 2**10
BODY_S = 20.0  # a body that trickles in slower than this is given up
HEALTH_S = 2.0
OF_OTHERS = frozenset({"unknown_device", "unknown_camera", "outside_source_area"})  # not the source's own
REQUESTS = Counter("qyran_ingest_requests_total", "Requests at the door for machines", ["path", "outcome"])
REFUSED = Counter("qyran_ingest_refused_total", "Positions and events not taken", ["reason"])


class Door:
    """The answers of the door; what they stand on is handed in."""

    def __init__(
        self, engine: AsyncEngine, writer: PositionWriter, refusals: Tally, kinds: Mapping[str, Any], home: Path
    ) -> None:
        """Take the store, the writer of positions and the tally (run by whoever made them), the kinds, the home."""
        self._engine, self._writer, self._refusals, self._kinds = engine, writer, refusals, kinds
        self._keys, self._devices, self._receivers = Keys(engine), Devices(engine), Receivers(engine)
        self._home = home

    async def one(self, request: Request) -> Response:
        """Take one position by the OsmAnd protocol."""
        body = await _body(request, MOST_SINGLE_BYTES) if request.method == "POST" else b""
        as_json = body.lstrip()[:1] == b"{"
        fields = dict(request.query_params) | ({} if as_json else _form(body))
        machine = await self._machine(request, "positions", fields.get("key"))
        machine.take_rows(1)
        source, now_s = machine.source, time.time()
        fix = osmand.from_body(body) if as_json else osmand.from_fields(fields, now_s)
        devices = await self._devices.under(source.area_id, {fix.device})
        row = np.array([(fix.at_s, fix.lon, fix.lat, fix.speed_kmh, fix.heading_deg)])
        fixes, bad = checked([devices.get(fix.device, UNKNOWN_UNIT)], row, now_s)
        if bad:
            self._tell(request, source, [bad[0][1]])
            raise Refusal(bad[0][1])
        await self._writer.store(fixes)
        return _json(Taken(accepted=1, refused=[]))

    async def positions(self, request: Request) -> Response:
        """Take a batch of positions; those that are good are stored, the others told by index."""
        machine = await self._machine(request, "positions", request.query_params.get("key"))
        source, listed = machine.source, entries(await _body(request, MOST_POSITIONS_BYTES), "positions", Position)
        machine.take_rows(len(listed))
        whole = [(i, one) for i, one in enumerate(listed) if one is not None]
        sent = [one for _, one in whole]
        devices = await self._devices.under(source.area_id, {one.device for one in sent})
        fixes, bad = checked(unit_ids(sent, devices), told(sent), time.time())
        why = {i: "bad_entry" for i, one in enumerate(listed) if one is None} | {whole[k][0]: code for k, code in bad}
        self._tell(request, source, why.values())
        await self._writer.store(fixes)
        return _json(Taken(accepted=len(fixes), refused=[refused(i, why[i]) for i in sorted(why)]))

    async def events(self, request: Request) -> Response:
        """Take a batch of events of an outside detector, in one transaction; their place is what the sender says."""
        machine = await self._machine(request, "events", request.query_params.get("key"))
        source, listed = machine.source, entries(await _body(request, MOST_EVENTS_BYTES), "events", EventTold)
        machine.take_rows(len(listed))
        now_s = time.time()
        why = {i: "bad_entry" if one is None else wrong(one, self._kinds, now_s) for i, one in enumerate(listed)}
        good = {i: one for i, one in enumerate(listed) if one is not None and why[i] is None}
        try:
            taken = await report_outside(self._engine, source, list(good.values()))
        except STORE_AWAY as error:
            log.error("events_not_stored", error=faults.told(error))
            raise unstored(error) from None
        why |= {i: None if inside else "outside_source_area" for i, inside in zip(good, taken, strict=True)}
        self._tell(request, source, [code for code in why.values() if code])
        return _json(Taken(accepted=sum(taken), refused=[refused(i, code) for i, code in why.items() if code]))

    async def calls(self, request: Request) -> Response:
        """Take messages of a telephone exchange, in one transaction; a part that cannot be read costs not the call."""
        machine = await self._machine(request, "exchange", request.query_params.get("key"))
        source, listed = machine.source, entries(await _body(request, MOST_CALLS_BYTES), "calls", CallTold)
        machine.take_rows(len(listed))
        why = {i: _why_not(one) for i, one in enumerate(listed)}
        now_s, refusals = time.time(), [refused(i, code) for i, code in why.items() if code]
        good = {i: read(one, now_s) for i, one in enumerate(listed) if one is not None and why[i] is None}
        try:
            missed = await report_calls(self._engine, source, list(good.values()))
        except STORE_AWAY as error:
            log.error("calls_not_stored", error=faults.told(error))
            raise unstored(error) from None
        notes = [noted(i, one) for i, each in zip(good, missed, strict=True) for one in each]
        self._tell(request, source, [one.code for one in (*refusals, *notes)])
        return _json(CallsTaken(accepted=len(good), refused=refusals, noted=notes))

    async def pictures(self, request: Request) -> Response:
        """Take one picture of a camera and leave it for whoever runs that camera; the latest wins."""
        machine = await self._machine(request, "pictures", request.query_params.get("key"))
        machine.take_rows(1)
        jpeg = picture_of(await _body(request, MOST_PICTURE_BYTES))
        camera_id = await self._receivers.find(machine.source.area_id, request.query_params.get("camera", ""))
        if camera_id is None:
            self._tell(request, machine.source, ["unknown_camera"])
            raise Refusal("unknown_camera")
        try:
            await asyncio.to_thread(leave, self._home, camera_id, jpeg)
        except OSError as error:
            log.error("picture_not_left", error=faults.told(error))
            raise unstored(error) from None
        return _json(Taken(accepted=1, refused=[]))

    async def health(self, request: Request) -> Response:
        """Say whether the store answers and how much waits for it."""
        state, detail = "ok", ""
        try:
            async with asyncio.timeout(HEALTH_S), visit(self._engine) as session:
                await session.execute(text("SELECT 1"))
        except STORE_AWAY as error:
            state, detail = "down", f"The store does not answer ({type(error).__name__})."
        parts = [
            {"name": "store", "state": state, "detail": detail},
            {"name": "positions", "state": "ok", "detail": f"{self._writer.waiting_rows} positions wait to be stored."},
        ]
        if self._refusals.trouble:
            parts.append({"name": "audit", "state": "stale", "detail": self._refusals.trouble})
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        well = all(part["state"] == "ok" for part in parts)
        return _json({"status": "ok" if well else "degraded", "time": now, "parts": parts})

    async def _machine(self, request: Request, kind: SourceKind, key: str | None) -> Machine:
        key = request.headers.get("x-qyran-key") or key
        try:
            return await self._keys.machine(key, kind, _address(request) or "")
        finally:
            request.state.source = self._keys.source_of(key)  # whoever is refused is told with whose key it was

    async def refused(self, request: Request, error: Refusal) -> Response:
        """Answer a refusal; the audit is told of those that are the sender's."""
        if error.code in OF_A_SENDER:
            self._count(request, getattr(request.state, "source", None), error.code, 1)
        return answer(error)

    def _tell(self, request: Request, source: Source, codes: Iterable[str]) -> None:
        reasons = Tallied(codes)
        for code, many in reasons.items():
            REFUSED.labels(code).inc(many)
            if code in OF_OTHERS:
                self._count(request, source, code, many)
        if reasons:
            log.info("refused", source=source.name, reasons=dict(reasons))

    def _count(self, request: Request, source: Source | None, code: str, many: int) -> None:
        self._refusals.count(code, _address(request), source_id=source.id if source else None, many=many)


def door_app(
    engine: AsyncEngine, kinds: Mapping[str, Any], home: Path = HOME, counts: Counts | None = None
) -> Starlette:
    """Return the app; its lifespan runs the writer of positions and stores what waits before it ends.

    `home` is where pictures wait for the process that runs their camera; `counts` are what the shards counted.
    """
    writer, refusals = PositionWriter(engine), Tally("machines", partial(visit, engine))
    door = Door(engine, writer, refusals, kinds, home)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        sweep(home)
        task = asyncio.create_task(writer.run(), name="positions")
        counting = asyncio.create_task(refusals.run(), name="refusals")
        yield
        writer.close()
        await task
        counting.cancel()
        await refusals.close()

    routes = [
        Route("/", door.one, methods=["GET", "POST"]),
        Route("/positions", door.positions, methods=["POST"]),
        Route("/events", door.events, methods=["POST"]),
        Route("/calls", door.calls, methods=["POST"]),
        Route("/pictures", door.pictures, methods=["POST"]),
        Route("/health", door.health, methods=["GET"]),
        Route("/metrics", partial(_metrics, (counts or Counts()).registry()), methods=["GET"]),
        Route("/openapi.json", _openapi, methods=["GET"]),
    ]
    handlers: dict[Any, Any] = {
        Refusal: door.refused,
        HTTPException: _http,
        ClientDisconnect: _gone,
        Exception: _fault,
    }
    return Starlette(
        routes=routes, exception_handlers=handlers, lifespan=lifespan, middleware=[Middleware(Counted, routes=routes)]
    )


class Counted:
    """ASGI middleware: counts every request by its path and the status of its answer."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        """Stand before `app`; a path that is none of the routes' counts as `other` and makes no series of its own."""
        self._app, self._paths = app, {route.path for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        outcome = "500"  # a fault that nobody caught is answered outside

        async def told(message: Message) -> None:
            nonlocal outcome
            if message["type"] == "http.response.start":
                outcome = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            REQUESTS.labels(scope["path"] if scope["path"] in self._paths else "other", outcome).inc()


async def _body(request: Request, most: int) -> bytes:
    """Read the body, no more of it than is taken; raises Refusal where it is larger, or trickles in."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise Refusal("too_large", most_bytes=most)
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > most:
                    raise Refusal("too_large", most_bytes=most)
    except TimeoutError:
        raise Refusal("too_slow") from None
    return b"".join(parts)


def _why_not(told: CallTold | None) -> str | None:
    if told is None:
        return "bad_entry"
    return None if storable(told.id) else "bad_text"


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=100))
    except ValueError:
        raise Refusal("malformed") from None


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


async def _metrics(shards: CollectorRegistry, _: Request) -> Response:
    return Response(generate_latest() + generate_latest(shards), media_type=CONTENT_TYPE_LATEST)


async def _openapi(_: Request) -> Response:
    return _json(DOCUMENT)


async def _http(_: Request, error: HTTPException) -> Response:
    response = answer(Refusal({404: "not_found", 405: "wrong_method"}.get(error.status_code, "malformed")))
    response.headers.update(error.headers or {})  # Allow, where the method is wrong
    return response


async def _gone(_: Request, __: ClientDisconnect) -> Response:
    return answer(Refusal("too_slow"))  # nobody reads it: the sender hung up before the body was whole


async def _fault(request: Request, error: Exception) -> Response:
    log.error("internal_fault", path=request.url.path, exc_info=error)
    return answer(Refusal("internal"))
