"""How a camera looked when it was last watched: what its picture is held against after the program was started anew."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """A small grey picture, PNG, and how far it lies from the view that the camera is held to, its own pixels.

    `stream` stands for the stream that it came by: another one shows another picture.
    """

    at: datetime
    stream: str
    png: bytes
    dx: float
    dy: float
