"""The two hundred units of the demo: call signs, vehicles, crews, stations and where they start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ingest.demo.driving import put, spot
from ingest.demo.streets import Streets, distance_m
from layers.values import LonLat

SERVICES = {"police": 110, "ambulance": 50, "fire": 25, "rescue": 15}
SILENT = frozenset(
    {"demo-police-007", "demo-ambulance-004", "demo-fire-003"}
)  # trackers that never send: they go stale
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
    return Unit(
        call_sign=_CALL_SIGN[kind].format(n=n),
        device=device,
        service=service,
        kind=kind,
        crew=rng.randint(least, most),
        duty="on" if device in SILENT else duty,
        station_id=station.place_id if station else None,
        home_area_id=area,
        place=here.place,
        heading_deg=here.heading_deg,
    )


def _nearest(stations: Sequence[Station], place: LonLat) -> Station | None:
    here = (place.lon, place.lat)
    return min(stations, key=lambda s: distance_m(here, (s.place.lon, s.place.lat)), default=None)


def _arcs_by_area(streets: Streets, republic: int) -> Mapping[int, list[int]]:
    by_area: dict[int, list[int]] = {}
    for arc in streets.arcs:
        by_area.setdefault(streets.street(arc).area_id or republic, []).append(arc)
    return by_area
