"""Grants as they are handed on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from layers.areas.schema import Area

Kind = Literal["area", "incident"]
LONGEST = timedelta(days=30)  # a grant is for an occasion; what stands for ever belongs into the tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A grant: `area` gives, `to` is given, until `ends_at` or until it is revoked. `incident_number` of one of one."""

    id: int
    kind: Kind
    area: Area
    to: Area
    incident_id: int | None
    incident_number: str | None
    reason: str
    given_by: str
    begins_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """What is to be given: an area with all below it, or one incident with its events, dispatches and bound units."""

    kind: Kind
    area_id: int
    to_area_id: int
    incident_id: int | None
    reason: str
    given_by: str
    lasts: timedelta
