"""Drones: video with a stream of MISB ST 0601 packets beside it, over RTSP, as MPEG-TS over UDP, or from a file."""

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from ingest.sources.datagrams import Datagrams, port_of
from ingest.sources.drone_pose import pose_of
from ingest.sources.following import follow
from ingest.sources.klv import KlvError, numbers
from ingest.sources.opening import CODECS, QUICKLY, opened
from ingest.sources.pace import Pace
from ingest.sources.rtsp import SCHEMES, check, read_rtsp
from ingest.sources.source import Reading, Source, SourceError, SourceSettings
from ingest.sources.video_file import path_of
from ingest.values import FramePose

OLDEST_S = 5.0  # a pose older than this is none: the drone has flown on


def drone(settings: SourceSettings) -> Source:
    """Make the reader of `rtsp://host/name`, `udp://:port`, `udp://group:port` or a path of MPEG-TS within the home."""
    scheme = urlsplit(settings.url).scheme
    if scheme in SCHEMES:
        check(settings)
        return Reading(settings, partial(read_rtsp, then=_follow))
    if scheme == "udp":
        port_of(settings.url)
        return Reading(settings, _read_udp)
    path_of(settings)
    return Reading(settings, _read_file)


def _read_udp(reading: Reading) -> None:
    settings = reading.settings
    with Datagrams(settings.url, settings.networks, settings.timeout_s) as coming:
        options = {"codec_whitelist": CODECS, **QUICKLY}
        asked: dict[str, Any] = {"timeout_s": settings.timeout_s, "options": options, "kind": "mpegts"}
        with opened(coming, protocols="", who=settings.url, **asked) as container:
            _follow(reading, container)


def _read_file(reading: Reading) -> None:
    path = path_of(reading.settings)
    if not path.is_file():
        raise SourceError("clip_missing", name=path.name)
    options = {"codec_whitelist": CODECS}
    with opened(str(path), protocols="file", timeout_s=reading.settings.timeout_s, options=options) as container:
        _follow(reading, container, Pace(reading.stopping))


def _follow(reading: Reading, container: InputContainer, pace: Pace | None = None) -> None:
    told = _Told()
    paced = pace.wait if pace else lambda _: None
    follow(reading, container, paced=paced, pose=told.pose, packets=told.packets)


class _Told:
    """What the packets beside the video have told last."""

    def __init__(self) -> None:
        self._pose: FramePose | None = None
        self._at_s = float("-inf")

    def pose(self) -> FramePose | None:
        """Return the last pose, while it is fresh."""
        return self._pose if time.monotonic() - self._at_s < OLDEST_S else None

    def packets(self, container: InputContainer, video: VideoStream) -> "Iterator[Packet[Any]]":
        """Return the packets of the video; those beside it are taken in on the way."""
        beside = [stream for stream in container.streams.data if _is_klv(stream)]
        for packet in container.demux(video, *beside):
            if packet.stream is video or packet.stream.index == video.index:
                yield packet
            else:
                self._take(bytes(packet))

    def _take(self, packet: bytes) -> None:
        with suppress(KlvError):  # a packet that is not true says nothing: the last pose grows old
            pose = pose_of(numbers(packet))
            if pose is not None:
                self._pose, self._at_s = pose, time.monotonic()


def _is_klv(stream: Any) -> bool:
    """Say whether a data stream may hold packets; FFmpeg names only those whose descriptor says so."""
    return stream.codec_context is None or stream.codec_context.name in ("klv", "bin_data", "")
