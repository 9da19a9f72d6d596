"""Response plans: an incident's own, the versions of all, and the regime of an area."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import plans as models
from geo_server.api.models.base import Id, Title
from geo_server.errors import Refusal
from geo_server.operations import answering, replanning, ruling
from geo_server.operations import content as written
from geo_server.operations.catalogue import Question
from geo_server.operations.content import Content
from geo_server.operations.planning_ahead import of_incident
from geo_server.operations.plans import Plan
from geo_server.plans import queries, regimes, versions
from geo_server.plans.schema import RegimeNow
from layers.areas import queries as areas
from layers.calls import queries as calls
from layers.database import Session
from layers.incidents import queries as incidents
from layers.viewer import Viewer

router = APIRouter(tags=["plans"])
AreaId = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="An area in sight; the one entered where none.")]


@router.get("/incidents/{id}/plan")
async def plan(id: Id, visiting: Annotated[Visiting, permitted("incidents.plan")]) -> models.Plan:
    """Return how an incident is answered, why so, and what of its checklist is done (MIA 897 §6.3)."""
    async with visiting.visit("incidents", id) as session:
        incident = await incidents.find(session, visiting.viewer, id)
        if incident is None:
            raise Refusal("no_such_incident", id=id)
        return await _plan(session, visiting.viewer, id, await of_incident(session, visiting.viewer, incident))


@router.post("/incidents/{id}/alarm")
async def alarm(
    id: Id, called: models.CallAlarm, visiting: Annotated[Visiting, permitted("incidents.alarm")]
) -> models.Plan:
    """Call an alarm level for an incident; the answer is the plan that follows."""
    async with visiting.visit("incidents", id) as session:
        found = await replanning.call_alarm(session, visiting.viewer, id, called.level, called.reason)
        visiting.say(details={"level": called.level, "reason": called.reason})
        return await _plan(session, visiting.viewer, id, found)


@router.post("/incidents/{id}/category")
async def category(
    id: Id, new: models.Recast, visiting: Annotated[Visiting, permitted("incidents.category")]
) -> models.Plan:
    """Give an open incident another category; the answer is the plan that follows."""
    async with visiting.visit("incidents", id) as session:
        found = await replanning.recast(session, visiting.viewer, id, replanning.Recast(**new.model_dump()))
        visiting.say(details={"category": new.category, "reason": new.reason})
        return await _plan(session, visiting.viewer, id, found)


@router.post("/incidents/{id}/checklist")
async def checklist(
    id: Id, marked: models.TickStep, visiting: Annotated[Visiting, permitted("incidents.checklist")]
) -> models.Plan:
    """Mark a line of an incident's checklist as done, or as not done after all."""
    async with visiting.visit("incidents", id) as session:
        found = await replanning.tick(session, visiting.viewer, id, marked.item, done=marked.done)
        visiting.say(details={"item": marked.item, "done": marked.done})
        return await _plan(session, visiting.viewer, id, found)


@router.post("/incidents/{id}/answers")
async def answer(
    id: Id, said: models.AnswerQuestion, visiting: Annotated[Visiting, permitted("incidents.answer")]
) -> models.Plan:
    """Write what was answered to a question of an incident's plan. Answered anew, the latest counts."""
    async with visiting.visit("incidents", id) as session:
        found = await answering.answer(session, visiting.viewer, id, said.question, said.given)
        visiting.say(details={"question": said.question})
        return await _plan(session, visiting.viewer, id, found)


@router.get("/calls/{id}/plan")
async def plan_of_call(id: Id, visiting: Annotated[Visiting, permitted("calls.plan")]) -> models.CallPlan:
    """Return what an incident of a call would open with now: what else its place and the hour make worth asking."""
    async with visiting.visit("calls", id) as session:
        call = await calls.find(session, visiting.viewer, id)
        if call is None:
            raise Refusal("no_such_call", id=id)
        found = await answering.of_call(session, call, datetime.now(UTC))
    if found is None:
        return models.CallPlan(priority=None, questions=[], because=[])
    return models.CallPlan.model_validate(found)


@router.get("/plans")
async def every_plan(
    visiting: Annotated[Visiting, permitted("plans.read")],
    version: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="A version; the newest where none.")] = None,
) -> models.Plans:
    """Return all categories and plans, in the newest version or in another one."""
    async with visiting.visit() as session:
        head = await (queries.newest(session) if version is None else queries.version(session, version))
        if head is None and version is not None:
            raise Refusal("no_such_version", version=version)
        known = await (versions.current(session) if head is None else versions.of(session, head.id))
        files = versions.of_files()
        return models.Plans(
            version=None if head is None else models.Version.model_validate(head),
            files_differ=not isinstance(files, Content) or await versions.files_differ(session, files),
            files_faults=[] if isinstance(files, Content) else [models.Fault.model_validate(one) for one in files],
            content=written.plain(known.content),
        )


