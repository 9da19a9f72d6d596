"""What a crew presses on its own device: kept once, late or not; the caller's visit is the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from geo_server.crews import messaging
from geo_server.crews.duty import SaidDuty, set_duty
from geo_server.crews.holding import own
from geo_server.crews.labels import labels
from geo_server.crews.panicking import Pressed, raise_panic
from geo_server.errors import Refusal
from geo_server.notify import crew as notices
from geo_server.operations import sending
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import Status
from layers.dispatches.schema import NewStatus
from layers.units import crew_queries
from layers.units.rules import Duty
from layers.units.schema import CrewEvent
from layers.values import LonLat
from layers.viewer import Viewer

LATE_AFTER = timedelta(minutes=2)
CLOCK_OFF = timedelta(seconds=30)  # a smaller difference may be the way that the message took
Kind = Literal["duty", "status", "message", "panic", "read", "notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press on a device, by its own id and clock; `sent_at` is what that clock showed as it was sent.

    `off`: by how much the device's clock is behind ours.
    """

    client_event_id: str
    at: datetime
    sent_at: datetime | None = None
    off: timedelta = timedelta()
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a press: `taken` false is on the record alone; `repeated` was had before and changed nothing."""

    taken: bool
    late: bool = False
    repeated: bool = False


async def press_status(
    session: Session,
    viewer: Viewer,
    dispatch_id: int,
    press: Press,
    status: Status,
    *,
    reason: str | None,
    place: LonLat | None,
) -> Taken:
    """Take a step of the own unit's dispatch; raises Refusal no_such_dispatch, wrong_transition, reason_needed."""
    unit_id = own(viewer)
    found = await dispatches.find(session, viewer, dispatch_id)
    if found is None or found.unit.id != unit_id:
        raise Refusal("no_such_dispatch", id=dispatch_id)
    told_at = press.at
    known, press = await _known(session, viewer, "status", press)
    if known is not None:
        return known
    new = NewStatus(
        status=status,
        at=told_at + press.off,
        who=viewer.name,
        means="button",
        reason=_in_words(reason),
        client_event_id=press.client_event_id,
        late=press.late,
        place=place,
    )
    after = await sending.advance(session, viewer, dispatch_id, new, as_fact=True)
    return await _answered(session, viewer, press, taken=after.status is status)


async def press_duty(session: Session, viewer: Viewer, press: Press, duty: Duty, reason: str | None) -> Taken:
    """Turn the own unit's duty; raises Refusal as `duty.set_duty` does."""
    known, press = await _known(session, viewer, "duty", press)
    if known is not None:
        return known
    said = SaidDuty(duty=duty, at=press.at, means="button", reason=reason, late=press.late)
    return await _answered(session, viewer, press, taken=await set_duty(session, viewer, own(viewer), said))


async def press_message(session: Session, viewer: Viewer, press: Press, text: str) -> Taken:
    """Send a message to the desk; ring."""
    known, press = await _known(session, viewer, "message", press)
    if known is not None:
        return known
    await messaging.write(session, viewer, own(viewer), text, press.at)
    return Taken(taken=True, late=press.late)


async def press_read(session: Session, viewer: Viewer, press: Press, up_to: int) -> Taken:
    """Say that the crew has read what the desk wrote, up to that message."""
    known, press = await _known(session, viewer, "read", press)
    if known is not None:
        return known
    new = await messaging.read(session, viewer, own(viewer), up_to, at=press.at)
    return await _answered(session, viewer, press, taken=new > 0)


async def press_notice(session: Session, viewer: Viewer, notice_id: int, press: Press) -> Taken:
    """Say that the crew knows what a notice on its page tells; raises Refusal `no_such_notice` for another unit's."""
    known, press = await _known(session, viewer, "notice", press)
    if known is not None:
        return known
    done = await notices.acknowledge(session, viewer, own(viewer), notice_id)
    return await _answered(session, viewer, press, taken=done.acknowledged_means == "page")


async def press_panic(
    session: Session, viewer: Viewer, press: Press, place: LonLat | None, *, unheard_s: float
) -> tuple[Taken, int | None]:
    """Cry for help; return the panic's id too, unless it was had before. However late it comes, it is loud.

    After `unheard_s` seconds without a dispatcher's answer it is told on.
    """
    known, press = await _known(session, viewer, "panic", press)
    if known is not None:
        return known, None
    pressed = Pressed(at=press.at, place=place)
    panic_id = await raise_panic(session, viewer, own(viewer), pressed, unheard_s=unheard_s)
    return Taken(taken=True, late=press.late), panic_id


async def tell_positions(session: Session, viewer: Viewer, fixes: Sequence[Mapping[str, Any]]) -> int:
    """Write where the crew's phone was and is; ring. Return how many fixes were new."""
    return await crew_queries.take_fixes(session, own(viewer), fixes)


def by_our_clock(press: Press, now: datetime) -> Press:
    """Return a press that arrives now as our clock tells it: a device whose clock is wrong shows that as it sends.

    Without that a clock that is ahead is not believed: nothing happens before it is told.
    """
    off = timedelta() if press.sent_at is None else now - press.sent_at
    off = off if abs(off) > CLOCK_OFF else timedelta()
    at = min(press.at + off, now)
    return replace(press, at=at, off=off, late=now - at > LATE_AFTER)


async def _known(session: Session, viewer: Viewer, kind: Kind, press: Press) -> tuple[Taken | None, Press]:
    """Write the press down, and say what to answer where it was had before; `event_id_used` where it was another one.

    The device's own time stays in the event.
    """
    judged = by_our_clock(press, await crew_queries.now(session))
    event = CrewEvent(
        unit_id=own(viewer),
        client_event_id=press.client_event_id,
        kind=kind,
        at=press.at,
        who=viewer.name,
        late=judged.late,
    )
    before = await crew_queries.remember(session, event)
    if before is None:
        return None, judged
    if before.kind != kind:
        raise Refusal("event_id_used", id=press.client_event_id)
    return Taken(taken=before.taken, late=before.late, repeated=True), judged


async def _answered(session: Session, viewer: Viewer, press: Press, *, taken: bool) -> Taken:
    """Keep what became of a press, and return it."""
    if not taken:
        await crew_queries.set_untaken(session, own(viewer), press.client_event_id)
    return Taken(taken=taken, late=press.late)


def _in_words(reason: str | None) -> str | None:
    label = labels().get(reason or "")
    return label.title.ru if label else reason
