"""Coverage: how much of each area cameras see, the gaps that weigh most, and what one camera would see."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, cast

import numpy as np
import orjson
import shapely
from fastapi import APIRouter, Depends, Query, status
from pydantic import Field
from starlette.requests import HTTPConnection

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import coverage as models
from geo_server.api.models import jobs as job_models
from geo_server.api.models.base import Area, SomeId
from geo_server.errors import Refusal
from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import COVERAGE, Job
from geo_server.planning.aside import Aside
from geo_server.planning.hanging import Hang, nearest
from geo_server.planning.poses import Band, Pose
from geo_server.planning.purposes import Purpose, purposes
from geo_server.planning.weighing.reasons import reasons
from geo_server.plans import versions
from layers.areas import queries as areas
from layers.coverage import queries as coverage
from layers.coverage.joining import whole
from layers.coverage.schema import AreaShare, Standing
from layers.database import Session
from layers.gaps import hanging
from layers.gaps import queries as gaps
from layers.near import box_around
from layers.terrain import queries as terrain
from layers.terrain.heights import known_in
from layers.values import BBox, LonLat, Title
from layers.viewer import Viewer

if TYPE_CHECKING:
    from geo_server.planning.changing import Change  # it brings numba

MOST_GAPS = 500
SNAP_DEG, DIGITS = 0.002, 7  # some 200 m; a centimetre
Category = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,60}$")]
Hour = Annotated[int, Field(ge=0, le=23)]
router = APIRouter(tags=["coverage"])


async def current_aside(connection: HTTPConnection) -> Aside:
    """Return what reckons beside the app."""
    return cast(Aside, connection.app.state.aside)


CurrentAside = Annotated[Aside, Depends(current_aside)]
AskedPurpose = Annotated[str, Query(max_length=50, description="One of the purposes.")]


@router.get("/coverage")
async def read(
    visiting: Annotated[Visiting, permitted("coverage.read")], purpose: AskedPurpose = "situation"
) -> models.CoverageAnswer:
    """Return how much of the area entered, and of each below it, is seen for a purpose."""
    wanted = known_purpose(purpose)
    async with visiting.visit() as session:
        tree = {area.id: area for area in await areas.below(session, visiting.viewer.area_id)}
        state = await coverage.state(session, list(tree))
        shares = await coverage.shares(session, visiting.viewer, purpose)
    found: dict[int, dict[str, AreaShare]] = {}
    for share in shares:
        found.setdefault(share.area_id, {})[share.measure] = share
    return models.CoverageAnswer(
        purpose=_told(purpose, wanted),
        purposes=[_told(name, one) for name, one in purposes().items()],
        state=models.CoverageState.model_validate(state),
        areas=[
            models.AreaCoverage(
                area=Area.model_validate(area),
                parent_id=area.parent_id,
                level=int(area.level),
                measures={name: models.Measured.model_validate(one) for name, one in found[area.id].items()},
            )
            for area in tree.values()
            if area.id in found
        ],
    )


@router.get("/coverage/gaps")
async def ranked(
    visiting: Annotated[Visiting, permitted("coverage.read")],
    purpose: AskedPurpose = "situation",
    category: Annotated[
        list[Category] | None, Query(max_length=100, description="Only incidents of these categories weigh; none: all.")
    ] = None,
    hour: Annotated[
        list[Hour] | None,
        Query(max_length=24, description="Only incidents opened at these hours, Almaty time, weigh; none: all."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_GAPS)] = 50,
    past: Annotated[int, Query(ge=0, le=100_000, description="Pass over so many.")] = 0,
    area: Annotated[SomeId | None, Query(description="Of this area alone, with all below it.")] = None,
) -> models.Gaps:
    """Return the ground that nobody sees for a purpose, gap by gap, those that weigh most first."""
    known_purpose(purpose)
    chosen = gaps.Chosen(categories=frozenset(category or ()), hours=frozenset(hour or ()))
    async with visiting.visit() as session:
        found = await gaps.ranked(session, visiting.viewer, purpose, chosen=chosen, within=area, most=limit, past=past)
        known = await versions.current(session)
        holders = await hanging.holders(session, [one.place for one in found])
    hangs = nearest([one.place for one in found], holders)
    titles = {one.name: one.title for one in known.categories.values()}
    told = [_gap(one, titles, hangs.get(n)) for n, one in enumerate(found)]
    return models.Gaps(gaps=told, next=past + limit if len(found) == limit else None)


def _gap(one: gaps.RankedGap, titles: Mapping[str, Title], hang: Hang | None) -> models.Gap:
    own = ("expected", "reasons", "hang")
    plain = {key: getattr(one, key) for key in models.Gap.model_fields if key not in own}
    told = {"expected": sum(one.expected.values()), "reasons": reasons(one, titles), "hang": hang}
    return models.Gap.model_validate({**plain, **told}, from_attributes=True)


@router.post("/coverage/views")
async def view(
    asked: models.AskedPose, visiting: Annotated[Visiting, permitted("coverage.view")], aside: CurrentAside
) -> models.View:
    """Return what a camera would see that hangs so, and what that changes for a purpose: asked anew with each move."""
    if asked.purpose is not None:
        known_purpose(asked.purpose)
    pose = _pose(asked)
    around = box_around(LonLat(lon=pose.lon, lat=pose.lat), pose.range_m)
    async with visiting.visit() as session:
        standing = None if asked.purpose is None else await _around(session, visiting, asked)
        near = await coverage.houses_within(session, around) if standing is None else standing.buildings
        ground = await terrain.in_box(session, around)
    found = await aside.bands(pose, near, asked.cut, ground)
    if not isinstance(found, list):
        return models.View(features=[], unseeing=str(found))
    view = models.View(features=bands_told(found), unseeing=None, terrain=known_in(ground, around))
    if standing is not None and asked.purpose is not None:
        view.change = _change(await aside.change(pose, standing, asked.instead_of, asked.purpose))
    return view


@router.post("/coverage/reckonings", status_code=status.HTTP_202_ACCEPTED)
async def reckon(visiting: Annotated[Visiting, permitted("coverage.reckon")]) -> job_models.Job:
    """Have the whole area entered reckoned; where that is under way already, this answers with it."""
    async with visiting.visit() as session:
        running = await _running(session, visiting.viewer)
        if running is None:
            job_id = await jobs.ask(session, visiting.viewer, COVERAGE, {})
            running = await jobs.find(session, visiting.viewer, job_id)
    assert running is not None
    return job_models.Job.model_validate(running)


async def _running(session: Session, viewer: Viewer) -> Job | None:
    waiting = await jobs.waiting(session, COVERAGE)
    return next((one for one in waiting if one.area_id == viewer.area_id and one.cancelled_at is None), None)


def _pose(asked: models.AskedPose) -> Pose:
    plain = asked.model_dump(exclude={"place", "cut", "purpose", "instead_of"})
    return Pose(lon=asked.place.lon, lat=asked.place.lat, **plain)


async def _around(session: Session, visiting: Visiting, asked: models.AskedPose) -> Standing:
    """Return what stands where something can change: about the new place, and about the old one."""
    places = [(LonLat(lon=asked.place.lon, lat=asked.place.lat), asked.range_m)]
    if asked.instead_of is not None:
        found = await coverage.one_looking(session, visiting.viewer, asked.instead_of)
        if found is None:
            raise Refusal("no_such_camera", id=asked.instead_of)
        places.append((LonLat(lon=found[0].lon, lat=found[0].lat), found[0].range_m))
    boxes = [_snapped(box_around(place, range_m)) for place, range_m in places]
    together = shapely.union_all(boxes)
    apart = boxes if together.geom_type == "MultiPolygon" else [together]
    return whole([await coverage.standing_in(session, shapely.to_wkb(one)) for one in apart])


def _snapped(box: BBox) -> shapely.Polygon:
    """Return a box whose sides lie on a grid: while a camera is dragged what stands about it is mostly the same."""
    west, south = (math.floor(side / SNAP_DEG) * SNAP_DEG for side in (box.west, box.south))
    east, north = (math.ceil(side / SNAP_DEG) * SNAP_DEG for side in (box.east, box.north))
    return shapely.box(west, south, east, north)


def _change(found: "Change") -> models.Change:
    names = ("gained_m2", "lost_m2", "gained_weight", "lost_weight")
    sums = {name: getattr(found, name) for name in names}
    return models.Change(**sums, gained=geojson(found.gained), lost=geojson(found.lost))


def bands_told(bands: Sequence[Band]) -> list[models.ViewBand]:
    """Return bands as they travel."""
    return [
        models.ViewBand(
            properties={"name": one.name, "density_px_m": one.density_px_m, "area_m2": one.area_m2},
            geometry=geojson(one.shape),
        )
        for one in bands
    ]


def geojson(shape: shapely.Geometry) -> dict[str, object]:
    """Return a shape in degrees as GeoJSON, to the centimetre; of nothing, no polygons."""
    if shapely.is_empty(shape):
        return {"type": "MultiPolygon", "coordinates": []}
    rounded = shapely.transform(shape, lambda places: np.round(places, DIGITS))
    told: dict[str, object] = orjson.loads(shapely.to_geojson(rounded))
    return told


def known_purpose(name: str) -> Purpose:
    """Return one of the purposes; raises Refusal where there is none of that name."""
    found = purposes().get(name)
    if found is None:
        raise Refusal("no_such_purpose", purpose=name)
    return found


def _told(name: str, purpose: Purpose) -> models.Purpose:
    plain = {key: getattr(purpose, key) for key in ("title", "about", "article", "density_px_m")}
    return models.Purpose.model_validate({"name": name, **plain}, from_attributes=True)
