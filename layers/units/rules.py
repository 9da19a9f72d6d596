"""Whether a unit can be sent: derived from duty, crew, what it is doing and how old its position is; never typed in."""

from enum import StrEnum

from layers.dispatches.rules import Status, is_open

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
