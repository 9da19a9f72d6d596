"""The shapes of an incident's log, and of what becomes of a document that is handed over."""

from typing import Any, Literal

from pydantic import Field

from geo_server.api.models.base import Moment, Sent


class LogLine(Sent):
    """One line: who did what; `device_at` by the clock of the device, `at` by the server's."""

    source: Literal["incident", "dispatch", "call", "notice"] = Field(description="Whose line it is.")
    id: int
    at: Moment
    device_at: Moment | None
    who: str
    kind: str = Field(description="What was done there.", examples=["opened", "enroute", "note"])
    subject: str | None = Field(description="The unit, the line or the recipient it is about.")
    details: dict[str, Any]


class Log(Sent):
    """The one log of an incident, oldest first; it is only ever added to."""

    incident_id: int
    entries: list[LogLine]


class Imported(Sent):
    """The incident of a document; `opened` says that it was opened now and not by an earlier copy.

    `notes` are those of its lines that are new in the log, `left_out` the new ones beyond the limit of one document.
    """

    incident_id: int
    number: str = Field(examples=["26-000123"])
    opened: bool
    notes: int
    left_out: int
