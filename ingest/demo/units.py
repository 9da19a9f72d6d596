"""The two hundred units of the demo: call signs, vehicles, crews, stations and where they start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from ingest.demo.driving import put, spot
from ingest.demo.streets import Streets, distance_m
from ingest.demo.words import caller
from layers.values import LonLat

SERVICES = {"police": 110, "ambulance": 50, "fire": 25, "rescue": 15}
SILENT = frozenset(
    {"demo-police-007", "demo-ambulance-004", "demo-fire-003"}
)  # trackers that never send: they go stale
MANNED = "demo-ambulance-001"  # its buttons are a person's: the account `crew` of the demo
STATION_OF = {"police": "police", "ambulance": "hospital", "fire": "fire_station", "rescue": "fire_station"}

_KINDS: dict[str, tuple[tuple[str, int, tuple[int, int]], ...]] = {  # kind, weight, crew from … to
    "police": (
        ("patrol_car", 70, (2, 3)),
        ("traffic_patrol", 20, (2, 2)),
        ("patrol_van", 12, (3, 5)),
        ("motorcycle", 8, (1, 1)),
    ),
    "ambulance": (("ambulance", 38, (2, 3)), ("intensive_care", 12, (3, 4))),
    "fire": (("fire_engine", 17, (4, 6)), ("ladder", 5, (2, 3)), ("command_car", 3, (2, 3))),
    "rescue": (("rescue_truck", 10, (4, 6)), ("rescue_car", 5, (2, 4))),
}
_RADIO = {"police": "Барыс", "ambulance": "Тұмар", "fire": "Жалын", "rescue": "Қорған"}
_CALL_SIGN = {
    "patrol_car": "Патруль {n:03}",
    "traffic_patrol": "Жол {n:03}",
    "patrol_van": "Наряд {n:03}",
    "motorcycle": "Мото {n:03}",
    "ambulance": "Жедел {n:03}",
    "intensive_care": "Реанимация {n:03}",
    "fire_engine": "АЦ-{n:02}",
    "ladder": "АЛ-{n:02}",
    "command_car": "Штаб {n:02}",
    "rescue_truck": "Құтқару {n:02}",
    "rescue_car": "Жедел құтқару {n:02}",
}
_CARRIES: dict[str, tuple[str, tuple[str, ...], dict[str, int]]] = {  # kind → vehicle, skills, equipment
    "patrol_car": ("Toyota Camry", (), {"first_aid_kit": 1}),
    "traffic_patrol": ("Toyota Corolla", ("traffic",), {"breathalyser": 1, "cones": 10}),
    "patrol_van": ("Volkswagen Transporter", ("public_order",), {"shields": 6}),
    "motorcycle": ("BMW R 1250 RT", ("traffic",), {}),
    "ambulance": ("Ford Transit", ("paramedic",), {"stretcher": 1, "defibrillator": 1}),
    "intensive_care": ("Mercedes-Benz Sprinter", ("doctor", "intensive_care"), {"ventilator": 1, "defibrillator": 1}),
    "fire_engine": ("КамАЗ АЦ-40", ("smoke_diving",), {"water_l": 5000, "breathing_sets": 6}),
    "ladder": ("КамАЗ АЛ-50", ("heights",), {"ladder_m": 50}),
    "command_car": ("УАЗ Патриот", ("command",), {"radios": 8}),
    "rescue_truck": ("КамАЗ АСМ", ("extrication", "heights"), {"hydraulic_tools": 2, "rope_m": 400}),
    "rescue_car": ("Toyota Hilux", ("extrication",), {"hydraulic_tools": 1}),
}
# Kind → what each n-th one can do besides.
_ON_WATER = (("water_rescue", 3), ("diving", 5))
_EXTRA: Mapping[str, tuple[tuple[str, int], ...]] = {
    "patrol_car": (("dog", 9),),
    "rescue_truck": _ON_WATER,
    "rescue_car": _ON_WATER,
    "fire_engine": (("chemistry", 6),),
}
_ROLES = {
    "police": ("старший наряда", "инспектор"),
    "ambulance": ("фельдшер", "водитель"),
    "fire": ("начальник караула", "пожарный"),
    "rescue": ("старший спасатель", "спасатель"),
}
_DUTIES = (("on", 92), ("break", 4), ("out_of_service", 2), ("off", 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A police station, hospital or fire station of the imported city."""

    place_id: int
    kind: str
    place: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as it is written into the table `unit`, with its first position."""

    call_sign: str
    device: str
    service: str
    kind: str
    crew: int
    duty: str
    station_id: int | None
    home_area_id: int
    place: LonLat
    heading_deg: float
    skills: tuple[str, ...] = ()
    equipment: Mapping[str, int] = field(default_factory=dict)
    vehicle: str | None = None
    radio_name: str | None = None
    members: tuple[tuple[str, str], ...] = ()  # name and role


def muster(streets: Streets, stations: Sequence[Station], *, republic: int, seed: int) -> list[Unit]:
    """Return the units of every service, spread over the districts by the length of their streets.

    `republic` is the area id that a unit calls home where its street lies in no area.
    """
    rng, by_area = Random(seed), _arcs_by_area(streets, republic)
    areas = sorted(by_area)
    weights = [sum(streets.street(arc).length_m for arc in by_area[area]) for area in areas]
    units = []
    for service, count in SERVICES.items():
        near = [s for s in stations if s.kind == STATION_OF[service]]
        for n in range(1, count + 1):
            area = rng.choices(areas, weights)[0]
            arc = rng.choice(by_area[area])
            units.append(_unit(streets, rng, service=service, n=n, arc=arc, area=area, stations=near))
    return units


def _unit(
    streets: Streets, rng: Random, *, service: str, n: int, arc: int, area: int, stations: Sequence[Station]
) -> Unit:
    middle = streets.measured(arc).spot(streets.measured(arc).length_m / 2).place
    here = spot(streets, put(streets, middle, pace=1.0, home=middle))
    kinds = _KINDS[service]
    kind, _, (least, most) = rng.choices(kinds, [weight for _, weight, _ in kinds])[0]
    device = f"demo-{service}-{n:03}"
    duty = rng.choices([duty for duty, _ in _DUTIES], [weight for _, weight in _DUTIES])[0]
    station = _nearest(stations, here.place)
    vehicle, skills, equipment = _CARRIES[kind]
    extra = [skill for skill, each in _EXTRA.get(kind, ()) if n % each == 0]
    crew = rng.randint(least, most)
    return Unit(
        call_sign=_CALL_SIGN[kind].format(n=n),
        device=device,
        service=service,
        kind=kind,
        crew=crew,
        duty="on" if device in SILENT or device == MANNED else duty,
        station_id=station.place_id if station else None,
        home_area_id=area,
        place=here.place,
        heading_deg=here.heading_deg,
        skills=(*skills, *extra),
        equipment=equipment,
        vehicle=vehicle,
        radio_name=f"{_RADIO[service]}-{n}",
        members=_members(device, service, crew),
    )


def _members(device: str, service: str, crew: int) -> tuple[tuple[str, str], ...]:
    """Return who rides: invented, and the same for the same unit, whatever else is drawn."""
    rng, (first, others) = Random(device), _ROLES[service]
    return tuple((caller(rng)[0], others if n else first) for n in range(crew))


def _nearest(stations: Sequence[Station], place: LonLat) -> Station | None:
    here = (place.lon, place.lat)
    return min(stations, key=lambda s: distance_m(here, (s.place.lon, s.place.lat)), default=None)


def _arcs_by_area(streets: Streets, republic: int) -> Mapping[int, list[int]]:
    by_area: dict[int, list[int]] = {}
    for arc in streets.arcs:
        by_area.setdefault(streets.street(arc).area_id or republic, []).append(arc)
    return by_area
