"""Every refusal has one body, in three languages, that any JSON reader can read."""

import json
import math

import httpx
import psycopg
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError

from geo_server.access.headers import POLICY, Guard
from geo_server.errors import ERRORS, Refusal, answer_errors, error_body
from geo_server.metrics import Measured

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("code", ERRORS)
def test_a_sentence_is_whole_even_when_details_are_missing(code: str) -> None:
    told = error_body(code, {})
    assert all(told["message"][language].strip() for language in ("kk", "ru", "en"))
    assert "{" not in json.dumps(told["message"], ensure_ascii=False).strip("{}")


def test_details_that_json_cannot_carry_become_null_or_text() -> None:
    told = error_body("bad_value", {"n": math.nan, "many": [math.inf, {1: b"x"}], "path": ERRORS})
    assert json.loads(json.dumps(told, allow_nan=False))["details"]["n"] is None


def test_a_sentence_says_statuses_in_its_language_and_the_details_keep_their_codes() -> None:
    told = error_body("wrong_transition", {"status": "enroute", "allowed": ["onscene", "cancelled"]})
    assert told["message"]["kk"] == "«жолда» күйінен кейін бұл күй бола алмайды; мүмкіні: орнында, тоқтатылды."
    assert told["message"]["ru"].endswith("возможно: на месте, отменён.")
    assert told["description"] == "That status cannot follow “en route”; allowed: on scene, cancelled."
    assert told["details"] == {"status": "enroute", "allowed": ["onscene", "cancelled"]}
    assert error_body("wrong_transition", {"status": "clear", "allowed": ()})["message"]["ru"].endswith(": ничего.")
    decided = error_body("already_decided", {"id": 1, "state": "rejected"})
    assert decided["message"]["ru"].endswith(": не подтверждено.") and decided["details"]["state"] == "rejected"


def test_a_code_that_is_not_in_the_table_cannot_be_refused_with() -> None:
    with pytest.raises(KeyError):
        Refusal("no_such_code")


async def test_a_fault_tells_its_number_and_nothing_of_itself() -> None:
    app = FastAPI()
    answer_errors(app)

    @app.get("/")
    def fault() -> None:
        raise RuntimeError("the secret inside")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://qyran") as client:
        answer = await client.get("/")
    assert answer.status_code == 500 and answer.json()["code"] == "internal"
    assert answer.json()["details"]["error_id"] in answer.json()["description"] and "secret" not in answer.text


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [
        (b"[" * 100_000, "unreadable_body", "cannot be read"),
        (b'{"a":' + b"9" * 5000 + b"}", "unreadable_body", "cannot be read"),
        (b'{"\xff":1}', "unreadable_body", "cannot be read"),
        (b'{"a":', "bad_request", "JSON decode error"),
        (b'{"a":"x"}', "bad_request", "body.a: Input should be a valid integer"),
    ],
)
async def test_a_body_that_cannot_be_taken_is_told_why(sent: bytes, code: str, said: str) -> None:
    app = FastAPI()
    answer_errors(app)

    @app.post("/")
    def take(body: dict[str, int]) -> int:
        return len(body)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qyran") as client:
        answer = await client.post("/", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and answer.json()["code"] == code and said in answer.json()["description"]


async def test_a_fault_has_the_security_headers_and_is_counted_by_its_whole_route() -> None:
    app, router = FastAPI(), APIRouter(prefix="/broken")
    router.add_api_route("/{id}", _broken, methods=["GET"])
    app.include_router(router, prefix="/api")
    answer_errors(app)
    app.add_middleware(Guard, refused=lambda *_: None)
    app.add_middleware(Measured)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qyran") as client:
        answer = await client.get("/api/broken/7")
    assert answer.status_code == 500 and answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    labels = {"method": "GET", "route": "/api/broken/{id}", "status": "500"}
    assert REGISTRY.get_sample_value("qyran_requests_total", labels) == 1


def _broken(id: int) -> None:
    raise RuntimeError("it broke")


async def test_a_full_disk_of_the_store_is_said_as_what_it_is() -> None:
    app = FastAPI()
    answer_errors(app)

    @app.get("/")
    def write() -> None:
        raise OperationalError("INSERT", {}, psycopg.errors.DiskFull("could not extend file"))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qyran") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_full")
