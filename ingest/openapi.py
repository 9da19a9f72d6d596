"""What the door says of itself, true to the shapes that it decodes."""

from typing import Any

import msgspec

from ingest import osmand
from ingest.batch import MOST_ENTRIES, Positions, Taken
from ingest.calls import Calls, CallsTaken, PositionTold
from ingest.errors import ERRORS
from ingest.outside import Events

_OF_A_KEY = ("no_key", "unknown_key", "expired_key", "revoked_key", "disabled_key", "wrong_kind", "too_many_requests")
OF_A_SENDER = (*_OF_A_KEY, "too_many_rows", "too_many_tries")
_OF_A_BODY = ("malformed", "too_large", "too_slow")
_OF_THE_STORE = ("store_away", "busy")
_OF_THE_DOOR = ("not_found", "wrong_method", "internal")  # of any path, or of the house itself
_OF_A_FIX = (
    "missing_field",
    "bad_entry",
    "unknown_device",
    "not_finite",
    "off_the_globe",
    "bad_speed",
    "bad_heading",
    "bad_time",
    "from_the_future",
    "too_old",
    "no_fix",
)
_OF_A_PICTURE = ("unknown_camera", "no_picture", "picture_too_big")
_BASE = "#/components/schemas/"
_TYPES = (osmand.Body, Positions, Events, Calls, PositionTold, Taken, CallsTaken)
_FORM = {
    "id": "the device",
    "deviceid": "the device, where `id` is left out",
    "lat": "latitude, degrees WGS 84",
    "lon": "longitude, degrees WGS 84",
    "timestamp": "seconds or milliseconds since 1970 UTC, or ISO 8601; without it, now",
    "speed": "knots; below 0 means unknown",
    "bearing": "degrees clockwise from north; below 0 means unknown",
    "heading": "the same, where `bearing` is left out",
    "location": "latitude,longitude in place of lat and lon",
    "valid": "true, 1, false or 0",
}
_ERROR = {
    "type": "object",
    "required": ["code", "description", "message", "details"],
    "properties": {
        "code": {"type": "string", "enum": list(ERRORS)},
        "description": {"type": "string"},
        "message": {
            "type": "object",
            "required": ["kk", "ru", "en"],
            "properties": {language: {"type": "string"} for language in ("kk", "ru", "en")},
        },
        "details": {"type": "object"},
    },
}
_HEALTH = {
    "type": "object",
    "required": ["status", "time", "parts"],
    "properties": {
        "status": {"enum": ["ok", "degraded"]},
        "time": {"type": "string", "format": "date-time"},
        "parts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "state", "detail"],
                "properties": {
                    "name": {"type": "string"},
                    "state": {"enum": ["ok", "stale", "down"]},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def _document() -> dict[str, Any]:
    schemas = msgspec.json.schema_components(_TYPES, ref_template=_BASE + "{name}")[1]
    single = _taking("one position by the OsmAnd protocol", (*_OF_A_FIX, *_OF_A_BODY))
    queried = [_parameter(name, about) for name, about in _FORM.items()]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Qyran: the door for machines",
            "version": "1",
            "description": "Positions, outside events, calls, pictures of cameras. An answer is sent when all is safe.",
        },
        "components": {
            "schemas": {**schemas, "Error": _ERROR, "Health": _HEALTH},
            "securitySchemes": {
                "header": {"type": "apiKey", "in": "header", "name": "X-Qyran-Key"},
                "query": {"type": "apiKey", "in": "query", "name": "key"},
            },
        },
        "paths": {
            "/": {
                "get": {"operationId": "sendPosition", "parameters": queried, **single},
                "post": {"operationId": "postPosition", "parameters": queried, "requestBody": _single_body(), **single},
            },
            "/positions": {"post": _batch("positions", "Positions")},
            "/events": {"post": _batch("events", "Events")},
            "/calls": {"post": _batch("calls", "Calls", "CallsTaken")},
            "/pictures": {"post": _picture()},
            "/health": {"get": _open("health", "whether the store answers", "application/json", _ref("Health"))},
            "/metrics": {"get": _open("metrics", "figures for Prometheus", "text/plain", {"type": "string"})},
            "/openapi.json": {"get": _open("openapi", "this document", "application/json", {"type": "object"})},
        },
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": _BASE + name}


def _parameter(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": {"type": "string"}}


def _single_body() -> dict[str, Any]:
    form = {"type": "object", "properties": {n: {"type": "string", "description": d} for n, d in _FORM.items()}}
    shapes = {"application/json": {"schema": _ref("Body")}, "application/x-www-form-urlencoded": {"schema": form}}
    return {"required": False, "content": shapes}


def _batch(name: str, schema: str, taken: str = "Taken") -> dict[str, Any]:
    about = f"a batch of {name}, at most {MOST_ENTRIES}; entries that are not taken are listed in the answer"
    body = {"required": True, "content": {"application/json": {"schema": _ref(schema)}}}
    operation = f"send{name.capitalize()}"
    return {"operationId": operation, "requestBody": body, **_taking(about, (*_OF_A_BODY, "too_many"), taken)}


def _picture() -> dict[str, Any]:
    about = "one picture of a camera, a JPEG of 8 MiB and 35 megapixels at most; the latest wins"
    body = {"required": True, "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
    camera = _parameter("camera", "the camera's code") | {"required": True}
    taken = _taking(about, (*_OF_A_PICTURE, *_OF_A_BODY))
    return {"operationId": "sendPicture", "parameters": [camera], "requestBody": body, **taken}


def _taking(about: str, codes: tuple[str, ...], answer: str = "Taken") -> dict[str, Any]:
    taken = {"description": "stored", "content": {"application/json": {"schema": _ref(answer)}}}
    refusals = _refusals((*codes, *OF_A_SENDER, *_OF_THE_STORE, *_OF_THE_DOOR))
    security: list[dict[str, list[str]]] = [{"header": []}, {"query": []}]
    return {"summary": f"Take {about}", "security": security, "responses": {"200": taken, **refusals}}


def _refusals(codes: tuple[str, ...]) -> dict[str, Any]:
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(ERRORS[code][0]), []).append(code)
    content = {"application/json": {"schema": _ref("Error")}}
    return {status: {"description": ", ".join(names), "content": content} for status, names in by_status.items()}


def _open(operation: str, about: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": about, "content": {media: {"schema": schema}}}
    return {
        "operationId": operation,
        "summary": f"Tell {about}",
        "security": [],
        "responses": {"200": answer, **_refusals(_OF_THE_DOOR)},
    }


DOCUMENT = _document()
