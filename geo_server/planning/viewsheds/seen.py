"""What views see: parts of rays over the ground, cut by how finely they are seen; areas and outlines of them."""

from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.viewsheds.sweep import swept
from geo_server.planning.viewsheds.views import Views
from geo_server.planning.viewsheds.walls import CELL_M, Walls

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RAYS, RAYS_AROUND = 180, 720  # of a picture, and of a lens that looks around


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """Rays of views in their order: `view` of each, its azimuth and half its width in radians.

    `ray` and `parts`, m x 2, are what of the rays is seen: from near to far, metres from the eye's foot.
    """

    views: Views
    view: Ints
    azimuth: Floats
    half: Floats
    ray: Ints
    parts: Floats

    def areas_m2(self) -> Floats:
        """Return how much ground each view sees."""
        rings = (self.parts[:, 1] ** 2 - self.parts[:, 0] ** 2) * self.half[self.ray]
        return np.asarray(np.bincount(self.view[self.ray], rings, minlength=len(self.views)), np.float64)

    def only(self, views: Ints) -> "Seen":
        """Return what some of the views see; they keep their order."""
        number = np.full(len(self.views), -1)
        number[views] = np.arange(len(views))
        rays = np.flatnonzero(number[self.view] >= 0)
        ray_number = np.full(len(self.view), -1)
        ray_number[rays] = np.arange(len(rays))
        kept = ray_number[self.ray] >= 0
        return Seen(
            views=self.views[views],
            view=number[self.view[rays]],
            azimuth=self.azimuth[rays],
            half=self.half[rays],
            ray=ray_number[self.ray[kept]],
            parts=self.parts[kept],
        )

    def finer_than(self, density_px_m: float) -> "Seen":
        """Return what is seen with so many pixels to the metre or more; nothing of views whose picture is unknown.

        Pixels across the picture to a metre at its depth (IEC 62676-4).
        """
        deepest = self.views.focal_px / density_px_m
        return self._within(_as_fine(deepest, self.views.axis, self.view, self.azimuth)[self.ray])

    def further_than(self, metres: Floats) -> "Seen":
        """Return what lies so far away or further, metres along the ground a view: what is seen less steeply."""
        near = metres[self.view[self.ray]]
        return self._within(np.column_stack([near, np.full(len(near), np.inf)]))

    def nearer_than(self, metres: Floats) -> "Seen":
        """Return what lies so far away or nearer, metres along the ground a view."""
        far = metres[self.view[self.ray]]
        return self._within(np.column_stack([np.zeros(len(far)), far]))

    def _within(self, limits: Floats) -> "Seen":
        """Return what of each part lies from near to far."""
        parts = np.column_stack(
            [np.maximum(self.parts[:, 0], limits[:, 0]), np.minimum(self.parts[:, 1], limits[:, 1])]
        )
        kept = parts[:, 1] > parts[:, 0]
        return replace(self, ray=self.ray[kept], parts=parts[kept])


@numba.njit(cache=True, nogil=True)
def _as_fine(deepest: Any, axis: Any, view: Any, azimuth: Any) -> Any:
    """Return from where to where each ray is no deeper than a density lasts; a ray that runs back comes nearer."""
    limits = np.zeros((len(view), 2))
    for ray in range(len(view)):
        own, last = axis[view[ray]], deepest[view[ray]]
        around = own[0] == 0 and own[1] == 0 and own[2] == 0  # such a lens has no axis: the distance itself counts
        along = 1.0 if around else own[0] * np.cos(azimuth[ray]) + own[1] * np.sin(azimuth[ray])
        if along == 0.0:
            limits[ray, 1] = np.inf if own[2] <= last else 0.0
        elif along > 0:
            limits[ray, 1] = (last - own[2]) / along
        elif along < 0:
            limits[ray] = (last - own[2]) / along, np.inf
        if np.isnan(last):
            limits[ray] = 0.0, 0.0
    return limits


def seen_by(views: Views, walls: Walls) -> Seen:
    """Return what each view sees of the ground past the walls, however coarsely."""
    rays = _rays(views)
    first, step, begins, parts = swept(
        (
            views.east_m,
            views.north_m,
            views.eye_m,
            views.above_m,
            views.range_m,
            views.begin,
            views.span,
            views.bounds,
            views.over,
        ),
        rays,
        (walls.ends, walls.tops_m, walls.begins, walls.members),
        (*walls.origin, *walls.shape, CELL_M),
    )
    view = np.repeat(np.arange(len(views)), rays)
    number = np.arange(len(view)) - np.repeat(np.cumsum(rays) - rays, rays)
    return Seen(
        views=views,
        view=view,
        azimuth=first[view] + (number + 0.5) * step[view],
        half=step[view] / 2,
        ray=np.repeat(np.arange(len(view)), np.diff(begins)),
        parts=parts.astype(np.float64),
    )


def _rays(views: Views) -> Ints:
    return np.where(np.isnan(views.span), RAYS, RAYS_AROUND).astype(np.int64)
