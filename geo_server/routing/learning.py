"""Learns from recorded tracks how fast each segment is really driven, by the hour of the week."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.routing import queries, road_graph
from geo_server.routing.road_graph import Floats, Ints
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.snap import Snapped
from geo_server.routing.speeds import band_of
from layers.areas.scope import visit_whole
from layers.roads import queries as roads
from layers.roads.queries import Speeds

log = structlog.get_logger()

NEAR_M = 25.0  # a fix farther from its road than this is not believed to be on it
APART_S = 45.0  # fixes farther apart in time say too little about the way between them
STANDS_M = 8.0  # what a receiver at rest wanders
DETOUR = 1.6  # a way so much longer than the straight line was matched wrongly
SLOWEST_KMH, FASTEST_KMH = 3.0, 150.0  # slower is parked, faster is a fault
LEAST_SHARE, LEAST_M = 0.3, 60.0  # of a segment, or metres: less of it says too little
ENOUGH = 5  # passages of a segment in a band, before they are believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Drives that units passed through: which, in which band of the week's hours, and how fast on the whole."""

    drive: Ints
    band: NDArray[np.int8]
    kmh: Floats


async def learn(engine: AsyncEngine, *, days: int, units: int) -> int:
    """Learn from the last so many UTC days, of so many units a day at most; return how many speeds were written.

    What was learned before goes. Waiting lights count into a passage; parked units and crews under way do not.
    """
    async with visit_whole(engine) as session:
        graph = road_graph.build(await roads.graph(session), await roads.restrictions(session))
    router = RoadRouter.over(graph)
    today = datetime.now(UTC).date()
    found: list[Passages] = []
    for back in range(days):
        async with visit_whole(engine) as session:
            fixes = await queries.fixes(session, today - timedelta(days=back), units=units)
        found.append(passages(router, fixes))
    learned = medians(router, found)
    async with visit_whole(engine) as session:
        await roads.learn(session, learned)
    log.info("speeds_learned", days=days, passages=sum(len(one.drive) for one in found), speeds=len(learned.road_id))
    return len(learned.road_id)


def passages(router: RoadRouter, fixes: NDArray[np.void]) -> Passages:
    """Match fixes (by unit and time) to roads and return what each unit passed through, and how fast."""
    at = router.index.snap(fixes["lon"], fixes["lat"])
    pieces = list(_pieces(router, fixes, at, _pairs(router, fixes, at)))
    columns = np.array(pieces, dtype=np.float64).reshape(-1, 5)  # unit, drive, metres, seconds, when
    if not len(columns):
        return _none()
    first = np.concatenate([[True], np.any(columns[1:, :2] != columns[:-1, :2], axis=1)])
    start = np.flatnonzero(first)
    metres, seconds = (np.add.reduceat(columns[:, i], start) for i in (2, 3))
    drive, when = columns[start, 1].astype(np.int64), columns[start, 4]
    kmh = metres / np.maximum(seconds, 1e-3) * 3.6
    length = router.graph.length_m[drive // 2]
    told = (metres >= np.minimum(LEAST_M, LEAST_SHARE * length)) & (kmh >= SLOWEST_KMH) & (kmh <= FASTEST_KMH)
    bands = np.array([band_of(datetime.fromtimestamp(float(at_s), UTC)) for at_s in when[told]], dtype=np.int8)
    return Passages(drive=drive[told], band=bands, kmh=kmh[told])


def medians(router: RoadRouter, found: Iterable[Passages]) -> Speeds:
    """Return the median of each drive and band that was passed often enough."""
    every = [_none(), *found]
    drive, band, kmh = (np.concatenate([getattr(one, name) for one in every]) for name in ("drive", "band", "kmh"))
    order = np.lexsort((kmh, band, drive))
    drive, band, kmh = drive[order], band[order], kmh[order]
    key = drive * 64 + band
    groups, first, samples = np.unique(key, return_index=True, return_counts=True)
    middle = (kmh[first + (samples - 1) // 2] + kmh[first + samples // 2]) / 2 if len(groups) else np.empty(0)
    enough = samples >= ENOUGH
    mine = groups[enough] // 64
    return Speeds(
        road_id=router.graph.road_ids[mine // 2],
        direction=(mine % 2).astype(np.int8),
        band=(groups[enough] % 64).astype(np.int8),
        speed_kmh=middle[enough],
        samples=samples[enough].astype(np.int64),
    )


def _none() -> Passages:
    return Passages(drive=np.empty(0, np.int64), band=np.empty(0, np.int8), kmh=np.empty(0))


def _pairs(router: RoadRouter, fixes: NDArray[np.void], at: Snapped) -> Ints:
    """Return the indexes of fixes that the next one of the same unit follows soon, on roads, having moved."""
    if len(fixes) < 2:
        return np.empty(0, dtype=np.int64)
    here = (at.road >= 0) & (at.offset_m <= NEAR_M)
    same = (fixes["unit_id"][1:] == fixes["unit_id"][:-1]) & (np.diff(fixes["at"]) <= APART_S)
    return np.flatnonzero(same & here[1:] & here[:-1])


def _pieces(
    router: RoadRouter, fixes: NDArray[np.void], at: Snapped, pairs: Ints
) -> Iterator[tuple[int, int, float, float, float]]:
    """Cut the way between each pair of fixes at the junctions: unit, drive, metres, its share of the time, when."""
    north = np.diff(fixes["lat"]) * 111_195.08
    east = np.diff(fixes["lon"]) * router.index.m_per_lon
    straight = np.hypot(east, north)
    last = -1
    for i in pairs.tolist():
        seconds, unit, when = (
            float(fixes["at"][i + 1] - fixes["at"][i]),
            int(fixes["unit_id"][i]),
            float(fixes["at"][i]),
        )
        if straight[i] < STANDS_M:  # it waits, at a light perhaps: that belongs to the drive it is on
            if last >= 0 and last >> 1 == int(at.road[i]):
                yield unit, last, 0.0, seconds, when
            continue
        way = router.way(_one(at, i), _one(at, i + 1))
        pieces = [] if way is None else _cut(router, way[1], float(at.fraction[i]), float(at.fraction[i + 1]))
        metres = sum(length for _, length in pieces)
        if not 0 < metres <= DETOUR * straight[i] + 2 * NEAR_M:
            last = -1
            continue
        for drive, length in pieces:
            yield unit, drive, length, seconds * length / metres, when
        last = pieces[-1][0]


def _one(at: Snapped, i: int) -> Snapped:
    return Snapped(road=at.road[i : i + 1], fraction=at.fraction[i : i + 1], offset_m=at.offset_m[i : i + 1])


def _cut(router: RoadRouter, drives: tuple[int, ...], start: float, end: float) -> list[tuple[int, float]]:
    """Return each drive of a way with the metres of it that were driven."""
    found = []
    for i, drive in enumerate(drives):
        leave, arrive = (1.0, 0.0) if drive & 1 else (0.0, 1.0)
        leave, arrive = start if i == 0 else leave, end if i == len(drives) - 1 else arrive
        found.append((drive, abs(arrive - leave) * float(router.graph.length_m[drive >> 1])))
    return found
