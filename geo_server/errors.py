"""Every refusal of the server: one table of codes, one body shape, three languages, and never a traceback."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson
import psycopg.errors
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_server.operations.catalogue import catalogue
from layers import faults
from layers.sentences import sentences
from layers.values import Title

log = structlog.get_logger()


# code → status and its sentence, `{words}` filled from the details: add it to data/errors, raise `Refusal(code)`.
ERRORS = sentences("server")


class Refusal(Exception):
    """A request that is not done, by its code in `ERRORS`; KeyError where the code is not in the table."""

    def __init__(self, code: str, **details: Any) -> None:
        """Keep the code, its status and the details that travel in the body."""
        self.code, self.details = code, details
        self.status, self.title = ERRORS[code]
        super().__init__(code)


_LANGUAGES = ("kk", "ru", "en")
_NOTHING = Title(kk="ештеңе", ru="ничего", en="nothing")


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _plain(value: Any) -> Any:
    """Return the value as JSON can carry it: NaN and infinities become null, strange things their text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Title):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _spoken(details: Mapping[str, Any], language: str) -> _Blank:
    """Return the details as a sentence of that language says them: statuses by their words, several with commas."""
    known = catalogue()
    families = {"status": known.unit_statuses, "allowed": known.unit_statuses, "state": known.event_states}
    families |= {"stage": known.incident_states, "stages": known.incident_states, "codes": known.dispositions}
    return _Blank({name: _said(value, families.get(name, {}), language) for name, value in details.items()})


def _said(value: Any, titles: Mapping[str, Title], language: str) -> Any:
    if isinstance(value, Title):
        return getattr(value, language)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_said(item, titles, language)) for item in value) or getattr(_NOTHING, language)
    return getattr(titles[value], language) if isinstance(value, str) and value in titles else value


def error_body(code: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{code, description, message, details}` of one code; the sentence is filled from the details."""
    title = ERRORS[code][1]
    message = {language: getattr(title, language).format_map(_spoken(details, language)) for language in _LANGUAGES}
    return {"code": code, "description": message["en"], "message": message, "details": _plain(details)}


def error_response(code: str, *, headers: Mapping[str, str] | None = None, **details: Any) -> Response:
    """Return the whole answer of one code."""
    body = orjson.dumps(error_body(code, details), option=orjson.OPT_NON_STR_KEYS, default=str)
    return Response(body, ERRORS[code][0], dict(headers or {}), media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    # A browser shows its own password box on a Basic challenge, so only programs that did not come by fetch get one.
    asks = error.status == 401 and "sec-fetch-mode" not in request.headers
    headers = {"WWW-Authenticate": 'Basic realm="Qyran", charset="UTF-8"'} if asks else {}
    if error.code == "locked":
        headers["Retry-After"] = str(int(error.details.get("minutes", 15)) * 60)
    return error_response(error.code, headers=headers, **error.details)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The input itself is never echoed: NaN in it cannot be written as JSON, and it may be personal.
    problems = [
        {"where": ".".join(map(str, e["loc"])), "problem": e["msg"], "type": e["type"]} for e in error.errors()[:20]
    ]
    first = problems[0] if problems else {}
    return error_response("bad_request", **{"where": "…", **first}, problems=problems)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {400: "unreadable_body", 401: "not_signed_in", 404: "not_found", 405: "wrong_method", 413: "too_large"}
    code = known.get(error.status_code, "bad_request")
    return error_response(code, headers=error.headers, where="the request", problem=error.detail)


async def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if isinstance(error.orig, psycopg.errors.DataError):  # a number beyond bigint, a NUL in a text
        return error_response("bad_value")
    if isinstance(error.orig, psycopg.errors.InsufficientPrivilege) and "row-level security" in str(error.orig):
        return error_response("outside_your_area")
    if faults.is_full(error):
        log.error("store_full", path=request.url.path)
        return error_response("store_full", headers={"Retry-After": "60"})
    if isinstance(error, (OperationalError, InterfaceError)):
        log.error("store_down", path=request.url.path, error=faults.told(error))
        return error_response("store_down", headers={"Retry-After": "2"})
    return await _fault(request, error)


async def _pool(request: Request, _: Exception) -> Response:
    log.error("store_busy", path=request.url.path)
    return error_response("store_down", headers={"Retry-After": "2"})


async def _fault(request: Request, error: Exception) -> Response:
    error_id = secrets.token_hex(4)
    log.error("internal_fault", error_id=error_id, method=request.method, path=request.url.path, exc_info=error)
    return error_response("internal", error_id=error_id)


class Caught:
    """ASGI middleware: answers a fault inside the others, so that it is counted and has their headers as well."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, told)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await (await _fault(Request(scope), error))(scope, receive, send)


def answer_errors(app: FastAPI) -> None:
    """Give every error of the app the one body shape."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _store)
    app.add_exception_handler(PoolTimeoutError, _pool)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(Caught)  # before any other, so that it is the innermost of them
