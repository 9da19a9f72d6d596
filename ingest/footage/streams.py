"""Opening a camera's main stream to take its packets as they come, a few at a time, clips in their own pace."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from av.container import InputContainer
from av.video.stream import VideoStream

from ingest.footage.fragments import Coded, NotFootage
from ingest.sources.opening import opened
from ingest.sources.register import open_source
from ingest.sources.rtsp import connected
from ingest.sources.source import Reading, SourceError, SourceSettings
from ingest.sources.video_file import path_of

PROMPT = {"fflags": "nobuffer", "flags": "low_delay", "max_delay": "0", "analyzeduration": "0", "probesize": "50000"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Packets:
    """An opened stream and its packets."""

    stream: VideoStream
    each: Iterator[Coded]


@contextmanager
def packets(reader: str, reading: Reading) -> Iterator[Packets]:
    """Open the stream of a camera row for as long as the block lasts; SourceError in one sentence where it cannot be.

    NotFootage for a reader whose camera sends no stream of packets.
    """
    open_source(reader, reading.settings)  # refuses addresses that are not allowed before anything is opened
    if reader not in _OPENERS:
        raise NotFootage("The camera sends no coded stream: it can be watched picture by picture alone.")
    with ExitStack() as stack:
        container = stack.enter_context(_OPENERS[reader](reading.settings))
        if not container.streams.video:
            raise SourceError("What is there holds no video.")
        stream = container.streams.video[0]
        taken = container.demux(stream)
        yield Packets(stream=stream, each=_paced(taken, reading) if reader == "video_file" else taken)


def _rtsp(settings: SourceSettings) -> AbstractContextManager[InputContainer]:
    return connected(settings, PROMPT)


@contextmanager
def _clip(settings: SourceSettings) -> Iterator[InputContainer]:
    path = path_of(settings)
    if not path.is_file():
        raise SourceError(f"The clip {path.name} is not there.")
    with opened(str(path), protocols="file", timeout_s=settings.timeout_s) as container:
        yield container


def _paced(taken: Iterator[Coded], reading: Reading) -> Iterator[Coded]:
    """Hold each packet of a clip back until its time."""
    began: float | None = None
    for packet in taken:
        if packet.dts is not None and packet.time_base is not None:
            at_s = float(packet.dts * packet.time_base)
            began = time.monotonic() - at_s if began is None else began
            reading.stopping.wait(max(0.0, began + at_s - time.monotonic()))
        yield packet


_OPENERS: dict[str, Callable[[SourceSettings], AbstractContextManager[InputContainer]]] = {
    "rtsp": _rtsp,
    "video_file": _clip,
}
