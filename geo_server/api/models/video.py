"""The shapes of tickets for video."""

from typing import Literal

from pydantic import Field

from geo_server.api.models.base import Asked, Sent


class AskedTicket(Asked):
    """How a window can show a camera: `live`, fragments of MP4 by websocket; `mjpeg`, picture by picture."""

    kind: Literal["live", "mjpeg"] = "live"


class VideoTicket(Sent):
    """A ticket for `address`/live (websocket) or `address`/mjpeg, by `kind`: good once, for so many seconds."""

    ticket: str
    address: str = Field(examples=["http://127.0.0.1:5056"])
    kind: Literal["live", "mjpeg", "playback", "export"]
    masked: bool = Field(description="The camera's privacy masks are burnt into what is shown.")
    watermark: str = Field(description="Who watches: drawn over the picture beside the time, or burnt into it.")
    lasts_s: int
