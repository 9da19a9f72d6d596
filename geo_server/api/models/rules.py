"""The shapes of functions, of a camera with its rules, and of what is asked of them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, Place, Sent, Title

MOST = 64  # rules, and masks, of one camera


class Card(Sent):
    """What a function needs and misses, the norm it follows, and its figures as they were measured."""

    needs: Title
    misses: Title
    norm: str | None = Field(examples=["Almaty 213, art. 13.1"])
    measured: list[dict[str, Any]] = Field(
        description="One for each kind of clip: `on`, of `n` things to tell the share told (`recall`), how late"
        " (`delay_p95_s`), `false_alarms_per_camera_day` and what that is at most (95 %), on how many `seconds`."
    )


class Function(Sent):
    """A function of cameras; its name is the kind of its events, `settings` the JSON schema of its settings."""

    name: str = Field(examples=["line_crossing"])
    title: Title
    looks: Literal["tracks", "picture", "both"]
    unblinking: bool = Field(description="Whether it keeps its camera from falling idle.")
    category: str | None = Field(description="Of the incident that its event opens.")
    onvif: str | None = Field(description="The ONVIF topic of the same meaning.")
    settings: dict[str, Any]
    card: Card | None


class Functions(Sent):
    """All functions, and the JSON schemas of a rule and of a mask."""

    rule: dict[str, Any]
    mask: dict[str, Any]
    functions: list[Function]


class Camera(Sent):
    """A camera: how it hangs (metres, degrees), its frame (pixels), how it is, its rules and masks.

    Where its stream is and what opens it is told nobody.
    """

    id: int
    code: str
    name: Title
    place: Place
    kind: str = Field(examples=["fixed"])
    enabled: bool
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    width_px: int | None
    height_px: int | None
    fps_limit: float
    life_safety: bool
    range_m: float
    calibration: str = Field(examples=["good"])
    calibration_error_m: float | None
    preset: str | None
    moving: bool
    record: str = Field(examples=["none"])
    retention: str = Field(examples=["public"])
    state: str = Field(examples=["live"])
    state_at: datetime | None
    state_reason: str | None
    last_frame_at: datetime | None
    fps: float | None
    rules: list[Any]
    masks: list[Any]
    rules_version: str = Field(description="Of its rules and masks: say it when they are given anew.")


class GiveRules(Asked):
    """What a camera is to look for, all its rules anew; without `masks` its masks stay."""

    rules: list[dict[str, Any]] = Field(max_length=MOST)
    masks: list[dict[str, Any]] | None = Field(default=None, max_length=MOST)
    based_on: str | None = Field(
        default=None,
        max_length=64,
        description="The `rules_version` that they were made from; where it is another by now they are refused.",
    )
