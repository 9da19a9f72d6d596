"""The one shape every video source has: a thread that reads by itself, and a mailbox where the latest frame wins."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from ingest.sources.networks import Networks
from ingest.values import Frame, FramePose, Picture
from layers.cameras.reasons import Detail, Reason, in_english, message
from layers.values import LonLat

State = Literal["unknown", "live", "stale", "down"]
STALE_S = 5.0  # a camera without a frame for this long is no longer live
LIES_S, LIES_SHARE = 5.0, 0.001  # a stream's clock that is further off, and by more than quartz drifts, lies
SPARSE_S = 60.0  # so long a key frame may be waited for, while others keep coming


class SourceError(Exception):
    """A source cannot be opened or read; the text is the English sentence of its reason, without passwords."""

    def __init__(self, code: str, **details: Detail) -> None:
        """Take a code of data/camera_reasons.json and what stands in its sentence's gaps."""
        self.reason = Reason(code, details)
        super().__init__(message(self.reason).en)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """What a reader needs to know. `url` is hostile input; a file's path is taken within `home`."""

    camera_id: int
    url: str
    home: Path
    transport: str = "tcp"  # of RTSP: tcp or udp
    fps: float = 5.0  # frames a second handed on, at most
    timeout_s: float = 8.0
    prompt: bool = False  # somebody watches: what comes is handed on at once, not gathered for 50 ms
    backoff_s: tuple[float, float] = (1.0, 30.0)
    networks: Networks = field(default_factory=Networks.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is: its state, why where it is not live, when its last frame came and frames a second.

    `skew_s`: by how much its own clock has run ahead of ours (behind: negative) since it was opened. None: not told.
    `reconnects` counts how often it was opened again.
    """

    state: State
    why: tuple[Reason, ...]
    last_frame_at: datetime | None
    fps: float | None
    codec: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    reconnects: int = 0
    skew_s: float | None = None
    place: LonLat | None = None  # where it is now, of a camera that moves and says so

    @property
    def reason(self) -> str | None:
        """Return why in English; None where there is nothing to say."""
        return in_english(self.why)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What a source sends: the name of the codec, and the size of its pictures in pixels."""

    codec: str
    width_px: int
    height_px: int


class Reading:
    """What every reader shares: the thread, reconnecting with backoff and jitter, and the watch on the last frame."""

    def __init__(
        self, settings: SourceSettings, read: Callable[["Reading"], None], *, stale_s: float = STALE_S
    ) -> None:
        """Take the settings and the function that opens the source and hands on frames until it fails or ends.

        `stale_s`: after so long without a frame it is no longer live.
        """
        self.settings = settings
        self.mailbox = Mailbox()
        self.active = threading.Event()
        self.stopping = threading.Event()
        self.stream: Stream | None = None
        self._read = read
        self._reason: Reason | None = None
        self._failed = self._shows = self._begun = False
        self._stale_s = stale_s
        self._shown_s = self._opened_s = time.monotonic()  # of the last frame; before it, of the start
        self._frame_at: datetime | None = None
        self._heard_s = float("-inf")  # time.monotonic() of the last sign of life
        self._seen_s = time.monotonic()  # and of the last frame, or of when it was opened
        self._due_s = float("-inf")
        self._apart_s: float | None = None
        self._ahead_s: tuple[float, float] | None = None
        self._pose: FramePose | None = None
        self._reconnects = self._sequence = 0
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

    def begins(self) -> None:
        """Note that a stream has been opened: its clock counts from here and, where it is the first, its silence."""
        self._opened_s = time.monotonic()
        self._seen_s = self._seen_s if self._begun else self._opened_s
        self._begun, self._shows, self._ahead_s, self._apart_s = True, False, None, None

    def heard(self) -> None:
        """Note that the source sends, be it no picture. SourceError where no picture has come for too long."""
        self._heard_s = time.monotonic()
        if self._heard_s - self._seen_s > SPARSE_S:
            raise SourceError("no_picture", seconds=SPARSE_S)

    def is_due(self, idle_fps: float | None = None) -> bool:
        """Say whether the next frame may be handed on now: no more come a second than the settings allow.

        `idle_fps` is how many are enough while nothing moves, of a source that has no key frames.
        """
        fps = self.settings.fps if idle_fps is None or self.active.is_set() else min(idle_fps, self.settings.fps)
        now, apart = time.monotonic(), 1 / fps
        if now < self._due_s:
            return False
        self._due_s = max(self._due_s, now - apart / 2) + apart
        return True

    def timed(self, stream_s: float | None) -> None:
        """Compare the time that the stream gives itself with the clock: frames are dated by the clock alone."""
        if stream_s is not None:
            ahead_s = stream_s - time.monotonic()
            self._ahead_s = (self._ahead_s[0] if self._ahead_s else ahead_s), ahead_s

    def show(self, picture: Picture, pose: FramePose | None = None) -> None:
        """Hand on a picture taken now: put it into the mailbox and note that the source lives."""
        self._pose = pose
        now, camera_id = datetime.now(UTC), self.settings.camera_id
        self.lives(now)
        self.mailbox.put(Frame(picture=picture, at=now, camera_id=camera_id, sequence=self._sequence, pose=pose))

    def lives(self, at: datetime) -> None:
        """Note that a frame came at a time: what health tells of."""
        now = time.monotonic()
        passed_s = max(now - self._shown_s, 1e-3)
        if self._shows:
            self._apart_s = passed_s if self._apart_s is None else 0.9 * self._apart_s + 0.1 * passed_s
        self._sequence, self._shows = self._sequence + 1, True
        self._seen_s = self._heard_s = self._shown_s = now
        self._frame_at, self._failed, self._reason = at, False, None

    def health(self) -> Health:
        """Say how it is now: live, stale while it has gone silent, down when it failed or never answered."""
        last, stream, ahead, pose = self._frame_at, self.stream, self._ahead_s, self._pose
        state, why = self._state(last)
        return Health(
            state=state,
            why=tuple(filter(None, (why, self._lie() if state == "live" else None))),
            last_frame_at=last,
            fps=1 / self._apart_s if state == "live" and self._apart_s else None,
            codec=stream.codec if stream else None,
            width_px=stream.width_px if stream else None,
            height_px=stream.height_px if stream else None,
            reconnects=self._reconnects,
            skew_s=round(ahead[1] - ahead[0], 1) if ahead else None,
            place=pose.place if pose and state == "live" else None,
        )

    def _state(self, last: datetime | None) -> tuple[State, Reason | None]:
        now = time.monotonic()
        silent_s, quiet_s = now - self._shown_s, now - self._heard_s
        if not self._failed and last is not None and min(silent_s, quiet_s) < self._stale_s:
            return "live", None
        if self._failed:
            return "down", self._reason
        if last is None and silent_s < self.settings.timeout_s:
            return "unknown", Reason("opening")
        return "stale" if last else "down", Reason("silent", {"seconds": round(silent_s)})

    def _lie(self) -> Reason | None:
        off_s = self._ahead_s[1] - self._ahead_s[0] if self._ahead_s else 0.0
        most_s = max(LIES_S, LIES_SHARE * (time.monotonic() - self._opened_s))
        return Reason("clock", {"seconds": round(off_s)}) if abs(off_s) > most_s else None

    def _run(self) -> None:
        least_s, most_s = self.settings.backoff_s
        wait_s = least_s
        self.stopping.wait(least_s * random.uniform(0.0, 0.25))  # jitter: cameras of one switch come apart
        while not self.stopping.is_set():
            before = self._sequence
            self._try_to_read()
            self._failed = True
            self._reconnects += 1
            wait_s = least_s if self._sequence > before else min(wait_s * 2, most_s)
            self.stopping.wait(wait_s * random.uniform(0.5, 1.0))

    def _try_to_read(self) -> None:
        self._begun = False
        self.begins()
        self._begun = False  # what waits for its turn to be opened is not silent
        before = self._sequence
        try:
            self._read(self)
            self._reason = Reason("ended" if self._sequence > before else "ended_empty")
        except SourceError as error:
            self._reason = error.reason
        except Exception as error:  # noqa: BLE001 - one camera's surprise must not end its thread unseen
            self._reason = Reason("surprise", {"error": type(error).__name__})
