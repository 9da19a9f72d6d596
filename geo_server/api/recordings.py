"""Stored video: what was recorded of cameras and what was not, and tickets to play it."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models.base import SentMoment, SomeId, Title
from geo_server.api.models.recordings import (
    AskedPlayback,
    HeldPart,
    NotThere,
    PlaybackTicket,
    Recorded,
    RecordedCamera,
    Recordings,
    TimelineEvent,
)
from geo_server.errors import Refusal
from geo_server.recordings import playing
from geo_server.recordings.timeline import missing, recorded, timeline
from geo_server.settings import Settings
from geo_server.video.address import as_asked
from layers.database import Session
from layers.events import queries as events
from layers.incidents import queries as incidents
from layers.recordings import clip_queries, search_queries
from layers.recordings import schema as rows
from layers.video import queries as video
from layers.video.schema import LASTS_S
from layers.viewer import Viewer

router = APIRouter(prefix="/recordings", tags=["recordings"])
LONGEST = timedelta(days=7)
MOST_CAMERAS = 4
CLASSES = Path(__file__).parents[2] / "data" / "retention.json"
Camera = Annotated[
    list[SomeId], Query(min_length=1, max_length=MOST_CAMERAS, description="Ids of cameras, four at most.")
]
Since = Annotated[SentMoment, Query(alias="from", description="The beginning of the interval.")]
Until = Annotated[SentMoment, Query(alias="to", description="Its end; what is to come counts as now.")]


@router.get("", dependencies=[Depends(only("camera", "from", "to"))])
async def search(
    visiting: Annotated[Visiting, permitted("recordings.search")], camera: Camera, since: Since, until: Until
) -> Recordings:
    """Return what was recorded of cameras in an interval, what was not and why, their events and what is held."""
    now = datetime.now(UTC)
    since, until = interval_of(since, until, now, LONGEST)
    visiting.say(details={"cameras": camera, "from": since.isoformat(), "to": until.isoformat()})
    async with visiting.visit("recordings") as session:
        found = await cameras_of(session, visiting.viewer, camera)
        return await _recordings(session, visiting.viewer, found, since, until, now)


@router.post("/tickets", status_code=status.HTTP_201_CREATED)
async def play(
    asked: AskedPlayback, request: Request, visiting: Annotated[Visiting, permitted("recordings.play")]
) -> PlaybackTicket:
    """Hand out a ticket to play what was recorded, or the clip of an event; the view ends with the session."""
    async with visiting.visit("recordings", asked.event or asked.camera) as session:
        wanted = await _wanted(session, visiting.viewer, asked)
        answer = await ticket_of(session, request, visiting, wanted)
        told = {"camera": wanted.camera_id, "from": wanted.begins_at.isoformat(), "event": asked.event}
        visiting.say(details={**told, "masked": answer.masked})
    return answer


@cache
def class_days() -> dict[str, int]:
    """Return how many days each class of recordings is kept."""
    told = json.loads(CLASSES.read_text(encoding="utf-8"))
    return {name: int(one["days"]) for name, one in told.items()}


def interval_of(since: datetime, until: datetime, now: datetime, longest: timedelta) -> tuple[datetime, datetime]:
    """Return a past interval; raises Refusal `wrong_interval` where it is none, or too long."""
    until = min(until, now)
    if not since < until <= since + longest:
        raise Refusal("wrong_interval", days=longest.days)
    return since, until


async def cameras_of(session: Session, viewer: Viewer, ids: list[int]) -> list[search_queries.RecordedCamera]:
    """Return these cameras; raises Refusal `no_such_camera` where the viewer does not see one of them."""
    found = await search_queries.cameras(session, viewer, ids)
    unseen = set(ids) - {one.id for one in found}
    if unseen:
        raise Refusal("no_such_camera", id=min(unseen))
    return found


async def _recordings(
    session: Session,
    viewer: Viewer,
    found: list[search_queries.RecordedCamera],
    since: datetime,
    until: datetime,
    now: datetime,
) -> Recordings:
    ids = [one.id for one in found]
    files = await search_queries.files(session, ids, since, until)
    gaps = await search_queries.gaps(session, ids, since, until)
    seen = await search_queries.events(session, viewer, ids, since, until)
    held = await search_queries.held(session, ids, since, until)
    cameras = []
    for one in found:
        of_files, of_gaps = ([row for row in many if row.camera_id == one.id] for many in (files, gaps))
        parts = timeline(
            cast(list[rows.Recording], of_files),
            cast(list[rows.Gap], of_gaps),
            since,
            until,
            record=one.record,
            now=now,
        )
        cameras.append(
            RecordedCamera(
                **{name: getattr(one, name) for name in ("id", "code", "record", "retention", "state", "reason")},
                name=Title.model_validate(one.name),
                days=class_days()[one.retention],
                recorded=[Recorded.model_validate(part) for part in recorded(parts)],
                gaps=[NotThere.model_validate(part) for part in missing(parts)],
                held=[HeldPart.model_validate(part) for part in held if part.camera_id == one.id],
                events=[TimelineEvent.model_validate(row) for row in seen if row.camera_id == one.id],
            )
        )
    return Recordings(begins_at=since, ends_at=until, cameras=cameras)


async def _wanted(session: Session, viewer: Viewer, asked: AskedPlayback) -> playing.Asked:
    if asked.event is not None:
        clip = None
        if await events.find(session, viewer, asked.event) is not None:
            clip = (await clip_queries.of_events(session, [asked.event])).get(asked.event)
        # Who sees an event is not told of a camera out of their sight, not even which it is.
        if clip is None or await video.watchable(session, viewer, clip.camera_id) is None:
            raise Refusal("no_such_clip", id=asked.event)
        return playing.of_clip(clip)
    assert asked.camera is not None and asked.begins_at is not None and asked.ends_at is not None
    since, until = interval_of(asked.begins_at, asked.ends_at, datetime.now(UTC), LONGEST)
    return playing.Asked(kind="playback", camera_id=asked.camera, begins_at=since, ends_at=until)


async def ticket_of(session: Session, request: Request, visiting: Visiting, wanted: playing.Asked) -> PlaybackTicket:
    """Return a ticket as it is handed out; raises Refusal `no_video_door` and those of `playing.hand_out`."""
    address = cast(Settings, request.app.state.settings).video_address
    if address is None:
        raise Refusal("no_video_door")
    handed = await playing.hand_out(session, visiting.viewer, visiting.open_session.kept_id, wanted)
    return PlaybackTicket(
        ticket=handed.token,
        masked=handed.masked,
        address=as_asked(address, request.headers.get("host", "")),
        begins_at=wanted.begins_at,
        ends_at=wanted.ends_at,
        watermark=visiting.account.name,
        lasts_s=LASTS_S,
    )


async def check_incident(session: Session, viewer: Viewer, incident_id: int | None) -> None:
    """Raise Refusal `no_such_incident` where the viewer does not see it."""
    if incident_id is not None and await incidents.find(session, viewer, incident_id) is None:
        raise Refusal("no_such_incident", id=incident_id)
