"""Plans of cameras: asked for, reckoned as a job, read, compared, changed by hand, and given out as a tender list."""

import asyncio
from typing import Annotated, Any

import orjson
import shapely
from fastapi import APIRouter, Query, Response, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.coverage import CurrentAside
from geo_server.api.models import base
from geo_server.api.models import jobs as job_models
from geo_server.api.models import placements as models
from geo_server.api.models.base import Id
from geo_server.errors import ERRORS, Refusal
from geo_server.jobs import queries as jobs
from geo_server.planning.aside import Aside
from geo_server.planning.compliance.rules import rules
from geo_server.planning.placement import asking, hanging, queries, tender
from geo_server.planning.placement.comparing import compared
from geo_server.planning.placement.drawing import drawn
from geo_server.planning.placement.kinds import Kind, offer
from geo_server.planning.placement.question import Demand, Question, Worth
from geo_server.planning.placement.schema import Hangs, Moved, Near, Plan, PlanCamera
from geo_server.planning.purposes import purposes
from layers.areas import queries as areas
from layers.database import Session
from layers.viewer import Viewer

MOST_COMPARED = 4
router = APIRouter(tags=["placement"])
Ids = Annotated[
    list[Annotated[int, Query(ge=1, le=2**63 - 1)]],
    Query(min_length=1, max_length=MOST_COMPARED, description="Plans, in this order."),
]


@router.get("/placements/offer")
async def offered(visiting: Annotated[Visiting, permitted("placement.read")]) -> models.Offer:
    """Return the kinds of cameras, what they hang on, and usual prices."""
    async with visiting.visit():
        found = offer()
    mounts = [models.Mount(name=name, **_titled(one)) for name, one in found.mounts.items()]
    return models.Offer(currency=found.currency, kinds=[_kind(one) for one in found.kinds], mounts=mounts)


@router.post("/placements", status_code=status.HTTP_202_ACCEPTED)
async def make(
    new: models.NewPlacement, visiting: Annotated[Visiting, permitted("placement.write")]
) -> models.Placement:
    """Have a plan reckoned: its job tells how far it is, and can be called off."""
    question, shape = _question(new), None if new.shape is None else drawn(new.shape.coordinates)
    async with visiting.visit("placements") as session:
        area_id = new.area_id or visiting.viewer.area_id
        if not await areas.stands_below(session, area_id, visiting.viewer.area_id):
            raise Refusal("no_ground_there")
        plan_id = await asking.ask(
            session, visiting.viewer, name=new.name, area_id=area_id, question=question, drawn=shape
        )
        visiting.say(about=("placements", plan_id), details={"name": new.name, "purpose": new.purpose})
        plan = await _plan(session, visiting.viewer, plan_id)
        return await _told(session, visiting.viewer, plan)


@router.get("/placements")
async def latest(visiting: Annotated[Visiting, permitted("placement.read")]) -> models.Placements:
    """Return the newest plans of the area entered and below."""
    async with visiting.visit() as session:
        found = await queries.seen(session, visiting.viewer)
        return models.Placements(placements=[await _told(session, visiting.viewer, one) for one in found])


@router.get("/placements/comparison")
async def compare(id: Ids, visiting: Annotated[Visiting, permitted("placement.read")]) -> models.Comparison:
    """Return up to four plans side by side: their figures, what each sees, and what only it does."""
    async with visiting.visit() as session:
        plans = [await _reckoned(session, visiting.viewer, one) for one in dict.fromkeys(id)]
        told = [await _told(session, visiting.viewer, plan) for plan in plans]
        cameras = [await queries.cameras(session, plan.id) for plan in plans]
    pairs = [(plan.epsg, own) for plan, own in zip(plans, cameras, strict=True)]
    sides = await asyncio.to_thread(compared, pairs)
    return models.Comparison(
        plans=[
            models.Compared(placement=one, seen=_geojson(side.seen), seen_m2=side.seen_m2, alone_m2=side.alone_m2)
            for one, side in zip(told, sides, strict=True)
        ]
    )


@router.get("/placements/{id}")
async def read(id: Id, visiting: Annotated[Visiting, permitted("placement.read")]) -> models.PlacementWhole:
    """Return a plan with its cameras: how each hangs, what it sees and adds, and which rules it meets."""
    async with visiting.visit("placements", id) as session:
        plan = await _plan(session, visiting.viewer, id)
        told = await _told(session, visiting.viewer, plan)
        cameras = await queries.cameras(session, id)
    return _whole(told, plan, cameras)


