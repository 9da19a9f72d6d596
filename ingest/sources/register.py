"""What cameras can be read by, in order: a new reader is one file and one line here; a camera row names it."""

from collections.abc import Callable

from ingest.sources.drone import drone
from ingest.sources.hls import hls
from ingest.sources.mjpeg import mjpeg
from ingest.sources.pictures import pictures
from ingest.sources.rtsp import rtsp
from ingest.sources.source import Source, SourceError, SourceSettings
from ingest.sources.video_file import video_file

READERS: dict[str, Callable[[SourceSettings], Source]] = {
    "rtsp": rtsp,
    "mjpeg": mjpeg,
    "hls": hls,
    "drone": drone,
    "pictures": pictures,
    "video_file": video_file,
}


def open_source(reader: str, settings: SourceSettings) -> Source:
    """Make the source a camera row asks for; SourceError says in one sentence what is wrong with it."""
    if reader not in READERS:
        raise SourceError("no_reader", reader=reader, readers=", ".join(READERS))
    return READERS[reader](settings)
