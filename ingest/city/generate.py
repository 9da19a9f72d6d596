"""Makes the demo city: an Almaty-like one, the same file for the same seed, written as any extract would be."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np
import shapely

from ingest.city.errors import CityRefused, DiskFull
from ingest.city.made import blocks, land, lattice, places, plan, streets
from ingest.city.made.file import CityFile


class Size(StrEnum):
    """How much of the city is made: all of it, or a few streets of its middle for tests."""

    FULL = "full"
    SMALL = "small"


def generate(path: Path, *, seed: int = 1, size: Size | Literal["full", "small"] = Size.FULL) -> None:
    """Write the city of that seed as `.osm.pbf`, whole or not at all; raises CityRefused where it cannot be written."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(unfinished, seed, plan.outline(plan.SMALL if Size(size) == Size.SMALL else plan.OUTLINE))
        unfinished.replace(path)
    except (OSError, RuntimeError) as error:
        if getattr(error, "errno", 0) == 28 or "No space left" in str(error):
            raise DiskFull("the demo city is written") from error
        raise CityRefused(path, error) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _write(path: Path, seed: int, border: shapely.Polygon) -> None:
    grid = lattice.build(seed, border)
    uses = lattice.uses(grid, seed)
    waters = land.water(border)
    wet = shapely.union_all([patch.outline for patch in waters])
    laid = streets.build(grid, uses, wet, seed)
    houses = blocks.build(grid, uses, laid, _keep_off(wet, laid), seed)
    places.settle(houses, seed)
    file = CityFile(path, seed)
    file.streets(laid)
    file.buildings(houses)
    file.patches([*land.landuse(grid, uses), *land.parks(grid, uses), *waters])
    file.hydrants(places.hydrants(grid, laid, seed))
    file.close()


def _around(shapes: Sequence[shapely.Geometry], metres: float) -> Iterator[shapely.Geometry]:
    return (shapely.buffer(shape, metres) for shape in shapes)


def _keep_off(wet: shapely.Geometry, laid: streets.Streets) -> shapely.Geometry:
    """Return where no building may stand: at the water, on a roundabout, on a ramp."""
    rings = [shapely.Polygon(np.array([laid.places[node] for node in ring])) for ring in laid.round_at.values()]
    ramps = [
        shapely.LineString([laid.places[node] for node in way.nodes])
        for way in laid.ways
        if way.tags["highway"] in ("motorway_link", "service")
    ]
    return shapely.union_all([shapely.buffer(wet, 8), *_around(rings, 7), *_around(ramps, 4)])
