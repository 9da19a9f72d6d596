"""Units: where each is, and what it is doing."""

from fastapi import APIRouter

from geo_server.access.current import CurrentEngine, CurrentViewer
from geo_server.api import models
from layers.database import visit
from layers.units import queries as units

router = APIRouter(prefix="/units", tags=["units"])


@router.get("")
async def every(viewer: CurrentViewer, engine: CurrentEngine) -> models.Units:
    """Return every unit of the account's area, and those of others that are in it now, by call sign."""
    async with visit(engine) as session:
        found = await units.every(session, viewer)
    return models.Units(units=[models.Unit.model_validate(unit) for unit in found])
