"""Compiles what reckons: once for a checkout, so that nobody who asks waits for the compiler."""

from dataclasses import replace

import numpy as np
import shapely

from geo_server.planning.gaps import gaps, patched
from geo_server.planning.ground import Ground
from geo_server.planning.placement.warming import warm_placement
from geo_server.planning.poses import Pose
from geo_server.planning.purposes import purposes
from geo_server.planning.rings import Rings
from geo_server.planning.shares import shares
from geo_server.planning.sights import Known
from geo_server.planning.things import THINGS, Things
from geo_server.planning.tiles import Box, Tile, covered
from geo_server.planning.viewing import bands, hung_as
from geo_server.planning.viewsheds.cameras import Houses
from geo_server.planning.viewsheds.relief import Relief
from layers.coverage.schema import House

POSE = Pose(
    lon=76.94, lat=43.24, height_m=6.0, heading_deg=0.0, hfov_deg=90.0, tilt_deg=10.0, range_m=80.0, width_px=1920,
    height_px=1080,
)  # fmt: skip
HALF_M = 200.0  # of the side of what is reckoned: more than the smallest square


def warm_hills() -> None:
    """Do the same over ground that is not flat: who brings terrain in waits for it, and nobody else."""
    grid = Ground.around(POSE.lon, POSE.lat)
    (place,) = grid.metres(np.array([POSE.lon]), np.array([POSE.lat]))
    east, north = place.tolist()
    relief = Relief(origin=(east - 200, north - 200), step_m=400.0, march_m=50.0, heights_m=np.eye(2))
    house = shapely.box(east - 20, north + 20, east + 20, north + 30)
    covered(replace(_tile(grid, east, north, house), relief=relief, fine=True), purposes())


def _tile(grid: Ground, east: float, north: float, house: shapely.Geometry) -> Tile:
    return Tile(
        ground=grid,
        box=Box(west=east - HALF_M, south=north - HALF_M, east=east + HALF_M, north=north + HALF_M),
        hung=hung_as(POSE),
        known=Known.by_id(np.array([0])),
        houses=Houses.of(np.array([house], dtype=object), np.array([9.0])),
        areas={},
    )


def warm() -> None:
    """Reckon a street with a camera, a house and what happened there, and what the camera sees; the code is kept.

    So much happened that gaps are cut: patches of several kinds are compiled by themselves.
    """
    grid = Ground.around(POSE.lon, POSE.lat)
    (place,) = grid.metres(np.array([POSE.lon]), np.array([POSE.lat]))
    east, north = place.tolist()
    house = shapely.box(east - 20, north + 20, east + 20, north + 30)
    street = shapely.LineString([(east - 100, north - 60), (east + 100, north - 60)])
    things = Things.of(
        np.array([street], dtype=object), dict.fromkeys(THINGS, np.repeat(place[None, :] - 60, 20, axis=0))
    )
    around = shapely.box(east - HALF_M, north - HALF_M, east + HALF_M, north + HALF_M)
    Rings.read(shapely.to_wkb(shapely.GeometryCollection([house])))
    tile = replace(_tile(grid, east, north, house), areas={1: np.array([around], dtype=object)}, things=things)
    found = covered(tile, purposes())
    shares(found)
    list(gaps(found))
    list(patched(found))
    (seen,) = grid.in_degrees(np.array([house], dtype=object))
    built = House(wkb=shapely.to_wkb(seen), height_m=9.0, levels=None)
    bands(POSE, [built], "purposes")
    warm_placement(grid, seen, (east, north))
