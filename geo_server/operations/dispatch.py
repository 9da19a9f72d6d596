"""Which units to send: the quickest by road of each service, with why, who was passed over, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from geo_server.operations.catalogue import catalogue
from geo_server.routing.router import Path, Reached, Router, Stands
from geo_server.routing.straight_line import distances_m
from layers.units.rules import Availability, Duty
from layers.units.schema import Unit
from layers.values import LonLat, Service, Title

OFFERED = 5  # units a service
EXPLAINED = 20  # passed-over units a service, the nearest first


class Code(StrEnum):
    """Why a unit that is near is not proposed."""

    BUSY = "busy"
    STALE = "stale"
    OFF_DUTY = "off_duty"
    SLOWER_BY_ROAD = "slower_by_road"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A unit to send: seconds and metres by its route, metres as the crow flies, and why it is here."""

    unit: Unit
    eta_s: float
    route_m: float
    straight_m: float
    position_age_s: float
    straight: bool
    route: Path
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
    """A service of which fewer units can come than are wanted."""

    service: Service
    wanted: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """What a dispatcher reads before the yes."""

    proposals: tuple[Proposal, ...]
    passed_over: tuple[PassedOver, ...]
    shortfall: tuple[Shortfall, ...]


def shortlist(place: LonLat, units: Sequence[Unit], wanted: Mapping[Service, int], router: Router) -> Shortlist:
    """Rank the units of each wanted service; `wanted` counts the units still to be sent.

    Only units on duty, free and seen within the last minute are proposed, five a service, quickest first.
    """
    proposals, passed_over, shortfall = list[Proposal](), list[PassedOver](), list[Shortfall]()
    for service, count in wanted.items():
        mine = [unit for unit in units if unit.service is service and unit.place is not None]
        away = _straight(place, mine)
        found = _propose(place, mine, away, router)
        proposals += found
        passed_over += _pass_over(place, mine, away, found, router)
        if len(found) < count:
            shortfall.append(Shortfall(service=service, wanted=count, found=len(found)))
    return Shortlist(proposals=tuple(proposals), passed_over=tuple(passed_over), shortfall=tuple(shortfall))


def _propose(place: LonLat, units: Sequence[Unit], away: Mapping[int, float], router: Router) -> list[Proposal]:
    free = {unit.id: unit for unit in units if unit.availability is Availability.FREE}
    ways = router.reach(place, _stands(free.values()), OFFERED)
    return [_proposal(free[way.unit_id], way, away[way.unit_id], rank) for rank, way in enumerate(ways)]


def _pass_over(
    place: LonLat, units: Sequence[Unit], away: Mapping[int, float], proposals: Sequence[Proposal], router: Router
) -> list[PassedOver]:
    """Explain the units nearer than the farthest one proposed; all of them where the five are not full."""
    full = len(proposals) == OFFERED
    limit_m = max((proposal.straight_m for proposal in proposals), default=0.0) if full else float("inf")
    taken = {proposal.unit.id for proposal in proposals}
    near = sorted((unit for unit in units if unit.id not in taken), key=lambda unit: away[unit.id])
    near = [unit for unit in near if away[unit.id] < limit_m][:EXPLAINED]
    free = [unit for unit in near if unit.availability is Availability.FREE]
    seconds = {way.unit_id: way.seconds for way in router.reach(place, _stands(free), len(free))}
    return [_passed(unit, away[unit.id], seconds.get(unit.id)) for unit in near]


def _straight(place: LonLat, units: Sequence[Unit]) -> dict[int, float]:
    stands = _stands(units)
    metres = distances_m(place, stands.lon, stands.lat).tolist()
    return dict(zip(stands.ids.tolist(), metres, strict=True))


def _stands(units: Iterable[Unit]) -> Stands:
    return Stands.of([(unit.id, unit.place) for unit in units if unit.place is not None])


