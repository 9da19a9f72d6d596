"""Files that are taken into the register of cameras: sent in pieces, read as a job, shown, and written as a job."""

import os
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, status
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import jobs as job_models
from geo_server.api.models import register as models
from geo_server.api.models.base import Id, Place, Title
from geo_server.errors import Refusal
from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import REGISTER
from geo_server.register import queries, refusals
from geo_server.register.schema import Import, Told, sentence
from layers.database import Session

MOST_PIECES = models.LARGEST_FILE_BYTES // 100_000
router = APIRouter(prefix="/register/imports", tags=["register"])
Importer = Annotated[Visiting, permitted("register.import")]
Sender = Annotated[Visiting, permitted("register.send")]
Writer = Annotated[Visiting, permitted("register.write")]
_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_CSV: dict[int | str, dict[str, Any]] = {200: {"description": "Refused rows", "content": {"text/csv": {}}}}


@router.post("", status_code=status.HTTP_201_CREATED)
async def begin(new: models.NewImport, visiting: Importer) -> models.Import:
    """Begin to send a file: CSV, XLSX, GeoJSON, GeoPackage, a zipped Shapefile or OpenStreetMap."""
    async with visiting.visit("cameras") as session:
        visiting.say(details={"file": new.file, "bytes": new.bytes})
        made = await queries.begin(session, visiting.viewer, file=new.file, size=new.bytes)
        return await _answer(session, visiting, await _found(session, visiting, made))


@router.get("")
async def latest(visiting: Sender) -> models.Imports:
    """Return the newest files, whatever became of them."""
    async with visiting.visit("cameras") as session:
        found = await queries.latest(session, visiting.viewer)
        return models.Imports(imports=[await _answer(session, visiting, one) for one in found])


@router.get("/{id}")
async def one(id: Id, visiting: Sender) -> models.Import:
    """Return how a file stands."""
    async with visiting.visit("cameras") as session:
        return await _answer(session, visiting, await _found(session, visiting, id))


@router.put("/{id}/pieces/{n}", status_code=status.HTTP_204_NO_CONTENT, openapi_extra=_BYTES)
async def piece(id: Id, n: int, request: Request, visiting: Sender) -> None:
    """Send a piece of a file, numbered from 0: 900,000 bytes at most. The same one may be sent again."""
    sent = await request.body()
    if not 0 <= n < MOST_PIECES or not 0 < len(sent) <= models.PIECE_BYTES:
        raise Refusal("bad_piece", most=models.PIECE_BYTES)
    async with visiting.visit("cameras") as session:
        found = await _found(session, visiting, id, hold=True)
        if found.state != "sending":
            raise Refusal("import_not_ready", state=found.state)
        if await queries.sent_bytes(session, id) + len(sent) > found.bytes + models.PIECE_BYTES:
            raise Refusal("bad_piece", most=models.PIECE_BYTES)
        await queries.put_piece(session, found, n, sent)


@router.post("/{id}/reading", status_code=status.HTTP_202_ACCEPTED)
async def read(id: Id, choices: models.ImportChoices, visiting: Importer) -> models.Import:
    """Have a file read that is all here, or read anew with other choices; nothing is written yet."""
    async with visiting.visit("cameras") as session:
        found = await _found(session, visiting, id, hold=True)
        visiting.say(details={"file": found.file, **choices.model_dump(exclude_none=True)})
        if found.state in ("reading", "writing", "done"):
            raise Refusal("import_not_ready", state=found.state)
        if await queries.sent_bytes(session, id) != found.bytes:
            raise Refusal("file_incomplete", bytes=found.bytes)
        told = {"choices": choices.model_dump(), "counts": {}, "fault": None}
        return await _under_way(session, visiting, found, "reading", **told)


