"""The record of an incident: its log, its card, and the forms in which it is taken out and handed over."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query, Request, Response, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import record as models
from geo_server.api.models.base import Id, SentMoment
from geo_server.errors import Refusal
from geo_server.record import card, eido_writing, geo, importing, queries, tables
from geo_server.record.gathering import DESK, masked_line, of_incident
from geo_server.record.pdf import pdf
from geo_server.record.schema import Language, Record
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident

router = APIRouter(prefix="/incidents", tags=["record"])
Format = Literal["html", "pdf", "csv", "geojson", "geoparquet", "eido"]
Table = Literal["csv", "geojson", "geoparquet"]
MOST, LONGEST = 50_000, timedelta(days=366)
KINDS: dict[str, tuple[str, str]] = {
    "html": ("text/html; charset=utf-8", "html"),
    "pdf": ("application/pdf", "pdf"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "geojson": ("application/geo+json", "geojson"),
    "geoparquet": ("application/vnd.apache.parquet", "parquet"),
    "eido": ("application/json", "eido.json"),
}
# The page has its own style in it and nothing else; whoever opens it here meets no script and no other address.
_CARD_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-modals"
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "object" if "json" in kind else "string"}}
            for kind, _ in KINDS.values()
        }
    }
}
Lang = Annotated[Language, Query(alias="lang", description="Of what the house says itself.")]
How = Annotated[Format, Query(alias="format")]


@router.get(
    "/export",
    response_class=Response,
    responses=_FILE,
    dependencies=[Depends(only("from", "to", "format", "lang"))],
)
async def export(
    visiting: Annotated[Visiting, permitted("incidents.export")],
    since: Annotated[SentMoment, Query(alias="from", description="Opened at this time or later.")],
    sent_until: Annotated[
        SentMoment | None, Query(alias="to", description="Opened before this time; absent: until now.")
    ] = None,
    how: Annotated[Table, Query(alias="format")] = "csv",
    language: Lang = "ru",
    _: Annotated[None, Depends(only("from", "to", "format", "lang"))] = None,
) -> Response:
    """Return the incidents of an interval as a file; who called is not in it."""
    until = sent_until or datetime.now(UTC)
    if not since < until <= since + LONGEST:
        raise Refusal("wrong_interval", days=LONGEST.days)
    async with visiting.visit("incidents") as session:
        found = await queries.opened_between(session, visiting.viewer, since, until, limit=MOST + 1)
        visiting.say(details={"from": str(since), "to": str(until), "format": how, "found": len(found)})
        if len(found) > MOST:
            raise Refusal("too_many_rows", most=MOST)
    body = await asyncio.to_thread(_table, found, how, language)
    return _file(body, how, f"incidents-{_day(since)}-{_day(until)}")


@router.post("/import", status_code=status.HTTP_201_CREATED)
async def take(
    document: Annotated[dict[str, Any], Body(description="An EIDO 1.0 (NENA-STA-021.1a).")],
    response: Response,
    visiting: Annotated[Visiting, permitted("incidents.import")],
) -> models.Imported:
    """Open the incident that another centre's system hands over.

    One that was taken before is answered with 200: what a later document tells anew is added to its log.
    """
    async with visiting.visit("incidents") as session:
        came = await importing.take(session, visiting.viewer, document)
        found = await incidents.find(session, visiting.viewer, came.incident_id)
        if found is None:
            raise Refusal("imported_elsewhere")
        visiting.say(about=("incidents", found.id), details={"opened": came.opened, "notes": came.notes})
    response.status_code = status.HTTP_201_CREATED if came.opened else status.HTTP_200_OK
    return models.Imported(
        incident_id=found.id, number=found.number, opened=came.opened, notes=came.notes, left_out=came.left_out
    )


@router.get("/{id}/log")
async def log(id: Id, visiting: Annotated[Visiting, permitted("incidents.log")]) -> models.Log:
    """Return the one log of an incident: of itself, its dispatches, and for the desk its calls and notices."""
    async with visiting.visit("incidents", id) as session:
        if await incidents.find(session, visiting.viewer, id) is None:
            raise Refusal("no_such_incident", id=id)
        lines = await queries.log(session, id, desk=visiting.viewer.role in DESK)
    told = [models.LogLine.model_validate(masked_line(line)) for line in lines]
    return models.Log(incident_id=id, entries=told)


@router.get("/{id}/record", response_class=Response, responses=_FILE)
async def record(
    id: Id,
    request: Request,
    visiting: Annotated[Visiting, permitted("incidents.record")],
    how: How = "html",
    language: Lang = "ru",
) -> Response:
    """Return the record as a page, a PDF, its log as CSV, or for other systems; who called is masked."""
    return await _record(visiting, request, id, how, language, whole=False)


@router.get("/{id}/record/whole", response_class=Response, responses=_FILE)
async def whole_record(
    id: Id,
    request: Request,
    visiting: Annotated[Visiting, permitted("incidents.record_whole")],
    how: How = "html",
    language: Lang = "ru",
) -> Response:
    """Return the record with who called in it: it asks for a purpose and a second proof (Almaty 213, art. 7)."""
    return await _record(visiting, request, id, how, language, whole=True)


async def _record(
    visiting: Visiting, request: Request, id: int, how: Format, language: Language, *, whole: bool
) -> Response:
    async with visiting.visit("incidents", id) as session:
        found = await of_incident(session, visiting.viewer, id, whole=whole)
        visiting.say(details={"format": how})
    issuer = request.url.hostname or "qyran"
    if how == "pdf":
        body = await pdf(await asyncio.to_thread(card.html, found, language))
    else:
        body = await asyncio.to_thread(_one, found, how, language, issuer)
    return _file(body, how, found.incident.number, inline=how in ("html", "pdf"))


def _one(found: Record, how: Format, language: Language, issuer: str) -> bytes:
    match how:
        case "csv":
            return tables.log_csv(found, language)
        case "geojson":
            return geo.record_geojson(found, language)
        case "geoparquet":
            return geo.geoparquet([found.incident], language)
        case "eido":
            return eido_writing.dump(eido_writing.written(found, language, issuer=issuer))
    return card.html(found, language).encode()


def _table(found: Sequence[Incident], how: Table, language: Language) -> bytes:
    match how:
        case "geojson":
            return geo.incidents_geojson(found, language)
        case "geoparquet":
            return geo.geoparquet(found, language)
    return tables.incidents_csv(found, language)


def _file(body: bytes, how: str, name: str, *, inline: bool = False) -> Response:
    kind, ending = KINDS[how]
    shown = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{name}.{ending}"', "Cache-Control": "no-store"}
    if how == "html":
        headers["Content-Security-Policy"] = _CARD_POLICY
    return Response(body, headers=headers, media_type=kind)


def _day(at: datetime) -> str:
    return at.strftime("%Y%m%d")
