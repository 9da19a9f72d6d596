"""Calibrating cameras: what a draft would come to, what is stored, and the one picture that people click in."""

import asyncio
import base64
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import calibration as models
from geo_server.api.models.base import Id, Place
from geo_server.api.models.base import Title as TitleTold
from geo_server.errors import Refusal
from geo_server.operations.calibrating import seen_now, solved, to_store, view_of
from layers.areas.scope import visit_as
from layers.cameras import calibration_queries as calibrations
from layers.cameras.calibration_queries import Calibrated, CalibratedCamera, Snapshot
from layers.cameras.optics import Optics
from layers.changes import ring
from layers.database import Session
from layers.sight import drawing
from layers.sight.calibration import AHEAD_M, Calibration
from layers.sight.locator import Pose
from layers.values import Title

router = APIRouter(tags=["cameras"])
LOOK_AGAIN_S, WAITED_S = 0.2, 8.0
Calibrating = Annotated[Visiting, permitted("cameras.calibrate")]


@router.get("/calibrations")
async def every(visiting: Annotated[Visiting, permitted("cameras.calibrations")]) -> models.Calibrations:
    """Return every camera in the area entered with the state of its calibration, by code."""
    async with visiting.visit("cameras") as session:
        found = await calibrations.every(session, visiting.viewer)
    return models.Calibrations(cameras=[models.CameraBrief.model_validate(one) for one in found])


@router.get("/cameras/{id}/calibration")
async def of_one(id: Id, visiting: Annotated[Visiting, permitted("cameras.calibration")]) -> models.CameraCalibration:
    """Return how a camera is calibrated, as it hangs and at each preset, and the ground that it sees now."""
    async with visiting.visit("cameras", id) as session:
        camera = await _found(session, visiting, id)
    return await asyncio.to_thread(_camera, camera)


@router.post("/cameras/{id}/calibration/draft")
async def draft(
    id: Id, asked: models.AskedCalibration, visiting: Annotated[Visiting, permitted("cameras.draft")]
) -> models.Drafted:
    """Return what points or a pose would come to: residuals, the pose, horizon, rings; nothing is stored."""
    async with visiting.visit("cameras", id) as session:
        optics = _optics(await _found(session, visiting, id), asked)
    return await asyncio.to_thread(lambda: _drafted(solved(optics, _pose(asked))))


@router.put("/cameras/{id}/calibration")
async def calibrate(id: Id, asked: models.AskedCalibration, visiting: Calibrating) -> models.CameraCalibration:
    """Store a calibration, which is good from then on; of a camera in or below the area entered."""
    async with visiting.visit("cameras", id) as session:
        optics = _optics(await _found(session, visiting, id), asked)
        found = await asyncio.to_thread(solved, optics, _pose(asked))
        new = to_store(optics, found, visiting.viewer.name)
        if not await calibrations.write(session, id, asked.preset, new):
            raise Refusal("camera_not_yours", id=id)
        visiting.say(details={"preset": asked.preset, "points": len(asked.points), "error_m": found.median_m})
        camera = await _found(session, visiting, id)
        await ring(session, {"cameras": [id]})
    return await asyncio.to_thread(_camera, camera)


@router.post("/cameras/{id}/snapshot")
async def snapshot(id: Id, visiting: Annotated[Visiting, permitted("video.snapshot")]) -> models.Picture:
    """Take a picture of a camera as it is now; where none comes within seconds, the last one with its own time."""
    async with visiting.visit("cameras", id) as session:
        await _found(session, visiting, id)
        asked_at = await calibrations.ask_picture(session, id, visiting.viewer.name)
    taken = await _awaited(visiting, id, asked_at)
    if taken is None:
        raise Refusal("no_picture_yet", id=id)
    jpeg = base64.b64encode(taken.jpeg).decode()
    return models.Picture(at=taken.at, width_px=taken.width_px, height_px=taken.height_px, jpeg=jpeg)


