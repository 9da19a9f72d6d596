"""The shapes of how cameras fare."""

from typing import Annotated

from pydantic import Field

from geo_server.api.models.base import Moment, Seconds, Sent, Title

__all__ = ["CameraFaring", "Counters", "Reason", "RecordingFaring", "Title", "Totals", "VideoHealth"]

Milliseconds = Annotated[float, Field(ge=0, description="milliseconds")]


class Counters(Sent):
    """Since its shard took the camera: frames looked at, frames replaced unseen, searches for objects, faults.

    `active`: every frame is decoded, not key frames alone. `gate_ms` and `detector_ms` are smoothed. `skew_s`: how far
    the camera's own clock runs ahead.
    """

    at: Moment
    shard: str
    active: bool
    frames: int
    dropped: int
    detections: int
    faults: int
    reconnects: int
    gate_ms: Milliseconds | None
    detector_ms: Milliseconds | None
    skew_s: float | None
    codec: str | None
    width_px: int | None
    height_px: int | None


class Reason(Sent):
    """Why a camera is in its state: a code of data/camera_reasons.json, and its sentence."""

    code: str = Field(examples=["no_answer"])
    message: Title


class RecordingFaring(Sent):
    """Whether a camera that is to be recorded is: what hinders it stands in `reason`, null where nothing does.

    `recording`: to files; `ring`: what events ask for is kept; `waiting`, `failing`: not; `unknown`: nobody tells.
    """

    record: str = Field(examples=["continuous"])
    state: str = Field(examples=["recording"])
    reason: Reason | None


class CameraFaring(Sent):
    """A camera: its state, what is wrong with it, frames a second, the age of its last frame."""

    id: int
    code: str
    name: Title
    kind: str = Field(examples=["ptz"])
    enabled: bool
    life_safety: bool = Field(description="never idle: every frame is looked at")
    state: str = Field(examples=["live"])
    reasons: list[Reason]
    fps: float | None
    frame_age_s: Seconds | None
    onvif_fault: str | None = Field(
        examples=["certificate_changed"], description="Why its ONVIF does not answer as it should; null where it does."
    )
    recording: RecordingFaring | None = Field(description="null where it is not to be recorded.")
    counters: Counters | None


class Totals(Sent):
    """How many cameras there are, how many are switched off, and of the others how many are in each state."""

    cameras: int
    off: int
    live: int
    stale: int
    down: int
    unknown: int
    not_recorded: int = Field(description="are to be recorded and are not, or nobody knows")
    active: int
    dropped: int
    faults: int


class VideoHealth(Sent):
    """How the cameras in sight fare now."""

    at: Moment
    totals: Totals
    cameras: list[CameraFaring]
