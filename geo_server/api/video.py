"""Watching cameras: a ticket for the door for video, which shows the picture."""

from typing import Annotated, cast

from fastapi import APIRouter, Request, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models.video import AskedTicket, VideoTicket
from geo_server.errors import Refusal
from geo_server.settings import Settings
from geo_server.video.address import as_asked
from geo_server.video.watching import hand_out
from layers.video.schema import LASTS_S

router = APIRouter(prefix="/cameras", tags=["cameras"])


@router.post("/{id}/tickets", status_code=status.HTTP_201_CREATED)
async def ask(
    id: Id, asked: AskedTicket, request: Request, visiting: Annotated[Visiting, permitted("video.watch")]
) -> VideoTicket:
    """Hand out a ticket to watch a camera: good once, for half a minute; the view ends with the session.

    A program that comes by HTTP Basic has no session to bind it to.
    """
    address, session_id = cast(Settings, request.app.state.settings).video_address, visiting.open_session.kept_id
    async with visiting.visit("cameras", id) as session:
        if session_id is None:
            raise Refusal("session_needed")
        if address is None:
            raise Refusal("no_video_door")
        handed = await hand_out(session, visiting.viewer, session_id, id, asked.kind)
        visiting.say(details={"kind": handed.kind, "masked": handed.masked})
    return VideoTicket(
        ticket=handed.token,
        address=as_asked(address, request.headers.get("host", "")),
        kind=handed.kind,
        masked=handed.masked,
        watermark=handed.watermark,
        lasts_s=LASTS_S,
    )
