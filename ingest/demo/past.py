"""The past of the demo: two years of incidents and events with the rhythm of a city; pure, the same for a seed."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ingest.demo import words
from ingest.demo.streets import METRES_PER_DEGREE, Streets
from layers.values import KAZAKHSTAN, LonLat

DAYS = 730
HOTSPOTS = 40
_LATEST = timedelta(hours=6)  # nothing of the past is so fresh that it could still be open
_HOURS = (20, 15, 12, 9, 8, 9, 14, 26, 38, 40, 41, 42, 43, 42, 42, 44, 48, 55, 60, 58, 52, 45, 36, 28)
_WEEKDAYS = (96, 94, 95, 98, 112, 110, 95)  # Monday first
_AVENUES = {"primary": 4.0, "trunk": 4.0, "secondary": 3.0, "tertiary": 1.5}

CATEGORIES = {  # share of the city's incidents, per thousand
    "medical": 300,
    "public_order": 190,
    "road_accident": 160,
    "theft": 120,
    "other": 80,
    "assault": 50,
    "fire": 30,
    "smoke": 25,
    "gas": 15,
    "intrusion": 20,
    "abandoned_object": 8,
    "water_rescue": 2,
}
_NIGHTLY, _RUSH = frozenset({"public_order", "assault", "intrusion"}), frozenset({"road_accident"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A house with its street, or two streets that cross, as a caller would say it."""

    words: str
    place: LonLat
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastIncident:
    """A closed incident as it is written into the table `incident`."""

    category: str
    priority: int
    state: str
    opened_at: datetime
    closed_at: datetime
    opened_by: str
    description: str
    address: str | None
    caller_name: str | None
    caller_phone: str | None
    place: LonLat
    outcome_json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """A decided event; `incident` is the index of the incident that it was confirmed into."""

    kind: str
    source_event_id: str
    camera_id: int | None
    incident: int | None
    at: datetime
    certainty: float
    state: str
    decided_at: datetime
    decided_by: str
    reason: str | None
    details_json: str
    place: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call that is over; `incident` is the index of the incident it opened, without one nothing was done."""

    exchange_id: str
    incident: int | None
    category: str
    rang_at: datetime
    answered_at: datetime
    answered_by: str
    ended_at: datetime
    reason: str | None
    name: str | None
    phone: str | None
    said: str
    address: str | None
    place: LonLat


Past = tuple[list[PastIncident], list[PastEvent], list[PastCall]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The city as the past needs it: houses, crossings of avenues, where cameras stand, and categories' priorities."""

    addresses: Sequence[Address]
    crossings: Sequence[Address]
    cameras: Mapping[int, LonLat]
    priorities: Mapping[str, int]


def crossings(streets: Streets) -> list[Address]:
    """Return where named streets cross, weighted by how big they are; every end of a street where none is named."""
    meeting: dict[int, dict[str, float]] = {}
    places: dict[int, LonLat] = {}
    for street in streets.streets:
        for node, (lon, lat) in ((street.from_node, street.line[0]), (street.to_node, street.line[-1])):
            places[node] = LonLat(lon=lon, lat=lat)
            name, weight = street.name or "", _AVENUES.get(street.road_class, 0.3)
            meeting.setdefault(node, {})[name] = max(weight, meeting.get(node, {}).get(name, 0.0))
    alone = all(len(names) < 2 for names in meeting.values())
    return [
        Address(words=" / ".join(sorted(n for n in names if n)), place=places[node], weight=math.prod(names.values()))
        for node, names in sorted(meeting.items())
        if alone or len(names) > 1
    ]


def invent(scene: Scene, *, now: datetime, count: int, seed: int) -> Past:
    """Return `count` incidents of the last two years, oldest first, and the events and calls of their time."""
    draw, rng = np.random.default_rng(seed), Random(seed)
    times = _times(draw, now, count)
    categories = [_category(rng, at) for at in times]
    places = _places(scene, draw, categories)
    incidents = [_incident(scene, rng, *one) for one in zip(times, categories, places, strict=True)]
    return _with_reports(scene, rng, incidents)


