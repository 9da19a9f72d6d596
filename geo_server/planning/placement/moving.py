"""A camera of a plan hung otherwise: what it would see, and what the plan would have of it."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.ground import Ground
from geo_server.planning.placement.looking import looks
from geo_server.planning.placement.scene import Setting, metres
from geo_server.planning.placement.schema import Hangs, Moved, Near
from geo_server.planning.placement.ways import Ways
from geo_server.planning.placement.worth import laid_out, numbers_of
from geo_server.planning.placement.zones import Zones
from geo_server.planning.purposes import purposes
from geo_server.planning.reckoning import houses_of
from geo_server.planning.viewsheds.relief import Relief
from geo_server.planning.viewsheds.walls import Walls

Floats = NDArray[np.float64]


def moved(near: Near, hangs: Hangs) -> Moved:
    """Return what a camera would see and add that hangs so; in a building it sees nothing."""
    setting, weight = _setting(near)
    places = metres([(hangs.lon, hangs.lat)], setting.grid)
    (look,) = looks(setting, places, _way(setting, hangs), weight > 0)
    left = weight.copy()
    for others in near.others:
        numbers = numbers_of(setting.cells, np.frombuffer(others, np.int64))
        left[numbers[numbers >= 0]] = 0.0
    adds = float(left[numbers_of(setting.cells, np.frombuffer(look.cells, np.int64))].sum())
    foot = shapely.points(places[0])
    tall = setting.houses.outlines[setting.houses.tops_m >= hangs.height_m]
    return Moved(
        looks=look,
        adds=adds,
        inside=bool(shapely.contains_properly(tall, foot).any()),
        forbidden=bool(shapely.intersects(setting.zones.drawn, foot).any()),
    )


def _setting(near: Near) -> tuple[Setting, Floats]:
    grid, (cells, weight) = Ground(epsg=near.epsg), laid_out(near.squares, near.cell_m)
    houses = houses_of(near.houses, grid)
    everywhere = shapely.box(-1e8, -1e8, 1e8, 1e8)
    setting = Setting(
        question=near.question,
        purpose=purposes()[near.question.purpose],
        grid=grid,
        houses=houses,
        walls=Walls.around(houses.rings, houses.tops_m),
        zones=Zones.of(near.zones, grid, everywhere),
        cells=cells,
        relief=Relief.of(near.terrain, grid),
    )
    return setting, weight


def _way(setting: Setting, hangs: Hangs) -> Ways:
    kind = next(n for n, one in enumerate(setting.question.kinds) if one.name == hangs.kind)
    lon, lat, heading = (np.array([one], np.float64) for one in (hangs.lon, hangs.lat, hangs.heading_deg))
    return Ways(
        spot=np.zeros(1, np.int64),
        kind=np.array([kind]),
        height_m=np.array([hangs.height_m]),
        hfov_deg=np.array([hangs.hfov_deg]),
        tilt_deg=np.array([hangs.tilt_deg]),
        heading_deg=setting.grid.from_grid_north(lon, lat, heading),
        aside_deg=np.array([np.nan]),  # nobody tells which way people or cars go there
        price=np.zeros(1),
    )
