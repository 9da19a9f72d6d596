"""Which units there are: enrolled, changed and retired by administrators of where they are at home."""

from typing import Annotated

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import enrolment as models
from geo_server.api.models.base import Id
from geo_server.crews import enrolling
from layers.areas.scope import enter_whole
from layers.database import Session
from layers.units import enrolment_queries as enrolment
from layers.units.schema import Enrolled, NewUnit

router = APIRouter(prefix="/units", tags=["units"])
Looking = Annotated[Visiting, permitted("units.enrolled")]
Enrolling = Annotated[Visiting, permitted("units.enrol")]


@router.get("/enrolled")
async def enrolled(visiting: Looking) -> models.EnrolledUnits:
    """Return the units at home in the area entered and below it, wherever they are; those that were retired too."""
    async with visiting.visit("units") as session:
        await enter_whole(session)  # one may drive out of sight now: what counts is where it is at home
        found = await enrolment.enrolled(session, visiting.viewer.area_id)
    return models.EnrolledUnits(units=[_told(unit) for unit in found])


@router.get("/stations")
async def stations(visiting: Looking) -> models.Stations:
    """Return the places that a unit may belong to, of the area entered and below it."""
    async with visiting.visit("units") as session:
        found = await enrolment.stations(session, visiting.viewer.area_id)
    return models.Stations(stations=[models.Station.model_validate(one) for one in found])


@router.post("", status_code=status.HTTP_201_CREATED)
async def enrol(new: models.NewUnit, visiting: Enrolling) -> models.EnrolledUnit:
    """Bring a unit into use; it is off duty, and nowhere before its device says where it is."""
    async with visiting.visit("units") as session:
        visiting.say(details=new.model_dump(exclude_none=True))
        made = await enrolling.enrol(session, visiting.viewer, NewUnit(**new.model_dump()))
        visiting.say(about=("units", made))
        return await _one(session, visiting, made)


@router.patch("/enrolled/{id}")
async def change(id: Id, asked: models.ChangedEnrolment, visiting: Enrolling) -> models.EnrolledUnit:
    """Change what a unit is called, carries or belongs to."""
    async with visiting.visit("units", id) as session:
        before = await enrolling.change(session, visiting.viewer, id, asked.given)
        visiting.say(details={"asked": asked.given, "was": {name: getattr(before, name) for name in asked.given}})
        return await _one(session, visiting, id)


@router.post("/enrolled/{id}/retire")
async def retire(id: Id, visiting: Enrolling) -> models.EnrolledUnit:
    """Take a unit out of use: it leaves the map and every proposal, its crew comes in no more, its past stays.

    Its call sign and its device may be given to another.
    """
    async with visiting.visit("units", id) as session:
        before = await enrolling.retire(session, visiting.viewer, id)
        visiting.say(details={"call_sign": before.call_sign, "retired": True})
        return await _one(session, visiting, id)


async def _one(session: Session, visiting: Visiting, unit_id: int) -> models.EnrolledUnit:
    return _told(await enrolling.found(session, visiting.viewer, unit_id))


def _told(unit: Enrolled) -> models.EnrolledUnit:
    return models.EnrolledUnit.model_validate(unit)
