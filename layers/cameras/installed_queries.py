"""How cameras are installed, and what their events showed of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Select,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
)

from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.asking import ask
from layers.cameras.installed import Installed, Posed, Practice
from layers.cameras.table import camera, camera_preset
from layers.database import Session
from layers.events.table import event, event_picture
from layers.values import LonLat, Title
from layers.viewer import Viewer, built_once

PRACTICE_DAYS = 30
LOCAL, NIGHT_FROM, NIGHT_UNTIL = "Asia/Almaty", 23, 3  # hours of the day there
_STREET_DEG = 0.0004  # so near its box a street counts as the one that is watched: some 30 to 45 m
_PLAIN = (
    "id", "code", "area_id", "kind", "owner", "owner_kind", "contract", "installed_on", "model", "height_m",
    "heading_deg", "tilt_deg", "roll_deg", "hfov_deg", "width_px", "height_px", "range_m", "calibration", "turned",
    "modules", "watches",
)  # fmt: skip
_MOVING = ("line_crossing", "zone_motion", "motion", "loitering", "wrong_way", "vehicle_stopped", "counting")
_NONE: Any = text("'[]'::jsonb")
_NO_FACTS: Any = text("'{}'::jsonb")
_PAGE = 5_000  # rows at once: while they are read, nobody else is answered


async def installed(
    session: Session,
    viewer: Viewer | None,
    *,
    area_id: int | None = None,
    owner: str | None = None,
    camera_id: int | None = None,
) -> list[Installed]:
    """Return the cameras that hang somewhere, by id: of the viewer, None for all; drones hang nowhere.

    Narrowed to an area and all below it, to an owner, '' for those whose owner nobody told, or to one camera.
    """
    asked = _ALL if viewer is None else _asked(viewer)
    told = {"area": area_id, "owner": owner, "camera": camera_id}
    presets = await _known_presets(session)
    found: list[Installed] = []
    while page := await ask(session, asked, {**told, "past": found[-1].id if found else 0}):
        found += (_installed(row, presets) for row in page)
    return found


async def practice(session: Session, viewer: Viewer | None) -> dict[int, Practice]:
    """Return what the events of the last 30 days that nobody rejected showed, by camera."""
    rows = await ask(session, _ALL_PRACTISED if viewer is None else _practised_by(viewer))
    return {row[0]: Practice(**dict(zip(_SHOWN, row[1:], strict=True))) for row in rows}


async def streets(session: Session, spots: Mapping[int, LonLat]) -> dict[int, float]:
    """Return how the nearest street runs where a camera looks, degrees from true north; none where none is near."""
    ids = list(spots)
    told = {"ids": ids, "lons": [spots[one].lon for one in ids], "lats": [spots[one].lat for one in ids]}
    rows = await session.execute(_STREETS, {**told, "near": _STREET_DEG})
    return {row.id: row.bearing for row in rows if row.bearing is not None}


def _hung() -> Select[Any]:
    names = [camera.c[f"name_{language}"] for language in ("kk", "ru", "en")]
    lon, lat = func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat")
    masked = (camera.c.masks != _NONE).label("masked")
    live = (camera.c.state == "live").label("live")
    # Most rows tell neither: what is not there needs no reading as JSON, which took as long as all else.
    facts, rules = func.nullif(camera.c.facts, _NO_FACTS), func.nullif(camera.c.rules, _NONE)
    pointed = (camera.c.control_points != _NONE).label("pointed")
    asked = select(*(camera.c[name] for name in _PLAIN), facts, rules, masked, live, pointed, *names, lon, lat)
    return asked.where(camera.c.kind != "drone", *_narrowed()).order_by(camera.c.id).limit(_PAGE)


def _narrowed() -> Sequence[ColumnElement[bool]]:
    root, owner = bindparam("area", type_=BigInteger), bindparam("owner", type_=camera.c.owner.type)
    one, past = bindparam("camera", type_=BigInteger), bindparam("past", type_=BigInteger)
    below = select(area.c.id).where(root == any_(area.c.path))
    return (
        or_(root.is_(None), camera.c.area_id.in_(below)),
        or_(owner.is_(None), func.coalesce(camera.c.owner, "") == owner),
        or_(one.is_(None), camera.c.id == one),
        camera.c.id > past,
    )


@built_once
def _asked(viewer: Viewer) -> Select[Any]:
    return _hung().where(seen_by(viewer, camera.c.area_id))


_ALL, _SHOWN = _hung(), tuple(Practice.__dataclass_fields__)


async def _known_presets(session: Session) -> dict[int, list[Posed]]:
    """Return by camera the presets whose heading, tilt and lens somebody told, and which were not shifted since."""
    found: dict[int, list[Posed]] = {}
    for camera_id, token, kk, ru, en, *posed in await ask(session, _PRESETS, {}):
        one = Posed(token=token, name=Title(kk=kk, ru=ru, en=en), **dict(zip(_POSED, posed, strict=True)))
        found.setdefault(camera_id, []).append(one)
    return found


def _told_presets() -> Select[Any]:
    p = camera_preset.c
    pointed = (p.control_points != _NONE).label("pointed")
    asked = select(p.camera_id, p.token, p.name_kk, p.name_ru, p.name_en, *(p[name] for name in _POSED[:-1]), pointed)
    known = (p[name].is_not(None) for name in ("heading_deg", "tilt_deg", "hfov_deg"))
    of_ptz = asked.select_from(camera_preset.join(camera, camera.c.id == p.camera_id)).where(camera.c.kind == "ptz")
    return of_ptz.where(*known, p.calibration != "broken").order_by(p.camera_id, p.id)


_POSED = ("heading_deg", "tilt_deg", "roll_deg", "hfov_deg", "pointed")
_PRESETS = _told_presets()


def _installed(row: Any, presets: Mapping[int, Sequence[Posed]]) -> Installed:
    *plain, facts, functions, masked, live, pointed, kk, ru, en, lon, lat = row
    return Installed(
        name=Title(kk=kk, ru=ru, en=en),
        place=LonLat(lon=lon, lat=lat),
        facts=facts or {},
        functions=functions or (),
        masked=masked,
        live=live,
        pointed=pointed,
        presets=presets.get(row.id, ()),
        **dict(zip(_PLAIN, plain, strict=True)),
    )


# ── what events showed ──────────────────────────────────────────────────────────────────────────────────────────


def _practised() -> Select[Any]:
    kind, how = event.c.kind, event.c.details["how"].astext
    shakes, tampered = kind == "camera_shaking", kind == "camera_tampering"
    size = _size_px2()
    shown = (
        func.max(_number("swing_percent")).filter(shakes),
        func.max(event.c.at).filter(tampered, or_(how == "covered", and_(how == "dark", ~_by_night()))),
        func.max(event.c.at).filter(tampered, how == "bright"),
        func.max(event.c.at).filter(tampered, how == "dark", _by_night()),
        _exceeded(size).filter(kind.in_(_MOVING)),
        _exceeded(size).filter(kind == "abandoned_object"),
        _exceeded(_number("plate_width_px")).filter(kind == "plate_hit"),
    )
    joined = event.join(camera, camera.c.id == event.c.camera_id).outerjoin(
        event_picture, event_picture.c.event_id == event.c.id
    )
    since = event.c.received_at > func.now() - func.make_interval(0, 0, 0, PRACTICE_DAYS)
    asked = select(event.c.camera_id, *(one.label(name) for one, name in zip(shown, _SHOWN, strict=True)))
    return asked.select_from(joined).where(since, event.c.state != "rejected").group_by(event.c.camera_id)


def _by_night() -> ColumnElement[bool]:
    """Say whether it happened between 23 and 3 o'clock, when the sun is down all year round in all of Kazakhstan."""
    hour = func.extract("hour", func.timezone(LOCAL, event.c.at))
    return or_(hour >= NIGHT_FROM, hour < NIGHT_UNTIL)


