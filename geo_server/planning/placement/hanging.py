"""A camera of a plan hung otherwise, with the store: what is read around it, and the plan's figures afterwards."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.aside import Aside
from geo_server.planning.ground import Ground
from geo_server.planning.placement import queries
from geo_server.planning.placement.schema import Hangs, Moved, Near, Plan, PlanCamera, Square
from geo_server.planning.placement.squaring import ROW, TILE
from layers.coverage.queries import houses_within
from layers.database import Session
from layers.near import box_around
from layers.terrain import queries as terrain
from layers.values import BBox, LonLat

AROUND_M = 500.0  # of a region: what hides there, who looks in, what happened next door; nobody drags a camera further


def around(region: bytes, metres: float = AROUND_M) -> BBox:
    """Return the box in degrees around a region, WKB in degrees WGS 84."""
    west, south, east, north = shapely.bounds(shapely.from_wkb(region)).tolist()
    low, high = (box_around(LonLat(lon=lon, lat=lat), metres) for lon, lat in ((west, south), (east, north)))
    return BBox(west=low.west, south=low.south, east=high.east, north=high.north)


async def near(session: Session, plan: Plan, camera: PlanCamera, hangs: Hangs) -> Near:
    """Return what a camera of a plan that hangs so is reckoned from."""
    assert plan.cell_m is not None
    range_m = next(one.range_m for one in plan.question.kinds if one.name == camera.hangs.kind)
    box = box_around(LonLat(lon=hangs.lon, lat=hangs.lat), range_m)
    return Near(
        question=plan.question,
        epsg=plan.epsg,
        cell_m=plan.cell_m,
        houses=await houses_within(session, box),
        squares=await queries.squares(session, plan.id, _squares(plan, hangs, range_m)),
        zones=await queries.zones_in(session, box),
        others=await queries.others(session, plan.id, camera.id, box),
        terrain=await terrain.in_box(session, box),
    )


def _squares(plan: Plan, hangs: Hangs, range_m: float) -> tuple[int, int, int, int]:
    ((east, north),) = Ground(epsg=plan.epsg).metres(np.array([hangs.lon]), np.array([hangs.lat])).tolist()
    side = TILE * (plan.cell_m or 1.0)
    low, high = ([math.floor((at + off) / side) for at in (east, north)] for off in (-range_m, range_m))
    return low[0], low[1], high[0], high[1]


async def only(aside: Aside, session: Session, plan: Plan, camera: PlanCamera) -> float:
    """Return what only this camera of a plan sees as it hangs, by weight."""
    range_m = next(one.range_m for one in plan.question.kinds if one.name == camera.hangs.kind)
    box = box_around(LonLat(lon=camera.hangs.lon, lat=camera.hangs.lat), range_m)
    others = await queries.others(session, plan.id, camera.id, box)
    squares = await queries.squares(session, plan.id, _squares(plan, camera.hangs, range_m))
    return await aside.run(_counted, squares, [camera.looks.cells], others)


async def reckon(aside: Aside, told: Near, hangs: Hangs) -> Moved:
    """Return what comes of it, reckoned beside the server."""
    return await aside.run(_moved, told, hangs)


def _moved(told: Near, hangs: Hangs) -> Moved:
    from geo_server.planning.placement.moving import moved  # it brings numba

    return moved(told, hangs)


async def figures_of(aside: Aside, session: Session, plan: Plan) -> dict[str, Any]:
    """Return a plan's figures by its cameras as they hang now; the bound is that of the proposal."""
    assert plan.figures is not None and plan.cell_m is not None
    cameras = await queries.cameras(session, plan.id)
    value = await aside.run(_counted, await queries.squares(session, plan.id), [one.looks.cells for one in cameras], [])
    before = plan.figures["weight"]["before"]
    price = sum(one.price for one in cameras)
    told = {"value": value, "price": price, "cameras": len(cameras)}
    counted = {"cost": float(len(cameras)) if plan.question.aim == "number" else price}
    wanted = plan.question.amount * plan.figures["weight"]["whole"] if plan.question.aim == "cover" else 0.0
    by_hand = sum(one.moved_by is not None for one in cameras) + (len(cameras) < plan.figures["cameras"])
    measures = {name: {**plan.figures[name], "after": None} for name in ("ground_m2", "streets_m")} if by_hand else {}
    return {
        **plan.figures,
        **measures,
        **told,
        **counted,
        "weight": {**plan.figures["weight"], "after": before + value},
        "reached": before + value >= wanted - 1e-6 * max(1.0, wanted),
        "moved": sum(one.moved_by is not None for one in cameras),
    }


def _counted(squares: Sequence[Square], seen: Sequence[bytes], but: Sequence[bytes]) -> float:
    """Return what the cells count that are seen, but for some; a large plan has millions, so it is done aside."""
    names, total = np.setdiff1d(_joined(seen), _joined(but)), 0.0
    for one in squares:
        inner = np.frombuffer(one.cells, np.uint16).astype(np.int64)
        keys = (one.row * TILE + inner // TILE) * ROW + one.col * TILE + inner % TILE
        total += float(np.frombuffer(one.weight, np.float32)[np.isin(keys, names)].astype(np.float64).sum())
    return total


def _joined(cells: Sequence[bytes]) -> NDArray[np.int64]:
    return np.frombuffer(b"".join(cells), np.int64)
