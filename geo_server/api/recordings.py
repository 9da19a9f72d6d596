"""Stored video: what was recorded and what was not, tickets to play it, holds on it, exports of original bytes."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import Id
from geo_server.api.models.base import SentMoment, Title
from geo_server.api.models.recordings import (
    AskedPlayback,
    Export,
    Exports,
    HeldPart,
    Hold,
    Holds,
    NewExport,
    NewHold,
    NotThere,
    PlaybackTicket,
    Recorded,
    RecordedCamera,
    Recordings,
    Release,
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
from layers.recordings import clip_queries, export_queries, hold_queries, search_queries
from layers.recordings import schema as rows
from layers.video.schema import LASTS_S
from layers.viewer import Viewer

router = APIRouter(prefix="/recordings", tags=["recordings"])
LONGEST = timedelta(days=7)
LONGEST_EXPORT = timedelta(hours=24)
MOST_CAMERAS = 4
CLASSES = Path(__file__).parents[2] / "data" / "retention.json"
Camera = Annotated[list[int], Query(min_length=1, max_length=MOST_CAMERAS, description="Ids of cameras, four at most.")]
Since = Annotated[SentMoment, Query(alias="from", description="The beginning of the interval.")]
Until = Annotated[SentMoment, Query(alias="to", description="Its end; what is to come counts as now.")]


@router.get("", dependencies=[Depends(only("camera", "from", "to"))])
async def search(
    visiting: Annotated[Visiting, permitted("recordings.search")], camera: Camera, since: Since, until: Until
) -> Recordings:
    """Return what was recorded of cameras in an interval, what was not and why, their events and what is held."""
    now = datetime.now(UTC)
    since, until = _interval(since, until, now, LONGEST)
    visiting.say(details={"cameras": camera, "from": since.isoformat(), "to": until.isoformat()})
    async with visiting.visit("recordings") as session:
        found = await _cameras(session, visiting.viewer, camera)
        return await _recordings(session, visiting.viewer, found, since, until, now)


@router.post("/tickets", status_code=status.HTTP_201_CREATED)
async def play(
    asked: AskedPlayback, request: Request, visiting: Annotated[Visiting, permitted("recordings.play")]
) -> PlaybackTicket:
    """Hand out a ticket to play what was recorded, or the clip of an event; the view ends with the session."""
    async with visiting.visit("recordings", asked.event or asked.camera) as session:
        wanted = await _wanted(session, visiting.viewer, asked)
        answer = await _ticket(session, request, visiting, wanted)
        visiting.say(details={"camera": wanted.camera_id, "from": wanted.begins_at.isoformat(), "event": asked.event})
    return answer


@router.get("/holds", dependencies=[Depends(only("standing"))])
async def holds(
    visiting: Annotated[Visiting, permitted("recordings.holds")],
    standing: Annotated[bool, Query(description="Only those that stand now.")] = True,
) -> Holds:
    """Return the holds on recordings, newest first."""
    async with visiting.visit("holds") as session:
        found = await hold_queries.every(session, standing=standing)
    return Holds(holds=[Hold.model_validate(one) for one in found])


@router.post("/holds", status_code=status.HTTP_201_CREATED)
async def hold(new: NewHold, visiting: Annotated[Visiting, permitted("recordings.hold")]) -> Holds:
    """Set a hold on each of the cameras: nothing of the interval is deleted until it is released."""
    if new.begins_at >= new.ends_at:
        raise Refusal("wrong_interval", days=LONGEST.days)
    async with visiting.visit("holds") as session:
        cameras = await _held_cameras(session, visiting.viewer, new)
        ids = [await hold_queries.set_(session, _new_hold(new, one, visiting.account.name)) for one in cameras]
        made = [one for i in ids if (one := await hold_queries.find(session, i))]
        visiting.say(details={"holds": ids, "reason": new.reason, "legal_basis": new.legal_basis})
    return Holds(holds=[Hold.model_validate(one) for one in made])


@router.post("/holds/{id}/release")
async def release(id: Id, why: Release, visiting: Annotated[Visiting, permitted("recordings.release")]) -> Hold:
    """Release a hold; from then on its class decides. Released again, the answer is the same."""
    async with visiting.visit("holds", id) as session:
        if await hold_queries.find(session, id) is None:
            raise Refusal("no_such_hold", id=id)
        await hold_queries.release(session, id, who=visiting.account.name, reason=why.reason)
        visiting.say(details={"released": True, "reason": why.reason})
        return Hold.model_validate(await hold_queries.find(session, id))


@router.get("/exports", dependencies=[Depends(only())])
async def exports(visiting: Annotated[Visiting, permitted("recordings.exports")]) -> Exports:
    """Return the exports of one's area, newest first."""
    async with visiting.visit("exports") as session:
        found = await export_queries.every(session)
    return Exports(exports=[export_answer(one) for one in found])


