"""What cameras can look for, and what each one does: its rules and masks."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models import rules as models
from geo_server.errors import Refusal
from geo_server.operations.functions import functions, labels
from geo_server.operations.rule_checking import rule_faults, uncovers
from geo_server.operations.rule_fitting import Fitting
from layers.cameras import detail_queries as cameras
from layers.cameras.calibration_queries import forget_picture
from layers.cameras.layer import LAYER
from layers.changes import ring
from layers.database import Session
from layers.features import may_see
from layers.values import Role

router = APIRouter(tags=["cameras"])


@router.get("/video/functions")
async def every_function(visiting: Annotated[Visiting, permitted("cameras.functions")]) -> models.Functions:
    """Return what cameras can look for: the settings that each function takes, what it needs, how well it does."""
    known = functions()
    found = [models.Function.model_validate(one) for one in known.functions.values()]
    return models.Functions(rule=dict(known.rule), mask=dict(known.mask), functions=found)


@router.get("/cameras/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("cameras.read")]) -> models.Camera:
    """Return a camera with its rules and masks; never where its stream is."""
    async with visiting.visit("cameras", id) as session:
        return await _camera(session, visiting, id)


@router.put("/cameras/{id}/rules")
async def give_rules(
    id: Id, given: models.GiveRules, visiting: Annotated[Visiting, permitted("cameras.rules")], request: Request
) -> models.Camera:
    """Give a camera in or below the area entered its rules, and its masks where some are sent; return it as it is now.

    What is wrong stands in the refusal `wrong_rules`, one sentence a fault. `rules_changed` refuses those that are not
    based on what the camera has by now.
    """
    async with visiting.visit("cameras", id) as session:
        before = await _camera(session, visiting, id)
        fitting = await _fitting(session, before, request.app.state.settings.home)
        _check(given, fitting)
        if visiting.viewer.role is Role.PLANNER and uncovers(before.masks, given.masks, turns=before.kind == "ptz"):
            raise Refusal("masks_stay", id=id)  # to whom a camera is shown masked (decision 23) unmasks none
        if not await cameras.write_rules(session, id, given.rules, given.masks, based_on=given.based_on):
            raise await _unwritten(session, visiting, id, given)
        if given.masks not in (None, before.masks):
            await forget_picture(session, id)
        await ring(session, {"cameras": [id]})
        had = {"before": before.rules, "masks_before": before.masks}
        visiting.say(details={**had, "rules": given.rules, "masks": given.masks})
        return await _camera(session, visiting, id)


async def _fitting(session: Session, of: models.Camera, home: Path) -> Fitting:
    """Return what rules have to fit; a camera stands at a view that its presets may not list yet."""
    presets = await cameras.presets(session, of.id) | ({of.preset} if of.preset is not None else set())
    size_px = (of.width_px, of.height_px) if of.width_px and of.height_px else None
    known = await asyncio.to_thread(labels, home)
    return Fitting(labels=known, presets=presets, size_px=size_px, rules=of.rules, masks=of.masks)


def _check(given: models.GiveRules, fitting: Fitting) -> None:
    faults = rule_faults(given.rules, given.masks or (), fitting)
    if faults:
        told = [asdict(fault) for fault in faults]
        raise Refusal("wrong_rules", count=len(faults), where=faults[0].where, faults=told)


async def _unwritten(session: Session, visiting: Visiting, camera_id: int, given: models.GiveRules) -> Refusal:
    """Say why nothing was written: somebody was quicker, or the camera is seen by a grant and not one's own."""
    now = await _camera(session, visiting, camera_id)
    if given.based_on not in (None, now.rules_version):
        return Refusal("rules_changed", id=camera_id)
    return Refusal("camera_not_yours", id=camera_id)


async def _camera(session: Session, visiting: Visiting, camera_id: int) -> models.Camera:
    seen = may_see(LAYER, visiting.viewer)
    found = await cameras.find(session, visiting.viewer, camera_id) if seen else None
    if found is None:
        raise Refusal("no_such_camera", id=camera_id)
    return models.camera_of(found)
