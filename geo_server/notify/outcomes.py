"""What became of a try is written down, and what follows from it; the chain is held before its notices."""

from datetime import UTC, datetime, timedelta

from geo_server.notify import chain_queries, channel_queries, notice_queries, notices, queries
from geo_server.notify.backing_off import wait_s
from geo_server.notify.channel import Later, Message, Never, Outcome, Receipt, Sent
from geo_server.notify.escalating import Failed, after
from geo_server.notify.schema import Due, State
from geo_server.notify.words import timers
from layers.database import Session

BY = "Qyran"
NOT_THE_CHANNELS_FAULT = frozenset({"too_late", "not_configured"})


async def write(
    session: Session, message: Message, attempt_id: int, attempts: int, outcome: Outcome, channel: str
) -> None:
    """Write how a try ended; a notice that will not arrive sends its chain on at once. Ring where it is news."""
    await notice_queries.end_attempt(session, attempt_id, outcome)
    due = await _held(session, message.notice_id)
    if due is None:
        return
    if isinstance(outcome, Later):
        await notice_queries.set_later(
            session, message.notice_id, outcome.code, timedelta(seconds=wait_s(attempts, outcome.after_s))
        )
    elif isinstance(outcome, Never):
        await failed(session, due, message.notice_id, outcome.code, channel)
    else:
        await _sent(session, due, message.notice_id, outcome)
    await _say_health(session, due, channel, outcome)


async def received(session: Session, receipt: Receipt) -> bool:
    """Write a gateway's receipt down; False where no notice waits for it."""
    notice_id = await notice_queries.awaiting(session, receipt.channel, receipt.reference)
    due = None if notice_id is None else await _held(session, notice_id)
    if notice_id is None or due is None:
        return False
    whole = await notice_queries.receive(session, notice_id, receipt.reference)
    if whole is not None and not receipt.arrived:
        await failed(session, due, notice_id, "undelivered", receipt.channel)
    elif whole and await notice_queries.set_delivered(session, [notice_id]):
        await notices.news(session, due)
    return True


async def failed(session: Session, due: Due, notice_id: int, code: str, channel: str) -> None:
    """Write that a notice will not arrive; its chain goes on at once where it was the step that runs."""
    state = State.EXPIRED if code == "too_late" else State.FAILED
    if not await notice_queries.set_ended(session, notice_id, state, code):
        return
    found = await queries.find(session, notice_id)
    step = -1 if found is None else found.step
    now = datetime.now(UTC)
    to = after(due.of, Failed(step=step), now, acknowledge_s=timers()[due.priority].acknowledge_s)
    if to != due.of:
        await chain_queries.set_chain(session, due.id, to)
    details: dict[str, object] = {"to": "" if found is None else found.to_name, "channel": channel, "code": code}
    await notices.tell(session, due, "notice_failed", BY, details)


async def _sent(session: Session, due: Due, notice_id: int, sent: Sent) -> None:
    if await notice_queries.set_sent(session, notice_id, sent):
        await notices.news(session, due)


async def _say_health(session: Session, due: Due, channel: str, outcome: Outcome) -> None:
    """Write how the channel is; that it fails, or works again, stands in the timeline of the incident that met it."""
    if isinstance(outcome, Never) and outcome.code in NOT_THE_CHANNELS_FAULT:
        return
    fault = outcome.code if isinstance(outcome, Later) else None
    if await channel_queries.set_health(session, channel, fault) and fault is not None:
        await notices.tell(session, due, "channel_failing", BY, {"channel": channel, "code": fault})


async def _held(session: Session, notice_id: int) -> Due | None:
    chain_id = await notice_queries.chain_of(session, notice_id)
    return None if chain_id is None else await chain_queries.hold(session, chain_id)
