"""Staying for long about one place: what loitering and a stopped vehicle have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta

from ingest.detectors.setting import MOST_HEIGHTS, AnyZone, Common, Dwell_s, check_not_negative, check_zone
from ingest.detectors.stays import Stays
from ingest.detectors.track_rule import Due, TrackRule, due_of
from ingest.values import Scene

Within = Annotated[
    float,
    Meta(
        gt=0, le=MOST_HEIGHTS, description="How far from its first place an object may be and still stay, own heights."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwelling(Common):
    """Settings of who stays. Each stay is told once, over all the numbers that the tracker gives one object."""

    zone: AnyZone = ()
    dwell_s: Dwell_s = 60.0
    within: Within = 3.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(dwell_s=self.dwell_s, within=self.within)


class DwellRule(TrackRule[Dwelling]):
    """The state machine: one stay an object, which `sleeps` with its camera or begins anew."""

    sleeps: ClassVar[bool] = False

    def __init__(self, settings: Dwelling) -> None:
        """Start with nobody here."""
        super().__init__(settings)
        self._stays = Stays(within=settings.within, sleeps=self.sleeps)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whatever has stayed long enough and was not told."""
        due, here = [], self._stays.meet(self.wanted(scene, self.settings.zone), at)
        for track, stay in here:
            if stay.seconds(at) >= self.settings.dwell_s and not self.heard(stay.due_at, at):
                counted, stay.last_due_at = stay.due_at is not None, at
                due.append(due_of(track, counted=counted, stayed_s=round(stay.seconds(at), 1)))
        self.under_way = [stay.due_at for _, stay in self._stays.known()]
        return due
