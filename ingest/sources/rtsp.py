"""Cameras over RTSP: read over TCP, reconnected by themselves, key frames only while nothing moves."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from ingest.sources.decoded import Decoded
from ingest.sources.opening import opened, video_stream
from ingest.sources.source import Reading, Source, SourceError, SourceSettings
from ingest.values import Frame

PROTOCOLS = {"rtsp": "rtsp,rtp,tcp,udp", "rtsps": "rtsp,rtp,tcp,udp,tls"}


def rtsp(settings: SourceSettings) -> Source:
    """Make the reader of `rtsp://` or `rtsps://`. SourceError for any other address."""
    try:
        parts = urlsplit(settings.url)
        usable = parts.scheme in PROTOCOLS and parts.hostname and parts.port != 0 and settings.url.isprintable()
    except ValueError:  # a port that is none, half an IPv6 address
        usable = False
    if not usable:
        raise SourceError("The camera's address is not of the form rtsp://host/name.")
    return Reading(settings, _read)


def _read(reading: Reading) -> None:
    settings = reading.settings
    options = {"rtsp_transport": "tcp", "fflags": "nobuffer", "max_delay": "500000"}
    protocols = PROTOCOLS[urlsplit(settings.url).scheme]
    with opened(settings.url, protocols=protocols, timeout_s=settings.timeout_s, options=options) as container:
        whole, due = False, 0.0
        for packet in container.demux(video_stream(container)):
            if reading.stopping.is_set():
                return
            # A decoder must enter and leave on a key frame: between two it needs every packet.
            whole = reading.active.is_set() if packet.is_keyframe else whole
            if not (whole or packet.is_keyframe):
                continue
            for decoded in packet.decode():
                now = datetime.now(UTC)
                if now.timestamp() < due:
                    continue
                due = max(due + 1 / settings.fps, now.timestamp() - 1 / settings.fps)
                number = reading.next_sequence()
                seen = Decoded(decoded)
                reading.hand_on(Frame(picture=seen, at=now, camera_id=settings.camera_id, sequence=number))
