"""A refusal at a door as it is handed on: how often, from where, from when until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Door = Literal["people", "machines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What one door refused alike: `count` times between `since` and `until`, times UTC by the clock of the door.

    `address` is None where more addresses came at once than are told one by one; `source_id` is whose key was shown,
    where the store knows it.
    """

    door: Door
    code: str
    address: str | None
    source_id: int | None
    count: int
    since: datetime
    until: datetime
