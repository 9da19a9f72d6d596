"""Panics: who cries for help, that it was heard, that it is over."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.policy import may
from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import panics as models
from geo_server.api.models.base import Id
from geo_server.crews import panicking
from geo_server.notify import queries as notices
from geo_server.notify.schema import Told
from layers.database import Session
from layers.panics import queries as panics
from layers.panics.schema import Panic
from layers.viewer import Viewer

router = APIRouter(prefix="/panics", tags=["panics"])


@router.get("")
async def listed(
    visiting: Annotated[Visiting, permitted("panics.list")],
    open: Annotated[bool | None, Query(description="Only those that stand, or only those that are over.")] = None,
) -> models.Panics:
    """Return panics, newest first, two hundred at most, each with who is told of it where nobody acknowledges it."""
    async with visiting.visit("panics") as session:
        found = await panics.recent(session, visiting.viewer, is_open=open)
        return models.Panics(panics=await _answers(session, visiting.viewer, found))


@router.post("/{id}/acknowledge")
async def acknowledge(
    id: Id, visiting: Annotated[Visiting, permitted("panics.act")], what: models.Hear | None = None
) -> models.Panic:
    """Say that it was heard: it is loud no more, and is not told on. The first who says so stays named.

    Where it was pressed again since it was shown, `pressed_again`: nobody has heard that press.
    """
    before = None if what is None else what.heard_before
    async with visiting.visit("panics", id) as session:
        heard = await panicking.acknowledge(session, visiting.viewer, id, heard_before=before)
        return await _answer(session, visiting.viewer, heard)


@router.post("/{id}/end")
async def end(id: Id, why: models.End, visiting: Annotated[Visiting, permitted("panics.act")]) -> models.Panic:
    """Say that it is over, and why."""
    async with visiting.visit("panics", id) as session:
        visiting.say(details={"reason": why.reason})
        return await _answer(session, visiting.viewer, await panicking.end(session, visiting.viewer, id, why.reason))


async def _answers(session: Session, viewer: Viewer, found: Sequence[Panic]) -> list[models.Panic]:
    ids = [one.id for one in found] if may(viewer.role, "notices.list") else []
    told = await notices.told_of_panics(session, ids)
    return [_shown(one, told.get(one.id, [])) for one in found]


async def _answer(session: Session, viewer: Viewer, one: Panic) -> models.Panic:
    return (await _answers(session, viewer, [one]))[0]


def _shown(one: Panic, told: Sequence[Told]) -> models.Panic:
    plain = {name: getattr(one, name) for name in models.Panic.model_fields if name not in ("incident", "notices")}
    bound = None if one.incident is None else {"id": one.incident[0], "number": one.incident[1]}
    return models.Panic.model_validate({**plain, "incident": bound, "notices": told}, from_attributes=True)