@router.delete("/placements/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(id: Id, visiting: Annotated[Visiting, permitted("placement.write")]) -> None:
    """Delete a plan; where it is being reckoned, that is called off."""
    async with visiting.visit("placements", id) as session:
        await _plan(session, visiting.viewer, id)
        await queries.remove(session, id)


@router.get("/placements/{id}/tender")
async def listed(
    id: Id,
    visiting: Annotated[Visiting, permitted("placement.export")],
    format: Annotated[tender.How, Query(description="Of the file.")] = "csv",
    language: Annotated[tender.Language, Query(description="Of its words.")] = "ru",
) -> Response:
    """Return a plan as a list for a tender: positions, heights, lenses, headings, tilts, prices, rules."""
    async with visiting.visit("placements", id) as session:
        plan = await _reckoned(session, visiting.viewer, id)
        cameras = await queries.cameras(session, id)
        zones = {one.id: one.name for one in await queries.zones(session, visiting.viewer)}
        visiting.say(details={"format": format, "cameras": len(cameras)})
    body = await asyncio.to_thread(tender.written, format, plan, cameras, zones, language)
    headers = {"Content-Disposition": f'attachment; filename="plan-{id}.{format}"', "Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type=tender.MEDIA[format])


# ── a camera of a plan ──────────────────────────────────────────────────────────────────────────────────────────


@router.post("/placements/{id}/cameras/{camera}/views")
async def view(
    id: Id,
    camera: Id,
    asked: models.AskedHanging,
    visiting: Annotated[Visiting, permitted("placement.view")],
    aside: CurrentAside,
) -> models.Hanging:
    """Return what a camera of the plan would see that hangs so, and what the plan then sees; nothing is kept."""
    async with visiting.visit() as session:
        plan, own, near = await _near(session, visiting.viewer, id, camera, asked)
        only = await hanging.only(aside, session, plan, own)
    found = await hanging.reckon(aside, near, _hangs(own, asked))
    return _hanging(plan, only, found)


@router.put("/placements/{id}/cameras/{camera}")
async def hang(
    id: Id,
    camera: Id,
    asked: models.AskedHanging,
    visiting: Annotated[Visiting, permitted("placement.write")],
    aside: CurrentAside,
) -> models.PlacementWhole:
    """Hang a camera of the plan otherwise; one in a building, or that looks where nobody may, is refused."""
    async with visiting.visit("placements", id) as session:
        plan, own, near = await _near(session, visiting.viewer, id, camera, asked)
        found = await hanging.reckon(aside, near, _hangs(own, asked))
        why = _refused(found)
        if why is not None:
            raise Refusal("camera_cannot_hang_there" if why == "inside" else "camera_sees_forbidden_zone")
        await queries.hang(session, camera, _hangs(own, asked), found, visiting.viewer.name)
        return await _anew(aside, session, visiting.viewer, plan)


@router.delete("/placements/{id}/cameras/{camera}")
async def take_down(
    id: Id, camera: Id, visiting: Annotated[Visiting, permitted("placement.write")], aside: CurrentAside
) -> models.PlacementWhole:
    """Take a camera out of a plan."""
    async with visiting.visit("placements", id) as session:
        plan = await _reckoned(session, visiting.viewer, id)
        await _camera(session, id, camera)
        await queries.take_down(session, camera)
        return await _anew(aside, session, visiting.viewer, plan)


async def _anew(aside: Aside, session: Session, viewer: Viewer, plan: Plan) -> models.PlacementWhole:
    """Return a plan whose cameras hang otherwise now, with its figures reckoned anew."""
    await queries.tell(session, plan.id, await hanging.figures_of(aside, session, plan))
    changed = await _plan(session, viewer, plan.id)
    return _whole(await _told(session, viewer, changed), changed, await queries.cameras(session, plan.id))


async def _near(
    session: Session, viewer: Viewer, id: int, camera: int, asked: models.AskedHanging
) -> tuple[Plan, PlanCamera, Near]:
    plan = await _reckoned(session, viewer, id)
    own = await _camera(session, id, camera)
    box = hanging.around(plan.region)
    if not (box.west <= asked.place.lon <= box.east and box.south <= asked.place.lat <= box.north):
        raise Refusal("camera_outside_plan", metres=round(hanging.AROUND_M))
    return plan, own, await hanging.near(session, plan, own, _hangs(own, asked))


async def _camera(session: Session, id: int, camera: int) -> PlanCamera:
    found = next((one for one in await queries.cameras(session, id) if one.id == camera), None)
    if found is None:
        raise Refusal("no_such_placement_camera", id=camera)
    return found


async def _plan(session: Session, viewer: Viewer, id: int) -> Plan:
    found = await queries.find(session, viewer, id)
    if found is None:
        raise Refusal("no_such_placement", id=id)
    return found


async def _reckoned(session: Session, viewer: Viewer, id: int) -> Plan:
    found = await _plan(session, viewer, id)
    if found.figures is None:
        raise Refusal("placement_not_reckoned", id=id)
    return found


# ── what is asked, as it is reckoned ────────────────────────────────────────────────────────────────────────────


def _question(new: models.NewPlacement) -> Question:
    """Return the question; raises Refusal: no_such_purpose, no_such_camera_kind."""
    if new.purpose not in purposes():
        raise Refusal("no_such_purpose", purpose=new.purpose)
    found = offer()
    mounts = {name: new.mounts.get(name, one.price) for name, one in found.mounts.items()}
    demands = tuple(Demand(lon=one.place.lon, lat=one.place.lat, weight=one.weight) for one in new.demands)
    return Question(
        purpose=new.purpose,
        aim=new.aim,
        amount=new.amount,
        kinds=_kinds(new.kinds, found.kinds),
        mounts=mounts,
        currency=found.currency,
        sources=tuple(dict.fromkeys(new.sources)),
        step_m=new.step_m,
        worth=Worth(**new.worth.model_dump()),
        demands=demands,
    )


def _kinds(asked: list[models.AskedKind], known: tuple[Kind, ...]) -> tuple[Kind, ...]:
    if not asked:
        return known
    by_name = {one.name: one for one in known}
    for one in asked:
        if one.name not in by_name:
            raise Refusal("no_such_camera_kind", name=one.name)
    return tuple(_priced(by_name[name], one) for name, one in {one.name: one for one in asked}.items())


def _priced(kind: Kind, asked: models.AskedKind) -> Kind:
    told: dict[str, Any] = {name: getattr(kind, name) for name in kind.__struct_fields__}
    told |= {"price": asked.price or kind.price}
    told |= {"lenses_deg": tuple(asked.lenses_deg or kind.lenses_deg)}
    return Kind(**told | {"heights_m": tuple(asked.heights_m or kind.heights_m)})


def _hangs(own: PlanCamera, asked: models.AskedHanging) -> Hangs:
    told = asked.model_dump(exclude={"place", "heading_deg"})
    place = {"lon": asked.place.lon, "lat": asked.place.lat}
    return Hangs(kind=own.hangs.kind, heading_deg=asked.heading_deg % 360, **place, **told)


# ── what is found, as it is answered ────────────────────────────────────────────────────────────────────────────


async def _told(session: Session, viewer: Viewer, plan: Plan) -> models.Placement:
    job = None if plan.job_id is None else await jobs.find(session, viewer, plan.job_id)
    question = plan.question
    return models.Placement(
        **{name: getattr(plan, name) for name in ("id", "name", "area_id", "made_by", "made_at")},
        **{name: getattr(question, name) for name in ("purpose", "aim", "amount", "currency")},
        job=None if job is None else job_models.Job.model_validate(job),
        figures=None if plan.figures is None else _figures(plan.figures),
    )


def _figures(found: dict[str, Any]) -> models.PlacementFigures:
    why = found.get("nothing")
    said = None if why is None else base.Title.model_validate(ERRORS[why][1])
    return models.PlacementFigures(**{**found, "nothing": said})


def _whole(told: models.Placement, plan: Plan, cameras: list[PlanCamera]) -> models.PlacementWhole:
    named = {name for one in cameras for name in (*one.looks.meets, *one.looks.breaks, *one.looks.unsure)}
    return models.PlacementWhole(
        **dict(told),
        region=_geojson(shapely.from_wkb(plan.region)),
        cameras=[_camera_told(plan, one) for one in cameras],
        rules=[models.RuleTold.model_validate(rule, from_attributes=True) for rule in rules() if rule.name in named],
    )


def _camera_told(plan: Plan, one: PlanCamera) -> models.PlacementCamera:
    hangs, looks = one.hangs, one.looks
    kind = next(each for each in plan.question.kinds if each.name == hangs.kind)
    plain = ("id", "number", "source", "price", "adds", "moved_by")
    return models.PlacementCamera(
        **{name: getattr(one, name) for name in plain},
        **{name: getattr(hangs, name) for name in ("kind", "height_m", "heading_deg", "tilt_deg", "hfov_deg")},
        **{name: getattr(looks, name) for name in ("ground_m2", "meets", "breaks", "unsure", "masks")},
        kind_title=base.Title.model_validate(kind.title),
        place=base.Place(lon=hangs.lon, lat=hangs.lat),
        seen=_geojson(shapely.from_wkb(looks.geom)),
    )


def _hanging(plan: Plan, only: float, found: Moved) -> models.Hanging:
    assert plan.figures is not None
    looks = found.looks
    return models.Hanging(
        seen=_geojson(shapely.from_wkb(looks.geom)),
        adds=found.adds,
        after=plan.figures["weight"]["after"] - only + found.adds,
        refused=_refused(found),
        **{name: list(getattr(looks, name)) for name in ("meets", "breaks", "unsure", "masks")},
        ground_m2=looks.ground_m2,
    )


def _refused(found: Moved) -> Any:
    if found.inside:
        return "inside"
    if found.forbidden:
        return "in_forbidden_zone"
    return "looks_into_forbidden_zone" if found.looks.refused else None


def _geojson(shape: shapely.Geometry) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(shapely.to_geojson(shape))
    return found


def _titled(one: Any) -> dict[str, Any]:
    return {"title": one.title, "price": one.price}


def _kind(one: Kind) -> models.CameraKind:
    return models.CameraKind.model_validate(one, from_attributes=True)
