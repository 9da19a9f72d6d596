"""Calibrating a camera from the shell: control points out of a file, what they come to as a table, and into the row."""

import asyncio
import csv
import io
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.settings import Settings
from ingest.sources.source import SourceError
from layers.cameras import calibration_queries as calibrations
from layers.cameras import queries
from layers.cameras.calibration_queries import Calibrated, CalibratedCamera, NewCalibration
from layers.cameras.optics import Optics, calibration_of, with_found
from layers.changes import ring
from layers.database import engine_for, visit
from layers.sight.calibration import AHEAD_M, Calibration
from layers.sight.control_points import ControlPoint
from layers.sight.drawing import certainty_m
from layers.sight.locator import GeolocateError

COLUMNS = ("x", "y", "lon", "lat", "elevation_m")
LARGEST_FILE = 1_000_000  # bytes
WISHED = 8  # points


class CannotCalibrate(Exception):
    """A camera is not calibrated; the text is one clear sentence."""


REFUSALS = (CannotCalibrate, SourceError)


def points_in(file: Path) -> list[dict[str, Any]]:
    """Return the control points of a .json file, a list of objects, or of a .csv one, whose first line names columns.

    x, y in pixels, lon, lat in degrees, elevation_m optional. CannotCalibrate says what is wrong with the file.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise CannotCalibrate(f"{file} is too large to hold control points.")
        said = file.read_text(encoding="utf-8-sig")
        rows = json.loads(said) if file.suffix.lower() == ".json" else _of_csv(said)
        points = msgspec.convert(rows, list[ControlPoint], strict=False)
    except OSError as error:
        raise CannotCalibrate(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, csv.Error) as error:
        raise CannotCalibrate(f"{file} holds no control points: {error}.") from None
    return [asdict(point) for point in points]


def _of_csv(said: str) -> list[dict[str, str | None]]:
    rows = csv.DictReader(io.StringIO(said), skipinitialspace=True)
    named = {name.strip(): name for name in rows.fieldnames or ()}
    own = {
        column: named.get(column) or (named.get("elevation") if column == "elevation_m" else None) for column in COLUMNS
    }
    if missing := [column for column in COLUMNS[:4] if own[column] is None]:
        raise ValueError(f"its first line names no column {', '.join(missing)}")
    return [{column: row[name] or None for column, name in own.items() if name is not None} for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the shell asks of one camera."""

    camera: str
    points: Path | None
    preset: str | None
    write: bool
    picture: Path | None


async def run(settings: Settings, asked: Asked) -> None:
    """Do it and print what came of it; one of REFUSALS says why not."""
    console = Console(soft_wrap=True)
    engine = engine_for(settings.database_url)
    try:
        if asked.picture is not None:
            width_px, height_px = await take_picture(engine, settings.home, asked.camera, asked.picture)
            console.print(f"{asked.picture}: {width_px} × {height_px} pixels. Click the points in it.")
            if asked.points is None and not asked.write:
                return
        points = None if asked.points is None else points_in(asked.points)
        tell(await calibrate(engine, asked.camera, points, preset=asked.preset, write=asked.write), console)
        console.print("Stored." if asked.write else "Nothing is stored: add --write for that.")
    finally:
        await engine.dispose()


async def calibrate(
    engine: AsyncEngine, code: str, points: list[dict[str, Any]] | None, *, preset: str | None, write: bool
) -> Calibration:
    """Calibrate a camera by points, or judge it by those it has; store it where asked. CannotCalibrate says why not."""
    async with visit(engine) as session:
        camera = await calibrations.named(session, code)
        if camera is None:
            raise CannotCalibrate(f"There is no camera {code}.")
        optics = _optics(_view(camera, preset), points)
        found = _solved(optics)
        if write:
            new = NewCalibration(optics=with_found(optics, found), error_m=found.median_m, by="shell")
            await calibrations.write(session, camera.id, preset, new)
            await ring(session, {"cameras": [camera.id]})
    return found


def _view(camera: CalibratedCamera, preset: str | None) -> Calibrated:
    if preset is None:
        return camera.calibrated
    for one in camera.presets:
        if one.token == preset:
            return one.calibrated
    known = ", ".join(one.token for one in camera.presets) or "none"
    raise CannotCalibrate(f"The camera {camera.code} has no preset {preset}; it has {known}.")


def _optics(view: Calibrated, points: list[dict[str, Any]] | None) -> Optics:
    if not view.optics.width_px or not view.optics.height_px:
        raise CannotCalibrate("The camera's row does not say how large its picture is: take one with --picture first.")
    return view.optics if points is None else replace(view.optics, control_points=points)


def _solved(optics: Optics) -> Calibration:
    try:
        found = calibration_of(optics)
    except GeolocateError as error:
        raise CannotCalibrate(str(error)) from None
    if found is None:
        raise CannotCalibrate("The camera has neither control points nor a pose: give them with --points FILE.")
    return found


async def take_picture(engine: AsyncEngine, home: Path, code: str, file: Path) -> tuple[int, int]:
    """Write what the camera sees now into a file and return its width and height; a row without a size is told it."""
    from ingest.still import still  # video libraries: whoever brings points needs none

    async with visit(engine) as session:
        row = next((one for one in await queries.enabled(session) if one.code == code), None)
        if row is None:
            raise CannotCalibrate(f"There is no enabled camera {code}.")
        snapshot = await asyncio.to_thread(still, row, home)
        if not row.width_px or not row.height_px:
            await calibrations.write_size(session, row.id, snapshot.width_px, snapshot.height_px)
    try:
        await asyncio.to_thread(file.write_bytes, snapshot.jpeg)
    except OSError as error:
        raise CannotCalibrate(f"{file} cannot be written: {error.strerror}.") from None
    return snapshot.width_px, snapshot.height_px


def tell(found: Calibration, console: Console) -> None:
    """Print the residuals, the pose, and how surely what stands at several distances is placed."""
    if found.points:
        console.print(_points_table(found))
    if found.median_m is not None and found.p95_m is not None:
        console.print(f"Left out one by one: median {found.median_m:.2f} m, p95 {found.p95_m:.2f} m.")
    pose = found.pose
    console.print(
        f"Pose: {pose.height_m:.2f} m high, heading {pose.heading_deg:.1f}°, tilt {pose.tilt_deg:.1f}°, "
        f"roll {pose.roll_deg:.1f}°, field of view {pose.hfov_deg:.1f}°; lens k1 {found.k1:+.3f}; "
        f"ground {found.locator.sight.grade[0]:+.3f} east, {found.locator.sight.grade[1]:+.3f} north."
    )
    sure = ((away, certainty_m(found.locator, away)) for away in AHEAD_M)
    told = (f"{away:.0f} m ±{'—' if half is None else f'{half:.1f} m'}" for away, half in sure)
    console.print(f"95 % ellipses straight ahead: {', '.join(told)}.")
    if len(found.points) < WISHED:
        console.print(f"Eight to twelve points are better than {len(found.points)}: spread them over the picture.")


def _points_table(found: Calibration) -> Table:
    table = Table("point", "x", "y", "off, m", "")
    for index, (point, apart) in enumerate(zip(found.points, found.residuals_m, strict=True)):
        off = "—" if apart is None else f"{apart:.2f}"
        says = "the others deny it" if index == found.suspect else ""
        table.add_row(str(index + 1), f"{point.x:.0f}", f"{point.y:.0f}", off, says)
    return table
