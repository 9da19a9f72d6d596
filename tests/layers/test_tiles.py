"""A tile holds what its viewer sees and its style draws, and nothing else."""

import math

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import visit
from layers.layer import Layer
from layers.register import BY_NAME, LAYERS
from layers.tiles import Tile, tile
from layers.values import LonLat
from tests.scene import MEDEU, furnish, viewer_of

pytestmark = pytest.mark.anyio


def tile_at(place: LonLat, z: int) -> Tile:
    y = 0.5 - math.atanh(math.sin(math.radians(place.lat))) / (2 * math.pi)
    return Tile(z=z, x=int((place.lon + 180) / 360 * 2**z), y=int(y * 2**z))


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer.name != "areas"], ids=lambda layer: layer.name)
async def test_every_layer_has_tiles_for_those_who_see_it(layer: Layer, engine: AsyncEngine) -> None:
    await furnish(engine, MEDEU)
    of = layer
    own, other = await viewer_of(engine, "KZ-75-MED"), await viewer_of(engine, "KZ-19")
    async with visit(engine) as session:
        assert of.name.encode() in await tile(session, of, own, tile_at(MEDEU, 17))
        assert bool(await tile(session, of, other, tile_at(MEDEU, 17))) == layer.ground


async def test_a_tile_off_the_globe_is_an_error(engine: AsyncEngine) -> None:
    viewer = await viewer_of(engine, "KZ")
    async with visit(engine) as session:
        with pytest.raises(ValueError, match="no tile"):
            await tile(session, BY_NAME["roads"], viewer, Tile(z=3, x=8, y=0))


async def test_a_street_that_the_style_leaves_out_far_away_is_not_in_the_far_tile(engine: AsyncEngine) -> None:
    await furnish(engine, MEDEU)
    viewer, roads = await viewer_of(engine, "KZ"), BY_NAME["roads"]
    async with visit(engine) as session:
        assert await tile(session, roads, viewer, tile_at(MEDEU, 9))
        await session.execute(text("UPDATE road SET class = 'residential'"))
        assert not await tile(session, roads, viewer, tile_at(MEDEU, 9))
        assert await tile(session, roads, viewer, tile_at(MEDEU, 13))


async def test_a_house_too_small_to_see_is_left_out(engine: AsyncEngine) -> None:
    await furnish(engine, MEDEU)
    viewer, buildings = await viewer_of(engine, "KZ"), BY_NAME["buildings"]
    async with visit(engine) as session:
        await session.execute(text("UPDATE building SET geom = ST_Multi(ST_Expand(ST_Centroid(geom), 0.000005))"))
        assert not await tile(session, buildings, viewer, tile_at(MEDEU, 13))
        assert await tile(session, buildings, viewer, tile_at(MEDEU, 15))


async def test_the_whole_world_is_one_tile(engine: AsyncEngine) -> None:
    await furnish(engine, MEDEU)
    viewer = await viewer_of(engine, "KZ")
    async with visit(engine) as session:
        assert await tile(session, BY_NAME["incidents"], viewer, Tile(z=0, x=0, y=0))


async def test_a_wide_feature_is_named_in_one_tile_alone(engine: AsyncEngine) -> None:
    viewer, areas = await viewer_of(engine, "KZ-75-MED"), BY_NAME["areas"]
    middle = tile_at(MEDEU, 12)
    around = [Tile(z=12, x=middle.x + dx, y=middle.y + dy) for dx in range(-4, 5) for dy in range(-4, 5)]
    async with visit(engine) as session:
        tiles = [await tile(session, areas, viewer, at) for at in around]
    assert sum(b"Medeu" in drawn for drawn in tiles) > 1
    assert sum(b"areas-anchor" in drawn and b"Medeu" in drawn.split(b"areas-anchor")[1] for drawn in tiles) == 1
