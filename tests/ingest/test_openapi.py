import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.errors import ERRORS
from ingest.openapi import DOCUMENT
from ingest.serve import event_kinds
from layers.areas.queries import by_code
from layers.database import engine_for, visit
from layers.sources.queries import create
from layers.sources.schema import SourceKind
from layers.units.table import unit

schemathesis.checks.load_all_checks()
schemathesis.openapi.media_type("image/jpeg", st.binary(max_size=200))
NAMES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
KEYS = {"/events": "events", "/calls": "exchange", "/pictures": "pictures"}
CHECKS = [schemathesis.checks.CHECKS.get_one(name) for name in NAMES]


async def _keys(engine: AsyncEngine) -> dict[str, str]:
    kinds: tuple[SourceKind, ...] = ("positions", "events", "exchange", "pictures")
    async with visit(engine) as session:
        home = await by_code(session, "KZ")
        assert home is not None
        row = {"call_sign": "1", "device": "1", "service": "police", "kind": "car", "home_area_id": home.id}
        await session.execute(insert(unit).values(row))
        return {kind: await create(session, name=kind, kind=kind, area_id=home.id) for kind in kinds}


@pytest.fixture
def door(database_url: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A real door on a real port, in a thread of its own, and its keys by kind."""
    opened = socket.create_server(("127.0.0.1", 0))
    started: dict[str, Any] = {"ready": threading.Event()}

    async def live() -> None:
        engine = engine_for(database_url)
        started["keys"] = await _keys(engine)
        quiet: dict[str, Any] = {"log_config": None, "access_log": False}
        started["server"] = server = uvicorn.Server(uvicorn.Config(door_app(engine, event_kinds()), **quiet))
        started["ready"].set()
        await server.serve(sockets=[opened])
        await engine.dispose()

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    assert started["ready"].wait(60)
    yield f"http://127.0.0.1:{opened.getsockname()[1]}", started["keys"]
    started["server"].should_exit = True
    thread.join(60)


def _ask(operation: Any, mode: GenerationMode, key: str) -> None:
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def every_answer_is_as_told(case: Any) -> None:
        case.call_and_validate(headers={"X-Qyran-Key": key}, checks=CHECKS)

    every_answer_is_as_told()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_makes_the_door_fail_and_every_answer_is_as_told(
    door: tuple[str, dict[str, str]], mode: GenerationMode
) -> None:
    url, keys = door
    asked = 0
    for found in schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations():
        operation = found.ok()
        with suppress(Unsatisfiable):  # an operation that takes nothing has nothing to be sent wrongly
            _ask(operation, mode, keys[KEYS.get(operation.path, "positions")])
            asked += 1
    assert asked >= 5


def test_the_document_tells_every_path_and_every_refusal() -> None:
    assert set(DOCUMENT["paths"]) == {
        "/",
        "/positions",
        "/events",
        "/calls",
        "/pictures",
        "/health",
        "/metrics",
        "/openapi.json",
    }
    assert set(DOCUMENT["components"]["schemas"]["Error"]["properties"]["code"]["enum"]) == set(ERRORS)


def test_the_document_tells_what_any_path_may_answer_and_every_field_that_is_read() -> None:
    operations = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]
    assert all({"404", "405", "500"} <= set(operation["responses"]) for operation in operations)
    fields = {parameter["name"] for parameter in DOCUMENT["paths"]["/"]["get"]["parameters"]}
    assert {"id", "deviceid", "bearing", "heading"} <= fields


def test_every_refusal_speaks_three_languages() -> None:
    for status, title in ERRORS.values():
        assert 400 <= status < 600
        assert all(len(sentence) > 5 for sentence in (title.kk, title.ru, title.en))
