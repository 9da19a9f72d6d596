"""Reading a camera's main stream packet by packet, as they come; clips in their own pace."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from av.container import InputContainer
from av.video.stream import VideoStream

from ingest.footage.fragments import Coded, NotFootage
from ingest.sources.opening import opened
from ingest.sources.register import open_source
from ingest.sources.rtsp import connected
from ingest.sources.source import Reading, SourceError
from ingest.sources.video_file import path_of

PROMPT = {"flags": "low_delay", "max_delay": "0", "analyzeduration": "0", "probesize": "50000"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Packets:
    """An opened stream and its packets."""

    stream: VideoStream
    each: Iterator[Coded]


Then = Callable[[Packets], None]


def read(reader: str, reading: Reading, then: Then) -> None:
    """Open the stream of a camera row and let `then` take its packets; SourceError in one sentence where it cannot be.

    NotFootage for a reader whose camera sends no stream of packets.
    """
    open_source(reader, reading.settings)  # refuses addresses that are not allowed before anything is opened
    if reader not in _READ:
        raise NotFootage("no_packets")
    _READ[reader](reading, then)


def _read_rtsp(reading: Reading, then: Then) -> None:
    with connected(reading.settings, PROMPT) as container:
        then(_packets(container))


def _read_clip(reading: Reading, then: Then) -> None:
    """Play a clip round and round."""
    path = path_of(reading.settings)
    if not path.is_file():
        raise SourceError("clip_missing", name=path.name)
    while not reading.stopping.is_set():
        with opened(str(path), protocols="file", timeout_s=reading.settings.timeout_s) as container:
            if not _played(_packets(container), reading, then):
                raise SourceError("clip_empty", name=path.name)


def _played(found: Packets, reading: Reading, then: Then) -> int:
    """Let a clip be taken once; return how many packets it held."""
    count = 0

    def counted() -> Iterator[Coded]:
        nonlocal count
        for packet in _paced(found.each, reading):
            count += packet.size > 0
            yield packet

    then(Packets(stream=found.stream, each=counted()))
    return count


def _packets(container: InputContainer) -> Packets:
    if not container.streams.video:
        raise SourceError("holds_no_video")
    stream = container.streams.video[0]
    return Packets(stream=stream, each=container.demux(stream))


def _paced(taken: Iterator[Coded], reading: Reading) -> Iterator[Coded]:
    """Hold each packet of a clip back until its time."""
    began: float | None = None
    for packet in taken:
        if packet.dts is not None and packet.time_base is not None:
            at_s = float(packet.dts * packet.time_base)
            began = time.monotonic() - at_s if began is None else began
            reading.stopping.wait(max(0.0, began + at_s - time.monotonic()))
        yield packet


_READ: dict[str, Callable[[Reading, Then], None]] = {"rtsp": _read_rtsp, "video_file": _read_clip}
