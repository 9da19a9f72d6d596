"""Compiles what proposes where to put cameras."""

import numpy as np
import shapely

from geo_server.planning.ground import Ground
from geo_server.planning.placement.kinds import offer
from geo_server.planning.placement.proposing import propose
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.schema import Asked
from layers.coverage.schema import Buildings, Standing


def warm_placement(grid: Ground, house: shapely.Geometry, middle_m: tuple[float, float]) -> None:
    """Propose a camera for a street beside a house, which is told in degrees."""
    east, north = middle_m
    street = shapely.LineString([(east - 60, north), (east + 60, north)])
    region = shapely.multipolygons([shapely.box(east - 80, north - 80, east + 80, north + 80)])
    wkb = [shapely.to_wkb(one) for one in grid.in_degrees(np.array([street, region], dtype=object))]
    found = offer()
    question = Question(
        purpose="situation",
        aim="number",
        amount=1,
        kinds=found.kinds[:1],
        mounts={source: mount.price for source, mount in found.mounts.items()},
        currency=found.currency,
    )
    built = Buildings.of(shapely.to_wkb(shapely.geometrycollections([house])), [9.0], [None])
    standing = Standing(cameras=[], presets=[], buildings=built, grounds=[], streets=wkb[:1], points=[])
    asked = Asked(question=question, epsg=grid.epsg, region=wkb[1], standing=standing, zones=[], poles=[])
    propose(asked, lambda done, total: None)
