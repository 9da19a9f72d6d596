"""A running door for video over a store with cameras, and people who hold tickets for it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.footage.serve import Showing
from ingest.serve import listen
from ingest.settings import Settings
from layers.database import INGEST, as_role
from layers.video.schema import digest

ORIGIN = "http://127.0.0.1:8080"
_CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, masks, width_px, height_px, geom)
    VALUES ('C' || nextval('incident_number'), 'а', 'б', 'c', %s, %s, %s, 768, 576,
            ST_SetSRID(ST_MakePoint(76.97, 43.23), 4326)) RETURNING id"""
_ACCOUNT = """INSERT INTO account (id, name, password_hash, role, area_id)
    SELECT 71, 'desk', 'x', 'dispatcher', id FROM area WHERE code = 'KZ'"""
_SESSION = """INSERT INTO account_session (id, token_sha256, account_id, area_id, expires_at)
    SELECT 7, '\\x07', 71, area_id, now() + interval '1 hour' FROM account WHERE id = 71"""
_TICKET = """INSERT INTO video_ticket
    (token_sha256, kind, camera_id, account_id, account, session_id, watermark, masked)
    VALUES (%s, %s, %s, 71, 'desk', 7, 'desk', %s)"""


@dataclass(frozen=True, slots=True)
class Shown:
    """The door's port, and the store behind it."""

    port: int
    store: "psycopg.Connection[Any]"
    door: Showing

    def sql(self, asked: Any, values: Any = ()) -> list[Any]:
        found = self.store.execute(asked, values)
        return found.fetchall() if found.description else []

    def camera(self, url: str, reader: str = "rtsp", masks: str = "[]") -> int:
        return int(self.sql(_CAMERA, (url, reader, masks))[0][0])

    def ticket(self, camera: int, token: str, kind: str = "live", *, masked: bool = False) -> str:
        self.sql(_TICKET, (digest(token), kind, camera, masked))
        return token


@pytest.fixture
def shown(database_url: str, home: Path) -> Iterator[Shown]:
    with psycopg.connect(database_url, autocommit=True) as store:
        store.execute(_ACCOUNT)
        store.execute(_SESSION)
        settings = Settings(home=home, database_url=as_role(database_url, INGEST), windows_origin=ORIGIN)
        with listen("127.0.0.1", 0) as opened, _serving(settings, opened) as door:
            yield Shown(opened.getsockname()[1], store, door)


@contextmanager
def _serving(settings: Settings, opened: socket.socket) -> Iterator[Showing]:
    showing = Showing(settings)
    thread = threading.Thread(target=lambda: asyncio.run(showing.run(opened)), daemon=True)
    thread.start()
    try:
        yield showing
    finally:
        showing.stop()
        thread.join(20)
