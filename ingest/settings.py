"""What ingest is told from outside: the environment, prefix `QYRAN_`, the same names in both wings."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from layers import wrong_settings
from layers.hosts import check_demo


class WrongSettings(Exception):
    """The environment says something that cannot be; its text is a sentence for the person who set it."""


def _listed(value: Any) -> Any:
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """The settings of one ingest process; `home` is the folder of all state."""

    model_config = SettingsConfigDict(env_prefix="QYRAN_", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: str = "postgresql:///qyran"
    host: str = "127.0.0.1"
    ingest_port: int = Field(default=5055, ge=0, le=65535)
    rtsp_port: int = Field(default=8554, ge=0, le=65535)
    camera_networks: Networks = ()  # where cameras may live, CIDRs with commas between; none: anywhere but here
    video_port: int = Field(default=5056, ge=0, le=65535)
    windows_origin: str = ""  # whose pages may watch: one or more origins with commas between them
    tls_cert: Path | None = None  # the server's own; both, or neither: then video is shown by http
    tls_key: Path | None = None
    recordings_free: float = Field(default=0.05, ge=0.01, le=0.9)  # share of their disk that recordings leave free
    exports_days: int = Field(default=30, ge=1, le=3660)  # so long an archive of an export can be taken home
    demo: bool = False

    @model_validator(mode="after")
    def _demo_stays_here(self) -> Self:
        check_demo(demo=self.demo, host=self.host)
        return self


Told = TypeVar("Told", bound=Settings)


def settings_for(home: Path | None) -> Settings:
    """Return the settings of the environment, with the home that the command line names in place of its own.

    Raises WrongSettings where one of them is wrong.
    """
    return told(Settings, home)


def told(kind: type[Told], home: Path | None) -> Told:
    """Return the settings of a kind, as `settings_for` does."""
    try:
        return kind() if home is None else kind(home=home)
    except ValidationError as error:
        raise WrongSettings(wrong_settings.sentence(error, "QYRAN_")) from None
