"""What a dispatcher reads before the yes: whom to send and why, who is passed over and why, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from geo_server.operations import reasons
from geo_server.operations.choosing import Asked, Choice, Offer, Weighed, fits, lacking, services_of, weighed
from geo_server.operations.cover import Lost
from geo_server.operations.needs import Need
from geo_server.routing.router import Path, Reached, Stands
from geo_server.routing.straight_line import distances_m
from layers.units.rules import Availability
from layers.units.schema import Unit
from layers.values import LonLat, Service, Title


class Code(StrEnum):
    """Why a unit that is near is not proposed."""

    DIVERTIBLE = "divertible"  # busy, but on its way to something less urgent: it may be diverted
    BUSY = "busy"
    STALE = "stale"
    OFF_DUTY = "off_duty"
    WRONG_KIND = "wrong_kind"
    WRONG_SKILL = "wrong_skill"  # of the kind that is asked for, and without what it is to do or carry
    KEEPS_COVER = "keeps_cover"
    SLOWER_BY_ROAD = "slower_by_road"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A unit to send: seconds and metres by its route, metres as the crow flies, and why it is here.

    `need` is the index of the need that it answers, `chosen` whether the one yes to the whole plan sends it.
    """

    unit: Unit
    need: int
    chosen: bool
    eta_s: float
    route_m: float
    straight_m: float
    position_age_s: float
    straight: bool
    route: Path
    cover: Weighed | None
    reasons: tuple[Title, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A unit nearer as the crow flies than one that is proposed, and why it is not."""

    unit: Unit
    code: Code
    straight_m: float
    eta_s: float | None
    reason: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A need that fewer units can answer than are wanted, and that said in a sentence."""

    service: Service
    kinds: frozenset[str]
    skills: frozenset[str]
    wanted: int
    found: int
    reason: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """What a dispatcher reads before the yes."""

    proposals: tuple[Proposal, ...]
    passed_over: tuple[PassedOver, ...]
    shortfall: tuple[Shortfall, ...]


def shortlist(asked: Asked, choice: Choice, units: Sequence[Unit]) -> Shortlist:
    """Say of each unit that was chosen or passed over why; `units` are those that the choice speaks of.

    One that has become busy, or silent, since it was chosen is no longer proposed; those that drove on meanwhile
    stand in the order of their seconds now.
    """
    known = {unit.id: unit for unit in units}
    free = {id: unit for id, unit in known.items() if unit.availability is Availability.FREE}
    offers = [[offer for offer in list_ if offer.unit_id in free] for list_ in choice.offers]
    ways = _ways(asked, [free[offer.unit_id] for list_ in offers for offer in list_])
    away = _straight(asked.place, units)
    proposals = [
        _proposal(asked, offer, known[offer.unit_id], ways[offer.unit_id], away[offer.unit_id])
        for list_ in offers
        for offer in _as_of_now(list_, ways)
    ]
    passed = [
        told
        for service, ids in zip(services_of(asked), choice.passed, strict=True)
        for told in _pass_over(asked, service, [known[id] for id in ids if id in away], away, proposals)
    ]
    return Shortlist(
        proposals=tuple(proposals), passed_over=tuple(passed), shortfall=tuple(_shortfall(asked.needs, proposals))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dragged:
    """How one unit would do: which need it answers (None: none), its way, and why it would not be proposed."""

    unit: Unit
    need: int | None
    way: Reached | None
    cover: Weighed | None
    code: Code | None
    reasons: tuple[Title, ...]


def drag(asked: Asked, unit: Unit) -> Dragged:
    """Weigh one unit that a person has chosen; what the plan does not ask for may be sent all the same."""
    reached = asked.router(unit.service).reach(asked.place, _stands_of([unit]), 1)
    way = reached[0] if reached else None
    seconds = None if way is None else way.seconds
    open_ = [i for i, need in enumerate(asked.needs) if need.count and fits(need, unit)]
    proposed = unit.availability is Availability.FREE and way is not None and bool(open_)
    code = None if proposed else code_of(asked, unit, seconds, ())
    lost = weighed(asked, unit.service, unit.id)
    told = [] if code is None or code is Code.SLOWER_BY_ROAD else [_why(asked, unit, code, seconds)]
    if way is not None:
        told += _reasons(asked, unit, way, lost, is_quickest=False)
    need = open_[0] if open_ else None
    return Dragged(unit=unit, need=need, way=way, cover=lost, code=code, reasons=tuple(told))


def divertible(asked: Asked, unit: Unit) -> bool:
    """Say whether a unit answers a need, and is on its way to an incident that is less urgent than this one."""
    less_urgent = unit.dispatch is not None and unit.dispatch.priority > asked.priority
    return less_urgent and unit.on_its_way and not unit.stale and any(fits(need, unit) for need in asked.needs)


def code_of(asked: Asked, unit: Unit, eta_s: float | None, proposals: Sequence[Proposal]) -> Code:
    """Return why a unit is not among the proposals; `eta_s` is None where no road leads from it."""
    if eta_s is not None and divertible(asked, unit):
        return Code.DIVERTIBLE
    if unit.availability is not Availability.FREE:
        return Code(unit.availability.value)
    if not any(fits(need, unit) for need in asked.needs):
        return Code.WRONG_SKILL if lacking(asked.needs, unit) else Code.WRONG_KIND
    if eta_s is None:
        return Code.UNREACHABLE
    slowest_s = max((p.eta_s for p in proposals if fits(asked.needs[p.need], unit)), default=0.0)
    lost = weighed(asked, unit.service, unit.id)
    return Code.KEEPS_COVER if eta_s < slowest_s and lost and lost.penalty_s >= 1 else Code.SLOWER_BY_ROAD


def _as_of_now(offers: Sequence[Offer], ways: Mapping[int, Reached]) -> list[Offer]:
    """Return the offers of one need that a road leads from, by the seconds of their ways, best first."""
    seconds = {offer.unit_id: ways[offer.unit_id].seconds for offer in offers if offer.unit_id in ways}
    least_s = min(seconds.values()) if any(offer.quickest for offer in offers) and seconds else None
    now = [
        replace(offer, seconds=seconds[offer.unit_id], quickest=seconds[offer.unit_id] == least_s)
        for offer in offers
        if offer.unit_id in seconds
    ]
    return sorted(now, key=lambda offer: (offer.rank_s, offer.seconds))


def _ways(asked: Asked, units: Sequence[Unit]) -> dict[int, Reached]:
    """Return the lines of those that are shown, of each service by its own way of driving."""
    found: dict[int, Reached] = {}
    for service in {unit.service for unit in units}:
        mine = _stands_of(unit for unit in units if unit.service is service)
        found |= {way.unit_id: way for way in asked.router(service).reach(asked.place, mine, len(mine))}
    return found


def _proposal(asked: Asked, offer: Offer, unit: Unit, way: Reached, straight_m: float) -> Proposal:
    assert unit.position_age_s is not None  # a free unit has a fresh position
    return Proposal(
        unit=unit,
        need=offer.need,
        chosen=offer.chosen,
        eta_s=way.seconds,
        route_m=way.metres,
        straight_m=straight_m,
        position_age_s=unit.position_age_s,
        straight=way.straight,
        route=way.path,
        cover=offer.lost,
        reasons=_reasons(asked, unit, way, offer.lost, is_quickest=offer.quickest),
    )


def _reasons(asked: Asked, unit: Unit, way: Reached, lost: Weighed | None, *, is_quickest: bool) -> tuple[Title, ...]:
    found = [reasons.of_way(way, unit.position_age_s or 0.0)]
    if is_quickest and not way.straight:
        found.insert(0, reasons.QUICKEST)
    if unit.service in asked.blue_light and not way.straight:
        found.append(reasons.of_blue_light())
    if lost is not None and lost.penalty_s >= 1:
        found.append(reasons.of_cover(Lost(area_id=lost.area_id, share=lost.lost_share), lost.penalty_s))
    return tuple(found)


def _shortfall(needs: Sequence[Need], proposals: Sequence[Proposal]) -> Iterable[Shortfall]:
    answered = [proposal.need for proposal in proposals if proposal.chosen]
    for i, need in enumerate(needs):
        found = answered.count(i)
        if found < need.count:
            yield Shortfall(
                service=need.service,
                kinds=need.kinds,
                skills=need.skills,
                wanted=need.count,
                found=found,
                reason=reasons.of_missing(need, need.count - found),
            )


def _pass_over(
    asked: Asked, service: Service, units: Sequence[Unit], away: Mapping[int, float], proposals: Sequence[Proposal]
) -> Iterable[PassedOver]:
    free = _stands_of(unit for unit in units if unit.availability is Availability.FREE or divertible(asked, unit))
    seconds = dict(asked.router(service).times(asked.place, free, len(free)))
    for unit in units:
        eta_s = seconds.get(unit.id)
        code = code_of(asked, unit, eta_s, proposals)
        reason = _why(asked, unit, code, eta_s)
        yield PassedOver(unit=unit, code=code, straight_m=away[unit.id], eta_s=eta_s, reason=reason)


def _why(asked: Asked, unit: Unit, code: Code, eta_s: float | None) -> Title:
    match code:
        case Code.OFF_DUTY:
            return reasons.of_duty(unit)
        case Code.DIVERTIBLE:
            return reasons.of_diverting(unit, eta_s or 0.0)
        case Code.BUSY:
            return reasons.of_task(unit)
        case Code.STALE:
            return reasons.of_silence(unit)
        case Code.WRONG_KIND:
            return reasons.of_kind(unit)
        case Code.WRONG_SKILL:
            return reasons.of_skills(lacking(asked.needs, unit))
        case Code.UNREACHABLE:
            return reasons.UNREACHABLE
        case Code.KEEPS_COVER:
            return reasons.of_keeping(eta_s or 0.0)
        case Code.SLOWER_BY_ROAD:
            return reasons.of_slower(eta_s or 0.0)


def _straight(place: LonLat, units: Sequence[Unit]) -> dict[int, float]:
    stands = _stands_of(units)
    metres = distances_m(place, stands.lon, stands.lat).tolist()
    return dict(zip(stands.ids.tolist(), metres, strict=True))


def _stands_of(units: Iterable[Unit]) -> Stands:
    return Stands.of([(unit.id, unit.place) for unit in units if unit.place is not None])
