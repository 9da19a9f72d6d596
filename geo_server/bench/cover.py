"""Camera cover: the kernel against exact shadows, a dragged camera, placement, rules, a city and a republic.

The floor of the kernel is shapely's exact geometry of some of the same cameras in the same run.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.bench import Figure, Ground, cover_city, cover_placement, cover_republic, cover_rules
from geo_server.bench.exactly import exactly
from geo_server.bench.stores import own_database
from geo_server.planning.compliance.judging import Cameras, judged
from geo_server.planning.compliance.rules import rules
from geo_server.planning.poses import Pose
from geo_server.planning.viewing import bands
from geo_server.planning.viewsheds.seen import Seen, seen_by
from geo_server.planning.viewsheds.views import Lenses, Views
from geo_server.planning.viewsheds.walls import Walls
from layers.coverage.schema import House

CAMERAS, HOUSES, SAMPLED = 6_000, 150_000, 60
JUDGED = 50_000
DRAGS, NEAR = 200, 500
_SIDE_M = (24_000.0, 18_000.0)
_TIMES = 5
Floats = NDArray[np.float64]


async def run(ground: Ground) -> Sequence[Figure]:
    """Measure what is pure in memory on one core, then a city and a republic out of a store on all cores."""
    chance = np.random.default_rng(4)
    figures = [*_kernel(chance), _drag(chance), _rules(chance)]
    for part in (cover_placement, cover_rules, cover_city, cover_republic):  # each writes its own ground
        async with own_database(ground.database_url, part.__name__.rpartition(".")[2]) as url:
            figures += await part.run(Ground(database_url=url, home=ground.home))
    return figures


# ── the kernel ──────────────────────────────────────────────────────────────────────────────────────────────────


def _kernel(chance: np.random.Generator) -> list[Figure]:
    outlines, tops = _houses(chance)
    views, walls = _views(chance), Walls.of(outlines, tops)
    seen_by(views[:SAMPLED], walls)  # compiled, or read from where that is kept
    took = min(_timed(lambda: seen_by(views, walls)) for _ in range(_TIMES))
    found = seen_by(views, walls)
    exact_s, errors = _against_exact(views, found, outlines, tops)
    each = took / CAMERAS
    median = float(np.median(errors))
    return [
        Figure(
            name=f"cover: {CAMERAS:,} cameras past {HOUSES:,} houses, a core",
            value=round(took, 3),
            unit="s",
            floor=round(exact_s * CAMERAS, 1),
            ratio=round(each / exact_s, 4),
            asked="<= 0.2 s, ratio <= 0.02 of exact shadows",
            holds=took <= 0.2 and exact_s / each >= 50,
        ),
        Figure(
            name="cover: median error of the area seen",
            value=round(100 * median, 3),
            unit="%",
            asked="<= 0.5 %",
            holds=median <= 0.005,
        ),
    ]


def _against_exact(views: Views, found: Seen, outlines: NDArray[np.object_], tops: Floats) -> tuple[float, Floats]:
    """Return how long a camera takes exactly, and the relative errors of the areas of some."""
    tree, areas = shapely.STRtree(outlines), found.areas_m2()
    errors, took = [], 0.0
    for one in np.linspace(0, CAMERAS - 1, SAMPLED).astype(int):
        view = views[one : one + 1]
        begun = time.perf_counter()
        eye = shapely.Point(view.east_m[0], view.north_m[0])
        near = tree.query(eye, predicate="dwithin", distance=float(view.range_m[0]))
        area = exactly(view, [(outlines[house], float(tops[house])) for house in near]).area
        took += time.perf_counter() - begun
        if area > 1.0:
            errors.append(abs(areas[one] - area) / area)
    return took / SAMPLED, np.array(errors)


def _houses(chance: np.random.Generator) -> tuple[NDArray[np.object_], Floats]:
    """Return houses in a grid of blocks, turned a little, of one to nine storeys."""
    columns = math.ceil(math.sqrt(HOUSES * _SIDE_M[0] / _SIDE_M[1]))
    number = np.arange(HOUSES)
    step = _SIDE_M[0] / columns
    west, south = (number % columns) * step, (number // columns) * step
    size = step * chance.uniform(0.35, 0.6, (HOUSES, 2))
    outlines = shapely.box(west, south, west + size[:, 0], south + size[:, 1])
    turned = shapely.transform(outlines, lambda xy: xy @ np.array([[0.995, 0.0998], [-0.0998, 0.995]]))
    return turned, 3.0 * chance.integers(1, 10, HOUSES).astype(np.float64)


def _views(chance: np.random.Generator) -> Views:
    """Return cameras in the streets, none within a house."""
    columns = math.ceil(math.sqrt(HOUSES * _SIDE_M[0] / _SIDE_M[1]))
    step = _SIDE_M[0] / columns
    corner = chance.integers(0, columns * 3 // 4, (CAMERAS, 2)) * step
    places = (corner + step * chance.uniform(0.65, 0.95, (CAMERAS, 2))) @ np.array([[0.995, 0.0998], [-0.0998, 0.995]])
    lenses = Lenses(
        heading_deg=chance.uniform(0, 360, CAMERAS),
        tilt_deg=chance.uniform(5, 25, CAMERAS),
        roll_deg=np.zeros(CAMERAS),
        hfov_deg=chance.uniform(40, 100, CAMERAS),
        width_px=np.full(CAMERAS, 1920.0),
        height_px=np.full(CAMERAS, 1080.0),
    )
    return Views.of(places, chance.uniform(4, 12, CAMERAS), np.full(CAMERAS, 120.0), lenses, 1.5)


# ── a drag, the rules ───────────────────────────────────────────────────────────────────────────────────────────


def _drag(chance: np.random.Generator) -> Figure:
    """Time what the server does for one move of a camera among houses, less the visit to the store."""
    pose = Pose(
        lon=76.94, lat=43.24, height_m=6.0, heading_deg=0.0, hfov_deg=70.0, tilt_deg=12.0, range_m=120.0,
        width_px=1920, height_px=1080,
    )  # fmt: skip
    spots = np.array([pose.lon, pose.lat]) + chance.uniform(-0.002, 0.002, (NEAR, 2))
    boxes = shapely.box(spots[:, 0], spots[:, 1], spots[:, 0] + 0.0002, spots[:, 1] + 0.00015)
    houses = [House(wkb=shapely.to_wkb(one), height_m=9.0, levels=None) for one in boxes]
    bands(pose, houses, "purposes")
    took = []
    for heading in np.linspace(0, 359, DRAGS):
        turned = replace(pose, heading_deg=float(heading), lon=pose.lon + 1e-6 * float(heading))
        took.append(_timed(lambda: bands(turned, houses, "purposes")))  # noqa: B023 - called at once
    value = 1000 * float(np.percentile(took, 95))
    return Figure(
        name=f"cover: a dragged camera among {NEAR} houses, p95",
        value=round(value, 1),
        unit="ms",
        asked="<= 100 ms",
        holds=value <= 100,
    )


def _rules(chance: np.random.Generator) -> Figure:
    asked = rules()
    facts = {rule.fact: chance.uniform(0, 2 * (rule.most or rule.least or 1), JUDGED) for rule in asked}
    flags = {name: chance.random(JUDGED) < 0.5 for name in ("person", "plate", "situation", "road", "passage", "slow")}
    cameras = Cameras(count=JUDGED, facts=facts, flags=flags)
    took = min(_timed(lambda: judged(asked, cameras)) for _ in range(_TIMES))
    return Figure(
        name=f"cover: {JUDGED:,} cameras by {len(asked)} rules",
        value=round(took, 3),
        unit="s",
        asked="<= 5 s",
        holds=took <= 5,
    )


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
