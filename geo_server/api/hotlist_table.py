"""Reading a hotlist from a table: every row is taken or refused with its reason. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Any

from pydantic import ValidationError

from geo_server.api.models.hotlist import NewEntry, RefusedRow
from geo_server.errors import Refusal
from layers.hotlist.schema import LONGEST

COLUMNS = ("plate", "kind", "legal_basis", "owner", "area", "begins_at", "ends_at", "note")
NEEDED = frozenset({"plate", "kind", "legal_basis", "owner", "ends_at"})
HERE = timezone(timedelta(hours=5))  # of all Kazakhstan since 1 March 2024


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that can be an entry, and its number in the table."""

    line: int
    entry: NewEntry


def rows_of(table: str, areas: Mapping[str, int], entered: int, now: datetime, most: int) -> list[Row | RefusedRow]:
    """Return every row of a table, as an entry or as refused; `areas` are the codes within the scope.

    Raises Refusal `bad_table` where it has no such heading, `table_too_long` where it has more than `most` rows.
    """
    found: list[Row | RefusedRow] = []
    for line, row in _read(table):
        if len(found) >= most:
            raise Refusal("table_too_long", most=most)
        found.append(_row(line, row, areas, entered, now))
    return found


def wrong_times(begins_at: datetime | None, ends_at: datetime, now: datetime) -> bool:
    """Say whether an entry would end before it begins or before now, or stand for more than a year."""
    begins = begins_at or now
    return not (ends_at > begins and ends_at > now and ends_at - begins <= LONGEST)


def _read(table: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = table.removeprefix("\ufeff")
    heading = text.partition("\n")[0]
    parted = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not NEEDED <= set(names) <= set(COLUMNS) or len(set(names)) < len(names):
            raise Refusal("bad_table", columns=", ".join(COLUMNS))
        for values in reader:
            if any(value.strip() for value in values):
                yield reader.line_num, {name: value.strip() for name, value in zip(names, values, strict=False)}
    except csv.Error:
        raise Refusal("bad_table", columns=", ".join(COLUMNS)) from None


def _row(line: int, row: dict[str, str], areas: Mapping[str, int], entered: int, now: datetime) -> Row | RefusedRow:
    lacking = next((name for name in COLUMNS if name in NEEDED and not row.get(name)), None)
    if lacking is not None:
        return RefusedRow(line=line, column=lacking, why="missing")
    area_id = areas.get(row["area"].upper()) if row.get("area") else entered
    if area_id is None:
        return RefusedRow(line=line, column="area", why="outside_your_area")
    try:
        entry = NewEntry.model_validate(_told(row, area_id))
    except ValidationError as error:
        return RefusedRow(line=line, column=str(error.errors()[0]["loc"][0]), why="bad_value")
    if wrong_times(entry.begins_at, entry.ends_at, now):
        return RefusedRow(line=line, column="ends_at", why="hotlist_times")
    return Row(line=line, entry=entry)


def _told(row: Mapping[str, str], area_id: int) -> dict[str, Any]:
    times = {name: _moment(row[name], last=name == "ends_at") for name in ("begins_at", "ends_at") if row.get(name)}
    plain = {name: row[name] for name in ("plate", "kind", "legal_basis", "owner", "note") if row.get(name)}
    return {**plain, **times, "kind": row["kind"].lower(), "area_id": area_id}


def _moment(text: str, *, last: bool) -> datetime | str:
    """Read an ISO time, in the country's zone where it names none; of a date its first moment, or its last."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text  # the entry's own check says that it is no time
    if last and len(text) == len("2026-01-01"):
        found = datetime.combine(found.date() + timedelta(days=1), time())
    return found if found.tzinfo else found.replace(tzinfo=HERE)
