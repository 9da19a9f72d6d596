"""What ingest is told from outside: the environment, prefix `QYRAN_`, the same names in both wings."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one ingest process; `home` is the folder of all state."""

    model_config = SettingsConfigDict(env_prefix="QYRAN_", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: str = "postgresql:///qyran"
    host: str = "127.0.0.1"
    ingest_port: int = Field(default=5055, ge=0, le=65535)
    rtsp_port: int = Field(default=8554, ge=0, le=65535)
    demo: bool = False


def settings_for(home: Path | None) -> Settings:
    """Return the settings of the environment, with the home that the command line names in place of its own."""
    return Settings() if home is None else Settings(home=home)
