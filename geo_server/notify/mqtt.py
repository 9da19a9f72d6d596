"""Desks and devices that listen to an MQTT broker: each message is published once it is acknowledged (QoS 1)."""

import secrets
from dataclasses import dataclass
from typing import ClassVar

import aiomqtt
from aiomqtt.exceptions import MqttConnectError

from geo_server.notify.channel import Later, Message, Outcome, Sent
from geo_server.notify.outside import tls
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.webhook import MOST_LETTERS, as_json
from layers.values import Title

PATIENT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mqtt:
    """Publishes to `<prefix>/<the contact's topic>` at the broker that was set."""

    title: ClassVar[Title] = Title(kk="MQTT", ru="MQTT", en="MQTT")
    told: ChannelSettings
    name: str = "mqtt"
    at_once: int = 4
    patience_s: float = PATIENT_S + 10

    @property
    def configured(self) -> bool:
        """Say whether a broker is set."""
        return self.told.mqtt_host is not None

    async def send(self, message: Message) -> Outcome:
        """Publish one message over a connection of its own: notices are few, and none hangs on another's connection."""
        topic = f"{self.told.mqtt_prefix}/{message.address}"
        try:
            async with self._client() as client:
                await client.publish(topic, as_json(message), qos=1, timeout=PATIENT_S)
        except MqttConnectError:
            return Later(code="login_refused")
        except (aiomqtt.MqttError, OSError) as error:
            return Later(code=f"unreachable_{type(error).__name__}")
        return Sent(cut=len(message.body) > MOST_LETTERS)

    def _client(self) -> aiomqtt.Client:
        told = self.told
        return aiomqtt.Client(
            told.mqtt_host or "",
            told.mqtt_port,
            username=told.mqtt_user or None,
            password=told.mqtt_password.get_secret_value() or None,
            identifier=f"qyran-{secrets.token_hex(6)}",
            timeout=PATIENT_S,
            tls_context=tls(told.mqtt_ca) if told.mqtt_tls else None,
        )

    async def close(self) -> None:
        """Keep nothing open."""
