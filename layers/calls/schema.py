"""Calls as they are handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layers.calls.places import Located, PlacedBy
from layers.calls.rules import Outcome, Standing, State
from layers.incidents.schema import AreaName
from layers.values import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """That a call was handed to the area that has it now: by which area and whom, and why."""

    giver: AreaName
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to 112; `place` is None where nobody knows it, or where it was said to lie beyond the country.

    `outside` says that it comes from beyond the country or beyond the area that answers for it, and `lies_in` then in
    which area its place lies. `ours`: the one who asked answers for it; who handed it on only reads it, while it is
    open. Phone and name are personal data (Almaty 213, art. 7).
    """

    id: int
    source_id: int | None
    line: str
    state: State
    outcome: Outcome | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    phone: str | None
    caller_name: str | None
    rang_at: datetime
    answered_at: datetime | None
    answered_by: str | None
    ended_at: datetime | None
    incident_id: int | None
    category: str | None
    said: str
    answers: Mapping[str, str]
    address: str | None
    common_name: str | None
    place: LonLat | None
    placed_by: PlacedBy
    placed_at: datetime | None
    radius_m: float | None
    confidence_pct: float | None
    outside: bool
    area: AreaName
    lies_in: AreaName | None
    home_area_id: int
    handed: Handed | None
    ours: bool

    @property
    def standing(self) -> Standing:
        """Return it as the rules see it."""
        return Standing(
            state=self.state,
            outcome=self.outcome,
            incident_id=self.incident_id,
            answered_by=self.answered_by,
            decided_by=self.decided_by,
        )

    @property
    def located(self) -> Located | None:
        """Return where it stands, with how surely; None where it has no place."""
        if self.place is None:
            return None
        return Located(
            place=self.place,
            by=self.placed_by,
            at=self.placed_at or self.rang_at,
            radius_m=self.radius_m,
            confidence_pct=self.confidence_pct,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What of a message nobody could read, or what was cut: the code of why, and the member it is of."""

    code: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a question of the plan, and when that was written down."""

    question: str
    given: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message of a telephone exchange about one call; what it does not say is None. Times are UTC."""

    exchange_id: str
    state: State
    at: datetime
    line: str | None = None
    phone: str | None = None
    caller_name: str | None = None
    said: str | None = None
    address: str | None = None
    common_name: str | None = None
    located: tuple[Located, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEntry:
    """One line of what was done about a call and told of it."""

    at: datetime
    who: str
    kind: str
    details: Mapping[str, Any]
