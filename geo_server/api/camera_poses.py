"""Hanging a camera otherwise: what a planner drew on the map becomes what the register says."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models import coverage as models
from geo_server.errors import Refusal
from layers.cameras import calibration_queries as calibrations
from layers.cameras import pose_queries as poses
from layers.cameras.calibration_queries import CalibratedCamera
from layers.cameras.pose_queries import NewPose
from layers.changes import ring
from layers.values import LonLat

router = APIRouter(tags=["cameras"])


@router.put("/cameras/{id}/pose")
async def hang(
    id: Id, asked: models.AskedHanging, visiting: Annotated[Visiting, permitted("cameras.hang")]
) -> models.Hung:
    """Write where a camera of the area entered hangs, how high, and where to it looks, or one preset of it does.

    A calibration rests on how it hung: where a good one would be lost, whoever asks has to say that they know.
    """
    new = NewPose(
        place=LonLat(lon=asked.place.lon, lat=asked.place.lat),
        **asked.model_dump(exclude={"place", "preset", "loses_calibration"}),
    )
    async with visiting.visit("cameras", id) as session:
        was = await calibrations.find(session, visiting.viewer, id)
        if was is None:
            raise Refusal("no_such_camera", id=id)
        _known(was, asked.preset)
        lost = await poses.would_lose(session, id, asked.preset, new)
        if lost and not asked.loses_calibration:
            raise Refusal("calibration_would_be_lost", views=len(lost))
        if not await poses.hang(session, id, asked.preset, new):
            raise Refusal("camera_not_yours", id=id)
        visiting.say(details={"preset": asked.preset, "was": _told(was, asked.preset), "is": asdict(new), "lost": lost})
        await ring(session, {"cameras": [id]})
    return models.Hung(id=id, lost=lost)


def _known(camera: CalibratedCamera, preset: str | None) -> None:
    if preset is not None and preset not in {one.token for one in camera.presets}:
        raise Refusal("no_such_preset", preset=preset)


def _told(camera: CalibratedCamera, preset: str | None) -> dict[str, object]:
    view = next((one.calibrated for one in camera.presets if one.token == preset), camera.calibrated)
    optics = asdict(view.optics)
    names = ("place", "height_m", "heading_deg", "tilt_deg", "hfov_deg", "roll_deg")
    return {name: optics[name] for name in names}