async def _awaited(visiting: Visiting, camera_id: int, asked_at: datetime) -> Snapshot | None:
    """Return the picture that was asked for once it is there; when it does not come, the last one that did."""
    taken = await _picture(visiting, camera_id)
    for _ in range(int(WAITED_S / LOOK_AGAIN_S)):
        if taken is not None and taken.at >= asked_at:
            return taken
        await asyncio.sleep(LOOK_AGAIN_S)
        taken = await _picture(visiting, camera_id)
    return taken


async def _picture(visiting: Visiting, camera_id: int) -> Snapshot | None:
    async with visit_as(visiting.engine, visiting.viewer) as session:
        return await calibrations.picture(session, camera_id)


async def _found(session: Session, visiting: Visiting, camera_id: int) -> CalibratedCamera:
    camera = await calibrations.find(session, visiting.viewer, camera_id)
    if camera is None:
        raise Refusal("no_such_camera", id=camera_id)
    return camera


def _optics(camera: CalibratedCamera, asked: models.AskedCalibration) -> Optics:
    """Return what is asked as the ground floor takes it; of a picture that is not the camera's size, a Refusal."""
    own = view_of(camera, asked.preset).optics
    size = (own.width_px, own.height_px)
    if None not in size and size != (asked.width_px, asked.height_px):
        raise Refusal("calibration_other_size", width=own.width_px, height=own.height_px)
    return Optics(
        place=own.place,
        width_px=asked.width_px,
        height_px=asked.height_px,
        hfov_deg=asked.hfov_deg,
        control_points=[point.model_dump() for point in asked.points],
        distortion=asked.distortion,
        ground=None if asked.ground is None else asked.ground.model_dump(),
        range_m=asked.range_m,
    )


def _pose(asked: models.AskedCalibration) -> Pose | None:
    return None if asked.pose is None else Pose(**asked.pose.model_dump())


def _drafted(found: Calibration) -> models.Drafted:
    locator = found.locator
    points = [
        models.PointTold(residual_m=apart, suspect=index == found.suspect)
        for index, apart in enumerate(found.residuals_m)
    ]
    east_grade, north_grade = locator.sight.grade
    return models.Drafted(
        pose=models.Pose.model_construct(**asdict(found.pose)),
        k1=found.k1,
        east_grade=east_grade,
        north_grade=north_grade,
        points=points,
        median_m=found.median_m,
        p95_m=found.p95_m,
        horizon=[list(line) for line in drawing.horizon(locator.sight)],
        rings=[_ring(found, away) for away in AHEAD_M],
        field=list(drawing.field_of_view(locator)),
    )


def _ring(found: Calibration, away_m: float) -> models.RingTold:
    drawn = drawing.ring(found.locator, away_m)
    return models.RingTold(
        distance_m=away_m,
        pixels=[list(line) for line in drawn.pixels],
        places=[list(line) for line in drawn.places],
        ellipse_m=drawing.certainty_m(found.locator, away_m),
    )


def _camera(camera: CalibratedCamera) -> models.CameraCalibration:
    views = [(None, camera.name, camera.calibrated), *((one.token, one.name, one.calibrated) for one in camera.presets)]
    plain = ("id", "code", "kind", "preset", "moving")
    return models.CameraCalibration(
        **{name: getattr(camera, name) for name in plain},
        name=TitleTold.model_validate(camera.name),
        place=Place.model_validate(camera.calibrated.optics.place),
        views=[_view(token, name, one) for token, name, one in views],
        field=list(seen_now(camera)),
    )


def _view(token: str | None, name: Title, one: Calibrated) -> models.View:
    own = asdict(one.optics)
    points = own.pop("control_points")
    own.pop("place")
    ground = own.pop("ground")
    return models.View.model_construct(
        **own,
        ground=None if ground is None else models.Ground.model_construct(**ground),
        preset=token,
        name=TitleTold.model_validate(name),
        points=[models.ControlPoint.model_construct(**{"elevation_m": None, **point}) for point in points],
        calibration=one.state,
        error_m=one.error_m,
        calibrated_at=one.at,
        calibrated_by=one.by,
    )
