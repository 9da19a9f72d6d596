"""Plans of cameras between the wire and the room: what is asked as it is reckoned, what is found as it is answered."""

from typing import Any

import orjson
import shapely

from geo_server.api.models import base
from geo_server.api.models import jobs as job_models
from geo_server.api.models import placements as models
from geo_server.errors import ERRORS, Refusal
from geo_server.jobs import queries as jobs
from geo_server.planning.compliance.rules import rules
from geo_server.planning.placement.kinds import Kind, offer
from geo_server.planning.placement.question import Demand, Question, Worth
from geo_server.planning.placement.schema import Hangs, Moved, Plan, PlanCamera
from geo_server.planning.purposes import purposes
from layers.database import Session
from layers.viewer import Viewer


def question_of(new: models.NewPlacement) -> Question:
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


def hangs_of(own: PlanCamera, asked: models.AskedHanging) -> Hangs:
    """Return how a camera is asked to hang; its kind stays."""
    told = asked.model_dump(exclude={"place", "heading_deg"})
    place = {"lon": asked.place.lon, "lat": asked.place.lat}
    return Hangs(kind=own.hangs.kind, heading_deg=asked.heading_deg % 360, **place, **told)


# ── what is found, as it is answered ──────────────────────────────────────────────────────────────────────────────


async def told_of(session: Session, viewer: Viewer, plan: Plan) -> models.Placement:
    """Return a plan as it is listed: what was asked, its job and its figures."""
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


def whole_of(told: models.Placement, plan: Plan, cameras: list[PlanCamera]) -> models.PlacementWhole:
    """Return a plan with its region, its cameras and the rules that they name."""
    named = {name for one in cameras for name in (*one.looks.meets, *one.looks.breaks, *one.looks.unsure)}
    return models.PlacementWhole(
        **dict(told),
        region=geojson_of(shapely.from_wkb(plan.region)),
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
        seen=geojson_of(shapely.from_wkb(looks.geom)),
    )


def hanging_of(plan: Plan, only: float, found: Moved) -> models.Hanging:
    """Return what a camera would see that hung so; `only` is what it alone adds to the plan as it hangs now."""
    assert plan.figures is not None
    looks = found.looks
    return models.Hanging(
        seen=geojson_of(shapely.from_wkb(looks.geom)),
        adds=found.adds,
        after=plan.figures["weight"]["after"] - only + found.adds,
        refused=refused_of(found),
        **{name: list(getattr(looks, name)) for name in ("meets", "breaks", "unsure", "masks")},
        ground_m2=looks.ground_m2,
    )


def refused_of(found: Moved) -> Any:
    """Return why a camera may not hang so; None where it may."""
    if found.inside:
        return "inside"
    if found.forbidden:
        return "in_forbidden_zone"
    return "looks_into_forbidden_zone" if found.looks.refused else None


def geojson_of(shape: shapely.Geometry) -> dict[str, Any]:
    """Return a shape as a GeoJSON geometry, degrees, longitude first."""
    found: dict[str, Any] = orjson.loads(shapely.to_geojson(shape))
    return found


def priced_title(one: Any) -> dict[str, Any]:
    """Return the title and price of something that cameras hang on."""
    return {"title": one.title, "price": one.price}


def kind_of(one: Kind) -> models.CameraKind:
    """Return a kind of camera as it is offered."""
    return models.CameraKind.model_validate(one, from_attributes=True)
