"""Every refusal has one body, in three languages, that any JSON reader can read."""

import json
import math

import httpx
import pytest
from fastapi import FastAPI

from geo_server.errors import ERRORS, Refusal, answer_errors, error_body

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("code", ERRORS)
def test_a_sentence_is_whole_even_when_details_are_missing(code: str) -> None:
    told = error_body(code, {})
    assert all(told["message"][language].strip() for language in ("kk", "ru", "en"))
    assert "{" not in json.dumps(told["message"], ensure_ascii=False).strip("{}")


def test_details_that_json_cannot_carry_become_null_or_text() -> None:
    told = error_body("bad_value", {"n": math.nan, "many": [math.inf, {1: b"x"}], "path": ERRORS})
    assert json.loads(json.dumps(told, allow_nan=False))["details"]["n"] is None


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
