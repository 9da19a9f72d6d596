"""The ground of a tile that one camera, or all of a pole, node or link, alone see for a purpose."""

from collections.abc import Collection

import numpy as np
import shapely

from geo_server.planning.failing import By
from geo_server.planning.gaps import smooth
from geo_server.planning.patches import patches
from geo_server.planning.purposes import purposes
from geo_server.planning.reckoning import tile_of
from geo_server.planning.tiles import covered
from layers.coverage.schema import Standing, Stirred


def alone(tile: Stirred, standing: Standing, inside: Collection[int], purpose: str, by: By, name: str) -> list[bytes]:
    """Return it as polygons (WKB, degrees WGS 84) of some areas; nothing where that name is of nothing here."""
    laid = tile_of(tile, standing)
    groups = laid.known.groups
    if by not in groups.ways or name not in groups.names[groups.ways.index(by)]:
        return []
    found = covered(laid, {purpose: purposes()[purpose]})
    own = found.sights[purpose].owner(by) == groups.names[groups.ways.index(by)].index(name) + 1
    places = [place for place, area in enumerate(laid.areas) if area in inside]
    mask = own & found.open & np.isin(found.area, places)
    shapes = smooth(patches(mask, found.cells.origin, found.cells.cell_m), found.cells.cell_m)
    return [shapely.to_wkb(one) for one in laid.ground.in_degrees(shapes)]
