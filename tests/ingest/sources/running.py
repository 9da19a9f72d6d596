"""What the tests of readers share: settings, a running source, waiting for what it does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.sources.register import open_source
from ingest.sources.source import Source, SourceSettings
from ingest.values import Frame


def settings(home: Path, url: str, **other: Any) -> SourceSettings:
    return SourceSettings(**{"camera_id": 7, "url": url, "home": home, "backoff_s": (0.1, 0.2), **other})


@contextmanager
def running(source: Source) -> Iterator[Source]:
    source.start()
    try:
        yield source
    finally:
        source.stop()


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.02)


def frames(source: Source, count: int) -> list[Frame]:
    found: list[Frame] = []
    came = threading.Event()
    source.mailbox.on_frame = came.set
    deadline = time.monotonic() + 30
    while len(found) < count:
        assert time.monotonic() < deadline, f"only {len(found)} frames came; {source.health().reason}"
        came.wait(1)
        came.clear()
        frame = source.mailbox.take()
        if frame is not None:
            found.append(frame)
    return found


@contextmanager
def reads(reader: str, home: Path, url: str, **other: Any) -> Iterator[Source]:
    with running(open_source(reader, settings(home, url, **other))) as source:
        yield source
