"""Units: where each is, and what it is doing."""

from fastapi import APIRouter

from geo_server.access.current import CurrentEngine, CurrentViewer
from geo_server.api import models
from layers.database import visit
from layers.units import queries as units

router = APIRouter(prefix="/units", tags=["units"])


@router.get("")
async def every(viewer: CurrentViewer, engine: CurrentEngine) -> models.Units:
    """Return every unit that is in the account's area, and those at home in it that never said where they are."""
    async with visit(engine) as session:
        found = await units.every(session, viewer)
    return models.Units(units=[models.Unit.model_validate(unit) for unit in found])
