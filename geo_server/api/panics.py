"""Panics: who cries for help, that it was heard, that it is over."""

from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import panics as models
from geo_server.api.models.base import Id
from geo_server.crews import panicking
from layers.panics import queries as panics
from layers.panics.schema import Panic

router = APIRouter(prefix="/panics", tags=["panics"])


@router.get("")
async def listed(
    visiting: Annotated[Visiting, permitted("panics.list")],
    open: Annotated[bool | None, Query(description="Only those that stand, or only those that are over.")] = None,
) -> models.Panics:
    """Return panics, newest first, two hundred at most."""
    async with visiting.visit("panics") as session:
        found = await panics.recent(session, visiting.viewer, is_open=open)
    return models.Panics(panics=[_told(one) for one in found])


@router.post("/{id}/acknowledge")
async def acknowledge(id: Id, visiting: Annotated[Visiting, permitted("panics.act")]) -> models.Panic:
    """Say that it was heard: it is loud no more. The first who says so stays named."""
    async with visiting.visit("panics", id) as session:
        return _told(await panicking.acknowledge(session, visiting.viewer, id))


@router.post("/{id}/end")
async def end(id: Id, why: models.End, visiting: Annotated[Visiting, permitted("panics.act")]) -> models.Panic:
    """Say that it is over, and why."""
    async with visiting.visit("panics", id) as session:
        visiting.say(details={"reason": why.reason})
        return _told(await panicking.end(session, visiting.viewer, id, why.reason))


def _told(one: Panic) -> models.Panic:
    told = {name: getattr(one, name) for name in models.Panic.model_fields if name != "incident"}
    bound = None if one.incident is None else {"id": one.incident[0], "number": one.incident[1]}
    return models.Panic.model_validate({**told, "incident": bound}, from_attributes=True)
