"""The shapes of cameras around an incident."""

from pydantic import Field

from geo_server.api.models.base import Metres, Place, Sent, Title


class NearCamera(Sent):
    """A camera: how far it stands from the incident, where it looks, degrees clockwise from north, how it is."""

    id: int
    code: str
    name: Title
    place: Place
    distance_m: Metres
    heading_deg: float | None
    state: str = Field(examples=["live"])
    enabled: bool


class CamerasNear(Sent):
    """Cameras within so many metres, the nearest first."""

    radius_m: Metres
    cameras: list[NearCamera]
