"""The crew's own page: the notice stands on it, and each of the crew's phones is woken by a push."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.notify import phone_queries
from geo_server.notify.channel import Later, Message, Never, Outcome, Sent
from geo_server.notify.schema import Subscription
from geo_server.notify.steps import CREW_PAGE
from geo_server.notify.web_push import PATIENT_S, Pushed, WebPush
from layers.areas.scope import visit_whole
from layers.values import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewPage:
    """Always there: without a push service the notice still stands on the page."""

    title: ClassVar[Title] = Title(kk="Экипаж парағы", ru="Страница экипажа", en="Crew page")
    engine: AsyncEngine
    push: WebPush | None
    name: str = CREW_PAGE
    configured: bool = True
    at_once: int = 16
    patience_s: float = PATIENT_S + 10

    async def send(self, message: Message) -> Outcome:
        """Wake the crew's phones; one that has unsubscribed is forgotten."""
        if self.push is None:
            return Sent(code="not_pushed")
        async with visit_whole(self.engine) as session:
            phones = await phone_queries.subscriptions_of_unit(session, message.to_id)
        pushed = await asyncio.gather(*(self.push.push(message, phone) for phone in phones))
        await self._remember(phones, pushed)
        return told(pushed)

    async def _remember(self, phones: list[Subscription], pushed: list[Pushed]) -> None:
        gone = [phone.id for phone, one in zip(phones, pushed, strict=True) if one.gone]
        taken = [phone.id for phone, one in zip(phones, pushed, strict=True) if one.taken]
        if gone or taken:
            async with visit_whole(self.engine) as session:
                await phone_queries.remember_pushes(session, taken=taken, gone=gone)

    async def close(self) -> None:
        """Keep nothing open."""


def told(pushed: list[Pushed]) -> Outcome:
    """Return what became of a message to several phones: sent where one was woken, or where there is none to wake."""
    if any(one.taken for one in pushed):
        return Sent()
    failed = [one for one in pushed if not one.gone]
    if not failed:
        return Sent(code="no_device" if not pushed else "subscription_gone")
    if all(one.code in ("host_not_allowed", "host_is_local") for one in failed):
        return Never(code=failed[0].code or "not_pushed")
    return Later(code=failed[0].code or "not_pushed", after_s=failed[0].after_s)