def _proposal(unit: Unit, way: Reached, straight_m: float, rank: int) -> Proposal:
    assert unit.position_age_s is not None  # a free unit has a fresh position
    return Proposal(
        unit=unit,
        eta_s=way.seconds,
        route_m=way.metres,
        straight_m=straight_m,
        position_age_s=unit.position_age_s,
        straight=way.straight,
        route=way.path,
        reasons=_reasons(way, unit.position_age_s, rank),
    )


def _reasons(way: Reached, age_s: float, rank: int) -> tuple[Title, ...]:
    minutes, km, age = way.seconds / 60, way.metres / 1000, round(age_s)
    reasons = [
        Title(
            kk=f"Жолмен {_comma(km)} км, {_comma(minutes)} мин; орны {age} с бұрын белгілі болған.",
            ru=f"По дорогам {_comma(km)} км, {_comma(minutes)} мин; положение {age} с назад.",
            en=f"{km:.1f} km and {minutes:.1f} min by road; position {age} s old.",
        )
    ]
    if way.straight:
        reasons = [
            Title(
                kk=f"НАҚТЫ ЕМЕС: тура сызықпен бағаланған, шамамен {minutes:.0f} мин.",
                ru=f"НЕТОЧНО: оценка по прямой, около {minutes:.0f} мин.",
                en=f"NOT BY ROAD: a straight-line estimate, about {minutes:.0f} min.",
            )
        ]
    if rank == 0 and not way.straight:
        reasons.insert(0, Title(kk="Жолмен ең жылдамы.", ru="Быстрее всех по дорогам.", en="Quickest by road."))
    return tuple(reasons)


def _passed(unit: Unit, straight_m: float, eta_s: float | None) -> PassedOver:
    code = _code(unit, eta_s)
    return PassedOver(unit=unit, code=code, straight_m=straight_m, eta_s=eta_s, reason=_why(unit, code, eta_s))


def _code(unit: Unit, eta_s: float | None) -> Code:
    if unit.availability is not Availability.FREE:
        return Code(unit.availability.value)
    return Code.UNREACHABLE if eta_s is None else Code.SLOWER_BY_ROAD


_NO_CREW = Title(kk="Ауысымда, жеке құрамы жоқ.", ru="На смене, без личного состава.", en="On duty without a crew.")


def _off_duty(duty: Duty) -> Title:
    if duty is Duty.ON:
        return _NO_CREW
    word = catalogue().unit_statuses[duty.value]  # the same words as the windows say
    return Title(**{language: f"{said[0].upper()}{said[1:]}." for language, said in asdict(word).items()})


def _comma(value: float) -> str:
    """Return a number with one decimal as Kazakh and Russian write it."""
    return f"{value:.1f}".replace(".", ",")


def _busy(number: str | None) -> Title:
    if number is None:  # an incident that is not the viewer's to see
        return Title(
            kk="Басқа аумақтағы оқыс оқиғада.",
            ru="Занят на другой территории.",
            en="Busy with an incident of another area.",
        )
    ru, en = f"Занят: происшествие {number}.", f"Busy with incident {number}."
    return Title(kk=f"{number} оқыс оқиғасында.", ru=ru, en=en)


def _why(unit: Unit, code: Code, eta_s: float | None) -> Title:
    match code:
        case Code.OFF_DUTY:
            return _off_duty(unit.duty)
        case Code.BUSY:
            return _busy(None if unit.dispatch is None else unit.dispatch.incident_number)
        case Code.STALE:
            age = round(unit.position_age_s or 0)
            return Title(
                kk=f"Орны {age} с бойы жаңармаған.",
                ru=f"Положение не обновлялось {age} с.",
                en=f"No position for {age} s.",
            )
        case Code.UNREACHABLE:
            return Title(
                kk="Жолмен жету мүмкін емес.", ru="По дорогам не доехать.", en="No way by road, as they are now."
            )
        case Code.SLOWER_BY_ROAD:
            minutes = (eta_s or 0) / 60
            return Title(
                kk=f"Тура сызықпен жақын, бірақ жолмен баяу: {_comma(minutes)} мин.",
                ru=f"По прямой ближе, но по дорогам дольше: {_comma(minutes)} мин.",
                en=f"Nearer as the crow flies but slower by road: {minutes:.1f} min.",
            )
