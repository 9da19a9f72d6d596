"""Cameras whose pictures are posted to the door (`POST /pictures?camera=CODE`)."""

from ingest.posted import take
from ingest.sources.mjpeg import show_jpeg
from ingest.sources.source import Reading, Source, SourceSettings

STALE_S = 60.0  # such cameras post a picture now and then


def pictures(settings: SourceSettings) -> Source:
    """Make the reader of what the door is sent for this camera; the row's address is not looked at."""
    return Reading(settings, _read, stale_s=STALE_S)


def _read(reading: Reading) -> None:
    settings = reading.settings
    while not reading.stopping.wait(1 / settings.fps):
        jpeg = take(settings.home, settings.camera_id)
        if jpeg is not None:
            show_jpeg(reading, jpeg)
