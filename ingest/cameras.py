"""The running cameras: which ones there are comes from rows, how they are goes back into rows."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import report
from ingest.detectors.detector import ObjectDetector
from ingest.detectors.register import OBJECT_DETECTORS
from ingest.faring import Faring
from ingest.flying import Flights
from ingest.leases import Held, LeaseLost, Leases, writable
from ingest.models.tfjs import ModelError
from ingest.plates import keeping
from ingest.plates.hotlist import LiveHotlist
from ingest.values import EventDraft
from ingest.video_metrics import EVENTS, LIVE
from ingest.watching import Watching
from layers.cameras import calibration_queries, queries, standing_queries, view_queries
from layers.cameras.calibration_queries import Snapshot
from layers.cameras.queries import CameraRow, CameraState
from layers.changes import ring
from layers.database import Session, visit

log = structlog.get_logger()

LOOK_S = 1.0  # how often rows are compared with what runs
TELL_S = 5.0  # how often a live camera's last frame is written
ASKED_S = 60.0  # after so long nobody waits for a picture
MOST_WAITING = 500  # events that wait for a database that is away
ATTEND_S = 1.0  # how often it is looked whether a worker is stuck, at most
Drafts = asyncio.Queue[tuple[EventDraft, Held | None]]  # each with the lease it was seen under


@dataclass(frozen=True, slots=True)
class Attended:
    """After how many seconds with one frame a worker is stuck, and whom to tell the camera's id."""

    over_s: float
    tell: Callable[[int], None]


async def run_cameras(
    engine: AsyncEngine,
    home: Path,
    *,
    card: str = "nanodet.card.json",
    look_s: float = LOOK_S,
    mine: Callable[[], frozenset[int]] | None = None,
    leases: Leases | None = None,
    shard: str = "shard-1",
    attended: Attended | None = None,
) -> None:
    """Run every enabled camera, or of them those that are `mine`, until cancelled; `card` names the model.

    Without a usable model, rules that ask for motion alone still work. A database that goes away is waited for. Where
    machines share cameras, `leases` are this shard's, and it writes of a camera only while it holds its lease.
    `attended` hears of a worker that is stuck.
    """
    drafts: Drafts = asyncio.Queue(MOST_WAITING)
    loop = asyncio.get_running_loop()

    def tell(draft: EventDraft) -> None:
        waiting = leases.mark(draft) if leases is not None else (draft, None)
        if waiting is not None:
            with suppress(RuntimeError):  # the loop has just closed: the process is going down
                loop.call_soon_threadsafe(_wait_in, drafts, *waiting)

    detector = await asyncio.to_thread(_open_detector, home / "models" / card)
    hotlist = LiveHotlist()
    watching = Watching(home, detector, tell, workers=1 if mine else os.cpu_count() or 1, hotlist=hotlist)
    parts = (
        _report(engine, drafts, leases),
        keeping.keep(engine, hotlist),
        _follow(engine, watching, look_s, mine, leases, shard),
        *([_attend(watching, attended)] if attended else []),
    )
    try:
        async with asyncio.TaskGroup() as group:  # a part that fails takes the others along: none is missing unseen
            for part in parts:
                group.create_task(part)
    finally:
        await asyncio.to_thread(watching.stop)


async def _attend(watching: Watching, attended: Attended) -> None:
    """Tell of a frame that a worker does not come back from: it holds up every camera, and no beat misses it."""
    while True:
        if (row := watching.stuck(attended.over_s)) is not None:
            log.error("worker_stuck", camera=row.code, seconds=attended.over_s)
            attended.tell(row.id)
        await asyncio.sleep(min(ATTEND_S, attended.over_s))


def _open_detector(card: Path) -> ObjectDetector | None:
    try:
        return OBJECT_DETECTORS[0].open(card)
    except ModelError as error:
        log.error("no_detector", reason=str(error))
    except Exception as error:
        log.error("no_detector", exc_info=error)
    return None


def _wait_in(drafts: Drafts, draft: EventDraft, lease: Held | None) -> None:
    try:
        drafts.put_nowait((draft, lease))
    except asyncio.QueueFull:
        log.error("event_lost", kind=draft.kind, source=draft.source, reason="the database has been away for too long")


async def _report(engine: AsyncEngine, drafts: Drafts, leases: Leases | None) -> None:
    """Write events as they come; while the database is away they wait, and their ids keep repeats out."""
    while True:
        draft, lease = await drafts.get()
        while True:
            try:
                event_id = await report.event(engine, draft, lease)
                break
            except LeaseLost:
                log.error("event_lost", kind=draft.kind, source=draft.source, reason="another shard runs the camera")
                event_id = None
                if leases is not None and lease is not None:
                    leases.drop(lease)
                break
            except (DBAPIError, OSError) as error:
                log.warning("event_waits", kind=draft.kind, reason=type(error).__name__)
                if report.is_refused(error):
                    log.error("event_refused", kind=draft.kind, source=draft.source, reason=type(error).__name__)
                    event_id = None
                    break
                await asyncio.sleep(2.0)
        if event_id is not None:
            EVENTS.labels(draft.kind).inc()
            log.info("event_written", kind=draft.kind, source=draft.source, event_id=event_id)


