"""Brings a store to the newest shape; forward only, one transaction, one runner at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from layers.locks import AdvisoryLock


def migrate(database_url: str) -> None:
    """Run what is missing; raises SQLAlchemyError with the store unchanged when a step fails."""
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AdvisoryLock.MIGRATING})
        command.upgrade(_config(connection), "head")
    engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
