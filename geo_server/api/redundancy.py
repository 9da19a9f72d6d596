"""Redundancy: what nobody sees any more where a camera, a pole, a node or a link fails."""

from typing import Annotated, Literal

import orjson
import shapely
from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.coverage import AskedPurpose, CurrentAside, known_purpose
from geo_server.api.models import coverage as models
from geo_server.api.models.base import Word
from geo_server.planning.failing import By
from layers.areas.scope import visit_whole
from layers.coverage import lost_queries as lost
from layers.coverage import queries as coverage

MOST, MOST_TILES = 500, 12
Rank = Literal["ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses"]
AskedBy = Annotated[By, Query(description="What fails.")]
router = APIRouter(tags=["coverage"])


@router.get("/coverage/redundancy")
async def ranked(
    visiting: Annotated[Visiting, permitted("coverage.read")],
    by: AskedBy = "camera",
    purpose: AskedPurpose = "situation",
    rank: Annotated[Rank, Query(description="By which of what is lost the worst comes first.")] = "ground_m2",
    area_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only this area and those below it.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    past: Annotated[int, Query(ge=0, le=100_000, description="Pass over so many.")] = 0,
) -> models.Redundancy:
    """Return what of the area entered is seen by one camera, pole, node or link alone, those first that lose most."""
    known_purpose(purpose)
    async with visiting.visit() as session:
        found = await lost.worst(
            session, visiting.viewer, purpose, by, rank=rank, inside=area_id, most=limit, past=past
        )
    told = [models.Lost.model_validate(one) for one in found]
    return models.Redundancy(lost=told, next=past + limit if len(found) == limit else None)


@router.get("/coverage/redundancy/ground")
async def ground(
    visiting: Annotated[Visiting, permitted("coverage.read")],
    aside: CurrentAside,
    name: Annotated[Word, Query(description="As the list of what is lost tells it.")],
    by: AskedBy = "camera",
    purpose: AskedPurpose = "situation",
) -> models.LostGround:
    """Return the ground that it alone sees, reckoned now: all of it, or the tiles in which it loses most."""
    known_purpose(purpose)
    async with visiting.visit() as session:
        tiles = await lost.tiles_of(session, visiting.viewer, purpose, by, name, MOST_TILES + 1)
    features = []
    for tile_id, inside in tiles[:MOST_TILES]:
        async with visit_whole(visiting.engine) as session:  # who else sees it counts wherever that hangs
            tile, standing = await coverage.tile(session, tile_id), await coverage.standing(session, tile_id)
        for wkb in await aside.alone(tile, standing, inside, purpose, by, name):
            geometry = orjson.loads(shapely.to_geojson(shapely.from_wkb(wkb)))
            features.append(models.LostPatch(properties={"by": by, "name": name}, geometry=geometry))
    return models.LostGround(features=features, whole=len(tiles) <= MOST_TILES)
