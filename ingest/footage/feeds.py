"""One feed a camera: its main stream is read once and handed to everybody who watches or records it."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import structlog

from ingest.footage.fragments import Footage, Fragment, Fragmenter, Init, NotFootage
from ingest.footage.streams import Packets, read
from ingest.footage.subscription import Subscription
from ingest.sources.source import Health, Reading, SourceSettings
from layers.cameras.queries import CameraRow

log = structlog.get_logger()

LINGER_S = 10.0  # a stream nobody asks for is held so long: who comes back at once sees a picture at once
MOST_GROUP = 16 * 1024 * 1024  # bytes kept from the last key frame on
MOST_WAITING = 8 * 1024 * 1024  # bytes a viewer may be behind


class NoCamera(Exception):
    """There is no such camera, or it is switched off."""


class Feed:
    """The main stream of one camera: open while somebody subscribes, and a little longer."""

    def __init__(self, row: CameraRow, home: Path) -> None:
        """Take the camera's row and the home clips lie in; nothing is opened yet."""
        self.row, self.home = row, home
        self.pictures_only: str | None = None  # why no fragments can be made of it
        self._born_s, self._ends_s, self._take, self._sequence = time.monotonic(), 0.0, 0, 0
        self._init: Init | None = None
        self._group: list[Fragment] = []  # from the last key frame on
        self._group_bytes = 0
        self._subscriptions: list[Subscription] = []
        self._left_s = time.monotonic()
        self._reading: Reading | None = None
        self._lock = threading.Lock()

    def subscribe(self, wake: Callable[[], None] = lambda: None, *, most_bytes: int = MOST_WAITING) -> Subscription:
        """Open the stream if it is not open; the subscription begins with the last key frame, if there is one."""
        made = Subscription(self, wake, most_bytes)
        with self._lock:
            for fragment in self._group:
                if self._init is not None:
                    made.offer(self._init, fragment)
            self._subscriptions.append(made)
            if self._reading is None:
                self._open()
        return made

    def leave(self, subscription: Subscription) -> None:
        """Take a subscription back; the stream stays open for `LINGER_S` seconds."""
        with self._lock, suppress(ValueError):
            self._subscriptions.remove(subscription)
            self._left_s = time.monotonic()

    def change(self, row: CameraRow) -> None:
        """Go on with another row of the same camera: where the stream is open it is opened anew."""
        with self._lock:
            self.row = row
            old, self._reading = self._reading, None
            if old is not None:
                self._open()
        if old is not None:
            old.stop()

    def sweep(self, linger_s: float = LINGER_S) -> None:
        """Close the stream that nobody has wanted for `linger_s` seconds."""
        with self._lock:  # looked and closed at once: who comes between would have a feed that nobody opens any more
            idle = not self._subscriptions and time.monotonic() - self._left_s >= linger_s
            old = self._closed() if idle else None
        if old is not None:
            old.stop()

    def stop(self) -> None:
        """Close the stream and wait for its thread, a second at most."""
        old = self.halt()
        if old is not None:
            old.stop()

    def halt(self) -> Reading | None:
        """Close the stream without waiting for its thread; return that, None where it was not open."""
        with self._lock:
            old = self._closed()
        if old is not None:
            old.stopping.set()
        return old

    def _closed(self) -> Reading | None:
        old, self._reading = self._reading, None
        self._group, self._init = [], None
        return old

    @property
    def watched(self) -> int:
        """Return how many subscribe."""
        return len(self._subscriptions)

    def health(self) -> Health | None:
        """Say how the stream is; None while it is not open."""
        reading = self._reading
        return reading.health() if reading else None

    def _open(self) -> None:
        url = self.row.main_url or self.row.url
        transport, self.pictures_only = self.row.transport, None  # what it was before says nothing of what it is
        told = SourceSettings(camera_id=self.row.id, url=url, home=self.home, transport=transport, prompt=True)
        self._reading = Reading(told, self._read)
        self._reading.start()

    def _read(self, reading: Reading) -> None:
        try:
            read(self.row.reader, reading, partial(self._take_over, reading))
        except NotFootage as why:
            self.pictures_only = str(why)
            raise

    def _take_over(self, reading: Reading, found: Packets) -> None:
        """Make footage of an opened stream until it ends or is not wanted any more: a take, or more of them."""
        begins_s = max(self._ends_s, time.monotonic() - self._born_s)
        made = Fragmenter(found.stream, take=self._take + 1, begins_s=begins_s, sequence=self._sequence)
        for packet in found.each:
            if reading.stopping.is_set():
                return
            for one in made.of(packet):
                self._hand_on(one, reading, made.ends_s)

    def _hand_on(self, one: Footage, reading: Reading, ends_s: float) -> None:
        with self._lock:
            if reading is not self._reading:
                return  # a thread that sleeps out its socket's timeout while another reads already
            self._take, self._ends_s = one.take, ends_s
            if isinstance(one, Init):
                self._init, self._group, self.pictures_only = one, [], None
                return
            self._sequence = one.sequence
            reading.lives(one.at)
            self._keep(one)
            for subscription in self._subscriptions:
                if self._init is not None:
                    subscription.offer(self._init, one)

    def _keep(self, fragment: Fragment) -> None:
        """Keep the frames from the last key frame on; a group that grows beyond its bound is not kept at all."""
        if fragment.key:
            self._group, self._group_bytes = [], 0
        elif not self._group:
            return
        self._group.append(fragment)
        self._group_bytes += len(fragment.data)
        if self._group_bytes > MOST_GROUP:
            self._group = []


