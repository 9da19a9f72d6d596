"""Motion in a zone: something stays in a drawn zone for a while (ONVIF FieldDetector)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from ingest.detectors.cooldown import Repeats
from ingest.detectors.plane import area_px2, foot_of
from ingest.detectors.setting import PEOPLE, Common, Dwell_s, Labels, Zone, check_not_negative, check_zone
from ingest.detectors.stays import Stay, Stays
from ingest.detectors.track_rule import Due, TrackRule
from ingest.values import Scene, Track

GAP_S = 1.0  # a stay survives a detector that blinks for this long
MOTION = -1  # the stay of whatever moves, where no object is asked for
MOTION_CERTAINTY = 0.5  # pixels changed: something moved, nothing says what


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMotion(Common):
    """Settings. An event comes after `dwell_s` in the zone, once a stay."""

    labels: Annotated[Labels, Meta(extra_json_schema={"goes_with": {"by": "tracks"}})] = PEOPLE
    zone: Zone
    by: Annotated[
        Literal["tracks", "motion"], Meta(description="Whether objects of the labels count, or anything that moves.")
    ] = "tracks"
    dwell_s: Dwell_s = 2.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone)
        check_not_negative(dwell_s=self.dwell_s)


class ZoneMotionRule(TrackRule[ZoneMotion]):
    """The state machine: one stay a track, or one for all motion."""

    kind = "zone_motion"

    def __init__(self, settings: ZoneMotion) -> None:
        """Start with an empty zone."""
        super().__init__(settings)
        lasts = settings.by == "tracks"  # what stood there may stand there still; what moved has not moved on unseen
        self._stays, self._repeats = Stays(gap_s=GAP_S, sleeps=lasts), Repeats()

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whatever has stayed long enough now."""
        here = self._stays.meet(self._present(scene), at)
        due = [self._due(one, stay, at) for one, stay in here if self._stays_long(one, stay, at)]
        self.under_way = [stay.due_at for who, stay in self._stays.known() if who != MOTION]
        return due

    def _present(self, scene: Scene) -> list[Track]:
        if self.settings.by == "tracks":
            return self.wanted(scene, self.settings.zone)
        return self.wanted(replace(scene, tracks=_moving(scene)), self.settings.zone, labels=())

    def _stays_long(self, one: Track, stay: Stay, at: datetime) -> bool:
        """Say whether a stay is due now; unnamed motion has no end of its own, and the cool-down spaces its events."""
        return stay.seconds(at) >= self.settings.dwell_s and (one.id == MOTION or not self.heard(stay.due_at, at))

    def _due(self, here: Track, stay: Stay, at: datetime) -> Due:
        goes_on = not self._repeats.count(at) if here.id == MOTION else stay.due_at is not None
        stay.last_due_at = at
        details = {"label": here.label, "stayed_s": round(stay.seconds(at), 1)}
        if here.id != MOTION:
            details["track"] = here.id
        return Due(certainty=here.score, box=here.box, foot=here.foot, details=details, counted=goes_on)


def _moving(scene: Scene) -> tuple[Track, ...]:
    """Return the moving regions as if they were tracks of one number, the biggest first."""
    return tuple(
        Track(id=MOTION, label="motion", score=MOTION_CERTAINTY, box=box, foot=foot_of(box), confirmed=True, seen=True)
        for box in sorted(scene.motion, key=area_px2, reverse=True)
    )
