"""A camera as it hangs or would hang, and what it would see: values that travel, without what reckons them."""

from dataclasses import dataclass
from typing import Literal

import shapely

Cut = Literal["purposes", "classes_2025", "classes_2014"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A camera that hangs or would hang somewhere: degrees WGS 84 and from true north, metres, pixels.

    A `tilt_deg` that nobody knows is None: then what it sees is bounded sideways and by its range alone.
    """

    lon: float
    lat: float
    height_m: float
    heading_deg: float
    hfov_deg: float
    range_m: float
    width_px: int
    height_px: int
    tilt_deg: float | None = None
    roll_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """The ground that is seen for a purpose, or with so many pixels to the metre or more; degrees WGS 84."""

    name: str
    density_px_m: float
    area_m2: float
    shape: shapely.Geometry
