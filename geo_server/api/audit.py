"""The audit of one's own area and below: to search and to take away; both are themselves written down."""

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models.audit import AuditEntries, AuditEntry
from geo_server.api.models.base import SentMoment, SomeId, Word
from geo_server.audit import queries
from geo_server.audit.schema import Asked, Outcome, Told, stamp

router = APIRouter(prefix="/audit", tags=["audit"])
FILTERS = ("from", "to", "who", "operation", "layer", "object_id", "outcome", "limit", "after")
COLUMNS = (
    "id", "at", "who", "role", "area_id", "area", "operation", "outcome", "code",
    "layer", "object_id", "purpose", "origin", "details",
)  # fmt: skip
MOST = 50_000  # entries in one file; the next begins `after` its last
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


async def _asked(
    since: Annotated[SentMoment | None, Query(alias="from", description="At this time or later.")] = None,
    until: Annotated[SentMoment | None, Query(alias="to", description="Before this time.")] = None,
    who: Annotated[Word | None, Query(description="The name of the account.")] = None,
    operation: Annotated[Word | None, Query(examples=["events.decide"])] = None,
    layer: Annotated[Word | None, Query(examples=["incidents"])] = None,
    object_id: Annotated[SomeId | None, Query(description="The id of what it was about.")] = None,
    outcome: Outcome | None = None,
    after: Annotated[SomeId | None, Query(description="Only entries older than that of this id.")] = None,
) -> Asked:
    about: dict[str, Any] = {"who": who, "operation": operation, "layer": layer, "object_id": object_id}
    return Asked(since=since, until=until, outcome=outcome, after=after, **about)


AskedFor = Annotated[Asked, Depends(_asked)]


@router.get("", dependencies=[Depends(only(*FILTERS))])
async def search(
    visiting: Annotated[Visiting, permitted("audit.search")],
    asked: AskedFor,
    limit: Annotated[int, Query(ge=1, le=500, description="How many at most.")] = 100,
) -> AuditEntries:
    """Return entries of the area entered and below, newest first."""
    found = await _found(visiting, asked, limit)
    entries = [AuditEntry.of(told) for told in found]
    return AuditEntries(entries=entries, next=found[-1].id if len(found) == limit else None)


@router.get("/export", response_class=Response, responses=_CSV, dependencies=[Depends(only(*FILTERS, "language"))])
async def export(
    visiting: Annotated[Visiting, permitted("audit.export")],
    asked: AskedFor,
    language: Annotated[Literal["kk", "ru", "en"], Query(description="Of the names of areas.")] = "ru",
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = MOST,
) -> Response:
    """Return the same entries as a file of comma-separated values, UTF-8 with a byte order mark, times in UTC."""
    found = await _found(visiting, asked, limit)
    file = await asyncio.to_thread(as_csv, found, language)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return Response(file, media_type="text/csv", headers=headers)


async def _found(visiting: Visiting, asked: Asked, limit: int) -> list[Told]:
    async with visiting.visit("audit") as session:
        found = await queries.search(session, asked, limit=limit)
        visiting.say(details={**asked.as_json(), "limit": limit, "found": len(found)})
    return found


def as_csv(entries: Sequence[Told], language: str) -> bytes:
    """Return entries as a file that a spreadsheet opens as it is: what would be a formula in it is made text."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for told in entries:
        row = {name: getattr(told, name, None) for name in COLUMNS}
        row |= {"at": stamp(told.at), "area": told.area_name and getattr(told.area_name, language)}
        lines.writerow([_cell(value) for value in row.values()])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value
