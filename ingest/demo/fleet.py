"""Where every car of the demo is: the one thing that traffic and crew share; it moves when it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from zlib import crc32

from ingest.demo import driving
from ingest.demo.driving import Car, Ride
from ingest.demo.streets import Measured, Spot, Streets
from layers.values import LonLat

_PARKED_SHARE = 0.12  # of those on duty: they stand at their station and are free
_PATROL_S, _RIDE_S, _PARKED_S = (2.0, 5.0), (1.0, 1.0), (8.0, 12.0)  # between two fixes, as trackers do it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """One unit as the fleet takes it over from the store."""

    unit_id: int
    device: str
    place: LonLat
    station: LonLat | None
    on_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What a tracker sends: the place, km/h and degrees clockwise from north."""

    spot: Spot
    speed_kmh: float


class Fleet:
    """The cars by the device that tracks them; times are seconds of one monotonic clock."""

    def __init__(self, streets: Streets, tracked: Sequence[Tracked], *, seed: int, at_s: float) -> None:
        """Put every unit on the street nearest to its last place; some park at their station."""
        self._streets, self._rng = streets, Random(seed)
        self.device_of = {one.unit_id: one.device for one in tracked}
        self._cars = {one.device: self._car(one) for one in tracked}
        self._parked = {one.device: one.station or one.place for one in tracked if self._parks(one)}
        self._rides: dict[str, Ride] = {}
        self._moved_s = dict.fromkeys(self._cars, at_s)

    @property
    def devices(self) -> list[str]:
        """Return every device in order."""
        return sorted(self._cars)

    def fix(self, device: str, at_s: float) -> Fix:
        """Move a car to this moment and return where it is."""
        seconds, self._moved_s[device] = max(at_s - self._moved_s[device], 0.0), at_s
        one = self._rides.get(device)
        if one is not None:
            self._rides[device] = one = driving.ride(one, seconds)
            return Fix(spot=one.route.spot(one.along_m), speed_kmh=self.speed_kmh(device))
        if device in self._parked:
            return Fix(spot=Spot(place=self._parked[device], heading_deg=0.0), speed_kmh=0.0)
        self._cars[device] = car = driving.drive(self._streets, self._cars[device], seconds, self._rng)
        return Fix(spot=driving.spot(self._streets, car), speed_kmh=driving.speed_kmh(self._streets, car))

    def pause_s(self, device: str) -> float:
        """Return the seconds until this tracker sends again: quickly with blue lights on, seldom where it stands."""
        one = self._rides.get(device)
        if one is not None and not one.arrived:
            return self._rng.uniform(*_RIDE_S)
        return self._rng.uniform(*(_PARKED_S if device in self._parked else _PATROL_S))

    def arrived(self, device: str, at_s: float) -> bool:
        """Say whether a car stands at the end of its ride; False where it has none."""
        if device not in self._rides:
            return False
        self.fix(device, at_s)
        return self._rides[device].arrived

    def send(self, device: str, route: Measured, *, speed_ms: float, at_s: float) -> None:
        """Put a car on a route, from that point of it that lies nearest to where the car is; 0 m/s lets it stand there.

        Sent along the same route again it only changes its speed.
        """
        here = self.fix(device, at_s).spot.place
        one = self._rides.get(device)
        if one is None or one.route is not route:
            one = Ride(route=route, along_m=route.nearest_m(here), speed_ms=speed_ms)
        self._rides[device] = replace(one, speed_ms=speed_ms)

    def speed_kmh(self, device: str) -> float:
        """Return how fast a car that is on a route goes, 0 where it has none."""
        one = self._rides.get(device)
        return one.speed_ms * 3.6 if one is not None and not one.arrived else 0.0

    @property
    def riding(self) -> frozenset[str]:
        """Return the devices that are on a route, standing or driving."""
        return frozenset(self._rides)

    def release(self, device: str, at_s: float) -> None:
        """Let a car patrol again from the street nearest to where its ride has brought it."""
        if device not in self._rides:
            return
        here = self.fix(device, at_s).spot.place
        car = self._cars[device]
        del self._rides[device]
        self._parked.pop(device, None)
        self._cars[device] = driving.put(self._streets, here, pace=car.pace, home=car.home)

    def _car(self, one: Tracked) -> Car:
        home = one.station or one.place
        return driving.put(self._streets, one.place, pace=self._rng.uniform(0.5, 0.8), home=home)

    def _parks(self, one: Tracked) -> bool:
        return not one.on_duty or crc32(one.device.encode()) % 100 < _PARKED_SHARE * 100
