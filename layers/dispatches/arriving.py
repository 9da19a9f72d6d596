"""What a unit's position says about its dispatch: that it has set out, that it has arrived. It only proposes. Pure.

A person's button is the truth of the record; a receiver wanders, and a car that passes a scene is not there.
"""

from dataclasses import dataclass
from datetime import datetime

from layers.dispatches.rules import AHEAD, Status
from layers.dispatches.schema import NewProposal

SET_OUT_M = 150.0  # farther from where it was sent than this: it has left its station
THERE_M = 100.0
THERE_KMH = 5.0
THERE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where the unit of a dispatch is: metres from where it was sent (None: nobody knew), metres to the incident."""

    dispatch_id: int
    incident_id: int
    unit_id: int
    status: Status
    at: datetime
    speed_kmh: float
    gone_m: float | None
    left_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look found: what is to be proposed, and since when the unit stands at the incident, if it does."""

    proposal: NewProposal | None
    there_since: datetime | None


def look(seen: Seen, there_since: datetime | None) -> Looked:
    """Say what a position means, by the tracker's clock; `there_since` is what the look before answered.

    Arriving counts before setting out: a crew that forgot both buttons is asked one thing.
    """
    stands = seen.left_m < THERE_M and seen.speed_kmh < THERE_KMH
    since = (there_since or seen.at) if stands else None
    if since is not None and (seen.at - since).total_seconds() >= THERE_S:
        return Looked(proposal=_proposal(seen, Status.ONSCENE, seen.left_m), there_since=since)
    if seen.gone_m is not None and seen.gone_m > SET_OUT_M:
        return Looked(proposal=_proposal(seen, Status.ENROUTE, seen.gone_m), there_since=since)
    return Looked(proposal=None, there_since=since)


def _proposal(seen: Seen, status: Status, metres: float) -> NewProposal | None:
    if status not in AHEAD[seen.status]:
        return None
    return NewProposal(dispatch_id=seen.dispatch_id, status=status, at=seen.at, metres=metres)
