"""What the server is told from outside: the environment, prefix `QYRAN_`, the same names in both wings."""

from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo_server.door.trouble import Trouble
from layers import wrong_settings
from layers.hosts import check_demo


class Settings(BaseSettings):
    """The settings of one server process; `home` is the folder of all state."""

    model_config = SettingsConfigDict(env_prefix="QYRAN_", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: str = "postgresql:///qyran"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    demo: bool = False
    web_dist: Path = Path(__file__).resolve().parent.parent / "web" / "dist"

    @model_validator(mode="after")
    def _demo_stays_here(self) -> Self:
        check_demo(demo=self.demo, host=self.host)
        return self

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
