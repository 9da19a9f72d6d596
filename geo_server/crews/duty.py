"""A unit's duty, as its crew or the desk says it; the caller's visit is the transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from geo_server.crews.holding import held
from geo_server.crews.labels import Label, labels
from geo_server.errors import Refusal
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.units import crew_queries
from layers.units.rules import DUTY_NEEDS_REASON, Duty, Turned, Unfit, turn
from layers.units.schema import DutyWord, Unit
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidDuty:
    """What is said of a unit's duty: `at` by the clock of whoever says it; a reason is a label's code or a text."""

    duty: Duty
    at: datetime
    means: Literal["button", "dispatcher"]
    reason: str | None = None
    late: bool = False


async def set_duty(session: Session, viewer: Viewer, unit_id: int, said: SaidDuty) -> bool:
    """Turn a unit's duty, or keep on the record what no longer changes it; ring. Say whether it is now what was said.

    Raises Refusal: no_such_unit, wrong_duty with what may follow, reason_needed, label_means_other.
    """
    unit = await held(session, viewer, unit_id)
    label = _label(said)
    older = _older(said, await crew_queries.duty_that_stands(session, unit_id))
    outcome = turn(unit.duty, said.duty, bound=unit.task is not None, late=said.late, older=older)
    if isinstance(outcome, Unfit):
        raise Refusal("wrong_duty", status=outcome.duty.value, allowed=[duty.value for duty in outcome.allowed])
    turned = isinstance(outcome, Turned)
    if turned and said.duty in DUTY_NEEDS_REASON and not said.reason:
        raise Refusal("reason_needed", status=said.duty.value)
    await _write(session, viewer, unit, said, label, turned=turned)
    await ring(session, {"units": [unit_id], "incidents": _bound(unit) if turned else []})
    return turned or (unit.duty is said.duty and not older)


def _older(said: SaidDuty, stands: DutyWord | None) -> bool:
    """Say whether it was said before what stands. Two clocks differ by seconds: one device's own presses do not."""
    if said.means != "button" or stands is None or said.at >= stands.at:
        return False
    return said.late or stands.means == "button"


async def _write(
    session: Session, viewer: Viewer, unit: Unit, said: SaidDuty, label: Label | None, *, turned: bool
) -> None:
    reason = label.title.ru if label else said.reason
    word = DutyWord(
        duty=said.duty, at=said.at, who=viewer.name, means=said.means, reason=reason, taken=turned, late=said.late
    )
    await crew_queries.add_duty(session, unit.id, word)
    if turned:
        await crew_queries.set_duty(session, unit.id, said.duty, label.code if label else None)
        for incident_id in _bound(unit):
            told = {"unit": unit.call_sign, "duty": said.duty.value} | ({"reason": reason} if reason else {})
            await incidents.add_entry(session, incident_id, "unit_duty", viewer, told)


def _bound(unit: Unit) -> list[int]:
    return [] if unit.dispatch is None else [unit.dispatch.incident_id]


def _label(said: SaidDuty) -> Label | None:
    label = labels().get(said.reason or "")
    if label is not None and label.means is not said.duty:
        raise Refusal("label_means_other", label=label.title)
    return label