def _times(draw: np.random.Generator, now: datetime, count: int) -> list[datetime]:
    """Draw the moments from the city's rhythm by hour of day, day of week and season."""
    start = (now - timedelta(days=DAYS)).astimezone(KAZAKHSTAN).replace(minute=0, second=0, microsecond=0)
    hours = [start + timedelta(hours=h) for h in range(int((now - _LATEST - start).total_seconds() // 3600))]
    weights = np.array([_HOURS[h.hour] * _WEEKDAYS[h.weekday()] * _season(h) for h in hours], float)
    chosen = draw.choice(len(hours), count, p=weights / weights.sum())
    seconds = np.sort(chosen * 3600 + draw.integers(0, 3600, count))
    return [(start + timedelta(seconds=int(s))).astimezone(now.tzinfo) for s in seconds]


def _season(at: datetime) -> float:
    """Return 1 on average, most in the middle of January, when streets are icy and stoves are lit."""
    return 1.0 + 0.12 * math.cos(2 * math.pi * (at.timetuple().tm_yday - 15) / 365)


def _category(rng: Random, at: datetime) -> str:
    local = at.astimezone(KAZAKHSTAN)
    night, rush = local.hour >= 21 or local.hour < 4, local.hour in (7, 8, 9, 17, 18, 19)
    winter, summer = local.month in (11, 12, 1, 2), local.month in (6, 7, 8)
    weights = {
        name: share
        * (2.2 if night and name in _NIGHTLY else 1.0)
        * (1.8 if rush and name in _RUSH else 1.0)
        * (1.5 if winter and name in ("fire", "smoke", "gas", "road_accident") else 1.0)
        * (5.0 if summer and name == "water_rescue" else 1.0)
        for name, share in CATEGORIES.items()
    }
    return rng.choices(list(weights), list(weights.values()))[0]


def _places(scene: Scene, draw: np.random.Generator, categories: Sequence[str]) -> list[Address]:
    """Put accidents on crossings and the rest at houses, more than half of them around a few hotspots."""
    cross = scene.crossings
    weight = np.array([c.weight for c in cross])
    hot = draw.choice(np.arange(len(cross)), HOTSPOTS, p=weight**2 / (weight**2).sum())
    zipf = 1.0 / np.arange(4, HOTSPOTS + 4)
    chosen = np.asarray(draw.choice(hot, len(categories), p=zipf / zipf.sum()))
    anywhere = np.asarray(draw.choice(np.arange(len(cross)), len(categories), p=weight / weight.sum()))
    at_hotspot = draw.random(len(categories)) < 0.45
    on_road = [cross[int(h if near else a)] for h, a, near in zip(chosen, anywhere, at_hotspot, strict=True)]
    houses = _houses(scene, draw, on_road, at_hotspot)
    return [r if c == "road_accident" else h for c, r, h in zip(categories, on_road, houses, strict=True)]


def _houses(
    scene: Scene, draw: np.random.Generator, around: Sequence[Address], near: NDArray[np.bool_]
) -> list[Address]:
    """Return a house within some hundred metres of each hotspot, any house of the city for the others."""
    if not scene.addresses:
        return list(around)
    lon_lat = np.array([(a.place.lon, a.place.lat) for a in scene.addresses])
    shrink = np.array([math.cos(math.radians(float(lon_lat[:, 1].mean()))), 1.0])
    spots = np.array([(a.place.lon, a.place.lat) for a in around]) * shrink
    spots += draw.normal(0.0, 220.0 / METRES_PER_DEGREE, spots.shape)
    nearest = np.asarray(cKDTree(lon_lat * shrink).query(spots)[1])
    any_house: NDArray[np.int64] = draw.integers(0, len(scene.addresses), len(around))
    return [scene.addresses[int(n if is_near else a)] for n, a, is_near in zip(nearest, any_house, near, strict=True)]


def _incident(scene: Scene, rng: Random, at: datetime, category: str, where: Address) -> PastIncident:
    name, phone = words.caller(rng) if rng.random() < 0.85 else (None, None)
    shift = rng.choices((0, 1, -1), (70, 20, 10))[0]
    minutes = min(rng.lognormvariate(3.6, 0.5), 300.0)
    return PastIncident(
        category=category,
        priority=min(max(scene.priorities[category] + shift, 1), 4),
        state="cancelled" if rng.random() < 0.04 else "closed",
        opened_at=at,
        closed_at=at + timedelta(minutes=minutes),
        opened_by="dispatcher",
        description=words.either(rng, rng.choice(words.SAID[category])),
        address=where.words or None,
        caller_name=name,
        caller_phone=phone,
        place=where.place,
        outcome_json=json.dumps({"note": words.either(rng, rng.choice(words.CLOSED))}, ensure_ascii=False),
    )


def _with_reports(scene: Scene, rng: Random, incidents: Sequence[PastIncident]) -> Past:
    """Give a quarter of the incidents the event or the call they began with, and the archive what came to nothing."""
    changed, events, calls = list(incidents), list[PastEvent](), list[PastCall]()
    for i, incident in enumerate(incidents):
        camera = rng.choice(list(scene.cameras)) if scene.cameras else None
        if incident.category == "intrusion" and camera is not None:
            seen = _beside(rng, scene.cameras[camera])
            changed[i] = incident = replace(incident, place=seen, address=None, caller_name=None, caller_phone=None)
            events.append(_event(rng, incident, len(events), incident_index=i, camera=camera))
        elif incident.caller_phone is not None and rng.random() < 0.25:
            calls.append(_call(rng, incident, len(calls), incident_index=i))
        if rng.random() < 0.12:
            if camera is None or rng.random() < 0.3:
                calls.append(_call(rng, incident, len(calls), incident_index=None))
            else:
                elsewhere = replace(incident, place=_beside(rng, scene.cameras[camera]))
                events.append(_event(rng, elsewhere, len(events), incident_index=None, camera=camera))
    return changed, events, calls


def _event(rng: Random, incident: PastIncident, n: int, *, incident_index: int | None, camera: int) -> PastEvent:
    """Return the event an incident began with; one that was rejected where it belongs to none."""
    confirmed = incident_index is not None
    at = incident.opened_at if confirmed else incident.opened_at + timedelta(minutes=rng.uniform(1, 50))
    return PastEvent(
        kind=rng.choice(("line_crossing", "zone_motion")),
        source_event_id=f"past-{n}",
        camera_id=camera,
        incident=incident_index,
        at=at,
        certainty=round(rng.uniform(0.45, 0.95), 2),
        state="confirmed" if confirmed else "rejected",
        decided_at=at + timedelta(seconds=rng.uniform(8, 90)),
        decided_by="dispatcher",
        reason=None if confirmed else words.either(rng, rng.choice(words.REJECTED_SIGHTS)),
        details_json=json.dumps({"label": "person"}),
        place=incident.place,
    )


def _call(rng: Random, incident: PastIncident, n: int, *, incident_index: int | None) -> PastCall:
    """Return the call an incident began with; one that nothing came of where it belongs to none."""
    opened = incident_index is not None
    rang_at = incident.opened_at + timedelta(seconds=-60 if opened else rng.uniform(60, 3_000))
    answered_at = rang_at + timedelta(seconds=rng.uniform(2, 25))
    return PastCall(
        exchange_id=f"past-{n}",
        incident=incident_index,
        category=incident.category,
        rang_at=rang_at,
        answered_at=answered_at,
        answered_by="dispatcher",
        ended_at=answered_at + timedelta(seconds=rng.uniform(30, 180)),
        reason=None if opened else words.either(rng, rng.choice(words.REJECTED_CALLS)),
        name=incident.caller_name,
        phone=incident.caller_phone,
        said=incident.description if opened else "",
        address=incident.address,
        place=incident.place,
    )


def _beside(rng: Random, place: LonLat) -> LonLat:
    reach = 18.0 / METRES_PER_DEGREE
    return LonLat(lon=place.lon + rng.gauss(0, reach), lat=place.lat + rng.gauss(0, reach))
