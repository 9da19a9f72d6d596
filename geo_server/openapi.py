"""The API's own definition, true to what is answered: every refusal is the one error body, and 400 is not 422."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from geo_server.live import definition

_LANGUAGES = ("kk", "ru", "en")
_TITLE = {
    "type": "object",
    "properties": {language: {"type": "string"} for language in _LANGUAGES},
    "required": list(_LANGUAGES),
}
ERROR = {
    "type": "object",
    "description": "Why a request was not done.",
    "properties": {
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "description": {"type": "string"},
        "message": _TITLE,
        "details": {"type": "object"},
    },
    "required": ["code", "description", "message", "details"],
}
_REFUSED = {
    "description": "Refused; `code` says why",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
# Of any door: wrong, nobody signed in, not theirs to do, not there, not now, too large, no purpose, too often, no store
_REFUSALS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
_METHODS = ("get", "post", "put", "patch", "delete")
_OPEN = {("/api/health", "get"), ("/metrics", "get"), ("/api/session", "post"), ("/api/session", "delete")}
_OPEN |= {(f"/api/session/{way}", "get") for way in ("providers", "oidc", "oidc/callback")}
_OPEN |= {("/api", "get"), ("/api/conformance", "get"), ("/api/openapi.json", "get")}
_ABOUT = """A GIS-centric situational awareness server. Every layer is also an OGC API – Features collection.

People sign in at `/api/session`, programs use HTTP Basic. What changes and who moves comes over the websocket at
`/api/live`."""


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document, made once."""
    if app.openapi_schema is None:
        told = get_openapi(title="Qyran", version=app.version, description=_ABOUT, routes=app.routes)
        parts = told.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas |= {"Error": ERROR, **definition.SCHEMAS}
        parts["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": "qyran_session"},
            "basic": {"type": "http", "scheme": "basic"},
        }
        for path, item in told["paths"].items():
            for method in _METHODS:
                if method in item:
                    _true(path, method, item[method])
        told["paths"]["/api/live"] = {"get": definition.operation(_REFUSED)}  # FastAPI tells nothing of websockets
        app.openapi_schema = told
    return app.openapi_schema


def _true(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    answers |= {str(status): _REFUSED for status in _REFUSALS}
    operation["security"] = [] if (path, method) in _OPEN else [{"session": []}, {"basic": []}]
