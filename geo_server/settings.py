"""What the server is told from outside: the environment, prefix `QYRAN_`, the same names in both wings."""

from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo_server.access.provider import Provider, Standing
from geo_server.door.trouble import Trouble
from geo_server.notify.settings import ChannelSettings
from layers import wrong_settings
from layers.hosts import check_demo, is_safe


class Settings(ChannelSettings, BaseSettings):
    """The settings of one server process; `home` is the folder of all state."""

    model_config = SettingsConfigDict(env_prefix="QYRAN_", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: str = "postgresql:///qyran"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    demo: bool = False
    # A panic that no dispatcher acknowledges for so many seconds is told to those who answer for the area.
    panic_unheard_s: float = Field(default=30.0, ge=0, le=3600)
    video_address: str | None = None  # where the door for video is; nobody watches cameras where it is not set
    tls_cert: Path | None = None  # both, or neither: then people are served by http
    tls_key: Path | None = None
    oidc_issuer: str | None = None  # nobody signs in by a provider where it is not set
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_groups_claim: str = "groups"
    oidc_groups: dict[str, Standing] = {}
    oidc_redirect: str | None = None
    web_dist: Path = Path(__file__).resolve().parent.parent / "web" / "dist"

    @model_validator(mode="after")
    def _demo_stays_here(self) -> Self:
        check_demo(demo=self.demo, host=self.host)
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if self.oidc_issuer is not None:
            if not is_safe(self.oidc_issuer):
                raise ValueError("The provider of QYRAN_OIDC_ISSUER must be asked by https.")
            if not (self.oidc_client_id and self.oidc_client_secret.get_secret_value() and self.oidc_groups):
                raise ValueError("Beside QYRAN_OIDC_ISSUER, set QYRAN_OIDC_CLIENT_ID, _CLIENT_SECRET and _GROUPS.")
        return self

    @cached_property
    def provider(self) -> Provider | None:
        """Return the provider that people may sign in at, nothing where none is set."""
        if self.oidc_issuer is None:
            return None
        return Provider(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            groups_claim=self.oidc_groups_claim,
            groups=self.oidc_groups,
            redirect=self.oidc_redirect,
        )

    @cached_property
    def data(self) -> Path:
        """Return the folder of categories, event kinds and places; it holds no code."""
        return Path(__file__).resolve().parent.parent / "data"


def settings_told() -> Settings:
    """Return the settings of the environment; raises Trouble, one sentence, where one of them is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise Trouble(
            wrong_settings.sentence(error, "QYRAN_"), mend="Set it right in the environment, or unset it."
        ) from None
