"""Which cameras see a place: those around it, their presets, and the buildings on the way."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

import shapely
from sqlalchemy import ColumnElement, LargeBinary, Select, bindparam, func, select

from layers.areas.queries import seen_by
from layers.asking import ask, ask_each
from layers.buildings.table import building
from layers.cameras.blocking import Building, blocked, sight_lines
from layers.cameras.sight import OPEN, Sighting, View, Watcher, best_first, past, sighting
from layers.cameras.table import camera, camera_preset
from layers.database import Session
from layers.near import around, away_m, in_box, in_reach
from layers.values import LonLat, Title
from layers.viewer import Viewer, built_once

MOST_NEAR = 100  # beyond that nobody chooses by reading a list
HERE_M = 0.0  # around a place itself: the boxes of cameras' ranges hold it or do not
_NAMES = ("name_kk", "name_ru", "name_en")
_PLAIN = ("id", "code", "kind", "height_m", "heading_deg", "tilt_deg", "hfov_deg", "roll_deg", "range_m", "width_px",
          "height_px", "preset", "moving", "turned", "state", "enabled", *_NAMES)  # fmt: skip


async def seeing(session: Session, viewer: Viewer, place: LonLat) -> list[Sighting]:
    """Return the cameras of the viewer that reach a place by their range, who sees it best first."""
    found = await _watchers(session, _asked_reaching(viewer), place, HERE_M)
    return (await _sightings(session, place, found))[:MOST_NEAR]


async def near(session: Session, viewer: Viewer, place: LonLat, *, radius_m: float) -> list[Sighting]:
    """Return the nearest cameras within `radius_m` metres that the viewer sees, who sees the place best first."""
    return await _sightings(session, place, await _watchers(session, _asked_near(viewer), place, radius_m))


async def _sightings(session: Session, place: LonLat, found: Sequence[Watcher]) -> list[Sighting]:
    free = [sighting(one, place) for one in found]
    open_to = [one.watcher for one in free if one.sight in OPEN]
    hidden = blocked(place, open_to, await _between(session, place, open_to))
    return best_first([past(one, hidden.get(one.watcher.id)) for one in free])


async def _watchers(
    session: Session, asked: tuple[Select[Any], Select[Any]], place: LonLat, radius_m: float
) -> list[Watcher]:
    told = around(place, radius_m)
    rows, presets = await ask_each(session, (asked[0], told), (asked[1], told))
    views = {camera_id: tuple(map(_preset, own)) for camera_id, own in groupby(presets, lambda row: row.camera_id)}
    return [_watcher(row, views.get(row.id, ())) for row in rows]


@built_once
def _asked_near(viewer: Viewer) -> tuple[Select[Any], Select[Any]]:
    found = in_box(camera.c.geom), in_reach(away_m(camera.c.geom)), seen_by(viewer, camera.c.area_id)
    nearest = _cameras(*found).order_by(away_m(camera.c.geom), camera.c.id).limit(MOST_NEAR)
    return nearest, _presets(*found)


@built_once
def _asked_reaching(viewer: Viewer) -> tuple[Select[Any], Select[Any]]:
    here = in_box(camera.c.reach), away_m(camera.c.geom) <= camera.c.range_m, seen_by(viewer, camera.c.area_id)
    return _cameras(*here), _presets(*here)


def _cameras(*where: ColumnElement[bool]) -> Select[Any]:
    lon, lat = func.ST_X(camera.c.geom).label("lon_"), func.ST_Y(camera.c.geom).label("lat_")
    asked = select(*(camera.c[name] for name in _PLAIN), lon, lat, away_m(camera.c.geom).label("distance_m"))
    return asked.where(*where)


def _presets(*where: ColumnElement[bool]) -> Select[Any]:
    one = camera_preset.c
    asked = select(one.camera_id, one.token, one.heading_deg, one.tilt_deg, one.hfov_deg)
    joined = asked.select_from(camera_preset.join(camera, camera.c.id == one.camera_id))
    return joined.where(*where).order_by(one.camera_id, one.id)


async def _between(session: Session, place: LonLat, watchers: Sequence[Watcher]) -> list[Building]:
    """Return the buildings that some line of sight crosses; the GiST index on `geom` serves it."""
    if not watchers:
        return []
    rows = await ask(session, _crossed(), {"lines": shapely.to_wkb(sight_lines(place, watchers))})
    return [
        Building(outline=shapely.from_wkb(bytes(row.outline)), height_m=row.height_m, levels=row.levels) for row in rows
    ]


@cache
def _crossed() -> Select[Any]:
    lines = func.ST_GeomFromWKB(bindparam("lines", type_=LargeBinary), 4326)
    asked = select(building.c.height_m, building.c.levels, func.ST_AsBinary(building.c.geom).label("outline"))
    return asked.where(building.c.geom.bool_op("&&")(lines), func.ST_Intersects(building.c.geom, lines))


def _preset(row: Any) -> View:
    return View(heading_deg=row.heading_deg, tilt_deg=row.tilt_deg, hfov_deg=row.hfov_deg, token=row.token)


def _watcher(row: Any, presets: tuple[View, ...]) -> Watcher:
    home = View(heading_deg=row.heading_deg, tilt_deg=row.tilt_deg, hfov_deg=row.hfov_deg)
    return Watcher(
        id=row.id,
        code=row.code,
        name=Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en),
        kind=row.kind,
        place=LonLat(lon=row.lon_, lat=row.lat_),
        distance_m=round(row.distance_m, 1),
        state=row.state,
        enabled=row.enabled,
        moving=row.moving,
        height_m=row.height_m,
        roll_deg=row.roll_deg,
        range_m=row.range_m,
        size_px=(row.width_px, row.height_px) if row.width_px and row.height_px else None,
        view=next((view for view in presets if view.token == row.preset), home),
        presets=presets if row.kind == "ptz" else (),
        turned=row.turned and row.kind == "ptz" and row.preset is None,
    )
