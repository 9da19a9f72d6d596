"""The chains go on: each is planned, taken to its next step, or ended; one at a time, a transaction each."""

from datetime import UTC, datetime, timedelta

from geo_server.notify import chain_queries, contact_queries, notice_queries, notices
from geo_server.notify.escalating import Chain, Failed, Passed, after
from geo_server.notify.escalating import State as ChainState
from geo_server.notify.schema import Contact, Due, Language, NewNotice, State, Step
from geo_server.notify.steps import address_of, persons, steps_of
from geo_server.notify.words import NOTHING, Facts, say, timers
from geo_server.plans import versions
from layers.database import Session

BY = "Qyran"  # who writes the lines of the timeline that nobody else wrote
OF_CREWS: Language = "ru"  # the language a unit's page is told in; the page itself says it in its reader's own


async def look(session: Session) -> bool:
    """Go on with the chain whose time came first; False where none is due, or where another server does it."""
    if not await chain_queries.may_lead(session):
        return False
    due = await chain_queries.next_due(session)
    if due is None:
        return False
    if due.steps is None:
        await _plan(session, due)
        due = await chain_queries.hold(session, due.id) or due
    await _go_on(session, due, due.steps or ())
    return True


async def hear(session: Session) -> bool:
    """End the chains whose dispatch went on, whose incident is over or whose panic was heard; as `look` does."""
    if not await chain_queries.may_lead(session):
        return False
    for chain_id, who, how, acknowledged in await chain_queries.answered_elsewhere(session):
        due = await chain_queries.hold(session, chain_id)
        if due is None or due.of.state is not ChainState.OPEN:
            continue
        if acknowledged:
            await notices.end(session, due, None, by=who or BY, means="status", who=who or BY)
        else:
            await notices.withdraw(session, due, how, by=who or None)
    return True


async def _plan(session: Session, due: Due) -> None:
    if due.to_kind == "unit":
        first = await contact_queries.of_unit(session, due.to_id or 0)
    elif due.to_kind == "role":
        first = await contact_queries.of_role(session, due.to_role or "", due.area_id or 0)
    else:
        found = await contact_queries.find(session, due.to_id or 0)
        first = [] if found is None else [found.contact]
    known = await contact_queries.with_those_above(session, [one.id for one in first])
    steps = steps_of(due.to_id if due.to_kind == "unit" else None, persons(first, known))
    await chain_queries.set_steps(session, due.id, steps, datetime.now(UTC))


async def _go_on(session: Session, due: Due, steps: tuple[Step, ...]) -> None:
    timer, now = timers()[due.priority], datetime.now(UTC)
    # The store's clock said that it is due; this one may be behind it.
    at = max(now, due.of.due_at or now)
    to = after(due.of, Passed(), at, acknowledge_s=timer.acknowledge_s)
    await chain_queries.set_chain(session, due.id, to, how=None if to.state is ChainState.OPEN else "unanswered")
    if to.state is not ChainState.OPEN:
        await notices.tell(session, due, "notice_unanswered", BY, {"to": notices.told_to(due), "steps": len(steps)})
        return
    step = steps[to.step]
    new = await _words(session, due, step)
    notice_id = await chain_queries.begin(session, due, to.step, step, new, keep=timedelta(seconds=timer.keep_s))
    if not new.address and step.to_kind == "contact":
        await notice_queries.set_ended(session, notice_id, State.FAILED, "address_gone")
        await chain_queries.set_chain(session, due.id, _at_once(to, at))
    if to.step > 0:
        details = {"to": notices.told_to(due), "next": new.to_name, "channel": step.channel, "step": to.step + 1}
        await notices.tell(session, due, "notice_escalated", BY, details)


def _at_once(to: Chain, at: datetime) -> Chain:
    return after(to, Failed(step=to.step), at, acknowledge_s=0)


async def _words(session: Session, due: Due, step: Step) -> NewNotice:
    """Return what a step's notice says, to whoever stands there by now."""
    found = await contact_queries.find(session, step.to_id) if step.to_kind == "contact" else None
    to: Contact | None = None if found is None or not found.contact.enabled else found.contact
    language: Language = OF_CREWS if to is None else to.language
    said = say(due.kind, language, await _facts(session, due))
    return NewNotice(
        to_name=due.call_sign or "" if step.to_kind == "unit" else (to.name if to else ""),
        address="" if to is None else address_of(to, step.channel) or "",
        secret_round=1 if to is None else to.secret_round,
        language=language,
        subject=said.subject,
        body=said.body,
        short=said.short,
    )


async def _facts(session: Session, due: Due) -> Facts:
    known = await versions.of(session, due.plan_version_id)
    return Facts(
        number=due.number or "",
        category=NOTHING if due.category is None else known.category(due.category).title,
        address=due.address,
        priority=due.priority,
        area=due.area or NOTHING,
        call_sign=due.call_sign or "",
        alarm=due.alarm,
        place=due.place,
    )
