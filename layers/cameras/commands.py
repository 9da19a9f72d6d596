"""What people ask of a PTZ camera, and who holds it: the values that both wings hand on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from layers.values import LonLat, Title

Kind = Literal["look_at", "preset", "move", "stop"]
Outcome = Literal["done", "failed", "replaced", "expired"]
CHANNEL = "qyran_camera"  # the bell of commands alone: nobody wakes for it but who turns cameras


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A camera is somebody's until then (UTC); `rank` as `geo_server.operations.ptz` has it."""

    account_id: int
    account: str
    session_id: int | None
    rank: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommand:
    """One command. `look_at`: lon, lat; `preset`: token; `move`: pan, tilt and zoom from -1 to 1, seconds."""

    camera_id: int
    kind: Kind
    asked_by: str
    asked_rank: int
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTold:
    """A command and what came of it; `code` says why it failed."""

    id: int
    kind: Kind
    asked_by: str
    asked_at: datetime
    outcome: Outcome | None
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A view that a PTZ camera returns to; where it looks in degrees, its own position in the camera's units."""

    token: str
    name: Title
    heading_deg: float | None = None
    tilt_deg: float | None = None
    hfov_deg: float | None = None
    pan: float | None = None
    tilt: float | None = None
    zoom: float | None = None
    broken: bool = False  # it was saved anew elsewhere, or the camera was shifted: where it looked, it looks no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnable:
    """A camera as those who turn it see it; `own` where it stands in the area they answer for or below it.

    Metres above the ground, and how far it is of use.
    """

    id: int
    code: str
    name: Title
    kind: str
    preset: str | None
    moving: bool
    state: str
    height_m: float | None
    range_m: float
    place: LonLat
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A command that was taken, with what is known of its camera: metres, degrees, the address of its ONVIF."""

    id: int
    camera_id: int
    code: str
    kind: Kind
    args: dict[str, Any]
    onvif_url: str | None
    onvif_profile: str | None
    onvif_pin: str | None
    place: LonLat
    height_m: float | None
    heading_deg: float | None
    range_m: float
