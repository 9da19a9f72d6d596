"""The record of an incident as it is handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from geo_server.operations.catalogue import Question
from layers.calls.schema import Call
from layers.dispatches.schema import Dispatch
from layers.events.schema import Event
from layers.incidents.schema import Incident
from layers.units.rules import Primary
from layers.values import Title

Source = Literal["incident", "dispatch", "call", "notice"]
Language = Literal["kk", "ru", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of the log: who, what, by the clock of the device (None: it said none) and by the server's, `at`.

    `source` is whose line it is, `kind` what was done there, `subject` the unit, line or recipient it is about.
    """

    source: Source
    id: int
    at: datetime
    device_at: datetime | None
    who: str
    kind: str
    subject: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document that another centre handed over, and what it is told by."""

    document: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that is kept of an incident, as far as it is seen; `whole` says that its caller is not masked.

    `primary` says of each unit that was sent, by id, whether it can be sent now; none of one that is out of sight.
    """

    incident: Incident
    category: Title
    questions: Mapping[str, Question]
    area: Title
    events: tuple[Event, ...]
    calls: tuple[Call, ...]
    dispatches: tuple[Dispatch, ...]
    primary: Mapping[int, Primary]
    log: tuple[LogLine, ...]
    whole: bool
    made_at: datetime
    made_by: str
