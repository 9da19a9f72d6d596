"""The shapes of turning a camera."""

from typing import Annotated, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, AskedPlace, Moment, Sent, SomeId, Title, Word

_Speed = Annotated[float, Field(ge=-1, le=1, description="Of the camera's top speed; right, up and in are positive.")]


class LookAt(Asked):
    """Look at a place on the ground."""

    kind: Literal["look_at"]
    place: AskedPlace


class GoToPreset(Asked):
    """Return to a view that the camera knows."""

    kind: Literal["preset"]
    token: Word


class Move(Asked):
    """Move at these speeds until another command, or for a second and a half: ask again while it is to go on."""

    kind: Literal["move"]
    pan: _Speed = 0.0
    tilt: _Speed = 0.0
    zoom: _Speed = 0.0


class Stop(Asked):
    """Stand still."""

    kind: Literal["stop"]


class Turn(Asked):
    """One command; the newest counts."""

    command: Annotated[LookAt | GoToPreset | Move | Stop, Field(discriminator="kind")]


class Preset(Sent):
    """A view that a camera returns to; degrees clockwise from north."""

    token: str
    name: Title
    heading_deg: float | None


class Holder(Sent):
    """Who holds a camera, and until when; `mine` where it is who asks, `yours` where they may take it over."""

    account: str
    until: Moment
    mine: bool
    yours: bool


class Command(Sent):
    """The newest command and what came of it; `code` says why it failed."""

    id: SomeId
    kind: str = Field(examples=["look_at"])
    asked_by: str
    asked_at: Moment
    outcome: str | None = Field(examples=["done"])
    code: str | None


class Ptz(Sent):
    """How a PTZ camera stands: at which preset, or moving; who holds it; what was asked of it last.

    `own`: it stands in an area that who asks answers for; who sees it by a grant alone does not turn it.
    """

    id: int
    code: str
    name: Title
    state: str = Field(examples=["live"])
    preset: str | None
    moving: bool
    own: bool
    presets: list[Preset]
    holder: Holder | None
    command: Command | None
