"""The shapes of the audit as a search answers it."""

from typing import Any, Literal, Self

from pydantic import Field

from geo_server.api.models.base import Moment, Sent, Title
from geo_server.audit.schema import Told


class ActorsArea(Sent):
    """The area of whoever acted; its name is None where the area was never known by one."""

    id: int
    name: Title | None


class AuditEntry(Sent):
    """One look or act, or the refusal of one. Personal values are not in it."""

    id: int
    at: Moment
    who: str
    role: str | None
    area: ActorsArea | None = Field(description="None where nobody had come in yet, such as a failed sign-in.")
    operation: str = Field(examples=["events.decide"])
    outcome: Literal["done", "refused"]
    code: str | None = Field(description="Of the refusal.")
    layer: str | None
    object_id: int | None
    purpose: dict[str, Any] | None
    origin: str | None = Field(description="The address it came from.")
    details: dict[str, Any]

    @classmethod
    def of(cls, told: Told) -> Self:
        """Return an entry as it is sent."""
        name = None if told.area_name is None else Title.model_validate(told.area_name)
        same = {field: getattr(told, field) for field in cls.model_fields if field != "area"}
        return cls(area=None if told.area_id is None else ActorsArea(id=told.area_id, name=name), **same)


class AuditEntries(Sent):
    """A page of entries, newest first; `next` is the `after` of the following page."""

    entries: list[AuditEntry]
    next: int | None
