"""The shape of a past interval: columns of equal length, moments in ms since 1970 UTC, lon lat degrees WGS 84."""

from pydantic import Field

from geo_server.api.models.base import Moment, Sent


class PastUnits(Sent):
    """The units there were, by position; `unit_states` says how each stood."""

    id: list[int]
    call_sign: list[str]
    service: list[str]
    kind: list[str]


class UnitStates(Sent):
    """From `since` (null: from before that was kept) the unit at position `unit` stood so."""

    unit: list[int]
    since: list[int | None]
    status: list[str] = Field(examples=[["free", "enroute"]])


class PastEvents(Sent):
    """Events, each new from `received_at` until `decided_at`; `state` is how it was decided."""

    id: list[int]
    kind: list[str]
    at: list[int]
    received_at: list[int]
    decided_at: list[int | None]
    state: list[str]
    incident_id: list[int | None]
    lon: list[float]
    lat: list[float]


class PastCalls(Sent):
    """The calls to 112 there were, by position; none for a role that sees no calls. Who rang stands in none of them."""

    id: list[int]
    line: list[str]
    incident_id: list[int | None]


class CallStates(Sent):
    """From `since` the call at position `call` stood so: its line, and within how many metres of where (null: unknown).

    `placed_by` says what told the place: a handset (`aml`), an exchange, an address, a click …
    """

    call: list[int]
    since: list[int]
    state: list[str] = Field(examples=[["ringing", "answered", "ended"]])
    placed_by: list[str]
    lon: list[float | None]
    lat: list[float | None]
    radius_m: list[float | None]


class PastIncidents(Sent):
    """The incidents there were, by position; `incident_states` says how each stood."""

    id: list[int]
    number: list[str]
    address: list[str | None]
    opened_at: list[int]
    closed_at: list[int | None]


class IncidentStates(Sent):
    """From `since` the incident at position `incident` stood so."""

    incident: list[int]
    since: list[int]
    state: list[str]
    category: list[str]
    priority: list[int]
    alarm: list[int]
    lon: list[float]
    lat: list[float]


class PastDispatches(Sent):
    """The dispatches there were, by position; `dispatch_states` are their steps."""

    id: list[int]
    incident_id: list[int]
    unit_id: list[int]


class DispatchStates(Sent):
    """The dispatch at position `dispatch` took this status; `at` is when the server heard of it."""

    dispatch: list[int]
    at: list[int]
    status: list[str]


class Moves(Sent):
    """Until `until` that event, call or dispatch belonged to this incident, before it was merged or split.

    Of several the earliest one to come counts; after the last it belonged to the one that its own list names.
    """

    what: list[str] = Field(examples=[["event", "call", "dispatch"]])
    id: list[int]
    incident_id: list[int]
    until: list[int]


class Replay(Sent):
    """An interval from `from` to `to`, told up to `until`: all but where the units drove, which comes in frames.

    How everything stood at its beginning, then each change, and whose it was at its end.
    `cut` names the lists that were too long to be whole.
    """

    from_: Moment = Field(alias="from")
    to: Moment
    until: Moment
    cut: list[str]
    units: PastUnits
    unit_states: UnitStates
    events: PastEvents
    calls: PastCalls
    call_states: CallStates
    incidents: PastIncidents
    incident_states: IncidentStates
    dispatches: PastDispatches
    dispatch_states: DispatchStates
    moves: Moves
