"""Notices: who was told of an incident, that they know, how the channels are, and the phones of crews."""

from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models import notices as models
from geo_server.api.models.base import Title
from geo_server.errors import Refusal
from geo_server.notify import addresses, channel_queries, notices, phone_queries, queries
from geo_server.notify.crew_page import CrewPage
from geo_server.notify.delivering import Delivery
from geo_server.notify.schema import ChannelHealth
from geo_server.notify.sealed_push import unbase64url
from geo_server.notify.web_push import WebPush
from layers.areas.scope import enter_whole
from layers.database import Session
from layers.incidents import queries as incidents

router = APIRouter(tags=["notices"])


@router.get("/incidents/{id}/notices")
async def of_incident(
    id: Id, request: Request, visiting: Annotated[Visiting, permitted("notices.list")]
) -> models.Notices:
    """Return who was and is to be told of an incident: each chain with its steps and what became of them."""
    async with visiting.visit("incidents", id) as session:
        if await incidents.find(session, visiting.viewer, id) is None:
            raise Refusal("no_such_incident", id=id)
        told = await queries.told_of_incident(session, id)
        channels = await _channels(session, request)
    return models.Notices(notices=[models.Told.model_validate(one) for one in told], channels=channels)


@router.post("/notices/{id}/acknowledge")
async def acknowledge(
    id: Id, said: models.Acknowledge, visiting: Annotated[Visiting, permitted("notices.acknowledge")]
) -> models.Told:
    """Write down that somebody said by radio, by phone or in person that they know; nothing escalates any more."""
    async with visiting.visit("notices", id) as session:
        visiting.say(details={"means": said.means})
        told = await notices.acknowledge_for(session, visiting.viewer, id, said.means, said.note)
    return models.Told.model_validate(told)


@router.get("/notices/channels")
async def channels(request: Request, visiting: Annotated[Visiting, permitted("notices.channels")]) -> models.Channels:
    """Say how each channel is; one that is not configured sends nothing."""
    async with visiting.visit() as session:
        return models.Channels(channels=await _channels(session, request))


@router.get("/crew/push")
async def push_key(request: Request, visiting: Annotated[Visiting, permitted("notices.subscribe")]) -> models.PushKey:
    """Return the key by which a phone subscribes; none where no push service is allowed."""
    push = _push(request)
    return models.PushKey(key=None if push is None else push.sender.public_key)


@router.post("/crew/push", status_code=status.HTTP_204_NO_CONTENT)
async def subscribe(
    phone: models.PushSubscription, request: Request, visiting: Annotated[Visiting, permitted("notices.subscribe")]
) -> None:
    """Have this phone woken for the account's unit, until the session ends; again is the same."""
    push = _push(request)
    if push is None:
        raise Refusal("push_not_configured")
    p256dh, auth = _keys(phone)
    _check_host(phone.endpoint, push)
    async with visiting.visit() as session:
        await enter_whole(session)  # a phone changes hands: it may have been another crew's, whose account none sees
        of = visiting.open_session.kept_id
        await phone_queries.subscribe(session, visiting.account.id, phone.endpoint, p256dh, auth, session_id=of)


@router.delete("/crew/push", status_code=status.HTTP_204_NO_CONTENT)
async def unsubscribe(
    phone: models.PushEndpoint, visiting: Annotated[Visiting, permitted("notices.subscribe")]
) -> None:
    """Wake this phone no more."""
    async with visiting.visit() as session:
        await phone_queries.unsubscribe(session, visiting.account.id, phone.endpoint)


async def _channels(session: Session, request: Request) -> list[models.Channel]:
    delivery = cast(Delivery, request.app.state.delivery)
    never = {name: ChannelHealth(name=name) for name in delivery.channels}
    known = never | await channel_queries.health(session)
    return [
        models.Channel(
            name=name,
            title=Title.model_validate(channel.title),
            configured=channel.configured,
            last_ok_at=known[name].last_ok_at,
            failing_since=known[name].failing_since,
            code=known[name].code,
        )
        for name, channel in delivery.channels.items()
    ]


def _push(request: Request) -> WebPush | None:
    page = cast(Delivery, request.app.state.delivery).channels["crew_page"]
    return page.push if isinstance(page, CrewPage) else None


def _keys(phone: models.PushSubscription) -> tuple[bytes, bytes]:
    try:
        p256dh, auth = unbase64url(phone.keys.p256dh), unbase64url(phone.keys.auth)
    except ValueError:
        raise Refusal("bad_value", field="keys") from None
    if len(p256dh) != 65 or p256dh[0] != 4 or len(auth) != 16:
        raise Refusal("bad_value", field="keys")
    return p256dh, auth


def _check_host(endpoint: str, push: WebPush) -> None:
    try:
        host = urlsplit(addresses.url(endpoint)).hostname or ""
    except ValueError:
        raise Refusal("bad_address", field="endpoint") from None
    if not push.allowed.names(host):
        raise Refusal("push_host_not_allowed", host=host)