@router.post("/exports", status_code=status.HTTP_201_CREATED)
async def export(new: NewExport, visiting: Annotated[Visiting, permitted("recordings.export")]) -> Export:
    """Ask for the original bytes of cameras, signed; they are built beside, `state` tells how far they are."""
    since, until = _interval(new.begins_at, new.ends_at, datetime.now(UTC), LONGEST_EXPORT)
    async with visiting.visit("exports") as session:
        for one in await _cameras(session, visiting.viewer, new.cameras):
            await playing.check_whole(session, visiting.viewer, one.id)
        await _check_incident(session, visiting.viewer, new.incident)
        export_id = await export_queries.ask(session, _new_export(new, visiting, since, until))
        visiting.say(about=("exports", export_id), details={"cameras": new.cameras, "legal_basis": new.legal_basis})
        found = await export_queries.find(session, export_id)
        assert found is not None
    return export_answer(found)


@router.post("/exports/{id}/tickets", status_code=status.HTTP_201_CREATED)
async def take_home(
    id: Id, request: Request, visiting: Annotated[Visiting, permitted("recordings.export")]
) -> PlaybackTicket:
    """Hand out a ticket to download an export that is ready."""
    async with visiting.visit("exports", id) as session:
        found = await export_queries.find(session, id)
        if found is None:
            raise Refusal("no_such_export", id=id)
        return await _ticket(session, request, visiting, playing.of_export(found))


def export_answer(one: rows.Export) -> Export:
    """Return an export without where it lies."""
    told = {name: getattr(one, name) for name in Export.model_fields if name not in ("bytes", "sha256", "camera_ids")}
    sha256 = None if one.sha256 is None else one.sha256.hex()
    return Export(bytes=one.size, sha256=sha256, camera_ids=list(one.camera_ids), **told)


@cache
def class_days() -> dict[str, int]:
    """Return how many days each class of recordings is kept."""
    told = json.loads(CLASSES.read_text(encoding="utf-8"))
    return {name: int(one["days"]) for name, one in told.items()}


def _interval(since: datetime, until: datetime, now: datetime, longest: timedelta) -> tuple[datetime, datetime]:
    until = min(until, now)
    if not since < until <= since + longest:
        raise Refusal("wrong_interval", days=longest.days)
    return since, until


async def _cameras(session: Session, viewer: Viewer, ids: list[int]) -> list[search_queries.RecordedCamera]:
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
                **{name: getattr(one, name) for name in ("id", "code", "record", "retention", "state", "sentence")},
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
        if clip is None:
            raise Refusal("no_such_clip", id=asked.event)
        return playing.of_clip(clip)
    assert asked.camera is not None and asked.begins_at is not None and asked.ends_at is not None
    since, until = _interval(asked.begins_at, asked.ends_at, datetime.now(UTC), LONGEST)
    return playing.Asked(kind="playback", camera_id=asked.camera, begins_at=since, ends_at=until)


async def _ticket(session: Session, request: Request, visiting: Visiting, wanted: playing.Asked) -> PlaybackTicket:
    address = cast(Settings, request.app.state.settings).video_address
    if address is None:
        raise Refusal("no_video_door")
    token = await playing.hand_out(session, visiting.viewer, visiting.open_session.kept_id, wanted)
    return PlaybackTicket(
        ticket=token,
        address=as_asked(address, request.headers.get("host", "")),
        begins_at=wanted.begins_at,
        ends_at=wanted.ends_at,
        watermark=visiting.account.name,
        lasts_s=LASTS_S,
    )


async def _held_cameras(session: Session, viewer: Viewer, new: NewHold) -> list[int]:
    await _check_incident(session, viewer, new.incident)
    ids = set(new.cameras)
    if new.event is not None:
        event = await events.find(session, viewer, new.event)
        if event is None:
            raise Refusal("no_such_event", id=new.event)
        ids |= set() if event.camera is None else {event.camera.id}
    if new.incident is not None and not ids:
        ids = set(await hold_queries.cameras_of_incident(session, new.incident))
    if not ids:
        raise Refusal("no_camera_to_hold")
    return [one.id for one in await _cameras(session, viewer, sorted(ids))]


async def _check_incident(session: Session, viewer: Viewer, incident_id: int | None) -> None:
    if incident_id is not None and await incidents.find(session, viewer, incident_id) is None:
        raise Refusal("no_such_incident", id=incident_id)


def _new_hold(new: NewHold, camera_id: int, who: str) -> hold_queries.NewHold:
    return hold_queries.NewHold(
        camera_id=camera_id,
        incident_id=new.incident,
        event_id=new.event,
        begins_at=new.begins_at,
        ends_at=new.ends_at,
        reason=new.reason,
        legal_basis=new.legal_basis,
        set_by=who,
    )


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
