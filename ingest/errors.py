"""Every refusal of the door for machines: one table of codes, one body shape, three languages."""

from dataclasses import asdict
from typing import Any

import msgspec
from starlette.responses import Response

from layers import faults
from layers.sentences import sentences

# code → status and its sentence. Nothing that was sent is repeated in an answer: it may be NaN, or personal.
ERRORS = sentences("ingest")


class Refusal(Exception):
    """A request that is not done, by its code in `ERRORS`; KeyError where the code is not in the table."""

    def __init__(self, code: str, **details: int | str) -> None:
        """Keep the code, its status and details of our own making: never what was sent."""
        self.code, self.details = code, details
        self.status = ERRORS[code][0]
        super().__init__(code)


def unstored(error: BaseException) -> Refusal:
    """Return what is told of a store that did not take something: its disk is full, or it does not answer."""
    return Refusal("store_full" if faults.is_full(error) else "store_away")


def error_body(code: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return `{code, description, message, details}` of one code."""
    message = asdict(ERRORS[code][1])
    return {"code": code, "description": message["en"], "message": message, "details": details or {}}


def answer(refusal: Refusal) -> Response:
    """Return the whole answer of one refusal."""
    again_s = 2 if refusal.status == 503 else refusal.details.get("retry_after_s")
    headers = {} if again_s is None else {"Retry-After": str(again_s)}
    body = msgspec.json.encode(error_body(refusal.code, refusal.details))
    return Response(body, refusal.status, headers, media_type="application/json")
