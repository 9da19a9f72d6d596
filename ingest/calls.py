"""Calls that a telephone exchange reports: read and checked here; what of one cannot be read costs not the call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import aml, pidf_lo
from ingest.batch import Refused
from ingest.checks import moment, off_the_globe, out_of_time
from layers.calls.places import Located, PlacedBy
from layers.calls.record import hear
from layers.calls.rules import State
from layers.calls.schema import Heard
from layers.changes import ring
from layers.database import visit
from layers.sources.schema import Source
from layers.values import LonLat

MOST_TEXT, MOST_PHONE, MOST_SAID = 200, 40, 4_000
MOST_RADIUS_M = 1e6


class PositionTold(msgspec.Struct, frozen=True, kw_only=True):
    """Where a caller is, degrees WGS 84: within `radius_m` metres by `confidence_pct` percent, as positioned `at`.

    `by` is `aml` where the handset said so (ETSI TS 103 625), `exchange` where the network did.
    """

    lon: float
    lat: float
    at: float | str | None = None
    radius_m: float | None = None
    confidence_pct: float | None = None
    by: Literal["aml", "exchange"] = "aml"


class CallTold(msgspec.Struct, frozen=True, kw_only=True):
    """One message about one call: `id` is the exchange's own, and what comes later under it adds to the same call.

    `said` is what an operator there noted down. A place comes as `position`, as the handset's own message `aml`
    (ETSI TS 103 625, 5.2) or as the XML `pidf_lo`.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]
    state: Literal["ringing", "answered", "ended"]
    at: float | str
    line: str | None = None
    phone: str | None = None
    caller_name: str | None = None
    said: str | None = None
    position: PositionTold | None = None
    aml: str | None = None
    pidf_lo: str | None = None


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """What `POST /calls` takes."""

    calls: list[CallTold]


class CallsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a batch, sent after the commit; `noted` lists what of a taken call was left out, and why."""

    accepted: int
    refused: list[Refused]
    noted: list[Refused]


@dataclass(slots=True)
class _Reading:
    """One message while it is read: what came of it, and the codes of what did not."""

    told: CallTold
    now_s: float
    left_out: list[str] = field(default_factory=list)

    def moment(self, said: float | str, otherwise: datetime) -> datetime:
        """Return a time, UTC; a clock that is wrong costs the time it told, not the call."""
        at_s = moment(said)
        if code := out_of_time(at_s, self.now_s):
            self.left_out.append(code)
            return otherwise
        return datetime.fromtimestamp(at_s, UTC)

    def text(self, said: str | None, most: int) -> str | None:
        """Return a text as it is kept, None where there is none or it cannot be."""
        if said is None or not said.strip():
            return None
        if len(said) > most or not storable(said):
            self.left_out.append("bad_text")
            return None
        return said.strip()

    def located(self, at: datetime) -> tuple[tuple[Located, ...], pidf_lo.Told | None]:
        """Return every place that the message tells, in whatever way, and what its document says beside."""
        document: pidf_lo.Told | None = self._read("bad_pidf_lo", self.told.pidf_lo, lambda xml: pidf_lo.read(xml, at))
        handset: Located | None = self._read("bad_aml", self.told.aml, aml.read)
        position = self.told.position
        given = None if position is None else _given(position, self, at)
        found = (given, handset, None if document is None else document.located)
        return tuple(one for one in found if one is not None and self._is_good(one)), document

    def _read(self, code: str, text: str | None, reader: Any) -> Any:
        try:
            return None if text is None else reader(text)
        except (ValueError, OverflowError):
            self.left_out.append(code)
            return None

    def _is_good(self, one: Located) -> bool:
        code = off_the_globe(one.place.lon, one.place.lat)
        if code is None and not (_within(one.radius_m, MOST_RADIUS_M) and _within(one.confidence_pct, 100)):
            code = "bad_circle"
        code = code or out_of_time(one.at.timestamp(), self.now_s)
        if code is not None:
            self.left_out.append(code)
        return code is None


def read(told: CallTold, now_s: float) -> Heard:
    """Return a message as it is kept: whatever of it is good, and the codes of what was left out."""
    reading = _Reading(told, now_s)
    at = reading.moment(told.at, datetime.fromtimestamp(now_s, UTC))
    located, document = reading.located(at)
    return Heard(
        exchange_id=told.id,
        state=State(told.state),
        at=at,
        line=reading.text(told.line, MOST_TEXT),
        phone=reading.text(told.phone, MOST_PHONE),
        caller_name=reading.text(told.caller_name, MOST_TEXT),
        said=reading.text(told.said, MOST_SAID),
        address=reading.text(document.address if document else None, MOST_TEXT),
        common_name=reading.text(document.common_name if document else None, MOST_TEXT),
        located=located,
        left_out=tuple(dict.fromkeys(reading.left_out)),
    )


async def report_calls(engine: AsyncEngine, source: Source, messages: Sequence[Heard]) -> list[tuple[str, ...]]:
    """Store messages and ring the bell in one transaction; return for each the codes of what was left out."""
    noted: list[tuple[str, ...]] = [()] * len(messages)
    if not messages:
        return noted
    async with visit(engine) as session:
        rung = set()
        for i in _in_turn(messages):
            kept = await hear(session, source, messages[i])
            rung.add(kept.call_id)
            noted[i] = (*messages[i].left_out, *(("beyond_country",) if kept.beyond_country else ()))
        await ring(session, {"calls": rung})
    return noted


def storable(text: str) -> bool:
    """Say whether the store takes it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any(0xD800 <= ord(letter) < 0xE000 for letter in text)


def _in_turn(messages: Sequence[Heard]) -> Iterable[int]:
    """Calls in one order, lest two batches wait for each other; the messages of each in their own."""
    return sorted(range(len(messages)), key=lambda i: messages[i].exchange_id)


def _given(told: PositionTold, reading: _Reading, at: datetime) -> Located:
    return Located(
        place=LonLat(lon=told.lon, lat=told.lat),
        by=PlacedBy(told.by),
        at=at if told.at is None else reading.moment(told.at, at),
        radius_m=told.radius_m,
        confidence_pct=told.confidence_pct,
    )


def _within(value: float | None, most: float) -> bool:
    return value is None or 0 <= value <= most
