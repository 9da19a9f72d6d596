"""Calls that a telephone exchange reports: read and checked here; what of one cannot be read costs not the call."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import aml, pidf_lo
from ingest.batch import Refused
from ingest.checks import moment, off_the_globe, out_of_time
from ingest.errors import ERRORS
from layers.calls.places import Located, PlacedBy
from layers.calls.record import hear
from layers.calls.rules import State
from layers.calls.schema import Heard, LeftOut
from layers.changes import ring
from layers.database import visit
from layers.sources.schema import Source
from layers.values import LonLat

MOST_TEXT, MOST_PHONE, MOST_SAID = 200, 40, 4_000
MOST_RADIUS_M = 1e6
# What of a message may be left out is read by itself: it is anything here, and described as what it is to be
_Text = Annotated[Any, msgspec.Meta(extra_json_schema={"type": ["string", "null"]})]
_Moment = Annotated[Any, msgspec.Meta(extra_json_schema={"type": ["number", "string", "null"]})]
_Way = Annotated[Any, msgspec.Meta(extra_json_schema={"enum": ["aml", "exchange"]})]
_Position = Annotated[Any, msgspec.Meta(extra_json_schema={"$ref": "#/components/schemas/PositionTold"})]


class PositionTold(msgspec.Struct, frozen=True, kw_only=True):
    """Where a caller is, degrees WGS 84: within `radius_m` metres by `confidence_pct` percent, as positioned `at`.

    `by` is `aml` where the handset said so (ETSI TS 103 625), `exchange` where the network did.
    """

    lon: float
    lat: float
    at: _Moment = None
    radius_m: float | None = None
    confidence_pct: float | None = None
    by: _Way = PlacedBy.AML.value


class CallTold(msgspec.Struct, frozen=True, kw_only=True):
    """One message about one call: `id` is the exchange's own, and what comes later under it adds to the same call.

    `said` is what an operator there noted down. A place comes as `position`, as the handset's own message `aml`
    (ETSI TS 103 625, 5.2) or as the XML `pidf_lo`.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]
    state: Literal["ringing", "answered", "ended"]
    at: float | str
    line: _Text = None
    phone: _Text = None
    caller_name: _Text = None
    said: _Text = None
    position: _Position = None
    aml: _Text = None
    pidf_lo: _Text = None


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """What `POST /calls` takes."""

    calls: list[CallTold]


class Noted(Refused, frozen=True, kw_only=True):
    """What of a taken call was left out or cut: in which of its members, and why."""

    field: str


class CallsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a batch, sent after the commit; `noted` lists what of a taken call was left out, and why."""

    accepted: int
    refused: list[Refused]
    noted: list[Noted]


@dataclass(slots=True)
class _Reading:
    """One message while it is read: what came of it, and what did not."""

    told: CallTold
    now_s: float
    left_out: list[LeftOut] = field(default_factory=list)

    def miss(self, code: str, of: str) -> None:
        """Note that a member was left out, or cut, and why."""
        self.left_out.append(LeftOut(code=code, field=of))

    def moment(self, said: Any, otherwise: datetime, of: str) -> datetime:
        """Return a time, UTC; a clock that is wrong costs the time it told, not the call."""
        at_s = moment(said) if isinstance(said, (float, int, str)) else math.nan
        if code := out_of_time(at_s, self.now_s):
            self.miss(code, of)
            return otherwise
        return datetime.fromtimestamp(at_s, UTC)

    def text(self, said: Any, most: int, of: str) -> str | None:
        """Return a text as it is kept, None where there is none or it cannot be."""
        if said is None or said == "" or (isinstance(said, str) and not said.strip()):
            return None
        if not isinstance(said, str) or len(said) > most or not storable(said):
            self.miss("bad_text", of)
            return None
        return said.strip()

    def beginning(self, said: Any, most: int, of: str) -> str | None:
        """Return as much of a text as is kept: of what people said the beginning is worth more than nothing."""
        if not isinstance(said, str):
            return self.text(said, most, of)
        kept = "".join(filter(storable, said)).strip()[:most]
        if kept != said.strip():
            self.miss("text_cut", of)
        return kept or None

    def located(self, at: datetime) -> tuple[tuple[Located, ...], pidf_lo.Told | None]:
        """Return every place that the message tells, in whatever way, and what its document says beside."""
        document: pidf_lo.Told | None = self._read("pidf_lo", lambda xml: pidf_lo.read(xml, at))
        handset: Located | None = self._read("aml", aml.read)
        told = {
            "position": _given(self, at),
            "aml": handset,
            "pidf_lo": None if document is None else document.located,
        }
        return tuple(one for of, one in told.items() if one is not None and self._is_good(one, of)), document

    def _read(self, of: Literal["aml", "pidf_lo"], reader: Callable[[str], Any]) -> Any:
        text = getattr(self.told, of)
        try:
            return None if text is None else reader(text)
        except (ValueError, OverflowError, TypeError, AttributeError):  # the latter two where it is no text at all
            self.miss(f"bad_{of}", of)
            return None

    def _is_good(self, one: Located, of: str) -> bool:
        code = off_the_globe(one.place.lon, one.place.lat)
        if code is None and not (_within(one.radius_m, MOST_RADIUS_M) and _within(one.confidence_pct, 100)):
            code = "bad_circle"
        code = code or out_of_time(one.at.timestamp(), self.now_s)
        if code is not None:
            self.miss(code, of)
        return code is None


def read(told: CallTold, now_s: float) -> Heard:
    """Return a message as it is kept: whatever of it is good, and what was left out."""
    reading = _Reading(told, now_s)
    at = reading.moment(told.at, datetime.fromtimestamp(now_s, UTC), "at")
    located, document = reading.located(at)
    return Heard(
        exchange_id=told.id,
        state=State(told.state),
        at=at,
        line=reading.text(told.line, MOST_TEXT, "line"),
        phone=reading.text(told.phone, MOST_PHONE, "phone"),
        caller_name=reading.text(told.caller_name, MOST_TEXT, "caller_name"),
        said=reading.beginning(told.said, MOST_SAID, "said"),
        address=reading.beginning(document.address if document else None, MOST_TEXT, "pidf_lo"),
        common_name=reading.beginning(document.common_name if document else None, MOST_TEXT, "pidf_lo"),
        located=located,
        left_out=tuple(dict.fromkeys(reading.left_out)),
    )


async def report_calls(engine: AsyncEngine, source: Source, messages: Sequence[Heard]) -> list[tuple[LeftOut, ...]]:
    """Store messages and ring the bell in one transaction; return for each what was left out."""
    noted: list[tuple[LeftOut, ...]] = [()] * len(messages)
    if not messages:
        return noted
    async with visit(engine) as session:
        rung = set()
        for i in _in_turn(messages):
            kept = await hear(session, source, messages[i])
            rung.add(kept.call_id)
            beyond = (LeftOut(code="beyond_country", field="position"),) if kept.beyond_country else ()
            noted[i] = (*messages[i].left_out, *beyond)
        await ring(session, {"calls": rung})
    return noted


def storable(text: str) -> bool:
    """Say whether the store takes it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any(0xD800 <= ord(letter) < 0xE000 for letter in text)


def _in_turn(messages: Sequence[Heard]) -> Iterable[int]:
    """Calls in one order, lest two batches wait for each other; the messages of each in their own."""
    return sorted(range(len(messages)), key=lambda i: messages[i].exchange_id)


def _given(reading: _Reading, at: datetime) -> Located | None:
    if reading.told.position is None:
        return None
    try:
        told = msgspec.convert(reading.told.position, PositionTold)
    except (msgspec.ValidationError, OverflowError, RecursionError):
        reading.miss("bad_position", "position")
        return None
    return Located(
        place=LonLat(lon=told.lon, lat=told.lat),
        by=_way(reading, told.by),
        at=at if told.at is None else reading.moment(told.at, at, "position"),
        radius_m=told.radius_m,
        confidence_pct=told.confidence_pct,
    )


def _way(reading: _Reading, by: Any) -> PlacedBy:
    if by in (PlacedBy.AML.value, PlacedBy.EXCHANGE.value):
        return PlacedBy(by)
    reading.miss("bad_way", "position")
    return PlacedBy.EXCHANGE  # whose word it is in any case


def noted(index: int, left_out: LeftOut) -> Noted:
    """Return one line of the answer's list of what was left out."""
    return Noted(index=index, code=left_out.code, description=ERRORS[left_out.code][1].en, field=left_out.field)


def _within(value: float | None, most: float) -> bool:
    return value is None or 0 <= value <= most
