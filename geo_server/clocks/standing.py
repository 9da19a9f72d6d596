"""How the clocks of incidents stand now, for lists and cards: by the facts of this moment and the targets kept."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from geo_server.clocks import queries
from geo_server.clocks.schema import Kept, Timed
from geo_server.operations.clocks import Clock, most_urgent, running
from geo_server.operations.planning_ahead import of_place
from geo_server.operations.plans import Target
from layers.database import Session
from layers.incidents.rules import is_open
from layers.incidents.schema import Incident


async def urgent_ones(session: Session, incidents: Collection[Incident]) -> dict[int, Clock]:
    """Return the most urgent running clock of each open incident, in one question; none before its targets are kept."""
    found = await queries.timed(session, [incident.id for incident in incidents if is_open(incident.state)])
    now = datetime.now(UTC)
    urgent = {id: most_urgent(running(one.facts, _targets(one.kept), now), now) for id, one in found.items()}
    return {id: clock for id, clock in urgent.items() if clock is not None}


async def of_timed(session: Session, one: Timed | None) -> tuple[Clock, ...]:
    """Return the clocks of an incident whose facts were read; before its targets are kept, those of its plan."""
    if one is None:
        return ()
    targets = _targets(one.kept) or await plan_targets(session, one)
    return running(one.facts, targets, datetime.now(UTC))


async def plan_targets(session: Session, one: Timed) -> Sequence[Target]:
    """Return what an incident's plan asks of its clocks, as it stands now."""
    plan = await of_place(
        session,
        one.category,
        version_id=one.plan_version_id,
        alarm=one.alarm,
        urgency=one.urgency,
        area_id=one.area_id,
        place=one.place,
        at=one.facts.opened_at,
    )
    return plan.clocks


def _targets(kept: Sequence[Kept]) -> list[Target]:
    return [one.target for one in kept]
