"""Thousands of units in arrays, as far as ranking needs to know them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo_server.routing.router import Stands
from layers.units.rules import Availability
from layers.units.schema import Unit
from layers.values import LonLat, Service

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
SERVICE_CODES = {service: code for code, service in enumerate(Service)}  # a service is its own word, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Units in arrays of one length; longitude and latitude are NaN where one never said where it is.

    `free` is on duty, bound to nothing, and with a fresh position; `area_id` is where it is now.
    """

    ids: NDArray[np.int64]
    service: NDArray[np.int8]
    kind: NDArray[np.str_]
    skills: Sequence[Collection[str] | None]
    area_id: NDArray[np.int64]
    lon: Floats
    lat: Floats
    free: Bools

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Self:
        """Pack units."""
        nowhere = LonLat(lon=float("nan"), lat=float("nan"))
        return cls(
            ids=np.array([unit.id for unit in units], dtype=np.int64),
            service=np.array([SERVICE_CODES[unit.service] for unit in units], dtype=np.int8),
            kind=np.array([unit.kind for unit in units], dtype=np.str_),
            skills=tuple(unit.able for unit in units),
            area_id=np.array([unit.area_id for unit in units], dtype=np.int64),
            lon=np.array([(unit.place or nowhere).lon for unit in units], dtype=np.float64),
            lat=np.array([(unit.place or nowhere).lat for unit in units], dtype=np.float64),
            free=np.array(
                [unit.availability is Availability.FREE and unit.place is not None for unit in units], dtype=np.bool_
            ),
        )

    def of_service(self, service: Service) -> Bools:
        """Say of each whether it is of the service."""
        return np.asarray(self.service == SERVICE_CODES[service], dtype=np.bool_)

    def fitting(self, service: Service, kinds: frozenset[str], skills: frozenset[str]) -> Bools:
        """Say of each whether it is of the service, of one of the kinds (none: of any) and has all the skills."""
        found = self.of_service(service)
        if kinds:
            found &= np.isin(self.kind, sorted(kinds))
        if skills:
            found &= np.array([skills <= frozenset(own or ()) for own in self.skills], dtype=np.bool_)
        return found

    def stands(self, which: Bools) -> Stands:
        """Return where those stand."""
        return Stands(ids=self.ids[which], lon=self.lon[which], lat=self.lat[which])
