"""Who drove to the incidents of the demo's last months, and how long each step took; pure, the same for a seed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ingest.demo.past import PastIncident
from ingest.demo.streets import METRES_PER_DEGREE
from layers.values import LonLat

DAYS = 90
SENT: Mapping[str, tuple[str, ...]] = {  # services by category; no crew of the gas service is in the demo
    "medical": ("ambulance",),
    "public_order": ("police",),
    "road_accident": ("police", "ambulance"),
    "theft": ("police",),
    "other": ("police",),
    "assault": ("police", "ambulance"),
    "fire": ("fire", "fire", "ambulance"),
    "smoke": ("fire",),
    "gas": ("fire",),
    "intrusion": ("police",),
    "abandoned_object": ("police",),
    "water_rescue": ("rescue", "ambulance"),
}
_CLEAR_BEFORE_CLOSED = timedelta(seconds=40)
_M_PER_S = 8.3  # through the city, 30 km/h


@dataclass(frozen=True, slots=True, kw_only=True)
class Crewed:
    """A unit of the demo as the past needs it."""

    id: int
    call_sign: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDrive:
    """A unit that was sent and is clear again; `incident` is an index, `steps` are statuses with when they began."""

    incident: int
    unit: Crewed
    dispatched_at: datetime
    steps: tuple[tuple[str, datetime], ...]
    from_place: LonLat
    to_place: LonLat
    route_s: float
    route_m: float


def drive(incidents: Sequence[PastIncident], units: Sequence[Crewed], *, now: datetime, seed: int) -> list[PastDrive]:
    """Return who drove to those of the last months that were not cancelled; nobody drives to two at once."""
    rng, back_at = Random(seed), dict[int, datetime]()
    drives = list[PastDrive]()
    for i, incident in enumerate(incidents):
        if incident.state == "cancelled" or incident.opened_at < now - timedelta(days=DAYS):
            continue
        for service in SENT[incident.category]:
            free = [u for u in units if u.service == service and _is_back(back_at.get(u.id), incident.opened_at)]
            if free and (one := _drive(rng, incident, i, rng.choice(free))) is not None:
                drives.append(one)
                back_at[one.unit.id] = one.steps[-1][1]
    return drives


def _is_back(back_at: datetime | None, at: datetime) -> bool:
    return back_at is None or back_at <= at


def _drive(rng: Random, incident: PastIncident, i: int, unit: Crewed) -> PastDrive | None:
    """Return one drive; None where the incident was over before anybody could have arrived."""
    sent_at = incident.opened_at + _seconds(rng, median_s=14, spread=0.6)
    metres = min(rng.lognormvariate(math.log(1_900), 0.55), 9_000)
    way_s = metres * 1.3 / _M_PER_S
    acknowledged = sent_at + _seconds(rng, median_s=9, spread=0.5)
    set_out = acknowledged + _seconds(rng, median_s=28, spread=0.5)
    arrived = set_out + timedelta(seconds=way_s * rng.uniform(0.8, 1.25))
    clear = incident.closed_at - _CLEAR_BEFORE_CLOSED
    if arrived >= clear:
        return None
    steps = (("acknowledged", acknowledged), ("enroute", set_out), ("onscene", arrived), ("clear", clear))
    return PastDrive(
        incident=i,
        unit=unit,
        dispatched_at=sent_at,
        steps=steps,
        from_place=_at(rng, incident.place, metres),
        to_place=incident.place,
        route_s=way_s,
        route_m=metres * 1.3,
    )


def _seconds(rng: Random, *, median_s: float, spread: float) -> timedelta:
    return timedelta(seconds=rng.lognormvariate(math.log(median_s), spread))


def _at(rng: Random, place: LonLat, metres: float) -> LonLat:
    bearing, reach = rng.uniform(0, 2 * math.pi), metres / METRES_PER_DEGREE
    east = reach * math.sin(bearing) / math.cos(math.radians(place.lat))
    return LonLat(lon=place.lon + east, lat=place.lat + reach * math.cos(bearing))
