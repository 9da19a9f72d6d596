"""Stand-by moves: which free unit to which post, where cover has fallen below its target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo_server.operations.cover import Cover, alone, cover_of
from geo_server.routing import reaching
from geo_server.routing.road_graph import Floats
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.router import Stands
from geo_server.routing.straight_line import distances_m
from layers.places.queries import Place
from layers.values import LonLat, Title

MOST = 3  # moves at once: each empties a place too
TRIED_POSTS, TRIED_UNITS = 12, 40
LEAST_GAIN = 0.005  # of the whole; less is not worth a drive
USUAL_KMH = 35.0  # to leave out posts that no car reaches the gap from


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A unit to a post: seconds there, cover before and after, and why."""

    unit_id: int
    post: Place
    drive_s: float
    before: float
    after: float
    reason: Title


def arrived(router: RoadRouter, cover: Cover, on_the_way: Mapping[int, Place]) -> Cover:
    """Return the cover as it will be when the units that were asked to stand by have come to their posts."""
    stands = cover.stands
    for unit, unit_id in enumerate(stands.ids.tolist()):
        if unit_id in on_the_way:
            stands = _with(stands, unit, on_the_way[unit_id].place)
    return cover_of(cover.service, router, cover.ground, stands, {}, cover.wanted_share)


def moves(
    router: RoadRouter,
    cover: Cover,
    posts: Sequence[Place],
    call_signs: Mapping[int, str],
    on_the_way: Mapping[int, Place] | None = None,
) -> list[Move]:
    """Return the moves that bring most cover back, best first; none where cover is on target or no move helps.

    Units that are `on_the_way` to a post count as there: neither they nor their posts are proposed again.
    """
    found: list[Move] = []
    going = {unit: post for unit, post in (on_the_way or {}).items() if unit in cover.stands.ids}
    moved = set(going)
    if going:
        cover = arrived(router, cover, going)
        posts = [post for post in posts if post.id not in {taken.id for taken in going.values()}]
    while cover.falls_short and len(found) < MOST:
        best = _best(router, cover, posts, moved)
        if best is None:
            break
        post, unit, seconds, stands = best
        after = cover_of(cover.service, router, cover.ground, stands, {}, cover.wanted_share)
        if after.share - cover.share < LEAST_GAIN:
            break
        unit_id = int(cover.stands.ids[unit])
        reason = _reason(call_signs.get(unit_id, "?"), post, seconds, cover.share, after.share)
        found.append(
            Move(unit_id=unit_id, post=post, drive_s=seconds, before=cover.share, after=after.share, reason=reason)
        )
        moved.add(unit_id)
        cover, posts = after, [other for other in posts if other.id != post.id]
    return found


def _best(
    router: RoadRouter, cover: Cover, posts: Sequence[Place], moved: set[int]
) -> tuple[Place, int, float, Stands] | None:
    """Return post, index of the unit, its seconds there, and how all stand then; None where nothing is won."""
    gap = np.where(cover.reached.first_s > cover.ground.target_s, cover.ground.weight, 0.0)
    free = [i for i, unit in enumerate(cover.stands.ids.tolist()) if unit not in moved]
    if not gap.any() or not free:
        return None
    best: tuple[float, float, Place, int] | None = None
    for post in _near(router, gap, posts, float(cover.ground.target_s.max())):
        within = _from(router, post.place, cover)
        gain = float(gap[within].sum())
        if best is not None and gain <= best[0]:
            continue
        stands = _only(cover.stands, free)
        for unit_id, seconds in router.times(post.place, stands, TRIED_UNITS):
            unit = int(np.flatnonzero(cover.stands.ids == unit_id)[0])
            held = alone(cover)
            loses = float(held[(cover.reached.first == unit) & ~within].sum())
            if best is None or (gain - loses, -seconds) > (best[0], -best[1]):
                best = (gain - loses, seconds, post, unit)
    if best is None or best[0] <= 0:
        return None
    _, seconds, post, unit = best
    return post, unit, seconds, _with(cover.stands, unit, post.place)


def _near(router: RoadRouter, gap: Floats, posts: Sequence[Place], target_s: float) -> list[Place]:
    """Return the posts around which most of the gap lies, as the crow flies."""
    graph, roads = router.graph, np.flatnonzero(gap)
    middle = (graph.offsets[roads] + graph.offsets[roads + 1] - 1) // 2
    lon, lat, radius_m = graph.lon[middle], graph.lat[middle], target_s * USUAL_KMH / 3.6
    around = [float(gap[roads][distances_m(post.place, lon, lat) <= radius_m].sum()) for post in posts]
    order = np.argsort(-np.array(around), kind="stable")[:TRIED_POSTS]
    return [posts[i] for i in order.tolist() if around[i] > 0]


def _from(router: RoadRouter, place: LonLat, cover: Cover) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return by road whether a unit at the place reaches it in time."""
    at = router.index.snap(np.array([place.lon]), np.array([place.lat]))
    reached = reaching.reach(router.graph, at, np.zeros(1), float(cover.ground.target_s.max()))
    return reached.first_s <= cover.ground.target_s


def _only(stands: Stands, which: Sequence[int]) -> Stands:
    return Stands(ids=stands.ids[list(which)], lon=stands.lon[list(which)], lat=stands.lat[list(which)])


def _with(stands: Stands, unit: int, place: LonLat) -> Stands:
    lon, lat = stands.lon.copy(), stands.lat.copy()
    lon[unit], lat[unit] = place.lon, place.lat
    return Stands(ids=stands.ids, lon=lon, lat=lat)


def _reason(sign: str, post: Place, seconds: float, before: float, after: float) -> Title:
    minutes, was, now = round(seconds / 60), round(100 * before), round(100 * after)
    return Title(
        kk=f"{sign} – «{post.name.kk}» бекетіне, {minutes} мин: қамту {was} % → {now} %.",
        ru=f"{sign} – на пост «{post.name.ru}», {minutes} мин: покрытие {was} % → {now} %.",
        en=f"{sign} to {post.name.en}, {minutes} min: cover {was} % → {now} %.",
    )
