"""Rows of comma-separated values that a spreadsheet opens as they are, in UTF-8 with a byte order mark."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from geo_server.record import telling, words
from geo_server.record.schema import Language, Record
from layers.incidents.schema import Incident

LOG = ("server_time", "device_time", "source", "who", "kind", "what", "details")
INCIDENTS = (
    "id", "number", "category", "priority", "alarm", "urgency", "state", "opened_at", "closed_at", "opened_by",
    "description", "address", "lon", "lat", "area_id", "area",
)  # fmt: skip
_FORMULA = frozenset("=+-@\t\r\n")


def log_csv(record: Record, language: Language) -> bytes:
    """Return the log of an incident, times in UTC."""
    rows = (
        (
            stamp(line.at),
            stamp(line.device_at),
            line.source,
            line.who,
            line.kind,
            words.what(line, language),
            telling.details(line, language),
        )
        for line in record.log
    )
    return as_csv(LOG, rows)


def incidents_csv(incidents: Sequence[Incident], language: Language) -> bytes:
    """Return incidents, one a line, times in UTC; who called is not in it."""
    return as_csv(INCIDENTS, (tuple(row(one, language).values()) for one in incidents))


def row(one: Incident, language: Language) -> dict[str, Any]:
    """Return an incident by the names of `INCIDENTS`, times as RFC 3339 in UTC."""
    plain = ("id", "number", "category", "priority", "alarm", "urgency")
    told = {name: getattr(one, name) for name in (*plain, "opened_by", "description", "address")}
    times = {"opened_at": stamp(one.opened_at), "closed_at": stamp(one.closed_at)}
    place = {"lon": round(one.place.lon, 7), "lat": round(one.place.lat, 7)}
    area = {"area_id": one.area.id, "area": words.title(one.area.name, language)}
    whole = told | times | place | area | {"state": one.state.value}
    return {name: whole[name] for name in INCIDENTS}


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a file; what a spreadsheet would take for a formula is made text (CWE-1236)."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(head)
    lines.writerows([safe(value) for value in values] for values in rows)
    return out.getvalue().encode("utf-8-sig")


def stamp(at: datetime | None) -> str | None:
    """Return a moment as RFC 3339 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def safe(value: Any) -> Any:
    """Return a cell's value; what a spreadsheet would take for a formula is made text."""
    begins = (value[:1], value.lstrip()[:1]) if isinstance(value, str) else ()
    return f"'{value}" if _FORMULA.intersection(begins) else value
