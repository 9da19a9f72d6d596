"""The shapes of reports: what somebody asks for, and how far it is."""

from pydantic import Field

from geo_server.api.models.base import Area, Asked, Moment, Sent, SomeId
from geo_server.api.models.jobs import Job
from geo_server.planning.reports.schema import Format, Language


class AskedReport(Asked):
    """A report of the area entered, or of one below it; `purpose` is told by its page, a file holds them all."""

    format: Format
    language: Language = "ru"
    purpose: str = Field(default="situation", max_length=50)
    area_id: SomeId | None = None


class ReportFile(Sent):
    """A finished file; after `kept_until`, or where newer ones need its room, it is gone."""

    bytes: int
    name: str
    kept_until: Moment


class Report(Sent):
    """A report that somebody asked for; `file` while it lies there."""

    job: Job
    area: Area
    format: Format
    language: Language
    purpose: str
    file: ReportFile | None


class Reports(Sent):
    """Reports of the area entered and below, those under way first, then the newest."""

    reports: list[Report]