class Feeds:
    """The feeds of all cameras that rows tell of."""

    def __init__(self, home: Path) -> None:
        """Begin without cameras; `keep` tells of them."""
        self.home = home
        self._feeds: dict[int, Feed] = {}

    def keep(self, rows: Sequence[CameraRow]) -> None:
        """Know exactly these cameras: what changed is opened anew, what is gone is closed, the rest go on."""
        gone = [(camera_id, self._feeds.pop(camera_id)) for camera_id in set(self._feeds) - {row.id for row in rows}]
        ended = [old for _, feed in gone if (old := feed.halt()) is not None]  # all at once: each takes up to a second
        for reading in ended:
            reading.stop()
        for camera_id, _ in gone:
            log.info("feed_gone", camera=camera_id)
        for row in rows:
            feed = self._feeds.setdefault(row.id, Feed(row, self.home))
            if _stream_of(feed.row) != _stream_of(row):
                feed.change(row)
            feed.row = row

    def shown_anew(self, rows: Sequence[CameraRow]) -> set[int]:
        """Return the cameras that are known and whose views show what holds no more: another stream, other masks."""
        known = {row.id: self._feeds[row.id].row for row in rows if row.id in self._feeds}
        return {row.id for row in rows if row.id in known and _shown_of(known[row.id]) != _shown_of(row)}

    def of(self, camera_id: int) -> Feed:
        """Return the feed of a camera; NoCamera where there is none."""
        try:
            return self._feeds[camera_id]
        except KeyError:
            raise NoCamera(f"There is no camera {camera_id} that runs.") from None

    def sweep(self) -> None:
        """Close what nobody wants any more."""
        for feed in list(self._feeds.values()):
            feed.sweep()

    def stop(self) -> None:
        """Close every stream."""
        self.keep([])

    def open_now(self) -> int:
        """Return how many streams are open."""
        return sum(feed.health() is not None for feed in list(self._feeds.values()))


def _shown_of(row: CameraRow) -> tuple[object, ...]:
    return *_stream_of(row), row.masks, *((row.width_px, row.height_px) if row.masks else ())


def _stream_of(row: CameraRow) -> tuple[str, str, str]:
    return row.reader, row.main_url or row.url, row.transport
