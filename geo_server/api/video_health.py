"""How the cameras fare: what each delivers, what it costs, since when it is silent."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import video_health as models
from geo_server.api.models.base import SomeId
from geo_server.operations.camera_state import standing
from geo_server.operations.recording_faring import recording
from geo_server.record.schema import Language
from geo_server.record.words import window
from layers.cameras import health
from layers.cameras.health import CameraHealth, Faring
from layers.cameras.layer import LAYER
from layers.cameras.reasons import Reason, message
from layers.features import may_see
from layers.recordings import queries as recordings
from layers.recordings.queries import Fares

router = APIRouter(prefix="/video", tags=["video"])
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")


@router.get("/health", dependencies=[Depends(only("camera"))])
async def how_all_fare(
    visiting: Annotated[Visiting, permitted("cameras.health")], camera: SomeId | None = None
) -> models.VideoHealth:
    """Return every camera in sight, or one, with its state and its counters; to some roles none is shown."""
    async with visiting.visit("cameras") as session:
        seen = may_see(LAYER, visiting.viewer)
        found = await health.of_all(session, visiting.viewer, only=camera) if seen else []
        recorded = await recordings.fares(session, visiting.viewer, only=camera) if seen else {}
    now = datetime.now(UTC)
    cameras = [_told(one, recorded.get(one.id), now) for one in found]
    return models.VideoHealth(at=now, totals=_totals(cameras), cameras=cameras)


def _told(one: Faring, recorded: Fares | None, now: datetime) -> models.CameraFaring:
    state, why = standing(one, now)
    age_s = None if one.last_frame_at is None else max(0.0, (now - one.last_frame_at).total_seconds())
    return models.CameraFaring(
        id=one.id,
        code=one.code,
        name=models.Title.model_validate(one.name),
        kind=one.kind,
        enabled=one.enabled,
        life_safety=one.life_safety,
        state=state,
        reasons=[_reason(each) for each in why],
        fps=one.fps if state == "live" else None,
        onvif_fault=one.onvif_fault,
        frame_age_s=None if age_s is None else round(age_s, 1),
        recording=None if recorded is None else _recording(recorded, now),
        counters=None if one.health is None else _counters(one.health, lives=state == "live"),
    )


def _counters(told: CameraHealth, *, lives: bool) -> models.Counters:
    """Return what was counted; what has gone, perhaps while something moved before it, is active no longer."""
    return models.Counters.model_validate(replace(told, active=told.active and lives))


def _recording(of: Fares, now: datetime) -> models.RecordingFaring:
    state, hinders = recording(of, now)
    reason = None if hinders is None else models.Reason(code=hinders, message=_hinders(hinders))
    return models.RecordingFaring(record=of.record, state=state, reason=reason)


def _hinders(code: str) -> models.Title:
    """Return what the windows say of what hinders a recording; of what they have no words for its code."""
    kk, ru, en = (window(f"archive.hinders.{code}", language) or code for language in LANGUAGES)
    return models.Title(kk=kk, ru=ru, en=en)


def _reason(told: Reason) -> models.Reason:
    return models.Reason(code=told.code, message=models.Title.model_validate(message(told)))


def _totals(cameras: list[models.CameraFaring]) -> models.Totals:
    states = Counter(one.state for one in cameras if one.enabled)
    told = [one.counters for one in cameras if one.enabled and one.counters is not None]
    return models.Totals(
        cameras=len(cameras),
        off=sum(not one.enabled for one in cameras),
        live=states["live"],
        stale=states["stale"],
        down=states["down"],
        unknown=states["unknown"],
        not_recorded=sum(one.recording is not None and one.recording.reason is not None for one in cameras),
        active=sum(one.active for one in told),
        dropped=sum(one.dropped for one in told),
        faults=sum(one.faults for one in told),
    )