@router.post("/{id}/writing", status_code=status.HTTP_202_ACCEPTED)
async def write(id: Id, decisions: models.Decisions, visiting: Writer) -> models.Import:
    """Have the good rows written as cameras, all in one transaction, with what was decided of those there already."""
    async with visiting.visit("cameras") as session:
        found = await _found(session, visiting, id, hold=True)
        visiting.say(details={"file": found.file, "duplicates": decisions.duplicates, **found.counts})
        if found.state != "ready" or not found.counts.get("good"):
            raise Refusal("import_not_ready", state=found.state)
        await queries.decide(session, id, decisions.duplicates, decisions.rows)
        return await _under_way(session, visiting, found, "writing", fault=None)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def forget(id: Id, visiting: Importer) -> None:
    """Forget a file that is not being worked at, with all that was read of it; cameras that came of it stay."""
    async with visiting.visit("cameras") as session:
        found = await _found(session, visiting, id, hold=True)
        visiting.say(details={"file": found.file})
        if found.state in ("reading", "writing"):
            raise Refusal("import_not_ready", state=found.state)
        await queries.forget(session, id)


@router.get("/{id}/rows", dependencies=[Depends(only("which", "after", "limit"))])
async def rows(
    id: Id,
    visiting: Sender,
    which: Annotated[Literal["refused", "noted", "twins", "good"], Query(description="Which rows.")] = "good",
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="The `after` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500, description="How many at most.")] = 100,
) -> models.ImportRows:
    """Return rows of a file: refused, with remarks, that may be there already, or all the good ones."""
    async with visiting.visit("cameras") as session:
        await _found(session, visiting, id)
        found = await queries.rows(session, id, which, after=after, most=limit)
    more = found[-1].line if len(found) == limit else None
    return models.ImportRows(rows=[_row(row) for row in found], after=more)


@router.get("/{id}/refused", response_class=FileResponse, responses=_CSV, dependencies=[Depends(only("language"))])
async def refused(
    id: Id,
    visiting: Sender,
    language: Annotated[Literal["kk", "ru", "en"], Query(description="Of the reasons.")] = "ru",
) -> FileResponse:
    """Return the refused rows as a table: the number of each, why, and the row as it was; no cell is a formula."""
    made, path = tempfile.mkstemp(prefix="qyran-register-")
    os.close(made)
    gone = BackgroundTask(Path(path).unlink)
    try:
        async with visiting.visit("cameras") as session:
            await refusals.write(session, await _found(session, visiting, id), language, Path(path))
    except BaseException:
        await gone()
        raise
    return FileResponse(path, media_type="text/csv", filename=f"refused-{id}.csv", background=gone)


async def _under_way(session: Session, visiting: Visiting, found: Import, state: str, **told: Any) -> models.Import:
    job_id = await jobs.ask(session, visiting.viewer, REGISTER, {"import": found.id, "file": found.file})
    await queries.write(session, found.id, state=state, job_id=job_id, **told)
    return await _answer(session, visiting, await _found(session, visiting, found.id))


async def _found(session: Session, visiting: Visiting, import_id: int, *, hold: bool = False) -> Import:
    found = await queries.find(session, visiting.viewer, import_id, hold=hold)
    if found is None:
        raise Refusal("no_such_import", id=import_id)
    return found


async def _answer(session: Session, visiting: Visiting, one: Import) -> models.Import:
    job = None if one.job_id is None else await jobs.find(session, visiting.viewer, one.job_id)
    sent = await queries.sent_bytes(session, one.id) if one.state == "sending" else one.bytes
    plain = ("id", "file", "bytes", "asked_by", "asked_at", "state", "format", "columns", "sample", "choices")
    return models.Import(
        **{name: getattr(one, name) for name in plain},
        counts={name: count for name, count in one.counts.items() if name not in ("tries", "last")},
        sent_bytes=sent,
        findings=[_remark(each) for each in one.findings],
        fault=None if one.fault is None else _remark(one.fault),
        job=None if job is None else job_models.Job.model_validate(job),
    )


def _remark(told: dict[str, Any]) -> models.Remark:
    return models.Remark(code=told["code"], text=Title.model_validate(sentence(told)))


def _row(row: Told) -> models.ImportRow:
    plain = ("line", "code", "name", "heading_deg", "raw", "twin", "twin_id", "twin_code")
    place = None if row.lon is None or row.lat is None else Place(lon=row.lon, lat=row.lat)
    return models.ImportRow(
        **{name: getattr(row, name) for name in plain},
        place=place,
        refused=None if row.refused is None else _remark(row.refused),
        notes=[_remark(note) for note in row.notes],
    )
