"""Statuses that positions propose: a person takes each, or drops it."""

from typing import Annotated

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.answers import dispatch_answer
from geo_server.api.models import OneDispatch
from geo_server.api.models import units as models
from geo_server.api.models.base import Id, Title
from geo_server.crews import proposals
from layers.dispatches import proposal_queries
from layers.dispatches.rules import Status
from layers.dispatches.schema import Proposed

router = APIRouter(prefix="/status-proposals", tags=["dispatches"])
Deciding = Annotated[Visiting, permitted("statuses.decide")]


@router.get("")
async def listed(visiting: Annotated[Visiting, permitted("statuses.list")]) -> models.StatusProposals:
    """Return what positions propose, newest first."""
    async with visiting.visit("dispatches") as session:
        found = await proposal_queries.open_ones(session, visiting.viewer)
    return models.StatusProposals(proposals=[proposal_told(one) for one in found])


@router.post("/{id}/take")
async def take(id: Id, visiting: Deciding) -> OneDispatch:
    """Take the step that a position proposed; what has gone further by now stays where it is."""
    async with visiting.visit("dispatches") as session:
        dispatch = await proposals.take(session, visiting.viewer, id)
        visiting.say(about=("dispatches", dispatch.id), details={"proposal": id, "status": dispatch.status.value})
    return OneDispatch(dispatch=dispatch_answer(dispatch))


@router.post("/{id}/drop", status_code=status.HTTP_204_NO_CONTENT)
async def drop(id: Id, visiting: Deciding) -> None:
    """Drop a proposal; it is not made again."""
    async with visiting.visit("dispatches") as session:
        await proposals.drop(session, visiting.viewer, id)
        visiting.say(details={"proposal": id, "dropped": True})


def proposal_told(one: Proposed) -> models.StatusProposal:
    """Return a proposal with its reason in words."""
    return models.StatusProposal(
        id=one.id,
        dispatch_id=one.dispatch_id,
        unit=models.ProposedUnit(id=one.unit_id, call_sign=one.call_sign),
        incident=models.ProposedIncident(id=one.incident_id, number=one.incident_number),
        status=one.status,
        at=one.at,
        reason=_why(one),
    )


def _why(one: Proposed) -> Title:
    metres = round(one.metres)
    if one.status is Status.ENROUTE:
        return Title(
            kk=f"Жіберілген орнынан {metres} м алыстады.",
            ru=f"Отъехал на {metres} м от места, откуда направлен.",
            en=f"It has moved {metres} m from where it was sent.",
        )
    return Title(
        kk=f"Оқиға орнынан {metres} м жерде 20 с тұр.",
        ru=f"Стоит 20 с в {metres} м от места происшествия.",
        en=f"It has stood for 20 s, {metres} m from the incident.",
    )