@router.get("/plans/versions")
async def every_version(visiting: Annotated[Visiting, permitted("plans.read")]) -> models.Versions:
    """Return the versions there were, newest first: when, by whom, and what they said of it."""
    async with visiting.visit() as session:
        found = await queries.every(session)
    return models.Versions(versions=[models.Version.model_validate(one) for one in found])


@router.put("/plans")
async def edit(new: models.EditPlans, visiting: Annotated[Visiting, permitted("plans.write")]) -> models.EditedPlans:
    """Make a new version; incidents that are open keep theirs, what opens from now on falls under it."""
    async with visiting.visit() as session:
        made, changed = await versions.edit(session, visiting.viewer, new.content, note=new.note, based_on=new.based_on)
        visiting.say(details={"version": made.id, "note": new.note, "changed": changed[:100]})
        return models.EditedPlans(version=models.Version.model_validate(made), changed=changed)


@router.post("/plans/check")
async def check(
    asked: models.CheckPlans, visiting: Annotated[Visiting, permitted("plans.check")]
) -> models.CheckedPlans:
    """Return what is wrong with a content and what it would change; nothing is written."""
    async with visiting.visit() as session:
        found = await versions.faults(session, asked.content)
        if not isinstance(found, Content):
            faults = [models.Fault.model_validate(fault) for fault in found]
            return models.CheckedPlans(faults=faults, kinds_nobody_has=[], skills_nobody_has=[], changed=[])
        before = (await versions.current(session)).content
        return models.CheckedPlans(
            faults=[],
            kinds_nobody_has=await versions.kinds_nobody_has(session, found),
            skills_nobody_has=await versions.skills_nobody_has(session, found),
            changed=versions.changed(before, found),
        )


@router.get("/regime")
async def regime(visiting: Annotated[Visiting, permitted("regime.read")], area_id: AreaId = None) -> models.RegimeNow:
    """Return the regime that an area works in: the strictest of its own and of those above it."""
    viewer = visiting.viewer
    async with visiting.visit() as session:
        asked = viewer.area_id if area_id is None else area_id
        if asked not in await areas.inside(session, viewer):
            raise Refusal("no_such_area", id=asked)
        return await _regime(session, asked, await regimes.now(session, asked))


@router.put("/regime")
async def set_regime(
    new: models.AskedRegime, visiting: Annotated[Visiting, permitted("regime.set")]
) -> models.RegimeNow:
    """Set the regime of an area at or below the one entered; every open incident there is told."""
    async with visiting.visit() as session:
        found = await ruling.put(session, visiting.viewer, new.area_id, new.name, new.reason)
        visiting.say(details={"of": new.area_id, "regime": new.name.value, "reason": new.reason})
        return await _regime(session, new.area_id, found)


async def _regime(session: Session, area_id: int, now: RegimeNow) -> models.RegimeNow:
    known = await versions.current(session)
    entry = known.content.regimes[now.name]
    return models.RegimeNow(
        area_id=area_id,
        name=now.name,
        title=Title.model_validate(entry.title.title()),
        about=Title.model_validate(entry.about.title()),
        by=None if now.by is None else models.SetRegime.model_validate(now.by),
        every=[models.SetRegime.model_validate(one) for one in await queries.regimes(session)],
        plans=known.version,
    )


def _asked(question: Question, given: str | None) -> models.AskedQuestion:
    plain = models.Question.model_validate(question)
    return models.AskedQuestion(**dict(plain), given=given)


async def _plan(session: Session, viewer: Viewer, incident_id: int, found: Plan) -> models.Plan:
    given = await answering.answers(session, viewer, incident_id)
    ticks = await queries.ticks(session, incident_id)
    known = await versions.of(session, found.version or None)
    plain = ("category", "version", "alarm", "highest_alarm", "regime", "priority", "urgency", "cameras_radius_m")
    return models.Plan(
        incident_id=incident_id,
        title=Title.model_validate(known.category(found.category).title),
        **{name: getattr(found, name) for name in plain},
        needs=[
            models.Need(service=n.service, kinds=sorted(n.kinds), skills=sorted(n.skills), count=n.count)
            for n in found.needs
        ],
        questions=[_asked(question, given.get(question.name)) for question in found.questions],
        checklist=[
            models.Step(
                item=step.item,
                checklist=Title.model_validate(step.checklist),
                title=Title.model_validate(step.title),
                done=step.item in ticks and ticks[step.item].done,
                at=ticks[step.item].at if step.item in ticks else None,
                who=ticks[step.item].who if step.item in ticks else None,
            )
            for step in found.checklist
        ],
        told=[models.Told.model_validate(one) for one in found.told],
        clocks=[models.Target.model_validate(one) for one in found.clocks],
        because=[Title.model_validate(one) for one in found.because],
    )
