"""After-action replay: what stood in a past interval, and frames of where the units drove, as far as it is seen."""

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.geojson import to_json
from geo_server.api.models.base import SentMoment
from geo_server.api.models.replay import Replay
from geo_server.errors import Refusal
from geo_server.replay import queries
from geo_server.replay.packing import as_columns, as_frame, step_of
from geo_server.replay.schema import Span

router = APIRouter(prefix="/replay", tags=["replay"])
LONGEST = timedelta(days=31)
JSON, FRAME = "application/json", "application/octet-stream"
_BINARY: dict[int | str, dict[str, Any]] = {
    200: {"content": {FRAME: {"schema": {"type": "string", "format": "binary"}}}}
}
Since = Annotated[SentMoment, Query(alias="from", description="The beginning of the interval.")]
Until = Annotated[SentMoment, Query(alias="to", description="Its end; what is to come counts as now.")]


def span_of(since: datetime, until: datetime) -> Span:
    """Return a past interval; raises Refusal `wrong_interval` where it is none, is to come or is too long."""
    until = min(until, datetime.now(UTC))
    if not since < until <= since + LONGEST:
        raise Refusal("wrong_interval", days=LONGEST.days)
    return Span(since=since, until=until)


@router.get("", response_model=Replay, dependencies=[Depends(only("from", "to"))])
async def open_interval(
    request: Request, visiting: Annotated[Visiting, permitted("replay.open")], since: Since, until: Until
) -> Response:
    """Return how units, events, incidents and dispatches stood, change by change."""
    span = span_of(since, until)
    async with visiting.visit("replay") as session:
        past = await queries.past(session, span)
        visiting.say(details={"from": span.since.isoformat(), "to": span.until.isoformat()})
    body = await asyncio.to_thread(lambda: to_json(as_columns(past)))
    return await _packed(request, body, JSON)


@router.get("/tracks", response_class=Response, responses=_BINARY, dependencies=[Depends(only("at", "seconds"))])
async def tracks(
    request: Request,
    visiting: Annotated[Visiting, permitted("replay.tracks")],
    at: Annotated[SentMoment, Query(description="The first moment of the frame.")],
    seconds: Annotated[int, Query(ge=10, le=7200, description="How long it is; 120 fixes of a unit at most.")] = 120,
) -> Response:
    """Return where the units drove from a moment on, as a binary frame of columns (`geo_server.replay.packing`)."""
    span = span_of(at, at + timedelta(seconds=seconds))
    async with visiting.visit("replay") as session:
        fixes = await queries.fixes(session, span, step_of(seconds))
        visiting.say(details={"at": at.isoformat(), "seconds": seconds})
    return await _packed(request, await asyncio.to_thread(as_frame, fixes, span), FRAME)


async def _packed(request: Request, body: bytes, kind: str) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(body) > 1000 and "gzip" in request.headers.get("accept-encoding", ""):
        body = await asyncio.to_thread(gzip.compress, body, 1)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=kind, headers=headers)
