"""A clip played as if it were a camera: paced by its own time stamps, in a loop, each frame dated by the wall clock."""

import os
import time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ingest.sources.decoded import Decoded
from ingest.sources.opening import opened, video_stream
from ingest.sources.source import Reading, Source, SourceError, SourceSettings, Stream

RATE = 25.0  # frames a second of a clip that does not say


def video_file(settings: SourceSettings) -> Source:
    """Make the reader of a clip within the home: `fetched/vtest.avi`, or `fetched/vtest.avi#t=20` to start at 20 s.

    (`#t=` as in W3C Media Fragments.) SourceError for a path that leads out of the home or a start that is no time.
    """
    path_of(settings)
    _start_s(settings.url)
    return Reading(settings, _Clip().read)


class _Clip:
    """Where in the clip the reader is: after a fault it starts again at the beginning, not at `#t`."""

    def __init__(self) -> None:
        self._first = True

    def read(self, reading: Reading) -> None:
        """Play the clip over and over."""
        path = path_of(reading.settings)
        if not path.is_file():
            raise SourceError("clip_missing", name=path.name)
        while not reading.stopping.is_set():
            start_s = _start_s(reading.settings.url) if self._first else 0.0
            self._first = False
            if not _play(reading, path, start_s) and not start_s:
                raise SourceError("clip_empty", name=path.name)


def _play(reading: Reading, path: Path, start_s: float) -> int:
    """Play once from `start_s` seconds, for as long as a frame stands at least; return how many came after it.

    Where the clip says no times, they follow from its rate.
    """
    settings, frames, at_s = reading.settings, 0, start_s
    with opened(str(path), protocols="file", timeout_s=settings.timeout_s) as container:
        began, due_s = time.monotonic() - start_s, start_s
        stream = video_stream(container)
        apart_s = 1 / float(stream.average_rate or RATE)
        for number, frame in enumerate(container.decode(stream)):
            at_s = number * apart_s if frame.time is None else frame.time
            if at_s < start_s:
                continue
            frames += 1
            if reading.stopping.wait(max(0.0, began + at_s - time.monotonic())):
                break
            if at_s < due_s:
                continue
            due_s = max(due_s + 1 / settings.fps, at_s)
            reading.stream = Stream(codec=stream.codec_context.name, width_px=frame.width, height_px=frame.height)
            reading.show(Decoded(frame))
        reading.stopping.wait(max(0.0, began + max(at_s + apart_s, start_s + 1 / settings.fps) - time.monotonic()))
    return frames


def path_of(settings: SourceSettings) -> Path:
    """Return the path of a clip within the home; SourceError where it leads out of it."""
    home = Path(os.path.abspath(settings.home))  # noqa: PTH100 - links inside the home may lead to a shared cache
    path = Path(os.path.normpath(home / unquote(urlsplit(settings.url).path)))
    if not path.is_relative_to(home) or urlsplit(settings.url).scheme:
        raise SourceError("clip_outside")
    return path


def _start_s(url: str) -> float:
    text = parse_qs(urlsplit(url).fragment).get("t", ["0"])[0]
    try:
        start_s = float(text)
    except ValueError:
        start_s = -1.0
    if not 0 <= start_s < 86_400:
        raise SourceError("clip_start", start=text)
    return start_s
