"""From what a camera's own analytics tell to our events: by ONVIF topic, once in a while of each kind. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.geolocate import nowhere
from ingest.onvif.values import Notice
from ingest.values import EventDraft
from layers.values import LonLat

CERTAINTY = 0.6  # a camera tells none: it is taken for no surer than our own detectors
COOL_DOWN = timedelta(seconds=10)  # what a camera repeats within it is the same event
BELIEVED = timedelta(hours=1)  # how far a camera's time may be off, once its clock's error is taken out
SERVICES = ("AnalyticsService", "ImagingService", "RecordingService")  # who of a camera tells of its picture
NOT_THEIRS = {"plate_hit"}  # a plate is a hit by our hotlist alone: what a camera reads of any other is kept nowhere
# What of a notice is kept, ONVIF's own names (Analytics, annex A): never a plate, a face or a likeness of somebody.
KEPT = {
    "ClassTypes", "Count", "IsInside", "IsLoitering", "IsMotion", "IsTamper", "Level", "ObjectId", "Reason", "Rule",
    "Since", "Source", "State", "VideoAnalyticsConfigurationToken", "VideoSource", "VideoSourceConfigurationToken",
}  # fmt: skip


@dataclass(slots=True)
class Ear:
    """What hears one camera's notices: who it is, where it stands, how far its clock is ahead."""

    camera_id: int
    code: str
    place: LonLat
    kinds: Mapping[str, str]  # by topic
    ahead: timedelta = timedelta(0)
    _heard: dict[str, datetime] = field(default_factory=dict)

    def draft(self, notice: Notice, now: datetime) -> EventDraft | None:
        """Return the event of a notice; None where it tells of none of our kinds, of an end, or of the same again."""
        kind = self.kinds.get(notice.topic)
        if kind is None or notice.operation in ("Initialized", "Deleted") or _is_over(notice):
            return None
        at = self._moment(notice, now)
        last = self._heard.get(kind)
        if last is not None and abs(at - last) < COOL_DOWN:
            return None
        self._heard[kind] = at
        return self._event(kind, notice, at)

    def _event(self, kind: str, notice: Notice, at: datetime) -> EventDraft:
        return EventDraft(
            kind=kind,
            source=f"camera:{self.code}",
            source_event_id=f"onvif {notice.topic} {at.isoformat()}"[:200],
            camera_id=self.camera_id,
            at=at,
            certainty=CERTAINTY,
            placed=nowhere(self.place),
            details={"by": "camera", "topic": notice.topic, "items": _storable(notice.items)},
        )

    def _moment(self, notice: Notice, now: datetime) -> datetime:
        try:
            told = datetime.fromisoformat(notice.at or "")
            at = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC) - self.ahead
        except (ValueError, OverflowError):
            return now
        return at if abs(at - now) <= BELIEVED else now


def by_topic(kinds: Mapping[str, Any]) -> dict[str, str]:
    """Return the kinds of data/event_kinds.json by their ONVIF topic, those that are a camera's to tell."""
    theirs = [(kind["onvif"], name) for name, kind in kinds.items() if "onvif" in kind and name not in NOT_THEIRS]
    return {topic: name for told, name in theirs for topic in _topics(told)}


def _topics(told: str) -> list[str]:
    """Return a topic by each service that may tell it: the same happened, whichever of a camera's sees it."""
    what, _, service = told.rpartition("/")
    return [f"{what}/{one}" for one in SERVICES] if service in SERVICES else [told]


def _is_over(notice: Notice) -> bool:
    """Say whether it tells that something has ended: each such state is a boolean (ONVIF Analytics, annex A)."""
    states = [value.lower() for name, value in notice.items.items() if name.startswith("Is") or name.endswith("State")]
    return bool(states) and all(value in ("false", "0") for value in states)


def _storable(items: Mapping[str, str]) -> dict[str, str]:
    """Return what may be kept, as text that can be stored; names and values are a stranger's."""
    return {name: _plain(value) for name, value in items.items() if name in KEPT}


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:200]