def _number(name: str) -> ColumnElement[float]:
    """Return a number of an event's details; whoever sent it from outside may have put anything there."""
    value = event.c.details[name]
    return case((func.jsonb_typeof(value) == "number", cast(value.astext, Float)))


def _size_px2() -> ColumnElement[float]:
    """Return what a box covers of the camera's own picture: the kept one may be smaller."""
    box = event_picture.c.box
    wide, high = box[3] - box[1], box[4] - box[2]
    scale = cast(camera.c.width_px, Float) / event_picture.c.width_px
    return cast(wide * high, Float) * scale * scale


def _exceeded(value: ColumnElement[float]) -> Any:
    return func.percentile_disc(literal_column("0.1")).within_group(value)


@built_once
def _practised_by(viewer: Viewer) -> Select[Any]:
    return _practised().where(seen_by(viewer, camera.c.area_id))


_ALL_PRACTISED = _practised()

# ── how streets run ─────────────────────────────────────────────────────────────────────────────────────────────

# The bearing of the nearest road, from a little before the nearest point of it to a little after.
_STREETS = text(
    """SELECT spot.id,
              degrees(ST_Azimuth(CAST(ST_LineInterpolatePoint(geom, greatest(at - 0.01, 0)) AS geography),
                                 CAST(ST_LineInterpolatePoint(geom, least(at + 0.01, 1)) AS geography))) AS bearing
         FROM (SELECT id, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
                 FROM unnest(CAST(:ids AS bigint[]), CAST(:lons AS float[]), CAST(:lats AS float[])) u(id, lon, lat)
              ) spot,
              LATERAL (SELECT geom, ST_LineLocatePoint(geom, point) AS at FROM road
                        WHERE geom && ST_Expand(point, :near, :near) ORDER BY geom <-> point, road.id LIMIT 1) one"""
)
