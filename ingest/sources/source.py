"""The one shape every video source has: a thread that reads by itself, and a mailbox where the latest frame wins."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from ingest.values import Frame

State = Literal["unknown", "live", "stale", "down"]
STALE_S = 5.0  # a camera without a frame for this long is no longer live


class SourceError(Exception):
    """A source cannot be opened or read; the text is one clear sentence without passwords."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """What a reader needs to know. `url` is hostile input; a file's path is taken within `home`."""

    camera_id: int
    url: str
    home: Path
    fps: float = 5.0  # frames a second handed on, at most
    timeout_s: float = 8.0
    backoff_s: tuple[float, float] = (1.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is: its state, why where it is not live, when its last frame came and frames a second.

    `skew_s` is how far its own clock runs ahead of ours; `reconnects` counts how often it was opened again.
    """

    state: State
    reason: str | None
    last_frame_at: datetime | None
    fps: float | None
    codec: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    reconnects: int = 0
    skew_s: float | None = None


class Source(Protocol):
    """A camera being read."""

    mailbox: "Mailbox"

    def start(self) -> None:
        """Start reading in a thread of its own."""
        ...

    def stop(self) -> None:
        """Stop reading and wait for the thread, a second at most."""
        ...

    def health(self) -> Health:
        """Say how it is now."""
        ...

    def set_active(self, active: bool) -> None:
        """Ask for every frame, or, while nothing moves, for as few as the source can give cheaply."""
        ...


class Mailbox:
    """Room for one frame: the latest wins, and what was not fetched in time is counted as dropped."""

    def __init__(self, on_frame: Callable[[], None] | None = None) -> None:
        """Take what to call, from the reader's thread, whenever a frame has come."""
        self.on_frame = on_frame
        self.dropped = 0
        self._frame: Frame | None = None
        self._lock = threading.Lock()

    @property
    def holds_frame(self) -> bool:
        """Say whether a frame waits to be fetched."""
        return self._frame is not None

    def put(self, frame: Frame) -> None:
        """Leave a frame, in place of one that nobody fetched."""
        with self._lock:
            self.dropped += self._frame is not None
            self._frame = frame
        if self.on_frame is not None:
            self.on_frame()

    def take(self) -> Frame | None:
        """Fetch the frame, once."""
        with self._lock:
            frame, self._frame = self._frame, None
        return frame


class Reading:
    """What every reader shares: the thread, reconnecting with backoff and jitter, and the watch on the last frame."""

    def __init__(self, settings: SourceSettings, read: Callable[["Reading"], None]) -> None:
        """Take the settings and the function that opens the source and hands on frames until it fails or ends."""
        self.settings = settings
        self.mailbox = Mailbox()
        self.active = threading.Event()
        self.stopping = threading.Event()
        self._read = read
        self._reason: str | None = None
        self._failed = False
        self._started_at = datetime.now(UTC)
        self._frame_at: datetime | None = None
        self._apart_s: float | None = None
        self._sequence = 0
        self._thread = threading.Thread(target=self._run, name=f"camera-{settings.camera_id}", daemon=True)

    def start(self) -> None:
        """Start reading in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and wait for the thread, a second at most: a socket may sleep out its own timeout."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def set_active(self, active: bool) -> None:
        """Ask for every frame, or for key frames alone where the source can do that."""
        (self.active.set if active else self.active.clear)()

    def hand_on(self, frame: Frame) -> None:
        """Put a frame into the mailbox and note that the source lives."""
        if self._frame_at is not None:
            passed_s = max((frame.at - self._frame_at).total_seconds(), 1e-3)
            self._apart_s = passed_s if self._apart_s is None else 0.9 * self._apart_s + 0.1 * passed_s
        self._frame_at, self._failed, self._reason = frame.at, False, None
        self.mailbox.put(frame)

    def next_sequence(self) -> int:
        """Return the number of the next frame of this source."""
        self._sequence += 1
        return self._sequence

    def health(self) -> Health:
        """Say how it is now: live, stale while it has gone silent, down when it failed or never answered."""
        last, now = self._frame_at, datetime.now(UTC)
        silent_s = (now - (last or self._started_at)).total_seconds()
        if not self._failed and last is not None and silent_s < STALE_S:
            fps = 1 / self._apart_s if self._apart_s else None
            return Health(state="live", reason=None, last_frame_at=last, fps=fps)
        if self._failed:
            return Health(state="down", reason=self._reason, last_frame_at=last, fps=None)
        if last is None and silent_s < self.settings.timeout_s:
            return Health(state="unknown", reason="The camera is being opened.", last_frame_at=None, fps=None)
        reason = f"The camera has sent no frame for {silent_s:.0f} s."
        return Health(state="stale" if last else "down", reason=reason, last_frame_at=last, fps=None)

    def _run(self) -> None:
        least_s, most_s = self.settings.backoff_s
        wait_s = least_s
        while not self.stopping.is_set():
            before = self._sequence
            try:
                self._read(self)
                self._reason = "The stream ended."
            except SourceError as error:
                self._reason = str(error)
            except Exception as error:  # noqa: BLE001 - one camera's surprise must not end its thread unseen
                self._reason = f"The camera could not be read ({type(error).__name__})."
            self._failed = True
            wait_s = least_s if self._sequence > before else min(wait_s * 2, most_s)
            self.stopping.wait(wait_s * random.uniform(0.5, 1.0))  # jitter: cameras of one switch come back apart
