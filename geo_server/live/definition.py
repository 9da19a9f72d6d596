"""The live feed as the OpenAPI document tells it: every message, the bytes of a frame, and why a socket closes."""

from collections.abc import Mapping
from typing import Any

from geo_server.live.hub import CLOSED_AS_SLOW, CLOSED_BY_SERVER, CLOSED_BY_SESSION
from geo_server.live.messages import HEADER, MAGIC, POSITIONS, RECORD, SNAPSHOT
from geo_server.live.socket import CLOSED_BY_POLICY, CLOSED_WITHOUT_STORE
from geo_server.live.tickets import LASTS_S

_SEQ = {"type": "integer", "minimum": 0, "description": "The number of the last change of a row."}
_AT = {"type": "string", "format": "date-time", "description": "The server's clock, UTC."}
_NEWEST = {"type": ["string", "null"], "format": "date-time", "description": "When the newest position was taken."}
_FEATURE = {"type": ["object", "null"], "description": "GeoJSON, as the layer's item; null: gone, or out of sight."}
_BBOX = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
_TEXT = {"type": "string"}


def _message(name: str, about: str, **members: Mapping[str, Any]) -> dict[str, Any]:
    return _object(type={"const": name}, **members) | {"description": about}


def _object(**members: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(members)}


_CHANGE = _object(layer=_TEXT, id={"type": "integer"}, seq=_SEQ, feature=_FEATURE)
_SERVER = {
    "LiveHello": _message("hello", "The first message: what changed up to `seq` was before.", seq=_SEQ, at=_AT),
    "LiveChanges": _message(
        "changes",
        "What rows are now, in the order of `seq`. A unit that drives out of the account's area, or is freed there from"
        " an incident granted, comes with null, `seq` standing still.",
        changes={"type": "array", "minItems": 1, "items": _CHANGE},
    ),
    "LiveTick": _message("tick", "Each second: the feed lives.", seq=_SEQ, at=_AT, positions_at=_NEWEST),
    "LiveMissed": _message("missed", "Answers a resume that is too long to tell: read the layers anew.", seq=_SEQ),
}
_CLIENT = {
    "LiveView": _message("view", "What is looked at: a frame of all units in it follows, then what moves.", bbox=_BBOX),
    "LiveResume": _message("resume", "The last change known: later ones are told again, or `missed`.", seq=_SEQ),
}
SCHEMAS = _SERVER | _CLIENT

_HEADER_FIELDS = (
    ("magic", "u4", f"{MAGIC:#x}, QYR1"),
    ("kind", "u2", f"{POSITIONS}: positions"),
    ("flags", "u2", f"{SNAPSHOT}: a snapshot, whoever is not in it is not in the view"),
    ("count", "u4", "how many records follow"),
    ("reserved", "u4", "0"),
    ("sent_at", "f8", "seconds since 1970 UTC"),
)
_RECORD_UNITS = {
    "unit_id": "the id of the unit",
    "lon_e7": "degrees WGS 84 × 10⁷",
    "lat_e7": "degrees WGS 84 × 10⁷",
    "at": "when the position was taken, seconds since 1970 UTC",
    "speed": "0.1 km/h",
    "heading": "0.1 degrees clockwise from north",
}
FRAME = {
    "byte_order": "little-endian",
    "header_bytes": HEADER.size,
    "header": [{"name": name, "type": kind, "about": about} for name, kind, about in _HEADER_FIELDS],
    "record_bytes": RECORD.itemsize,
    "record": [{"name": n, "type": RECORD[n].str.lstrip("<"), "about": a} for n, a in _RECORD_UNITS.items()],
}
CLOSE_CODES = {
    str(CLOSED_BY_SERVER): "the server goes down",
    str(CLOSED_BY_POLICY): "what was sent is not a message of this feed; the reason says what is wrong",
    str(CLOSED_WITHOUT_STORE): "the store does not answer; come back soon",
    str(CLOSED_BY_SESSION): "the session has ended, or its account, role, area entered, grants or borders changed",
    str(CLOSED_AS_SLOW): "messages were read too slowly",
}
_ABOUT = f"""Upgrade to a websocket, without compression, with the session cookie, an own `Origin` and a ticket.

The ticket is asked for just before, at `POST /api/live/ticket`: it is good once, for {LASTS_S:.0f} seconds, for the
session that asked. Whoever lacks one of the three gets 403 and no handshake.

JSON texts go both ways (`x-messages`). Unit positions come as binary frames (`x-frame`): a header of {HEADER.size}
bytes, then {RECORD.itemsize} bytes a unit; of two positions of a unit the newer `at` wins. Closed with a code of
`x-close-codes`."""


def operation(refused: Mapping[str, Any]) -> dict[str, Any]:
    """Return the operation `GET /api/live`; `refused` is how every error is answered before the handshake."""
    return {
        "tags": ["live"],
        "summary": "Live",
        "operationId": "live",
        "description": _ABOUT,
        "security": [{"session": []}],
        "parameters": [{"name": "ticket", "in": "query", "required": True, "schema": {"type": "string"}}],
        "responses": {"101": {"description": "The socket is open."}, "4XX": dict(refused), "5XX": dict(refused)},
        "x-messages": {"from_server": _refs(_SERVER), "from_client": _refs(_CLIENT)},
        "x-frame": FRAME,
        "x-close-codes": CLOSE_CODES,
    }


def _refs(schemas: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
