"""How the server is: its parts, one by one, open to anyone who can reach the port; and its metrics."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any, Literal

import prometheus_client
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from geo_server.access.current import CurrentEngine
from geo_server.access.visiting import named
from geo_server.api.asked import only
from geo_server.audit import unwritten
from geo_server.audit.doors import Teller
from geo_server.audit.sealing import Sealer
from geo_server.beating import Beat
from layers.areas.scope import visit_whole
from layers.pulse import Pulse, pulse
from layers.recordings import queries
from layers.refusals.tally import Tally

STALE_S = ALERT_S = 60.0
TIGHT_MB, FULL_MB = 2048, 64  # free space; below the first somebody should look, below the second writing fails soon
HEALTH_S = 2.0  # a store that takes longer is told as down
State = Literal["ok", "stale", "down"]


class Part(BaseModel):
    """One part of the house and how it is."""

    name: str
    state: State
    detail: str


class Health(BaseModel):
    """The server and its parts; `degraded` where one of them is not ok."""

    status: Literal["ok", "degraded"]
    version: str
    time: datetime
    parts: list[Part]


router = APIRouter(tags=["health"])
metrics = APIRouter(tags=["health"])


@router.get("/health", dependencies=[Depends(only()), named("health.read")])
async def health(request: Request, engine: CurrentEngine) -> Health:
    """Say how each part is; the answer is 200 also where one is down, because the server itself answers."""
    now = datetime.now(UTC)
    state = request.app.state
    disk = disk_part(shutil.disk_usage(state.settings.home).free // 2**20)
    audit = audit_part(state.sealer, state.refusals, state.teller, now)
    parts = [*await _stored(engine, now), disk, _live(state), _roads(state), audit, _channels(state)]
    parts += [beat_part(beat) for beat in state.beats]
    status: Literal["ok", "degraded"] = "ok" if all(part.state == "ok" for part in parts) else "degraded"
    return Health(status=status, version=_version(), time=now, parts=parts)


@metrics.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def prometheus() -> Response:
    """Return every metric of the process in Prometheus' text format."""
    return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)


async def _stored(engine: CurrentEngine, now: datetime) -> list[Part]:
    try:
        async with asyncio.timeout(HEALTH_S), visit_whole(engine) as session:
            felt, fares, disk = await pulse(session), await queries.faring(session), await queries.disk(session)
    except (SQLAlchemyError, OSError) as error:
        return [Part(name="store", state="down", detail=f"the store does not answer ({type(error).__name__})")]
    store = Part(name="store", state="ok", detail="answers")
    return [store, ingest_part(felt, now), cameras_part(felt), recordings_part(fares, disk)]


def ingest_part(felt: Pulse, now: datetime) -> Part:
    """Judge what comes in by the younger of the last fix and the last frame."""
    if felt.fix_at is None and felt.frame_at is None:
        return Part(name="ingest", state="ok", detail="nothing has come in yet")
    ages = {name: (now - at).total_seconds() for name, at in (("fix", felt.fix_at), ("frame", felt.frame_at)) if at}
    told = ", ".join(f"last {name} {max(age, 0):.0f} s ago" for name, age in ages.items())
    return Part(name="ingest", state="ok" if min(ages.values()) <= STALE_S else "stale", detail=told)


def cameras_part(felt: Pulse) -> Part:
    """Judge the cameras: down where every one is, stale where some are not live."""
    total, live = sum(felt.cameras.values()), felt.cameras.get("live", 0)
    told = ", ".join(f"{count} {state}" for state, count in sorted(felt.cameras.items())) or "no cameras"
    state: State = "ok" if live == total else "stale" if live else "down"
    return Part(name="cameras", state=state, detail=told)


def recordings_part(fares: Mapping[str, int], disk: queries.DiskSeen | None) -> Part:
    """Judge the recordings: down where a camera's cannot be written, stale where one waits or the disk runs full."""
    if not fares:
        return Part(name="recordings", state="ok", detail="no camera is recorded")
    told = ", ".join(f"{count} {state}" for state, count in sorted(fares.items()))
    pressure = "" if disk is None else disk.pressure
    state: State = "down" if fares.get("failing") else "stale" if fares.get("waiting") or pressure else "ok"
    return Part(name="recordings", state=state, detail=f"{told}. {pressure}".rstrip(". ") if pressure else told)


def disk_part(free_mb: int) -> Part:
    """Judge the disk under the home by the MiB that are free on it."""
    state: State = "down" if free_mb < FULL_MB else "stale" if free_mb < TIGHT_MB else "ok"
    return Part(name="disk", state=state, detail=f"{free_mb:,} MiB free")


def audit_part(sealer: Sealer, refusals: Tally, teller: Teller, now: datetime) -> Part:
    """Judge the audit: down where an act was refused of late because it could not be written, else as it is sealed.

    Stale where what the doors refused waits to be told.
    """
    if unwritten.failed_within(ALERT_S):
        return Part(name="audit", state="down", detail="an act was refused: its entry could not be written")
    sealed = sealer.state(now)
    waits = refusals.trouble or teller.trouble
    if sealed.state == "ok" and waits:
        return Part(name="audit", state="stale", detail=waits)
    return Part(name="audit", state=sealed.state, detail=sealed.detail)


def beat_part(beat: Beat) -> Part:
    """Judge what looks every so often by when it last did."""
    state, detail = beat.state()
    return Part(name=beat.name, state=state, detail=detail)


def _live(state: Any) -> Part:
    age_s = state.hub.tick_age_s
    told: State = "ok" if age_s < 2 else "stale" if age_s < 30 else "down"
    return Part(name="live", state=told, detail=f"{state.hub.listeners} listeners, last look {age_s:.1f} s ago")


def _channels(state: Any) -> Part:
    told = state.delivery.state()
    return Part(name="channels", state=told.state, detail=told.detail)


def _roads(state: Any) -> Part:
    if state.roads.loaded:
        return Part(name="roads", state="ok", detail="the road graph is loaded")
    return Part(name="roads", state="stale", detail="no road graph: units are ranked by straight line")


def _version() -> str:
    try:
        return version_of("qyran")
    except PackageNotFoundError:  # run from the tree, not installed
        return "0.1.0"
