"""The shapes of dispatches: units sent to an incident, and their steps there."""

from typing import Annotated

from pydantic import Field

from geo_server.api.models.base import Asked, LineString, Moment, Sent, SentMoment, SomeId, Text, Word
from layers.dispatches.rules import Status
from layers.dispatches.schema import Means, SaidMeans
from layers.values import Service


class SentUnit(Sent):
    """The unit of a dispatch."""

    id: int
    call_sign: str
    service: Service
    kind: str


class StatusEntry(Sent):
    """One step: `at` by the device's clock, `received_at` by the server's."""

    status: Status
    at: Moment
    received_at: Moment
    who: str
    means: Means
    reason: str | None


class Target(Sent):
    """Where a diverted unit went."""

    dispatch_id: int
    incident_id: int
    incident_number: str


class Dispatch(Sent):
    """A unit sent to an incident. `straight` says loudly that no road was asked for the route.

    `eta_at` is none while the unit is silent: nobody knows where it is.
    """

    id: int
    incident_id: int
    incident_number: str
    unit: SentUnit
    status: Status
    next: list[Status] = Field(description="The statuses that may follow, none once the unit is no longer bound")
    dispatched_at: Moment
    dispatched_by: str
    status_at: Moment
    eta_at: Moment | None
    route_s: float | None
    route_m: float | None
    straight: bool
    route: LineString
    routed_at: Moment | None = Field(description="When route and arrival were last reckoned; none: at dispatch.")
    silent_since: Moment | None = Field(description="The unit's last position, where none came for a minute since.")
    diverted_to: Target | None = Field(description="Of one that was diverted, where the account sees that too.")
    entries: list[StatusEntry]


class Dispatches(Sent):
    """Dispatches."""

    dispatches: list[Dispatch]


class OneDispatch(Sent):
    """A dispatch."""

    dispatch: Dispatch


class Send(Asked):
    """Which units to send: all of them or none."""

    units: Annotated[list[SomeId], Field(min_length=1, max_length=50)] = Field(examples=[[4, 9]])
    divert: Annotated[list[SomeId], Field(max_length=50)] = Field(
        default_factory=list,
        description="Open dispatches of these units that end as diverted; a bound unit whose own is not named refuses.",
    )


class NewStatus(Asked):
    """The next step of a dispatch; the same `client_event_id` again changes nothing."""

    status: Status
    at: SentMoment | None = Field(
        default=None,
        description="By the device's clock; now where it is left out. Where it cannot be, clocks count when it came.",
    )
    means: SaidMeans = "dispatcher"
    reason: Text | None = None
    client_event_id: Word | None = None
