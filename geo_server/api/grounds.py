"""What is reckoned of coverage at once: a ground that somebody draws, and what one camera sees and could see."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import shapely
from fastapi import APIRouter, Depends, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.coverage import CurrentAside, bands_told, geojson, known_purpose
from geo_server.api.models import Id
from geo_server.api.models import coverage as models
from geo_server.api.models.base import Place
from geo_server.api.models.base import Title as TitleTold
from geo_server.errors import Refusal
from geo_server.planning import asked_grounds
from geo_server.planning.asked_grounds import MOST_CAMERAS, AskedGround, NoGround, TooLarge
from geo_server.planning.weighing.reasons import reasons
from geo_server.plans import versions
from layers.cameras import calibration_queries as calibrations
from layers.coverage import queries as coverage
from layers.coverage.schema import Standing
from layers.database import Session
from layers.gaps.queries import Lying
from layers.near import box_around
from layers.terrain import queries as terrain
from layers.values import LonLat, Title

if TYPE_CHECKING:
    from geo_server.planning.gaps import Gap  # it brings numba

State = Literal["none", "good", "broken"]
router = APIRouter(tags=["coverage"])


@router.post("/coverage/grounds")
async def ground(
    asked: models.AskedGround, visiting: Annotated[Visiting, permitted("coverage.ground")], aside: CurrentAside
) -> models.GroundAnswer:
    """Return how finely the cameras of the area entered see a ground; larger ones are told from the tiles alone."""
    if asked.purpose is not None:
        known_purpose(asked.purpose)
    wanted = AskedGround(corners=asked.corners, cut=asked.cut, purpose=asked.purpose)
    box = _box(wanted)
    async with visiting.visit() as session:
        standing = await _standing(session, box, wanted)
        known = await versions.current(session)
    found = await aside.ground(wanted, standing)
    titles = {one.name: one.title for one in known.categories.values()}
    measures: dict[str, dict[str, models.Measured]] = {}
    for share in found.shares:
        measures.setdefault(share.purpose, {})[share.measure] = models.Measured.model_validate(share)
    return models.GroundAnswer(
        features=bands_told(found.bands),
        ground_m2=found.ground_m2,
        cell_m=found.cell_m,
        cameras=len(standing.cameras),
        terrain=found.terrain,
        measures=measures,
        gaps=[_gap(one, titles) for one in found.gaps],
    )


@router.get("/coverage/cameras/{id}", dependencies=[Depends(only("cut"))])
async def camera(
    id: Id,
    visiting: Annotated[Visiting, permitted("coverage.camera")],
    aside: CurrentAside,
    cut: Annotated[models.Cut, Query(description="By what its view is cut.")] = "purposes",
) -> models.CameraSight:
    """Return what a camera sees: at all its presets together, and as far as it could be turned; or why nobody knows."""
    async with visiting.visit("cameras", id) as session:
        known = await calibrations.find(session, visiting.viewer, id)
        found = await coverage.one_looking(session, visiting.viewer, id)
        if known is None or found is None:
            raise Refusal("no_such_camera", id=id)
        looking, presets = found
        place = LonLat(lon=looking.lon, lat=looking.lat)
        around = box_around(place, looking.range_m)
        houses, ground = await coverage.houses_within(session, around), await terrain.in_box(session, around)
    sight = await aside.sight(looking, presets, houses, cut, known.kind == "ptz", ground)
    hung = {name: getattr(looking, name) for name in _HUNG}
    return models.CameraSight(
        id=id,
        code=known.code,
        name=TitleTold.model_validate(known.name),
        kind=known.kind,
        place=Place.model_validate(place),
        calibration=cast(State, known.calibrated.state),
        presets=sum(one.heading_deg is not None and one.hfov_deg is not None for one in presets),
        unseeing=None if sight.unseeing is None else str(sight.unseeing),
        bands=bands_told(sight.bands),
        reach=None if sight.reach is None else bands_told(sight.reach),
        blind_m2=sight.blind_m2,
        blind_m=sight.blind_m,
        hidden_m2=sight.hidden_m2,
        terrain=sight.terrain,
        **hung,
    )


_HUNG = ("height_m", "heading_deg", "tilt_deg", "roll_deg", "hfov_deg", "range_m", "width_px", "height_px")


def _box(asked: AskedGround) -> bytes:
    try:
        wkb: bytes = shapely.to_wkb(asked_grounds.shape_of(asked).envelope)
    except NoGround:
        raise Refusal("no_ground") from None
    except TooLarge as large:
        raise Refusal("ground_too_large", km2=round(large.km2, 1), most_km2=round(large.most_km2, 1)) from None
    return wkb


async def _standing(session: Session, box: bytes, asked: AskedGround) -> Standing:
    if await coverage.many_looking(session, box, MOST_CAMERAS):
        raise Refusal("ground_too_full", most=MOST_CAMERAS)
    if asked.purpose is None:
        return await coverage.looking_into(session, box)
    return await coverage.standing_in(session, box)


def _gap(one: "Gap", titles: Mapping[str, Title]) -> models.GroundGap:
    at, lying = shapely.point_on_surface(one.shape), _lying(one)
    plain = {name: getattr(lying, name) for name in _PLAIN}
    return models.GroundGap(
        place=Place(lon=at.x, lat=at.y),
        expected=sum(lying.expected.values()),
        reasons=[TitleTold.model_validate(why) for why in reasons(lying, titles)],
        geometry=geojson(one.shape),
        **plain,
    )


_PLAIN = ("ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses", "weight")


def _lying(one: "Gap") -> Lying:
    expected: dict[str, float] = {}
    for (category, _), amount in one.expected.items():
        expected[category] = expected.get(category, 0.0) + amount
    counts: dict[str, Any] = {str(thing): count for thing, count in one.counts.items()}
    plain = {name: getattr(one, name) for name in ("ground_m2", "streets_m", "crowds", "weight")}
    return Lying(expected=expected, **plain, **counts)
