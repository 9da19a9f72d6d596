"""How much of each area a service reaches in time with the units that are free now, and what each unit holds of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from geo_server.routing.road_graph import Floats, Ints
from geo_server.routing.router import Stands
from layers.areas.schema import Area
from layers.values import Service

if TYPE_CHECKING:  # numba takes half a second to load: it comes with the roads
    from geo_server.routing.reaching import Reach
    from geo_server.routing.road_router import RoadRouter

DATA = Path(__file__).parents[2] / "data"
SEEN_BEYOND = 2.0  # the map of minutes shows so many times the target


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds within which a unit of the service is to reach a place, and for what share of the addresses.

    `areas` holds other seconds, by the code of an area; they count below it too, unless an area there has its own.
    """

    target_s: float
    share: float
    areas: dict[str, float]


class Penalty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds that a point of cover lost counts for, at most so many, and what share of them by priority."""

    s_per_point: float
    at_most_s: float
    share_by_priority: dict[str, float]

    def seconds(self, lost_share: float, priority: int) -> float:
        """Return by how many seconds a unit that takes so much of its area's cover away counts as slower."""
        weight = self.share_by_priority.get(str(priority), 1.0)
        return weight * min(self.at_most_s, 100 * lost_share * self.s_per_point)


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What cover is asked for: data/cover.json. `posts` are the kinds of place where units of a service stand by."""

    source: str
    services: dict[Service, Target]
    posts: dict[Service, tuple[str, ...]]
    penalty: Penalty


@cache
def standard(folder: Path = DATA) -> Standard:
    """Read it once; msgspec.ValidationError where the file is not as it should be."""
    return msgspec.json.decode((folder / "cover.json").read_bytes(), type=Standard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is to be covered: by road its demand, the seconds it is to be reached in, and whether it counts here."""

    demand: Floats
    target_s: Floats
    counts: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def weight(self) -> Floats:
        """Return by road what counts."""
        return np.where(self.counts, self.demand, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What a unit alone holds of the cover of its own area, 0 to 1."""

    area_id: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cover of a service by its free units: `share` of all that counts, and by area whose roads those are."""

    service: Service
    share: float
    wanted_share: float
    by_area: Mapping[int, float]
    weight_by_area: Mapping[int, float]
    lost: Mapping[int, Lost]  # by unit; one that is not named loses nothing
    stands: Stands
    ground: Ground
    reached: "Reach"

    @property
    def falls_short(self) -> bool:
        """Say whether it is below its target."""
        return self.share < self.wanted_share


def ground_of(
    router: "RoadRouter", demand: Floats, target: Target, tree: Iterable[Area], inside: frozenset[int] | None
) -> Ground:
    """Return what is to be covered: the roads of these areas (None: of all), each by its own area's target."""
    by_area = _targets(target, tree)
    areas, at = np.unique(router.graph.area_id, return_inverse=True)
    seconds = np.array([by_area.get(area, target.target_s) for area in areas.tolist()])
    counts = np.array([inside is None or area in inside for area in areas.tolist()], dtype=np.bool_)
    return Ground(demand=demand, target_s=seconds[at], counts=counts[at])


def cover_of(
    service: Service, router: "RoadRouter", ground: Ground, stands: Stands, home: Mapping[int, int], wanted_share: float
) -> Cover:
    """Reckon the cover by the units that stand there; `home` says in which area each unit is."""
    from geo_server.routing import reaching
    from geo_server.routing.road_router import off_road_s

    at = router.index.snap(stands.lon, stands.lat)
    limit_s = SEEN_BEYOND * float(ground.target_s.max(initial=0.0))
    reached = reaching.reach(router.graph, at, off_road_s(at), limit_s)
    held = ground.weight * (reached.first_s <= ground.target_s)
    areas, of = np.unique(router.graph.area_id, return_inverse=True)
    weight, holds = (np.bincount(of, weights=w, minlength=len(areas)) for w in (ground.weight, held))
    counted = [(int(areas[i]), float(weight[i]), float(holds[i])) for i in np.flatnonzero(weight)]
    return Cover(
        service=service,
        share=_share(float(holds.sum()), float(weight.sum())),
        wanted_share=wanted_share,
        by_area={area: _share(own, whole) for area, whole, own in counted},
        weight_by_area={area: whole for area, whole, _ in counted},
        lost=_lost(router, ground, stands, home, reached),
        stands=stands,
        ground=ground,
        reached=reached,
    )


def alone(cover: Cover) -> Floats:
    """Return by road its weight where one unit alone holds it; who that is says `reached.first`."""
    return _alone(cover.ground, cover.reached)


def rolled_up(cover: Cover, tree: Sequence[Area]) -> dict[int, float]:
    """Return the share of each area with all that lies below it."""
    parent = {area.id: area.parent_id for area in tree}
    weight, held = dict[int, float](), dict[int, float]()
    for area_id, own in cover.weight_by_area.items():
        node: int | None = area_id
        while node is not None:
            weight[node] = weight.get(node, 0.0) + own
            held[node] = held.get(node, 0.0) + own * cover.by_area[area_id]
            node = parent.get(node)
    return {area_id: _share(held[area_id], whole) for area_id, whole in weight.items()}


def _targets(target: Target, tree: Iterable[Area]) -> dict[int, float]:
    found: dict[int, float] = {}
    for area in tree:  # the Republic first, so that what is above is known
        above = found.get(area.parent_id or 0, target.target_s)
        found[area.id] = target.areas.get(area.code, above)
    return found


def _alone(ground: Ground, reached: "Reach") -> Floats:
    held = (reached.first_s <= ground.target_s) & (reached.second_s > ground.target_s)
    return ground.weight * held


def _lost(
    router: "RoadRouter", ground: Ground, stands: Stands, home: Mapping[int, int], reached: "Reach"
) -> dict[int, Lost]:
    """Return what each unit alone holds of its own area."""
    by_road = _alone(ground, reached)
    roads = np.flatnonzero(by_road)
    own = np.array([home.get(unit, -1) for unit in stands.ids.tolist()], dtype=np.int64)
    who = reached.first[roads]
    at_home = own[who] == router.graph.area_id[roads]
    lost = np.bincount(who[at_home], weights=by_road[roads[at_home]], minlength=len(stands))
    whole = _weights(router.graph.area_id, ground.weight, own)
    found = np.flatnonzero(lost)
    units: Ints = stands.ids
    return {int(units[i]): Lost(area_id=int(own[i]), share=_share(float(lost[i]), float(whole[i]))) for i in found}


def _weights(area_id: Ints, weight: Floats, wanted: Ints) -> Floats:
    areas, of = np.unique(area_id, return_inverse=True)
    sums = np.bincount(of, weights=weight, minlength=len(areas))
    at = np.minimum(np.searchsorted(areas, wanted), max(len(areas) - 1, 0))
    return np.where(areas[at] == wanted, sums[at], 0.0) if len(areas) else np.zeros(len(wanted))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 1.0