async def _follow(
    engine: AsyncEngine,
    watching: Watching,
    look_s: float,
    mine: Callable[[], frozenset[int]] | None,
    leases: Leases | None,
    shard: str,
) -> None:
    """Compare rows with what runs, and write back how the cameras are and fare, for ever."""
    told: dict[int, CameraState] = {}
    faring = Faring(shard, leases)
    flights = Flights(leases=leases)
    while True:
        LIVE.set(sum(watch.health().state == "live" for watch in watching.watches.values()))
        try:
            async with visit(engine) as session:
                rows = await queries.enabled(session, mine() if mine else None)
                stands = await queries.now(session, [row.id for row in rows])
            await _start(engine, watching, rows, leases)
            watching.stand(stands)
            await _tell(engine, watching, told, leases)
            await faring.tell(engine, watching)
            await flights.follow(engine, {one: watch.health().place for one, watch in watching.watches.items()})
            await _show(engine, watching, leases)
        except (DBAPIError, OSError) as error:
            log.warning("cameras_wait", reason=type(error).__name__)
            if mine:  # what another runs by now is let go of, whether the store is there or not
                own = [watch.row for camera_id, watch in watching.watches.items() if camera_id in mine()]
                await asyncio.to_thread(watching.keep, own)
        await asyncio.sleep(look_s)


async def _start(engine: AsyncEngine, watching: Watching, rows: Sequence[CameraRow], leases: Leases | None) -> None:
    """Keep the views that cameras are held to, and run these cameras, each with the view that it had before."""
    taken, new = watching.views_taken(), watching.to_start(rows)
    if not taken and not new:
        await asyncio.to_thread(watching.keep, rows)
        return
    async with visit(engine) as session:
        held = await writable(session, leases, {camera_id for camera_id, _ in taken})
        await view_queries.keep(session, {key: view for key, view in taken.items() if key[0] in held})
        views = await view_queries.kept(session, new)
    await asyncio.to_thread(watching.keep, rows, views)
    async with visit(engine) as session:
        await view_queries.forget(session, watching.held_at(new))


async def _show(engine: AsyncEngine, watching: Watching, leases: Leases | None) -> None:
    """Write the pictures that were taken, and let those be taken that somebody asks for."""
    taken = watching.pictures_taken()
    async with visit(engine) as session:
        held = await writable(session, leases, [camera_id for camera_id, _ in taken])
        kept = [one for one in taken if one[0] in held and await _stood_there(session, *one)]
        await calibration_queries.keep_pictures(session, kept)
        watching.want_pictures(await calibration_queries.pictures_asked(session, ASKED_S))


async def _stood_there(session: Session, camera_id: int, one: Snapshot) -> bool:
    """Say whether a camera that turns stood where the masks in its picture were drawn, and not elsewhere already."""
    if one.preset is None:
        return True
    stood = await standing_queries.stood(session, camera_id, one.at)
    return stood is None or stood.at(stood.asked_at) == stood.at(min(one.at, stood.asked_at)) == one.preset


async def _tell(engine: AsyncEngine, watching: Watching, told: dict[int, CameraState], leases: Leases | None) -> None:
    """Write the states that changed, and now and then the last frame of the others; ring only for changes."""
    now = datetime.now(UTC)
    for gone in told.keys() - watching.watches.keys():  # whoever runs it meanwhile tells other states
        del told[gone]
    states = [_state(camera_id, watching, now) for camera_id in watching.watches]
    changed = [state for state in states if _word(told.get(state.camera_id)) != _word(state)]
    due = [s for s in states if s in changed or (now - told[s.camera_id].at).total_seconds() >= TELL_S]
    if not due:
        return
    async with visit(engine) as session:
        held = await writable(session, leases, [state.camera_id for state in due])
        due = [state for state in due if state.camera_id in held]
        await queries.write_states(session, due)
        await ring(session, {"cameras": [state.camera_id for state in changed if state in due]})
    told.update({state.camera_id: state for state in due})


def _word(state: CameraState | None) -> tuple[str, list[str]] | None:
    """Return what a person would notice of a state; the seconds in "no frame for 7 s" are no news."""
    return None if state is None else (state.state, [one.code for one in state.why])


def _state(camera_id: int, watching: Watching, now: datetime) -> CameraState:
    health = watching.watches[camera_id].health()
    fps = None if health.fps is None else round(health.fps, 1)
    return CameraState(
        camera_id=camera_id,
        state=health.state,
        at=now,
        why=health.why,
        last_frame_at=health.last_frame_at,
        fps=fps,
    )
