"""The shapes of functions, of a camera with its rules, and of what is asked of them."""

from dataclasses import dataclass, fields
from typing import Any, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, Place, Sent, Title
from layers.cameras.detail_queries import CameraDetail, CameraFacts

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


@dataclass(frozen=True, kw_only=True)
class Camera(CameraFacts):
    """A camera: how it hangs (metres, degrees), its frame (pixels), how it is, its rules and masks.

    Where its stream is and what opens it is told nobody.
    """

    name: Title
    place: Place
    rules_version: str = Field(description="Of its rules and masks: say it when they are given anew.")


def camera_of(found: CameraDetail) -> Camera:
    """Return a camera as it is answered."""
    name, place = Title.model_validate(found.name), Place.model_validate(found.place)
    facts = {one.name: getattr(found, one.name) for one in fields(CameraFacts)}
    return Camera(name=name, place=place, rules_version=found.rules_version, **facts)


class GiveRules(Asked):
    """What a camera is to look for, all its rules anew; without `masks` its masks stay."""

    rules: list[dict[str, Any]] = Field(max_length=MOST)
    masks: list[dict[str, Any]] | None = Field(default=None, max_length=MOST)
    based_on: str | None = Field(
        default=None,
        max_length=64,
        description="The `rules_version` that they were made from; where it is another by now they are refused.",
    )
