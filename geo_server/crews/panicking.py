"""A crew's cry for help: raised once however often it is pressed until somebody hears it, ended with a reason."""

from dataclasses import dataclass
from datetime import datetime

from geo_server.crews.holding import bound_now, bound_then, held
from geo_server.errors import Refusal
from geo_server.notify import notices
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.panics import queries as panics
from layers.panics.rules import Anew, Raise, press
from layers.panics.schema import NewPanic, Panic
from layers.units.schema import Unit
from layers.values import LonLat
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """That the button was pressed, when by the device's clock, and where if the device knew."""

    at: datetime
    place: LonLat | None = None


async def raise_panic(session: Session, viewer: Viewer, unit_id: int, pressed: Pressed, *, unheard_s: float) -> int:
    """Raise a panic, or count the press to the one it belongs to; ring. Return its id; raises `no_such_unit`.

    A press after somebody has heard it makes it loud anew: what was heard was another press.

    Where no dispatcher acknowledges it within `unheard_s` seconds, those who answer for the unit's area are told.
    """
    unit = await held(session, viewer, unit_id)
    outcome = press(await panics.latest_of(session, unit_id), pressed.at)
    if isinstance(outcome, Raise):
        panic_id = await _raise(session, viewer, unit, pressed)
        await notices.cried(session, viewer, panic_id, unheard_s=unheard_s)
    elif isinstance(outcome, Anew):
        panic_id = outcome.id
        times = await _raise_anew(session, viewer, unit, panic_id, pressed)
        await notices.cried(session, viewer, panic_id, unheard_s=unheard_s, alarm=times)
    else:
        panic_id = outcome.id
        await panics.repeat(session, panic_id, pressed.at)
    await ring(session, {"panics": [panic_id], "units": [unit_id], "incidents": bound_now(unit)})
    return panic_id


async def acknowledge(session: Session, viewer: Viewer, panic_id: int, *, heard_before: int | None = None) -> Panic:
    """Write that somebody has heard it; ring. Again is the same, and the first one stays named.

    `heard_before` is how often it had been heard before the press that is meant, None where nobody says. Raises
    Refusal: no_such_panic, pressed_again where a later press than that is loud.
    """
    found = await _held(session, viewer, panic_id)
    if found.acknowledged_at is not None:
        return found
    if heard_before not in (None, len(found.heard_before)):
        raise Refusal("pressed_again", id=panic_id)
    await panics.acknowledge(session, panic_id, viewer.name)
    return await _told(session, viewer, found, "panic_acknowledged", {})


async def end(session: Session, viewer: Viewer, panic_id: int, reason: str) -> Panic:
    """End it, with the reason; ring. Ended again it answers the same. Raises Refusal `no_such_panic`."""
    found = await _held(session, viewer, panic_id)
    if found.ended_at is not None:
        return found
    await panics.end(session, panic_id, viewer.name, reason)
    return await _told(session, viewer, found, "panic_ended", {"reason": reason})


async def _raise(session: Session, viewer: Viewer, unit: Unit, pressed: Pressed) -> int:
    new = NewPanic(unit_id=unit.id, raised_at=pressed.at, raised_by=viewer.name, place=pressed.place)
    panic_id = await panics.write(session, new)
    await _log(session, viewer, unit, "panic", panic_id, pressed.at)
    return panic_id


async def _raise_anew(session: Session, viewer: Viewer, unit: Unit, panic_id: int, pressed: Pressed) -> int:
    times = await panics.raise_anew(session, panic_id, unit.id, pressed.at, pressed.place)
    await _log(session, viewer, unit, "panic_anew", panic_id, pressed.at)
    return times


async def _log(session: Session, viewer: Viewer, unit: Unit, kind: str, panic_id: int, at: datetime) -> None:
    """Write it into the log of the incident that the unit was bound to as it was pressed, however late it comes."""
    then = await bound_then(session, unit, at)
    for incident_id in then:
        told = {"unit": unit.call_sign, "panic_id": panic_id}
        await incidents.add_entry(session, incident_id, kind, viewer, told, device_at=at)
    await ring(session, {"incidents": then})


async def _held(session: Session, viewer: Viewer, panic_id: int) -> Panic:
    found = await panics.find(session, viewer, panic_id)
    if found is not None and found.incident is not None:
        await incidents.hold(session, viewer, found.incident[0])  # before the panic: in the order of who raises one
    found = await panics.hold(session, viewer, panic_id)
    if found is None:
        raise Refusal("no_such_panic", id=panic_id)
    return found


async def _told(session: Session, viewer: Viewer, before: Panic, kind: str, details: dict[str, object]) -> Panic:
    bound = [] if before.incident is None else [before.incident[0]]
    for incident_id in bound:
        told = {"unit": before.unit.call_sign, "panic_id": before.id, **details}
        await incidents.add_entry(session, incident_id, kind, viewer, told)
    now = await panics.find(session, viewer, before.id)
    assert now is not None  # it is held
    await ring(session, {"panics": [now.id], "units": [now.unit.id], "incidents": bound})
    return now
