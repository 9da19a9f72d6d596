"""What recording has to tell the store: kept until it is written, so that a store that is away loses nothing."""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import Session, visit
from layers.recordings import queries
from layers.recordings.schema import Gap, State, Written

log = structlog.get_logger()

MOST_GAPS = 10_000  # while the store is away; beyond that the oldest go


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEnds:
    """A camera is recorded again from a moment on."""

    camera_id: int
    at: datetime


@dataclass(slots=True)
class Ledger:
    """The newest state of each file and camera, the gaps in their order."""

    files: dict[str, Written] = field(default_factory=dict)
    gaps: list[Gap | GapEnds] = field(default_factory=list)
    states: dict[int, State] = field(default_factory=dict)

    def tell(self, *told: Written) -> None:
        """Take how far files are."""
        for one in told:
            self.files[one.path] = one

    def gap(self, told: Gap | GapEnds) -> None:
        """Take that a gap begins or ends."""
        self.gaps.append(told)
        del self.gaps[:-MOST_GAPS]

    @property
    def urgent(self) -> bool:
        """Say whether there is more to tell than that files go on."""
        return bool(self.gaps or self.states or any(one.sha256 for one in self.files.values()))

    async def write(self, engine: AsyncEngine) -> bool:
        """Write all of it in one transaction; False where the store does not take it now: it is kept."""
        files, gaps, states = dict(self.files), list(self.gaps), dict(self.states)
        if not (files or gaps or states):
            return True
        try:
            async with visit(engine) as session:
                await _write(session, files, gaps, states)
        except (SQLAlchemyError, OSError) as error:
            log.warning("recordings_wait", reason=type(error).__name__)
            return False
        self._written(files, gaps, states)
        return True

    def _written(self, files: dict[str, Written], gaps: list[Gap | GapEnds], states: dict[int, State]) -> None:
        """Forget what was written, unless something newer was told meanwhile."""
        self.files = {path: one for path, one in self.files.items() if files.get(path) is not one}
        self.states = {camera: one for camera, one in self.states.items() if states.get(camera) is not one}
        done = {id(one) for one in gaps}
        self.gaps = [one for one in self.gaps if id(one) not in done]


async def _write(
    session: Session, files: dict[str, Written], gaps: list[Gap | GapEnds], states: dict[int, State]
) -> None:
    await queries.keep(session, sorted(files.values(), key=lambda one: one.begins_at))
    for one in gaps:
        if isinstance(one, Gap):
            await queries.begin_gap(session, one)
        else:
            await queries.end_gap(session, one.camera_id, one.at)
    await queries.write_states(session, list(states.values()))
