"""How a unit stands: derived from duty, crew, what it is doing and how old its position is; never typed in. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from layers.dispatches.rules import NEXT, Status, is_open

STALE_AFTER_S = 60.0  # devices report every 1-30 s; older than this is never shown as fresh


class Duty(StrEnum):
    """Whether a crew works: off → roster → on ⇄ break or out of service → off."""

    OFF = "off"
    ROSTER = "roster"
    ON = "on"
    BREAK = "break"
    OUT_OF_SERVICE = "out_of_service"


class Availability(StrEnum):
    """Why a unit can or cannot be proposed; the first that holds, in this order after `free`."""

    FREE = "free"
    OFF_DUTY = "off_duty"
    BUSY = "busy"
    STALE = "stale"


def is_stale(position_age_s: float | None) -> bool:
    """Say whether a position is too old to be believed, or was never sent. A clock ahead of ours counts as fresh."""
    return position_age_s is None or not position_age_s <= STALE_AFTER_S


def availability(duty: Duty, crew: int, task: Status | None, position_age_s: float | None) -> Availability:
    """Return whether a unit is free; `task` is the status of its latest dispatch, ages are in seconds."""
    if duty is not Duty.ON or crew < 1:
        return Availability.OFF_DUTY
    if task is not None and is_open(task):
        return Availability.BUSY
    return Availability.STALE if is_stale(position_age_s) else Availability.FREE


def shown_status(duty: Duty, task: Status | None) -> str:
    """Return the one word people read: the open dispatch's status, else `free` on duty, else the duty."""
    if task is not None and is_open(task):
        return task.value
    return "free" if duty is Duty.ON else duty.value


# ── the two axes of EIDO (NENA-STA-021.1): whether it can be sent, and what it does; the second ones combine ────────


class Primary(StrEnum):
    """Whether a unit can be sent."""

    AVAILABLE = "Available"
    CONDITIONALLY_AVAILABLE = "ConditionallyAvailable"
    NOT_AVAILABLE = "NotAvailable"


class Secondary(StrEnum):
    """What a unit does."""

    DISPATCHED = "Dispatched"
    ACKNOWLEDGED = "AcknowledgedTransmission"
    ENROUTE = "EnRoute"
    STAGING = "Staging"
    ONSCENE = "OnScene"
    PATIENT = "PatientContact"
    TRANSPORTING = "Transporting"
    HOSPITAL = "Hospital"
    BREAK = "Break"
    OUT_OF_SERVICE = "OutOfService"
    OFF_DUTY = "OffDuty"
    ROSTERED = "Rostered"


_OF_TASK: dict[Status, Secondary] = {
    Status.DISPATCHED: Secondary.DISPATCHED,
    Status.ACKNOWLEDGED: Secondary.ACKNOWLEDGED,
    Status.ENROUTE: Secondary.ENROUTE,
    Status.STAGING: Secondary.STAGING,
    Status.ONSCENE: Secondary.ONSCENE,
    Status.PATIENT: Secondary.PATIENT,
    Status.TRANSPORT: Secondary.TRANSPORTING,
    Status.AT_DESTINATION: Secondary.HOSPITAL,
    Status.HANDOVER: Secondary.HOSPITAL,
}
_OF_DUTY: dict[Duty, Secondary] = {
    Duty.BREAK: Secondary.BREAK,
    Duty.OUT_OF_SERVICE: Secondary.OUT_OF_SERVICE,
    Duty.OFF: Secondary.OFF_DUTY,
    Duty.ROSTER: Secondary.ROSTERED,
}


def on_its_way(task: Status) -> bool:
    """Say whether a unit that is bound has not arrived yet, so that it may be diverted."""
    return task is not Status.ONSCENE and Status.DIVERTED in NEXT[task]


def primary(duty: Duty, crew: int, task: Status | None, position_age_s: float | None) -> Primary:
    """Return whether a unit can be sent: at a price where it is on a break, on its way elsewhere, or out of hearing."""
    if duty not in (Duty.ON, Duty.BREAK) or crew < 1:
        return Primary.NOT_AVAILABLE
    if task is not None and is_open(task):
        return Primary.CONDITIONALLY_AVAILABLE if on_its_way(task) else Primary.NOT_AVAILABLE
    if duty is Duty.BREAK or is_stale(position_age_s):
        return Primary.CONDITIONALLY_AVAILABLE
    return Primary.AVAILABLE


def secondary(duty: Duty, task: Status | None) -> tuple[Secondary, ...]:
    """Return what a unit does, what it does for an incident first; nothing where it simply waits."""
    found = (None if task is None else _OF_TASK.get(task), _OF_DUTY.get(duty))
    return tuple(word for word in found if word is not None)


# ── the life of a duty: off → roster → on ⇄ break or out of service → off ───────────────────────────────────────────

NEXT_DUTY: dict[Duty, tuple[Duty, ...]] = {
    Duty.OFF: (Duty.ROSTER, Duty.ON),
    Duty.ROSTER: (Duty.ON, Duty.OFF),
    Duty.ON: (Duty.BREAK, Duty.OUT_OF_SERVICE, Duty.OFF),
    Duty.BREAK: (Duty.ON, Duty.OUT_OF_SERVICE, Duty.OFF),
    Duty.OUT_OF_SERVICE: (Duty.ON, Duty.OFF),
}
DUTY_NEEDS_REASON = frozenset({Duty.OUT_OF_SERVICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """The unit's duty is this from now on."""

    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """The duty is this already, or what came is older than what stands: kept on the record, nothing changes."""

    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """That duty cannot follow now; these can."""

    duty: Duty
    allowed: tuple[Duty, ...]


def duties_after(present: Duty, *, bound: bool) -> tuple[Duty, ...]:
    """Return what may follow; a crew that is bound to an incident neither rests nor goes home, but may break down."""
    if not bound:
        return NEXT_DUTY[present]
    return tuple(duty for duty in NEXT_DUTY[present] if duty in (Duty.ON, Duty.OUT_OF_SERVICE))


def turn(present: Duty, asked: Duty, *, bound: bool, late: bool, older: bool) -> Turned | Remains | Unfit:
    """Decide what an asked duty does; `late` was sent long after it was pressed, `older` before what stands was.

    What comes late and no longer fits is kept on the record and breaks nothing; what is pressed now is answered.
    """
    if asked is present or older:
        return Remains(duty=present)
    allowed = duties_after(present, bound=bound)
    if asked in allowed:
        return Turned(duty=asked)
    return Remains(duty=present) if late else Unfit(duty=present, allowed=allowed)


# ── the roster ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Rostered:
    """A unit that nobody signed on for. `due`: a shift runs or comes soon, and so many ride in it (0: nobody said).

    `home`: a person said for that shift, and not at the end of the one before, that it is off duty; `by_roster`: its
    duty stands by the roster's own word.
    """

    id: int
    duty: Duty
    crew: int
    due: bool
    aboard: int
    by_roster: bool
    home: bool


def by_roster(unit: Rostered) -> tuple[Duty, int]:
    """Return the duty and the number aboard that the roster gives a unit: people's own words stand above it.

    The number is of the crew that the roster puts into a unit that was off; what a person says of it afterwards stands.
    """
    if not unit.due or unit.home:
        over = unit.duty == Duty.ROSTER and unit.by_roster
        return (Duty.OFF if over else Duty(unit.duty)), unit.crew
    return Duty.ROSTER, unit.crew if unit.duty == Duty.ROSTER else unit.aboard or unit.crew
