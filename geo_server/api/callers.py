"""Callers: what a phone reported before, for those who state why they ask."""

from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import brief_answer, call_counts
from layers.calls import queries as calls
from layers.incidents import queries as incidents

router = APIRouter(prefix="/callers", tags=["callers"])


@router.post("/history")
async def history(
    asked: models.AskedPhone, visiting: Annotated[Visiting, permitted("callers.history")]
) -> models.CallerHistory:
    """Return what a phone reported before; the phone stands in the body, for addresses are logged by proxies."""
    visiting.say(personal={"phone": asked.phone})
    async with visiting.visit("callers") as session:
        found = await incidents.of_caller(session, visiting.viewer, asked.phone)
        rung = await calls.without_incident(session, visiting.viewer, asked.phone)
        visiting.say(details={"found": len(found)})
    return models.CallerHistory(incidents=[brief_answer(one) for one in found], calls=call_counts(rung))
