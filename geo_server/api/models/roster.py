"""The shapes of the roster across units: who is on when, and when nobody of a service is."""

from geo_server.api.models.base import Moment, Sent
from geo_server.api.models.units import Shift
from layers.units.rules import Duty
from layers.values import Service


class RosterUnit(Sent):
    """A unit with its shifts in the time asked for, earliest first."""

    id: int
    call_sign: str
    service: Service
    kind: str
    duty: Duty
    shifts: list[Shift]


class RosterGap(Sent):
    """From when until when no unit of a service has a shift."""

    service: Service
    since: Moment
    until: Moment


class Roster(Sent):
    """The units of the area entered, by call sign, and what their shifts leave uncovered."""

    units: list[RosterUnit]
    gaps: list[RosterGap]
