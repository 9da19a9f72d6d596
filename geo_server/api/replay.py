"""After-action replay: what stood in a past interval, and frames of where the units drove, as far as it is seen."""

import asyncio
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import bbox_of, only
from geo_server.api.geojson import to_json
from geo_server.api.models.base import SentMoment
from geo_server.api.models.replay import Replay
from geo_server.errors import Refusal
from geo_server.replay import queries, track_queries
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
Part = Annotated[
    int | None,
    Query(ge=10, le=7200, description="How much of it is told, from its beginning; all of it where left out."),
]
Box = Annotated[
    str | None, Query(description="west,south,east,north in degrees: what was in it alone.", max_length=200)
]


def span_of(since: datetime, until: datetime) -> Span:
    """Return a past interval; raises Refusal `wrong_interval` where it is none, is to come or is too long."""
    until = min(until, datetime.now(UTC))
    if not since < until <= since + LONGEST:
        raise Refusal("wrong_interval", days=LONGEST.days)
    return Span(since=since, until=until)


def beginning_of(span: Span, seconds: int | None) -> Span:
    """Return so many seconds of an interval from its beginning; all of it where None, or where it is shorter."""
    return span if seconds is None else replace(span, until=min(span.until, span.since + timedelta(seconds=seconds)))


@router.get("", response_model=Replay, dependencies=[Depends(only("from", "to", "seconds", "bbox"))])
async def open_interval(
    request: Request,
    visiting: Annotated[Visiting, permitted("replay.open")],
    since: Since,
    until: Until,
    seconds: Part = None,
    bbox: Box = None,
) -> Response:
    """Return how units, events, calls, incidents and dispatches stood at its beginning, then change by change.

    A window opens with a short part, and asks for the following ones as it plays. Of a box, units are told whole: how
    one stood has no place, and the tracks of the same box tell who was there.
    """
    span, box = span_of(since, until), bbox_of(bbox)
    part = beginning_of(span, seconds)
    visiting.say(details={"from": span.since.isoformat(), "to": span.until.isoformat(), **_told(seconds, bbox)})
    async with visiting.visit("replay") as session:
        past = await queries.past(session, visiting.viewer, part, box)
    body = await asyncio.to_thread(lambda: to_json(as_columns(past, span.until)))
    return await _packed(request, body, JSON)


@router.get(
    "/tracks", response_class=Response, responses=_BINARY, dependencies=[Depends(only("at", "seconds", "bbox"))]
)
async def tracks(
    request: Request,
    visiting: Annotated[Visiting, permitted("replay.tracks")],
    at: Annotated[SentMoment, Query(description="The first moment of the frame.")],
    seconds: Annotated[int, Query(ge=10, le=7200, description="How long it is; 120 fixes of a unit at most.")] = 120,
    bbox: Box = None,
) -> Response:
    """Return where the units drove from a moment on, as a binary frame of columns (`geo_server.replay.packing`).

    Of a box: the whole way of each unit that was in it.
    """
    span, box = span_of(at, at + timedelta(seconds=seconds)), bbox_of(bbox)
    visiting.say(details={"at": at.isoformat(), **_told(seconds, bbox)})
    async with visiting.visit("replay") as session:
        fixes = await track_queries.fixes(session, span, step_of(seconds), box)
    return await _packed(request, await asyncio.to_thread(as_frame, fixes, span), FRAME)


def _told(seconds: int | None, bbox: str | None) -> dict[str, Any]:
    return {name: value for name, value in (("seconds", seconds), ("bbox", bbox)) if value is not None}


async def _packed(request: Request, body: bytes, kind: str) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(body) > 1000 and "gzip" in request.headers.get("accept-encoding", ""):
        body = await asyncio.to_thread(gzip.compress, body, 1)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=kind, headers=headers)
