"""Turning cameras: what is asked travels as rows, and the west wing acts; the higher rank goes first."""

from typing import Annotated, Any

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models import ptz as models
from geo_server.api.models.base import Title
from geo_server.errors import Refusal
from geo_server.operations.ptz import Hand, Take, Wait, check_place, decide, rank_of
from layers.cameras import command_queries as commands
from layers.cameras.commands import Held, NewCommand, Turnable
from layers.changes import ring
from layers.database import Session
from layers.values import LonLat

router = APIRouter(prefix="/cameras/{id}", tags=["cameras"])


@router.get("/ptz")
async def stands(id: Id, visiting: Annotated[Visiting, permitted("cameras.turning")]) -> models.Ptz:
    """Return how a PTZ camera stands, its presets, who holds it, and what came of the newest command."""
    async with visiting.visit("cameras", id) as session:
        return await _told(session, visiting, await _camera(session, visiting, id))


@router.post("/ptz", status_code=status.HTTP_202_ACCEPTED)
async def turn(id: Id, asked: models.Turn, visiting: Annotated[Visiting, permitted("cameras.ptz")]) -> models.Ptz:
    """Ask a camera to look at a place, return to a preset, move or stop; it is held for who asks for 30 seconds.

    A place beyond its range or its horizon is refused. Only who holds it turns it, and nobody who sees it by another
    area's grant alone. A higher rank takes it over; an equal one waits until it is let go.
    """
    async with visiting.visit("cameras", id) as session:
        camera = await _own(session, visiting, id)
        kind, args = asked.command.kind, _args(asked.command)
        await _check_preset(session, camera, args.get("token"))
        if isinstance(asked.command, models.LookAt):
            check_place(camera, LonLat(**args))
        await _hold(session, visiting, id)
        visiting.say(details={"kind": kind, **args})
        new = NewCommand(
            camera_id=id, kind=kind, args=args, asked_by=visiting.viewer.name, asked_rank=_hand(visiting).rank
        )
        await commands.command(session, new)
        await ring(session, {"cameras": [id]})
        return await _told(session, visiting, camera)


@router.post("/lock")
async def hold(id: Id, visiting: Annotated[Visiting, permitted("cameras.lock")]) -> models.Ptz:
    """Hold a camera for 30 seconds without moving it."""
    async with visiting.visit("cameras", id) as session:
        camera = await _own(session, visiting, id)
        await _hold(session, visiting, id)
        await ring(session, {"cameras": [id]})
        return await _told(session, visiting, camera)


@router.delete("/lock", status_code=status.HTTP_204_NO_CONTENT)
async def let_go(id: Id, visiting: Annotated[Visiting, permitted("cameras.lock")]) -> None:
    """Let a camera go that one holds oneself; of one that one does not hold nothing changes."""
    async with visiting.visit("cameras", id) as session:
        await _camera(session, visiting, id)
        if await commands.let_go(session, id, visiting.account.id):
            await ring(session, {"cameras": [id]})


async def _camera(session: Session, visiting: Visiting, id: int) -> Turnable:
    camera = await commands.turnable(session, visiting.viewer, id)
    if camera is None:
        raise Refusal("no_such_camera", id=id)
    if camera.kind != "ptz":
        raise Refusal("camera_is_fixed", id=id)
    return camera


async def _own(session: Session, visiting: Visiting, id: int) -> Turnable:
    """Return a camera that is theirs to turn: a grant hands over a look, and no more (decision 23)."""
    camera = await _camera(session, visiting, id)
    if not camera.own:
        raise Refusal("camera_not_yours", id=id)
    return camera


async def _check_preset(session: Session, camera: Turnable, token: str | None) -> None:
    if token is not None and token not in {one.token for one in await commands.presets(session, camera.id)}:
        raise Refusal("no_such_preset", preset=token)


async def _hold(session: Session, visiting: Visiting, id: int) -> None:
    """Take the camera for who asks, or refuse with who has it."""
    held, now = await commands.hold(session, id)
    match decide(held, _hand(visiting), now):
        case Wait(held=other):
            raise Refusal("camera_held", by=other.account, until=other.until.isoformat())
        case Take(held=own, over=over):
            if over is not None:
                visiting.say(details={"taken_from": over.account})
            await commands.give(session, id, own)


def _hand(visiting: Visiting) -> Hand:
    account = visiting.account
    rank = rank_of(account.role, account.area.level)
    return Hand(account_id=account.id, account=account.name, session_id=visiting.open_session.kept_id, rank=rank)


def _args(command: models.LookAt | models.GoToPreset | models.Move | models.Stop) -> dict[str, Any]:
    match command:
        case models.LookAt(place=place):
            return {"lon": place.lon, "lat": place.lat}
        case _:
            return command.model_dump(exclude={"kind"})


async def _told(session: Session, visiting: Visiting, camera: Turnable) -> models.Ptz:
    held, _ = await commands.holder(session, camera.id)
    last = await commands.last(session, camera.id)
    return models.Ptz(
        **{name: getattr(camera, name) for name in ("id", "code", "state", "preset", "moving", "own")},
        name=Title.model_validate(camera.name),
        presets=[models.Preset.model_validate(one) for one in await commands.presets(session, camera.id)],
        holder=None if held is None else _holder(held, _hand(visiting)),
        command=None if last is None else models.Command.model_validate(last),
    )


def _holder(held: Held, hand: Hand) -> models.Holder:
    mine = held.account_id == hand.account_id
    return models.Holder(account=held.account, until=held.until, mine=mine, yours=mine or hand.rank > held.rank)
