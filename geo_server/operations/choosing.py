"""Who is to go, of thousands: the needs of a plan answered together, by time on the road and by the cover it costs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo_server.operations.cover import Cover, Lost, standard
from geo_server.operations.needs import Need
from geo_server.routing.router import Router, Stands
from geo_server.routing.standing import Bools, Floats, Standing
from geo_server.routing.straight_line import distances_m
from layers.units.schema import Unit
from layers.values import LonLat, Service

OFFERED = 5  # units a need, or two more than it asks for where that is more
WEIGHED = 10  # more than are offered: the cover that they hold may put them in another order
EXPLAINED = 20  # passed-over units a service, the nearest first
WRONG_KINDS = 5  # of those, so many at most because the plan asks for another kind, or for skills
_NEVER = 1e7  # seconds that no unit takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a unit's leaving takes away from the cover of its own area (0 to 1), and the seconds it counts for."""

    area_id: int
    lost_share: float
    penalty_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: where, what is still to be sent (a need of none is looked at all the same), and how one drives.

    `covers` holds the cover of the services that it is known of; what a unit holds of it is weighed by `priority`.
    """

    place: LonLat
    needs: Sequence[Need]
    router: Callable[[Service], Router]
    priority: int = 1
    covers: Mapping[Service, Cover] | None = None
    blue_light: frozenset[Service] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A unit that is to be shown: the need it answers, its seconds by road, and what its leaving takes away."""

    unit_id: int
    need: int
    seconds: float
    lost: Weighed | None
    chosen: bool = False
    quickest: bool = False

    @property
    def rank_s(self) -> float:
        """Return the seconds it is ranked by."""
        return self.seconds + (self.lost.penalty_s if self.lost else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who is to be shown, of all: the offers of each need, best first, and who near by is passed over."""

    offers: tuple[tuple[Offer, ...], ...]
    passed: tuple[tuple[int, ...], ...]  # by service of the needs, in their order

    @property
    def ids(self) -> frozenset[int]:
        """Return every unit that is spoken of."""
        offered = {offer.unit_id for list_ in self.offers for offer in list_}
        return frozenset(offered.union(*self.passed))


def choose(asked: Asked, standing: Standing) -> Choice:
    """Answer the needs together, each unit once, so that no quick unit is spent where a common one would do.

    Only units on duty, free and seen within the last minute are offered, those of each need best first.
    """
    fitting = [standing.fitting(need.service, need.kinds, need.skills) for need in asked.needs]
    ranked = [_ranked(asked, i, standing.stands(fits & standing.free)) for i, fits in enumerate(fitting)]
    offers = _offers(asked.needs, ranked, _assign(asked.needs, ranked))
    shown = [offer.unit_id for list_ in offers for offer in list_]
    away = distances_m(asked.place, standing.lon, standing.lat)
    passed = [_passed_over(asked, service, standing, fitting, away, shown) for service in services_of(asked)]
    return Choice(offers=tuple(offers), passed=tuple(passed))


def fits(need: Need, unit: Unit) -> bool:
    """Say whether a unit is of the kind, and has the skills, that a need asks for."""
    return need.fits(unit.service, unit.kind, unit.able)


def lacking(needs: Iterable[Need], unit: Unit) -> frozenset[str]:
    """Return the skills by which a unit of a fitting kind misses the need that it comes nearest to; none for others."""
    missed = [need.skills - unit.able for need in needs if need.fits_but_for_skills(unit.service, unit.kind)]
    return min(missed, key=lambda skills: (len(skills), sorted(skills)), default=frozenset())


def services_of(asked: Asked) -> list[Service]:
    """Return the services of the needs, in their order."""
    return list(dict.fromkeys(need.service for need in asked.needs))


def _ranked(asked: Asked, i: int, free: Stands) -> list[Offer]:
    """Return the units that may answer a need, best first: enough that other needs may take some of them."""
    need = asked.needs[i]
    same = sum(other.count for other in asked.needs if other.service is need.service)
    enough = _many(need) + same + (WEIGHED if asked.covers else 0)
    times = asked.router(need.service).times(asked.place, free, enough)
    quickest_s = min((seconds for _, seconds in times), default=0.0)
    found = [
        Offer(
            unit_id=id,
            need=i,
            seconds=seconds,
            lost=weighed(asked, need.service, id),
            quickest=seconds <= quickest_s,
        )
        for id, seconds in times
    ]
    return sorted(found, key=lambda offer: (offer.rank_s, offer.seconds))


def weighed(asked: Asked, service: Service, unit_id: int) -> Weighed | None:
    """Return what the cover says of a unit's leaving; None where it alone holds nothing, or no cover is known."""
    cover = (asked.covers or {}).get(service)
    lost: Lost | None = None if cover is None else cover.lost.get(unit_id)
    if lost is None:
        return None
    penalty_s = standard().penalty.seconds(lost.share, asked.priority)
    return Weighed(area_id=lost.area_id, lost_share=lost.share, penalty_s=penalty_s)


def _many(need: Need) -> int:
    return max(OFFERED, need.count + 2)


def _assign(needs: Sequence[Need], ranked: Sequence[Sequence[Offer]]) -> dict[int, int]:
    """Return which unit answers which need, so that all of them together are quickest (the Hungarian method)."""
    from scipy.optimize import linear_sum_assignment  # it takes its time to load, and the map need not wait for it

    slots = [i for i, need in enumerate(needs) for _ in range(need.count)]
    ids = sorted({offer.unit_id for list_ in ranked for offer in list_})
    if not slots or not ids:
        return {}
    column = {unit: i for i, unit in enumerate(ids)}
    cost = np.full((len(needs), len(ids)), _NEVER)
    for i, list_ in enumerate(ranked):
        for offer in list_:
            cost[i, column[offer.unit_id]] = offer.rank_s
    rows, columns = linear_sum_assignment(cost[slots])
    taken = zip(rows.tolist(), columns.tolist(), strict=True)
    return {ids[unit]: slots[slot] for slot, unit in taken if cost[slots[slot], unit] < _NEVER}


def _offers(
    needs: Sequence[Need], ranked: Sequence[Sequence[Offer]], chosen: Mapping[int, int]
) -> list[tuple[Offer, ...]]:
    """Return what is shown of each need: those chosen, and the best of the others; each unit under one need alone."""
    shown = set(chosen)
    found = []
    for i, list_ in enumerate(ranked):
        mine = [replace(offer, chosen=True) for offer in list_ if chosen.get(offer.unit_id) == i]
        others = [offer for offer in list_ if offer.unit_id not in shown]
        mine += others[: max(0, _many(needs[i]) - len(mine))]
        shown.update(offer.unit_id for offer in mine)
        found.append(tuple(sorted(mine, key=lambda offer: (offer.rank_s, offer.seconds))))
    return found


def _passed_over(
    asked: Asked, service: Service, standing: Standing, fitting: Sequence[Bools], away: Floats, shown: Sequence[int]
) -> tuple[int, ...]:
    """Return who is nearer than the farthest one offered, the nearest first; everybody where fewer are offered.

    Units of another kind are many where a plan is choosy: only some of them are told.
    """
    mine = standing.of_service(service)
    needs = [i for i, need in enumerate(asked.needs) if need.service is service]
    fits_any = np.any([fitting[i] for i in needs], axis=0)
    taken = np.isin(standing.ids, shown) & mine
    full = int(taken.sum()) >= sum(_many(asked.needs[i]) for i in needs)
    near = mine & ~taken & np.isfinite(away)
    if full:
        near &= away < away[taken].max(initial=0.0)
    order = np.flatnonzero(near)
    order = order[np.argsort(away[order], kind="stable")]
    wrong = ~fits_any[order]
    told = order[~wrong | (np.cumsum(wrong) <= WRONG_KINDS)][:EXPLAINED]
    return tuple(standing.ids[told].tolist())
