"""What the server is told from outside: the environment, prefix `QYRAN_`, the same names in both wings."""

from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one server process; `home` is the folder of all state."""

    model_config = SettingsConfigDict(env_prefix="QYRAN_", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: str = "postgresql:///qyran"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    ingest_port: int = Field(default=5055, ge=0, le=65535)
    demo: bool = False
    web_dist: Path = Path(__file__).resolve().parent.parent / "web" / "dist"

    @cached_property
    def data(self) -> Path:
        """Return the folder of categories, event kinds and places; it holds no code."""
        return Path(__file__).resolve().parent.parent / "data"
