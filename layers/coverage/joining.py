"""What stands in several grounds as what stands in one."""

from collections.abc import Sequence

import numpy as np
import shapely

from layers.coverage.schema import Buildings, Standing


def whole(parts: Sequence[Standing]) -> Standing:
    """Return what stands in any of some grounds, each thing once; a building between two may be there twice."""
    if len(parts) == 1:
        return parts[0]
    names = ("presets", "grounds", "streets", "points", "terrain")
    return Standing(
        cameras=list({row.id: row for one in parts for row in one.cameras}.values()),
        buildings=_together([one.buildings for one in parts]),
        **{name: list(dict.fromkeys(row for one in parts for row in getattr(one, name))) for name in names},
    )


def _together(parts: Sequence[Buildings]) -> Buildings:
    collections = np.array([shapely.from_wkb(one.wkb) for one in parts if one.wkb is not None], dtype=object)
    outlines = shapely.GeometryCollection(list(shapely.get_parts(collections)))
    return Buildings(
        wkb=shapely.to_wkb(outlines) if len(collections) else None,
        height_m=b"".join(one.height_m for one in parts),
        levels=b"".join(one.levels for one in parts),
    )
