"""The shapes of recordings: what is there, what is not and why, holds, exports, tickets to play them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from geo_server.api.models.base import Asked, Moment, Sent, SentMoment, SomeId, Text, Title

Cameras = Annotated[list[SomeId], Field(min_length=1, max_length=4, description="Ids of cameras, four at most.")]
GapReason = Literal[
    "no_footage", "disk_full", "disk_pressure", "read_only", "no_folder", "disk_fault", "too_slow",
    "deleted_retention", "deleted_disk", "deleted_lost", "events_only", "not_recorded", "not_yet",
]  # fmt: skip


class Clip(Sent):
    """The clip of an event: whole seconds around it, as the camera sent them."""

    state: Literal["waiting", "ready", "missing", "deleted"]
    reason: str | None = Field(
        description="Why it is missing; of one that waits, what hinders it.", examples=["disk_full"]
    )
    begins_at: Moment
    ends_at: Moment
    bytes: int | None
    sha256: str | None
    codec: str | None


class Recorded(Sent):
    """An interval that was recorded and is there."""

    begins_at: Moment
    ends_at: Moment


class NotThere(Recorded):
    """An interval that is not there, and why."""

    reason: GapReason


class HeldPart(Recorded):
    """An interval that a hold keeps."""

    id: int


class TimelineEvent(Sent):
    """An event of the camera; `clip` is the state of its clip."""

    id: int
    kind: str
    at: Moment
    certainty: float
    state: str
    clip: str | None


class RecordedCamera(Sent):
    """One camera's interval: recorded and not recorded together leave no hole."""

    id: int
    code: str
    name: Title
    record: Literal["none", "events", "continuous"]
    retention: str
    days: int = Field(description="How long its class is kept.")
    state: str | None = Field(description="How its recording fares now.")
    reason: str | None = Field(description="What hinders it: a code, as of an interval that is not recorded.")
    recorded: list[Recorded]
    gaps: list[NotThere]
    held: list[HeldPart]
    events: list[TimelineEvent]


class Recordings(Sent):
    """What was recorded of the cameras in an interval."""

    begins_at: Moment
    ends_at: Moment
    cameras: list[RecordedCamera]


class AskedPlayback(Asked):
    """What is to be played: an interval of a camera, or the clip of an event."""

    camera: SomeId | None = None
    begins_at: SentMoment | None = None
    ends_at: SentMoment | None = None
    event: SomeId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        interval = (self.camera, self.begins_at, self.ends_at)
        if (self.event is None) == any(part is None for part in interval):
            raise ValueError("names a camera with an interval, or an event")
        if self.begins_at and self.ends_at and self.begins_at >= self.ends_at:
            raise ValueError("ends before it begins")
        return self


class PlaybackTicket(Sent):
    """A ticket for `address`/playback or `address`/export: to be used within so many seconds; a view lasts an hour.

    One that is masked is for `address`/stills alone: pictures with the camera's privacy masks burnt in.
    """

    ticket: str
    masked: bool
    address: str = Field(examples=["http://127.0.0.1:5056"])
    begins_at: Moment
    ends_at: Moment
    watermark: str
    lasts_s: int


class NewHold(Asked):
    """A hold on cameras, or on those whose events belong to an incident; nothing of it is deleted until released."""

    cameras: list[SomeId] = Field(default=[], max_length=16)
    incident: SomeId | None = None
    event: SomeId | None = None
    begins_at: SentMoment
    ends_at: SentMoment
    reason: Text
    legal_basis: Text


class Hold(Sent):
    """A legal hold: who set it, why, on what ground, and who released it."""

    id: int
    camera_id: int
    code: str
    incident_id: int | None
    event_id: int | None
    begins_at: Moment
    ends_at: Moment
    reason: str
    legal_basis: str
    set_at: Moment
    set_by: str
    released_at: Moment | None
    released_by: str | None
    release_reason: str | None


class Holds(Sent):
    """Holds, newest first."""

    holds: list[Hold]


class Release(Asked):
    """Why a hold is no longer needed."""

    reason: Text


class NewExport(Asked):
    """Original bytes to be exported, on what legal ground."""

    cameras: Cameras
    begins_at: SentMoment
    ends_at: SentMoment
    incident: SomeId | None = None
    reason: Text
    legal_basis: Text


class Export(Sent):
    """An export: a signed archive of original bytes, and how far it is."""

    id: int
    asked_at: Moment
    asked_by: str
    incident_id: int | None
    reason: str
    legal_basis: str
    camera_ids: list[int]
    begins_at: Moment
    ends_at: Moment
    state: Literal["waiting", "building", "ready", "failed", "deleted"]
    why: str | None = Field(description="Why it failed: a code.", examples=["nothing_recorded"])
    bytes: int | None
    sha256: str | None
    key_id: str | None
    ready_at: Moment | None


class Exports(Sent):
    """Exports, newest first."""

    exports: list[Export]
