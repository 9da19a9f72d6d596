"""Speeds by the hour of the week: what tracks taught of a segment, else what they taught of its class, else its own."""

from datetime import UTC, datetime

import numpy as np

from geo_server.routing.profiles import BlueLight
from geo_server.routing.road_graph import Floats, RoadGraph
from layers.roads.classes import CLASSES
from layers.roads.queries import Speeds
from layers.values import KAZAKHSTAN

ENOUGH_DRIVES = 20  # of a class, before what was learned of them speaks for the others


def band_of(at: datetime) -> int:
    """Return the band that a moment lies in: the 24 hours of a working day, then those of a day off."""
    local = at.astimezone(KAZAKHSTAN)
    return local.hour + (24 if local.weekday() >= 5 else 0)


def now_band() -> int:
    """Return the band of this moment."""
    return band_of(datetime.now(UTC))


def drive_kmh(graph: RoadGraph, learned: Speeds) -> Floats:
    """Return km/h by drive in the band that was learned."""
    usual = np.repeat(graph.speed_kmh, 2)
    known = np.isin(learned.road_id, graph.road_ids)
    drives = 2 * np.searchsorted(graph.road_ids, learned.road_id[known]) + learned.direction[known]
    share = learned.speed_kmh[known] / usual[drives]
    factors = np.ones(len(CLASSES))
    classes = graph.road_class[drives // 2]
    for code in np.unique(classes):
        of_class = share[classes == code]
        if len(of_class) >= ENOUGH_DRIVES:
            factors[code] = np.median(of_class)
    found = usual * np.repeat(factors[graph.road_class], 2)
    found[drives] = learned.speed_kmh[known]
    return found


def with_blue_light(graph: RoadGraph, kmh: Floats, profile: BlueLight) -> Floats:
    """Return the same with blue light: quicker by the class's factor, up to the cap, and never slower than traffic."""
    factors = np.array([profile.factors[name] for name in CLASSES])[graph.road_class]
    quicker: Floats = np.maximum(kmh, np.minimum(kmh * np.repeat(factors, 2), profile.cap_kmh))
    return quicker
