"""Units: where each is, and what it is doing."""

from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from layers.units import queries as units

router = APIRouter(prefix="/units", tags=["units"])


@router.get("")
async def every(visiting: Annotated[Visiting, permitted("units.list")]) -> models.Units:
    """Return every unit that is in the account's area, and those at home in it that never said where they are."""
    async with visiting.visit("units") as session:
        found = await units.every(session, visiting.viewer)
    return models.Units(units=[models.Unit.model_validate(unit) for unit in found])
