"""Exports of original bytes: asked for on a legal ground, built in the other wing, taken home against a ticket."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import Id
from geo_server.api.models.recordings import Export, Exports, NewExport, PlaybackTicket
from geo_server.api.recordings import cameras_of, check_incident, interval_of, ticket_of
from geo_server.errors import Refusal
from geo_server.recordings import playing
from layers.recordings import export_queries
from layers.recordings import schema as rows

router = APIRouter(prefix="/recordings/exports", tags=["recordings"])
LONGEST_EXPORT = timedelta(hours=24)


@router.get("", dependencies=[Depends(only())])
async def exports(visiting: Annotated[Visiting, permitted("recordings.exports")]) -> Exports:
    """Return the exports of one's area, newest first."""
    async with visiting.visit("exports") as session:
        found = await export_queries.every(session)
    return Exports(exports=[export_answer(one) for one in found])


@router.post("", status_code=status.HTTP_201_CREATED)
async def export(new: NewExport, visiting: Annotated[Visiting, permitted("recordings.export")]) -> Export:
    """Ask for the original bytes of cameras, signed; they are built beside, `state` tells how far they are."""
    since, until = interval_of(new.begins_at, new.ends_at, datetime.now(UTC), LONGEST_EXPORT)
    async with visiting.visit("exports") as session:
        seen = await cameras_of(session, visiting.viewer, new.cameras)
        await playing.check_whole(session, visiting.viewer, [one.id for one in seen])
        await check_incident(session, visiting.viewer, new.incident)
        export_id = await export_queries.ask(session, _new_export(new, visiting, since, until))
        visiting.say(about=("exports", export_id), details={"cameras": new.cameras, "legal_basis": new.legal_basis})
        found = await export_queries.find(session, export_id)
        assert found is not None
    return export_answer(found)


@router.post("/{id}/tickets", status_code=status.HTTP_201_CREATED)
async def take_home(
    id: Id, request: Request, visiting: Annotated[Visiting, permitted("recordings.export")]
) -> PlaybackTicket:
    """Hand out a ticket to download an export that is ready."""
    async with visiting.visit("exports", id) as session:
        found = await export_queries.find(session, id)
        if found is None:
            raise Refusal("no_such_export", id=id)
        await playing.check_whole(session, visiting.viewer, found.camera_ids)
        return await ticket_of(session, request, visiting, playing.of_export(found))


def export_answer(one: rows.Export) -> Export:
    """Return an export without where it lies."""
    told = {name: getattr(one, name) for name in Export.model_fields if name not in ("bytes", "sha256", "camera_ids")}
    sha256 = None if one.sha256 is None else one.sha256.hex()
    return Export(bytes=one.size, sha256=sha256, camera_ids=list(one.camera_ids), **told)


def _new_export(new: NewExport, visiting: Visiting, since: datetime, until: datetime) -> export_queries.NewExport:
    return export_queries.NewExport(
        asked_by=visiting.account.name,
        account_id=visiting.account.id,
        area_id=visiting.viewer.area_id,
        incident_id=new.incident,
        reason=new.reason,
        legal_basis=new.legal_basis,
        camera_ids=sorted(set(new.cameras)),
        begins_at=since,
        ends_at=until,
    )
