"""Draws questions at any of the doors that only look."""

from collections.abc import Callable

from tests.access.doors.administration import AdministrationDoors
from tests.access.doors.callers import CallerDoors
from tests.access.doors.dispatches import DispatchDoors
from tests.access.doors.incidents import IncidentDoors
from tests.access.doors.layers import LayerDoors
from tests.access.doors.own import OwnDoors
from tests.access.doors.question import Question


class Asker(LayerDoors, IncidentDoors, DispatchDoors, CallerDoors, AdministrationDoors, OwnDoors):
    """Draws questions for one who looks at one world."""

    def draw(self) -> Question:
        """Return a question, oftener at the doors that have most to hide."""
        doors: list[Callable[[], Question]] = [
            *[self.items] * 4, *[self.item] * 4, *[self.tile] * 3, self.events, self.event, self.event, self.picture,
            self.incidents, self.incident, self.incident, self.incident, self.history, self.proposals, self.dispatches,
            self.dispatch, self.dispatch, self.units, self.caller, self.caller, self.callers, self.grants,
            self.accounts, self.sessions, self.sources, self.session, self.map, self.ground,
        ]  # fmt: skip
        return self.rng.choice(doors)()
