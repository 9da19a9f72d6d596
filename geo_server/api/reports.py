"""Reports of coverage: asked for as a job, made beside the server, taken home as a file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, cast

import msgspec
from fastapi import APIRouter, Depends, status
from fastapi.responses import FileResponse
from starlette.requests import HTTPConnection

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import reports as models
from geo_server.api.models.base import Area, Id
from geo_server.api.models.jobs import Job as JobAnswer
from geo_server.errors import Refusal
from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import Job
from geo_server.planning.purposes import purposes
from geo_server.planning.reports.asking import Asked, asked_of
from geo_server.planning.reports.schema import KINDS, REPORT, Made, Wanted
from geo_server.planning.reports.shelf import KEPT, Shelf
from layers.areas import queries as areas
from layers.areas.schema import Area as AreaNode
from layers.database import Session

MOST_WAITING = 20  # one after another is made: who comes after them would wait for long
router = APIRouter(prefix="/coverage/reports", tags=["coverage"])
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in KINDS.values()}}
}


async def current_shelf(connection: HTTPConnection) -> Shelf:
    """Return where the app's reports lie."""
    return Shelf.under(cast(Any, connection.app.state.settings).home)


CurrentShelf = Annotated[Shelf, Depends(current_shelf)]


@router.get("")
async def latest(visiting: Annotated[Visiting, permitted("coverage.reports")], shelf: CurrentShelf) -> models.Reports:
    """Return the newest reports of the area entered and below, those under way first."""
    async with visiting.visit() as session:
        found = await jobs.latest(session, visiting.viewer, REPORT)
        tree = await _tree(session, visiting)
    return models.Reports(reports=[_told(one, tree, shelf) for one in found if one.area_id in tree])


@router.post("", status_code=status.HTTP_202_ACCEPTED)
async def ask(
    asked: models.AskedReport, visiting: Annotated[Visiting, permitted("coverage.report")], shelf: CurrentShelf
) -> models.Report:
    """Have a report made; where the same one is under way for the same person, this answers with it."""
    if asked.purpose not in purposes():
        raise Refusal("no_such_purpose", purpose=asked.purpose)
    wanted = Wanted(format=asked.format, language=asked.language, purpose=asked.purpose)
    async with visiting.visit("jobs") as session:
        tree = await _tree(session, visiting)
        area_id = asked.area_id or visiting.viewer.area_id
        if area_id not in tree:
            raise Refusal("no_such_area", id=area_id)
        job = await _job(session, visiting, wanted, area_id)
        visiting.say(about=("jobs", job.id), details={**asked.model_dump(), "area_id": area_id})
    return _told(job, tree, shelf)


@router.get("/{id}/file", response_class=FileResponse, responses=_FILE)
async def take(
    id: Id, visiting: Annotated[Visiting, permitted("coverage.take_report")], shelf: CurrentShelf
) -> FileResponse:
    """Return the file of a report; it is there for a day after it was made."""
    async with visiting.visit("jobs", id) as session:
        job = await jobs.find(session, visiting.viewer, id)
        tree = await _tree(session, visiting)
        if job is None or job.kind != REPORT or job.area_id not in tree:
            raise Refusal("no_such_report", id=id)
        if job.outcome is None:
            raise Refusal("report_not_ready", id=id)
        asked = msgspec.convert(job.args, Asked)
        made = shelf.find(id, asked.format)
        if made is None:
            raise Refusal("report_gone", id=id)
        visiting.say(details={"format": asked.format, "bytes": made.bytes})
    name = _name(job, asked, tree[job.area_id])
    headers = {"Cache-Control": "no-store"}
    return FileResponse(made.path, media_type=KINDS[asked.format], filename=name, headers=headers)


async def _tree(session: Session, visiting: Visiting) -> dict[int, AreaNode]:
    return {area.id: area for area in await areas.below(session, visiting.viewer.area_id)}


async def _job(session: Session, visiting: Visiting, wanted: Wanted, area_id: int) -> Job:
    viewer = visiting.viewer
    args = msgspec.to_builtins(asked_of(wanted, viewer))
    waiting = await jobs.waiting(session, REPORT)
    for one in waiting:
        if (one.area_id, one.args, one.cancelled_at) == (area_id, args, None):
            return one
    if len(waiting) >= MOST_WAITING:
        raise Refusal("too_many_reports", most=MOST_WAITING)
    job_id = await jobs.ask(session, replace(viewer, area_id=area_id), REPORT, args)
    found = await jobs.find(session, viewer, job_id)
    assert found is not None
    return found


def _told(job: Job, tree: Mapping[int, AreaNode], shelf: Shelf) -> models.Report:
    asked, area = msgspec.convert(job.args, Asked), tree[job.area_id]
    made = shelf.find(job.id, asked.format) if job.outcome == "done" else None
    return models.Report(
        job=JobAnswer.model_validate(job),
        area=Area.model_validate(area),
        format=asked.format,
        language=asked.language,
        purpose=asked.purpose,
        file=None if made is None else _file(made, _name(job, asked, area)),
    )


def _file(made: Made, name: str) -> models.ReportFile:
    return models.ReportFile(bytes=made.bytes, name=name, kept_until=made.made_at + KEPT)


def _name(job: Job, asked: Asked, area: AreaNode) -> str:
    whole = [] if asked.format in ("gpkg", "parquet") else [asked.purpose, asked.language]
    return f"{'-'.join(['coverage', area.code, *whole, job.asked_at.strftime('%Y%m%d')])}.{asked.format}"
