"""Where notices may leave by: nothing is set by default, and then nothing leaves this machine."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo_server.notify import addresses

Host = Annotated[str, AfterValidator(addresses.host)]
Port = Annotated[int, Field(ge=1, le=65535)]


class ChannelSettings(BaseSettings):
    """The settings of the channels; each is off until its host, address or list of hosts is set."""

    model_config = SettingsConfigDict(env_prefix="QYRAN_", extra="ignore", frozen=True)

    smtp_host: Host | None = None
    smtp_port: Port = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_ca: Path | None = None  # the certificate of a server that no public authority vouches for
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: Annotated[str, AfterValidator(addresses.email)] = "qyran@localhost"

    sms_http_url: Annotated[str, AfterValidator(addresses.url)] | None = None  # a gateway that takes JSON
    sms_http_token: SecretStr = SecretStr("")
    smpp_host: Host | None = None
    smpp_port: Port = 2775
    smpp_system_id: Annotated[str, Field(max_length=15)] = ""
    smpp_password: SecretStr = SecretStr("")
    sms_sender: Annotated[str, Field(max_length=11)] = "112"
    sms_parts: Annotated[int, Field(ge=1, le=10)] = 4

    mqtt_host: Host | None = None
    mqtt_port: Port = 8883
    mqtt_tls: bool = True
    mqtt_ca: Path | None = None
    mqtt_user: str = ""
    mqtt_password: SecretStr = SecretStr("")
    mqtt_prefix: Annotated[str, AfterValidator(addresses.topic)] = "qyran/notices"

    # Names of hosts, `*.example.kz` for all below one. What resolves to loopback or to the own link is refused even
    # so, unless the name stands in QYRAN_LOCAL_HOSTS as well.
    webhook_hosts: list[str] = []
    push_hosts: list[str] = []  # of the browsers' push services
    push_contact: Annotated[str, AfterValidator(addresses.email)] = "qyran@localhost"  # whom a push service asks
    local_hosts: list[str] = []
