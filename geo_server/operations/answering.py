"""The questions of an incident's plan, and what was answered: to whoever took its calls, or on its card."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from geo_server.errors import Refusal
from geo_server.operations import lifecycle
from geo_server.operations.catalogue import Question
from geo_server.operations.planning_ahead import of_incident, of_place
from geo_server.operations.plans import Plan
from geo_server.plans import queries, versions
from layers.asking import together
from layers.calls import queries as calls
from layers.calls.layer import LAYER as CALLS
from layers.calls.schema import Call
from layers.changes import ring
from layers.database import Session
from layers.features import may_see
from layers.incidents import queries as incidents
from layers.values import Title
from layers.viewer import Viewer

_PLAIN = {"yes": Title(kk="иә", ru="да", en="yes"), "no": Title(kk="жоқ", ru="нет", en="no")}


async def answer(session: Session, viewer: Viewer, incident_id: int, name: str, given: str) -> Plan:
    """Write what was answered to a question of an incident's plan; ring. Answered anew, the latest counts.

    Raises Refusal: no_such_incident, incident_closed, incident_merged, held_above, no_such_question.
    """
    incident = await lifecycle.held(session, viewer, incident_id)
    await lifecycle.require_open(session, viewer, incident)
    plan = await of_incident(session, viewer, incident)
    question = next((one for one in plan.questions if one.name == name), None)
    if question is None:
        raise Refusal("no_such_question", name=name)
    if (await answers(session, viewer, incident_id)).get(name) == given:
        return plan
    told = {"question": name, "given": given, "of": asdict(question.title), **_readable(question, given)}
    await incidents.add_entry(session, incident_id, "answer", viewer, told)
    await ring(session, {"incidents": [incident_id]})
    return plan


async def answers(session: Session, viewer: Viewer, incident_id: int) -> Mapping[str, str]:
    """Return what was answered last, by question: on its card, or in its calls where the viewer sees those."""
    async with together(session) as ask:
        on_card = ask(queries.asked_answers(incident_id))
        rang = ask(calls.asked_answers(viewer, incident_id)) if may_see(CALLS, viewer) else None
    given = [*on_card.value, *(rang.value if rang else ())]
    return {one.question: one.given for one in sorted(given, key=lambda one: one.at)}


async def of_call(session: Session, call: Call, at: datetime) -> Plan | None:
    """Return the plan that an incident of a call would open with now (UTC).

    None before its category and place are known.
    """
    if call.category is None or call.place is None:
        return None
    newest = await versions.current(session)
    return await of_place(
        session,
        call.category,
        version_id=newest.version or None,
        alarm=1,
        urgency=None,
        area_id=call.area.id,
        place=call.place,
        at=at,
    )


def _readable(question: Question, given: str) -> dict[str, object]:
    """Return an answer as the timeline reads it: one of several by its title, else the words."""
    titles = {choice.name: choice.title for choice in question.choices}
    title = _PLAIN.get(given) if question.answer == "yes_no" else titles.get(given)
    return {"text": given} if title is None else {"to": asdict(title)}
