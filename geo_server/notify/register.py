"""CHANNELS: every way to reach people, one line each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.notify.channel import Channel, Receipt
from geo_server.notify.crew_page import CrewPage
from geo_server.notify.mail import Mail
from geo_server.notify.mqtt import Mqtt
from geo_server.notify.outside import Allowed
from geo_server.notify.sealed_push import Sender
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.sms_http import SmsHttp
from geo_server.notify.sms_smpp import SmsSmpp
from geo_server.notify.web_push import WebPush
from geo_server.notify.webhook import Secrets, Webhook

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What channels are built from."""

    settings: ChannelSettings
    home: Path
    engine: AsyncEngine
    receipts: "asyncio.Queue[Receipt]"

    def allowed(self, hosts: list[str]) -> Allowed:
        """Return what may be asked of a list of hosts."""
        return Allowed(hosts=tuple(hosts), local=tuple(self.settings.local_hosts))


CHANNELS: dict[str, Callable[[Wiring], Channel]] = {
    "crew_page": lambda by: CrewPage(engine=by.engine, push=web_push(by)),
    "sms_smpp": lambda by: SmsSmpp(by.settings, by.receipts),
    "sms_http": lambda by: SmsHttp(told=by.settings),
    "mail": lambda by: Mail(told=by.settings),
    "webhook": lambda by: Webhook(allowed=by.allowed(by.settings.webhook_hosts), secrets=Secrets(home=by.home)),
    "mqtt": lambda by: Mqtt(told=by.settings),
}
# What a contact can be reached by; the crew's page is a unit's own.
OF_CONTACTS = tuple(name for name in CHANNELS if name != "crew_page")


def web_push(by: Wiring) -> WebPush | None:
    """Return what wakes phones, None where no push service is allowed or the key cannot be read."""
    if not by.settings.push_hosts:
        return None
    try:
        sender = Sender.at(by.home, by.settings.push_contact)
    except (OSError, ValueError) as error:
        log.error("push_key_unreadable", error=type(error).__name__)
        return None
    return WebPush(sender=sender, allowed=by.allowed(by.settings.push_hosts))


def built(by: Wiring) -> dict[str, Channel]:
    """Return every channel, by its name."""
    return {name: build(by) for name, build in CHANNELS.items()}
