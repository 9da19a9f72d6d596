"""Calibrating a camera: what is asked becomes what the ground floor solves, and what it finds becomes rows."""

from typing import NoReturn

from geo_server.errors import Refusal
from layers.cameras.calibration_queries import Calibrated, CalibratedCamera, NewCalibration
from layers.cameras.optics import Optics, calibration_of, known_of, locator_of, with_found
from layers.sight.calibration import Calibration, by_pose
from layers.sight.drawing import Line, field_of_view
from layers.sight.locator import GeolocateError, Pose


def refused(error: GeolocateError) -> NoReturn:
    """Refuse in the words of the house what the ground floor says in a sentence of its own."""
    raise Refusal(f"calibration_{error.code}", **error.details) from None


def solved(optics: Optics, pose: Pose | None) -> Calibration:
    """Calibrate by the points of what is asked, else by the pose; raises Refusal where neither serves."""
    try:
        if pose is not None and not optics.control_points:
            return by_pose(optics.place, pose, known_of(optics))
        found = calibration_of(optics)
    except GeolocateError as error:
        refused(error)
    if found is None:
        raise Refusal("calibration_few_points", count=0, least=4)
    return found


def to_store(optics: Optics, found: Calibration, by: str) -> NewCalibration:
    """Return what is written of a calibration: the pose as found beside the points that found it."""
    return NewCalibration(optics=with_found(optics, found), error_m=found.median_m, by=by)


def view_of(camera: CalibratedCamera, preset: str | None) -> Calibrated:
    """Return one view of a camera; raises Refusal where it has no preset of that token."""
    if preset is None:
        return camera.calibrated
    for one in camera.presets:
        if one.token == preset:
            return one.calibrated
    raise Refusal("no_such_preset", preset=preset)


def seen_now(camera: CalibratedCamera) -> Line:
    """Return the ground that a camera sees as it stands now; () where nobody can say."""
    view = next((one.calibrated for one in camera.presets if one.token == camera.preset), None)
    view = camera.calibrated if view is None and not camera.presets else view
    if camera.moving or (camera.turned and camera.preset is None) or view is None or view.state == "broken":
        return ()
    try:
        locator = locator_of(view.optics)
    except GeolocateError:
        return ()  # the camera's own state says why
    return () if locator is None else field_of_view(locator)
