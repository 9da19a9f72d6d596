"""Six demo cameras over real pedestrians: two by RTSP, four by file, each at a crossing of its own district."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ingest.demo.past import Address
from layers.cameras.queries import NewCamera, point_at, put_up
from layers.changes import ring
from layers.database import Session
from layers.sight.ground import from_metres
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat, Title

SIZE_PX = (768, 576)  # vtest.avi
CLIP = "fetched/vtest.avi"
# The clip's own camera, read off its pedestrians: they are 1.72 m tall, 0.239 px grow a px down the picture, and their
# feet meet the horizon 353 px above the middle; with a 1150 px focal length that is a mast of 7.2 m tilted by 17 deg.
HEIGHT_M, TILT_DEG, HFOV_DEG = 7.2, 17.1, 36.9
NEAR_DEG = 0.004  # some 400 m: so near lies a crossing of the demo city to each of its cameras
EVERY_S, APART_S = 240.0, 40.0  # each camera tells every four minutes, and the six take turns
POINTS_AT = ((90, 210), (300, 190), (560, 180), (700, 230), (740, 400), (560, 460), (300, 400), (80, 500), (400, 300))

ROAD_LINE = {"function": "line_crossing", "settings": {"line": [[560, 150], [560, 430]]}}
WALK_LINE = {"function": "line_crossing", "settings": {"line": [[330, 140], [330, 340]]}}
INBOUND = {"function": "line_crossing", "settings": {"line": [[640, 150], [640, 440]], "direction": "right_to_left"}}
JUNCTION = [[400, 180], [700, 180], [760, 430], [420, 330]]
WINDOWS = [[0, 0], [150, 0], [150, 90], [0, 90]]
YARD = [[100, 150], [420, 150], [420, 340], [20, 260]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demo:
    """One demo camera: where it hangs, which way it looks, where in the clip it starts and what it watches for."""

    code: str
    title: Title
    place: LonLat
    heading_deg: float
    rule: dict[str, Any]
    start_s: int
    rtsp_name: str | None = None
    by_points: bool = False


def _zone(zone: list[list[int]], dwell_s: float) -> dict[str, Any]:
    return {"function": "zone_motion", "settings": {"zone": zone, "dwell_s": dwell_s}}


def _title(kk: str, ru: str, en: str) -> Title:
    return Title(kk=kk, ru=ru, en=en)


DEMO = (
    _Demo(
        code="ALM-001",
        title=_title("Абай даңғылы – Желтоқсан көшесі", "Абая – Желтоксан", "Abai Avenue – Jeltoqsan Street"),
        place=LonLat(lon=76.9402, lat=43.2401),
        heading_deg=35,
        rule=ROAD_LINE,
        start_s=0,
        rtsp_name="crossing-1",
    ),
    _Demo(
        code="ALM-002",
        title=_title("Төле би көшесі – Достық даңғылы", "Толе би – Достык", "Tole Bi Street – Dostyq Avenue"),
        place=LonLat(lon=76.9592, lat=43.2551),
        heading_deg=120,
        rule=_zone(JUNCTION, 3.0),
        start_s=12,
        by_points=True,
    ),
    _Demo(
        code="ALM-003",
        title=_title("Райымбек даңғылы – Сүйінбай даңғылы", "Райымбека – Суюнбая", "Raiymbek Avenue – Suiinbai Avenue"),
        place=LonLat(lon=76.9477, lat=43.2702),
        heading_deg=210,
        rule=WALK_LINE,
        start_s=25,
    ),
    _Demo(
        code="ALM-004",
        title=_title("Сәтбаев көшесі – Гагарин даңғылы", "Сатпаева – Гагарина", "Satbayev Street – Gagarin Avenue"),
        place=LonLat(lon=76.8967, lat=43.2369),
        heading_deg=300,
        rule=INBOUND,
        start_s=38,
        rtsp_name="crossing-2",
        by_points=True,
    ),
    _Demo(
        code="ALM-005",
        title=_title("Рысқұлов даңғылы – Сейфуллин даңғылы", "Рыскулова – Сейфуллина", "Ryskulov Ave – Seifullin Ave"),
        place=LonLat(lon=76.9327, lat=43.2896),
        heading_deg=75,
        rule=_zone(YARD, 2.0),
        start_s=51,
    ),
    _Demo(
        code="ALM-006",
        title=_title("Жандосов көшесі – Момышұлы көшесі", "Жандосова – Момышулы", "Jandosov Street – Momyshuly Street"),
        place=LonLat(lon=76.8302, lat=43.2271),
        heading_deg=255,
        rule=ROAD_LINE,
        start_s=64,
        by_points=True,
    ),
)


async def seed_cameras(session: Session, crossings: Sequence[Address] = ()) -> list[int]:
    """Put up the demo's cameras that are not there yet, tell the house, and return the ids of the new ones.

    They hang where `crossings` has a crossing nearby, else, in a city that is not the demo's, at crossings of that one.
    The RTSP ones point at QYRAN_RTSP_PORT of this machine (8554), also those that were there and pointed elsewhere.
    """
    port = int(os.environ.get("QYRAN_RTSP_PORT", "8554"))
    new = [_new(turn, hung(turn, crossings), port) for turn in range(len(DEMO))]
    ids = await put_up(session, new)
    moved = await point_at(session, {camera.code: camera.url for camera in new if camera.reader == "rtsp"})
    await ring(session, {"cameras": [*ids, *moved]})
    return ids


def hung(turn: int, crossings: Sequence[Address]) -> _Demo:
    """Return the demo camera of that turn as it hangs in the city that has these crossings."""
    demo = DEMO[turn]
    if not crossings or any(_near(crossing.place, demo.place) for crossing in crossings):
        return demo
    spot = crossings[(turn + 1) * len(crossings) // (len(DEMO) + 1)]
    return replace(demo, place=spot.place, title=_title(spot.words, spot.words, spot.words))


def _near(a: LonLat, b: LonLat) -> bool:
    return abs(a.lon - b.lon) < NEAR_DEG and abs(a.lat - b.lat) < NEAR_DEG


def _new(turn: int, demo: _Demo, port: int) -> NewCamera:
    spaced = {"cooldown_s": EVERY_S, "settle_s": turn * APART_S}
    rule = {**demo.rule, "settings": {**demo.rule["settings"], **spaced}}
    size = {"width_px": SIZE_PX[0], "height_px": SIZE_PX[1], "hfov_deg": HFOV_DEG}
    return NewCamera(
        code=demo.code,
        title=demo.title,
        place=demo.place,
        url=f"rtsp://127.0.0.1:{port}/{demo.rtsp_name}" if demo.rtsp_name else f"{CLIP}#t={demo.start_s}",
        reader="rtsp" if demo.rtsp_name else "video_file",
        settings={**size, "rules": [rule], **pose(demo), **kept(demo)},
    )


def kept(demo: _Demo) -> dict[str, Any]:
    """Return what is kept of a camera, and what nobody may see of it; a clip of a file is there already."""
    if demo.rtsp_name is None:
        return {}
    return {"record": "events", "masks": [{"polygon": WINDOWS, "kind": "privacy", "why": "тұрғын үй терезелері"}]}


def pose(demo: _Demo) -> dict[str, Any]:
    """Return the columns of a camera's pose, and for some the control points that say the same more exactly."""
    known = {"height_m": HEIGHT_M, "heading_deg": demo.heading_deg, "tilt_deg": TILT_DEG}
    return {**known, **({"control_points": _points(demo), "calibration": "good"} if demo.by_points else {})}


def _points(demo: _Demo) -> list[dict[str, float]]:
    """Return marks on the ground as a surveyor would have noted them, to a centimetre or so."""
    true = Pose(height_m=HEIGHT_M, heading_deg=demo.heading_deg, tilt_deg=TILT_DEG, hfov_deg=HFOV_DEG)
    locator = from_pose(demo.place, true, SIZE_PX)
    marks = []
    for x, y in POINTS_AT:
        place = from_metres(demo.place, locator.sight.ground_of(np.array([[x, y]], np.float64))[0])
        marks.append({"x": x, "y": y, "lon": round(place.lon, 7), "lat": round(place.lat, 7)})
    return marks
