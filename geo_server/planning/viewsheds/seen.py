"""What views see: parts of rays over the ground, cut by how finely they are seen; areas and outlines of them."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.viewsheds.climb import climbed, clipped
from geo_server.planning.viewsheds.relief import Relief
from geo_server.planning.viewsheds.sweep import swept
from geo_server.planning.viewsheds.views import Views
from geo_server.planning.viewsheds.walls import CELL_M, Walls

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RAYS, RAYS_AROUND = 180, 720  # of a picture, and of a lens that looks around


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """Rays of views in their order: `view` of each, its azimuth and half its width in radians.

    `ray` and `parts`, m x 2, are what of the rays is seen: from near to far, metres from the eye's foot. `relief` is
    the ground that they were followed over; None where it is flat.
    """

    views: Views
    view: Ints
    azimuth: Floats
    half: Floats
    ray: Ints
    parts: Floats
    relief: Relief | None = None

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
            relief=self.relief,
        )

    def finer_than(self, density_px_m: float) -> "Seen":
        """Return what is seen with so many pixels to the metre or more; nothing of views whose picture is unknown.

        Pixels across the picture to a metre at its depth (IEC 62676-4).
        """
        if self.relief is not None:
            return self._where(*_no_deeper(self.views, density_px_m))
        deepest = self.views.focal_px / density_px_m
        return self._within(_as_fine(deepest, self.views.axis, self.view, self.azimuth)[self.ray])

    def no_steeper(self, steepest_deg: float, above_m: float) -> "Seen":
        """Return what is seen no steeper than so, where what is looked for is so high above the ground."""
        fall_m, steep = self.views.eye_m - above_m, math.tan(math.radians(steepest_deg))
        if self.relief is None:
            return self.further_than(np.abs(fall_m) / steep)
        way, one = np.broadcast_to([0.0, 0.0, steep], (len(fall_m), 3)), np.ones(len(fall_m))
        return self._where(way, one, -fall_m)._where(way, -one, fall_m)

    def further_than(self, metres: Floats) -> "Seen":
        """Return what lies so far away or further, metres along the ground a view: what is seen less steeply."""
        near = metres[self.view[self.ray]]
        return self._within(np.column_stack([near, np.full(len(near), np.inf)]))

    def nearer_than(self, metres: Floats) -> "Seen":
        """Return what lies so far away or nearer, metres along the ground a view."""
        far = metres[self.view[self.ray]]
        return self._within(np.column_stack([np.zeros(len(far)), far]))

    def _where(self, along: Floats, rising: Floats, here: Floats) -> "Seen":
        """Return where a value is not below zero; all of it are a row a view.

        At r metres along (cos, sin), on ground z metres higher than under the eye, it is r (a cos + b sin + c) +
        z rising + here; a, b and c are `along`.
        """
        assert self.relief is not None
        azimuth, view = self.azimuth[self.ray], self.view[self.ray]
        slope = along[view, 0] * np.cos(azimuth) + along[view, 1] * np.sin(azimuth) + along[view, 2]
        planes = np.column_stack([slope, rising[view], here[view]])
        eyes = self.views.east_m, self.views.north_m, self.views.range_m
        parts, of = clipped(eyes, self.relief.told, (self.ray, view, azimuth), self.parts, planes)
        return replace(self, ray=self.ray[of], parts=parts)

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


def _no_deeper(views: Views, density_px_m: float) -> tuple[Floats, Floats, Floats]:
    """Return where a density lasts, as `_where` takes it; never where the size of the picture is not known."""
    wide = ~views.axis.any(axis=1)
    along = np.column_stack([-views.axis[:, :2], np.where(wide, -1.0, 0.0)])
    return along, -views.axis_rising, views.focal_px / density_px_m - views.axis[:, 2]


def seen_by(views: Views, walls: Walls, relief: Relief | None = None) -> Seen:
    """Return what each view sees of the ground past the walls, however coarsely; without a relief it is flat."""
    rays = _rays(views)
    first, step, begins, parts = _cast(views, rays, walls, relief)
    view = np.repeat(np.arange(len(views)), rays)
    number = np.arange(len(view)) - np.repeat(np.cumsum(rays) - rays, rays)
    return Seen(
        views=views,
        view=view,
        azimuth=first[view] + (number + 0.5) * step[view],
        half=step[view] / 2,
        ray=np.repeat(np.arange(len(view)), np.diff(begins)),
        parts=parts.astype(np.float64),
        relief=relief,
    )


def _cast(views: Views, rays: Ints, walls: Walls, relief: Relief | None) -> tuple[Floats, Floats, Ints, Floats]:
    eyes = (
        views.east_m,
        views.north_m,
        views.eye_m,
        views.above_m,
        views.range_m,
        views.begin,
        views.span,
        views.bounds,
        views.over,
    )
    built, grid = (walls.ends, walls.tops_m, walls.begins, walls.members), (*walls.origin, *walls.shape, CELL_M)
    if relief is None:
        return tuple(swept(eyes, rays, built, grid))
    return tuple(climbed((*eyes, views.rising), rays, built, grid, relief.told))


def _rays(views: Views) -> Ints:
    return np.where(np.isnan(views.span), RAYS, RAYS_AROUND).astype(np.int64)
