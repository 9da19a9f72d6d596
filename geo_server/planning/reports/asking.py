"""What the job of a report holds: what is wanted, and as whom it is gathered."""

import msgspec

from geo_server.jobs.schema import Job
from geo_server.planning.reports.schema import Format, Language, Wanted
from layers.values import Role
from layers.viewer import Viewer


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of the job; `account_id` and `role` are those of who asked."""

    format: Format
    language: Language
    purpose: str
    account_id: int
    role: Role

    @property
    def wanted(self) -> Wanted:
        """Return what is wanted."""
        return Wanted(format=self.format, language=self.language, purpose=self.purpose)


def asked_of(wanted: Wanted, viewer: Viewer) -> Asked:
    """Return the arguments of a job."""
    told = {"format": wanted.format, "language": wanted.language, "purpose": wanted.purpose}
    return Asked(account_id=viewer.account_id, role=viewer.role, **told)  # type: ignore[arg-type]


def viewer_of(job: Job, asked: Asked) -> Viewer:
    """Return who gathers: whoever asked, in the area of the job and below it, and nothing that others granted."""
    return Viewer(
        account_id=asked.account_id,
        name=job.asked_by,
        role=asked.role,
        area_id=job.area_id,
        own_area_id=job.area_id,
    )
