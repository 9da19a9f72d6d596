"""The shapes of cameras around a place, and of turning one."""

from pydantic import Field

from geo_server.api.models.base import Metres, Place, Sent, Title
from layers.cameras.sight import Sight


class NearCamera(Sent):
    """A camera near a place: how far, where it looks, degrees clockwise from north, how it is, and what it sees of it.

    `sight`: it sees the place; it would, turned there (`preset`, or straight at it where that is null); nobody told
    where it looks; the place is below its picture, out of its view, or beyond its range; a building stands between,
    `blocked_m` metres from the camera. `px_per_m`: pixels of its picture to a metre across, there.
    """

    id: int
    code: str
    name: Title
    kind: str = Field(examples=["ptz"])
    place: Place
    distance_m: Metres
    heading_deg: float | None
    state: str = Field(examples=["live"])
    enabled: bool
    moving: bool
    sight: Sight
    px_per_m: float | None
    preset: str | None
    blocked_m: float | None


class CamerasNear(Sent):
    """Cameras within so many metres; who sees the place best first."""

    radius_m: Metres
    cameras: list[NearCamera]


class CamerasSeeing(Sent):
    """The cameras whose range reaches a place; who sees it best first, and of the others why they do not."""

    cameras: list[NearCamera]
