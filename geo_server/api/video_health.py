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
from layers.cameras import health
from layers.cameras.health import CameraHealth, Faring
from layers.cameras.layer import LAYER
from layers.cameras.reasons import Reason, message
from layers.features import may_see

router = APIRouter(prefix="/video", tags=["video"])


@router.get("/health", dependencies=[Depends(only("camera"))])
async def how_all_fare(
    visiting: Annotated[Visiting, permitted("cameras.health")], camera: SomeId | None = None
) -> models.VideoHealth:
    """Return every camera in sight, or one, with its state and its counters; to some roles none is shown."""
    async with visiting.visit("cameras") as session:
        seen = may_see(LAYER, visiting.viewer)
        found = await health.of_all(session, visiting.viewer, only=camera) if seen else []
    now = datetime.now(UTC)
    cameras = [_told(one, now) for one in found]
    return models.VideoHealth(at=now, totals=_totals(cameras), cameras=cameras)


def _told(one: Faring, now: datetime) -> models.CameraFaring:
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
        counters=None if one.health is None else _counters(one.health, lives=state == "live"),
    )


def _counters(told: CameraHealth, *, lives: bool) -> models.Counters:
    """Return what was counted; what has gone, perhaps while something moved before it, is active no longer."""
    return models.Counters.model_validate(replace(told, active=told.active and lives))


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
        active=sum(one.active for one in told),
        dropped=sum(one.dropped for one in told),
        faults=sum(one.faults for one in told),
    )
