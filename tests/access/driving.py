"""Asking a question three times: of the reference, of the real server over HTTP, of the tables as the server's role."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI
from psycopg.rows import dict_row

from geo_server.api.tiles import TileStore, Versions
from geo_server.app import create_app
from geo_server.settings import Settings
from layers.database import SERVER, as_role
from tests.access.doors.question import Question
from tests.access.model import Looker, Row, Sight, World
from tests.access.world import PHONES, TABLES, read

AT_ONCE = 6
_ID = re.compile(rb"(?<![.\d])(4[1-9]\d{7}|50\d{7})(?![.\d])")
_UNITS = re.compile(r'"ids":\[[^]]*\]')
_PHONE = re.compile("|".join(PHONES).encode())


class Leak(AssertionError):
    """Two oracles that do not agree, or something in an answer that is nobody's to see there."""


@dataclass(slots=True)
class Driver:
    """One world served by the real app on a real store."""

    app: FastAPI
    client: httpx.AsyncClient
    tables: psycopg.AsyncConnection[Any]
    owner: psycopg.Connection[Any]
    asked: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    by_door: dict[str, int] = field(default_factory=dict)

    def world(self) -> World:
        """Return everything as it truly stands now."""
        return read(self.owner)

    def forget_tiles(self) -> None:
        """Let tiles be drawn anew, as the bell or the clock would within seconds."""
        self.app.state.tiles = TileStore(Versions(self.app.state.engine))

    async def http(
        self, looker: Looker, method: str, path: str, *, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask the server as somebody."""
        self.asked += 1
        told = {"Cookie": f"qyran_session={looker.token}", **(headers or {})}
        answer = await self.client.request(method, path, json=body, headers=told)
        if answer.status_code >= 500:
            raise Leak(f"{looker}: {method} {path} {body} → {answer.status_code} {answer.text[:600]}")
        return answer

    async def check(self, sight: Sight, questions: Sequence[Question]) -> None:
        """Ask all of these three times; raises Leak at the first that is not answered alike."""
        said = await self.ask_tables(sight, questions)
        seen = ids_in_sight(sight)
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(question: Question, table: Any) -> None:
            async with turns:
                headers = dict(question.headers)
                answer = await self.http(
                    sight.looker, question.method, question.path, body=question.body, headers=headers
                )
            self.judge(sight, question, table, answer, seen)

        asked = [one(question, table) for question, table in zip(questions, said, strict=True)]
        for leak in await asyncio.gather(*asked, return_exceptions=True):
            if leak is not None:
                raise leak

    async def ask_tables(self, sight: Sight, questions: Sequence[Question]) -> list[Any]:
        """Ask the tables the same, in the scope of the one who looks and with no condition of the application."""
        found: list[Any] = []
        async with self.tables.transaction(force_rollback=True), self.tables.cursor(row_factory=dict_row) as cursor:
            await cursor.execute("SELECT enter(%s, %s)", (sight.entered, sight.looker.own))
            for question in questions:
                if question.sql is None:
                    found.append(None)
                    continue
                await cursor.execute(question.sql.encode(), question.values)
                found.append(question.told(await cursor.fetchall()))
        return found

    def judge(self, sight: Sight, question: Question, table: Any, answer: httpx.Response, seen: set[bytes]) -> None:
        """Compare what the three said; raises Leak."""
        self.by_door[question.door] = self.by_door.get(question.door, 0) + 1
        status, expected = question.model
        where = f"\n{sight.looker}\n{question.door}: {question.method} {question.path} {question.body}"
        if answer.status_code != status:
            raise Leak(f"{where}\nHTTP {answer.status_code} {answer.text[:500]}\nthe reference {status} {expected}")
        if status == 200:
            got = question.read(answer)
            if expected != got:
                raise Leak(f"{where}\nHTTP {got}\nthe reference {expected}")
            if question.sql is not None and table != got:
                raise Leak(f"{where}\nHTTP {got}\nthe tables {table}")
        else:
            if question.sql is not None and table is not None:
                raise Leak(f"{where}\nHTTP {status}\nthe tables {table}")
            self.alike(f"{question.key} {sight.looker.role if status == 403 else ''}", question.named, answer, where)
        self.scan(question, answer, seen, where)

    def alike(self, key: str, named: frozenset[int], answer: httpx.Response, where: str) -> None:
        """Compare a refusal with all others of its kind: what is not theirs is as if it were not there."""
        text = answer.text
        for id in named:
            text = text.replace(str(id), "·")
        text = _UNITS.sub('"ids":[·]', text)  # how many of the asked units are none
        if self.refused.setdefault(key, text) != text:
            raise Leak(f"{where}\nrefused {text}\nbut before {self.refused[key]}")

    def scan(self, question: Question, answer: httpx.Response, seen: set[bytes], where: str) -> None:
        """Look through the bare bytes for ids, names and phones that stand in nothing that is seen."""
        named = {str(id).encode() for id in question.named}
        foreign = set(_ID.findall(answer.content)) - seen - named
        if foreign and not question.door.startswith("audit"):  # the log tells what its own people touched
            raise Leak(f"{where}\ntells of {foreign}: {answer.text[:3000]}")
        if not question.unmasked and _PHONE.search(answer.content):
            raise Leak(f"{where}\ntells a phone: {answer.text[:3000]}")


def ids_in_sight(sight: Sight) -> set[bytes]:
    """Return every number and name that stands in some row that is seen, and those of one's own session."""
    found = {str(sight.looker.account_id).encode(), str(sight.looker.session_id).encode()}
    for kind in TABLES.keys() - {"audit"}:
        for row in sight.seen(kind).values():
            found.update(_ID.findall(_words(sight, row).encode()))
    return found


def _words(sight: Sight, row: Row) -> str:
    """Return what of a row is told: of a hit nobody but the desk and who keeps the hotlist reads which plate it was."""
    hidden = row.told.get("kind") == "plate_hit" and not sight.may("plates")
    return str([value for name, value in row.told.items() if name != "details"]) if hidden else row.words


@asynccontextmanager
async def driven(database_url: str, home: Path, owner: psycopg.Connection[Any]) -> AsyncIterator[Driver]:
    """Serve a store that holds a world."""
    url = as_role(database_url, SERVER)
    app = create_app(Settings(home=home, database_url=url, video_address="http://127.0.0.1:5056"))
    app.state.delivery.every_s = 3600.0  # the world stands still between two acts
    app.state.clocks.every_s = 3600.0
    app.state.watching.every_s = 3600.0
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://qyran") as client,
        await psycopg.AsyncConnection.connect(url) as tables,
    ):
        yield Driver(app=app, client=client, tables=tables, owner=owner)
