"""How the demo's cars move: pure steps along the streets, and along the route of a dispatch."""

import math
from dataclasses import dataclass, replace
from random import Random

from ingest.demo.streets import Measured, Spot, Streets, bearing_deg, distance_m
from layers.values import LonLat

ROAMING_M = 2_500.0  # a patrol that is further from home than this prefers the way back
_PREFERENCE = {"primary": 5.0, "secondary": 4.0, "tertiary": 3.0, "trunk": 2.0, "motorway": 1.0, "residential": 1.5}
_RED_LIGHT = 0.22  # how often a junction of three arcs or more makes a car wait
_LONGEST_RED_S = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A car on patrol: metres driven along its arc, seconds it still waits, and its home, which it keeps near."""

    arc: int
    along_m: float
    pace: float  # share of the road's speed that it drives: city traffic is slower than the sign
    home: LonLat
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A car on its way to an incident: the route, metres driven along it, and its steady speed."""

    route: Measured
    along_m: float
    speed_ms: float

    @property
    def arrived(self) -> bool:
        """Say whether the route is driven to its end."""
        return self.along_m >= self.route.length_m


def drive(streets: Streets, car: Car, seconds: float, rng: Random) -> Car:
    """Return the car after that many seconds: along its arc, over junctions, by arcs that may be driven alone."""
    left_s = seconds
    while left_s > 0:
        if car.wait_s > 0:
            waited_s = min(car.wait_s, left_s)
            car, left_s = replace(car, wait_s=car.wait_s - waited_s), left_s - waited_s
            continue
        length_m, speed_ms = streets.measured(car.arc).length_m, _speed_ms(streets, car)
        driven_m = min(length_m - car.along_m, speed_ms * left_s)
        if car.along_m + driven_m < length_m:
            return replace(car, along_m=car.along_m + driven_m)
        left_s -= max(driven_m / speed_ms, 0.01)  # a street without length must not hold the clock
        car = _over_junction(streets, car, rng)
    return car


def speed_kmh(streets: Streets, car: Car) -> float:
    """Return how fast a car drives now, 0 where it waits."""
    return 0.0 if car.wait_s > 0 else _speed_ms(streets, car) * 3.6


def spot(streets: Streets, car: Car) -> Spot:
    """Return where a car is and where it heads."""
    return streets.measured(car.arc).spot(car.along_m)


def ride(one: Ride, seconds: float) -> Ride:
    """Return a ride after that many seconds, at its end where it has arrived."""
    return replace(one, along_m=min(one.along_m + one.speed_ms * seconds, one.route.length_m))


def put(streets: Streets, place: LonLat, *, pace: float, home: LonLat) -> Car:
    """Return a car on the street nearest to a place, in the middle of its arc."""
    arc = streets.nearest(place)
    return Car(arc=arc, along_m=streets.measured(arc).length_m / 2, pace=pace, home=home)


def _speed_ms(streets: Streets, car: Car) -> float:
    return max(streets.street(car.arc).speed_kmh * car.pace, 5.0) / 3.6


def _over_junction(streets: Streets, car: Car, rng: Random) -> Car:
    node = streets.end_node(car.arc)
    onward = [arc for arc in streets.leaving[node] if arc != car.arc ^ 1] or list(streets.leaving[node])
    arc = rng.choices(onward, [_liking(streets, car, arc) for arc in onward])[0]
    red = len(onward) > 1 and rng.random() < _RED_LIGHT
    return replace(car, arc=arc, along_m=0.0, wait_s=rng.uniform(3.0, _LONGEST_RED_S) if red else 0.0)


def _liking(streets: Streets, car: Car, arc: int) -> float:
    """Return how gladly a car takes an arc: bigger streets, straight on, and homewards when it is far away."""
    come, go = streets.measured(car.arc).line, streets.measured(arc).line
    turn = math.cos(math.radians(bearing_deg(*come[-2:]) - bearing_deg(*go[:2])))
    liking = _PREFERENCE.get(streets.street(arc).road_class, 1.0) * (1.3 + turn)
    home = (car.home.lon, car.home.lat)
    if distance_m(go[0], home) > ROAMING_M and distance_m(go[-1], home) < distance_m(go[0], home):
        liking *= 4.0
    return liking
