"""Draws questions at any of the doors that only look."""

from collections.abc import Callable

from tests.access.doors.administration import AdministrationDoors
from tests.access.doors.callers import CallerDoors
from tests.access.doors.calls import CallDoors
from tests.access.doors.cameras import CameraDoors
from tests.access.doors.dispatches import DispatchDoors
from tests.access.doors.history import HistoryDoors
from tests.access.doors.incidents import IncidentDoors
from tests.access.doors.layers import LayerDoors
from tests.access.doors.life import LifeDoors
from tests.access.doors.notices import NoticeDoors
from tests.access.doors.own import OwnDoors
from tests.access.doors.question import Question
from tests.access.doors.record import RecordDoors
from tests.access.doors.units import UnitDoors
from tests.access.doors.video import VideoDoors


class Asker(
    LayerDoors,
    IncidentDoors,
    CameraDoors,
    LifeDoors,
    HistoryDoors,
    DispatchDoors,
    UnitDoors,
    CallerDoors,
    CallDoors,
    NoticeDoors,
    AdministrationDoors,
    OwnDoors,
    RecordDoors,
    VideoDoors,
):
    """Draws questions for one who looks at one world."""

    def draw(self) -> Question:
        """Return a question, oftener at the doors that have most to hide."""
        doors: list[Callable[[], Question]] = [
            *[self.items] * 4, *[self.item] * 4, *[self.tile] * 3, self.events, self.event, self.event, self.picture,
            self.incidents, self.incident, self.incident, self.incident, self.history, self.proposals, self.plan,
            self.cameras, self.seeing, self.turning, self.likenesses, self.links,
            self.dispatches,
            self.calls, self.call, self.call_caller,
            self.dispatch, self.dispatch, self.units, self.caller, self.caller, self.callers, self.grants,
            self.past, self.past_phone, self.premises, self.figures,
            self.accounts, self.sessions, self.sources, self.contacts, self.notices, self.session, self.map,
            self.panics, self.told_on, self.whole_unit,
            self.ground, self.log, self.exported, self.replay, self.drove,
            self.hotlist, self.hits, self.hits, self.recordings, self.recordings, self.holds, self.exports,
            self.faring, self.whole_camera, self.calibration, self.calibrations,
        ]  # fmt: skip
        return self.rng.choice(doors)()
