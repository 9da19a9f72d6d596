"""Between FFmpeg and a camera's RTSP: it reaches the one address that was checked, and a redirect reaches nobody.

FFmpeg resolves names by itself and follows redirects, and cannot be told not to. So it talks to a socket on this
machine, whose other end Python has connected, and encrypted for rtsps. One thread moves the bytes of all cameras.
"""

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from urllib.parse import urljoin, urlsplit

from ingest.sources.answers import Answers
from ingest.sources.networks import Networks
from ingest.sources.reaching import Redirected, reached
from ingest.sources.source import SourceError

CHUNK = 256 * 2**10
# What gathers while the relay rests is moved at once. Measured with 40 cameras of 10 frames a second, of which FFmpeg
# takes 3.8 ms of a core a camera and second: a relay that rests 10 ms takes 1.2 ms more, 50 ms 0.6, 100 ms 0.4.
REST_S = 0.05
HURRY_S = 0.005  # while a stream is being opened, for there one waits for the other, or where somebody watches
ONE = threading.Lock()
NOTHING_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Pair:
    """The camera's end and FFmpeg's end of one connection; `door` is where FFmpeg comes in."""

    def __init__(self, camera: socket.socket, door: socket.socket, *, prompt: bool = False) -> None:
        """Take both sockets, for good; `prompt` says that somebody watches."""
        self.camera, self.door, self._prompt = camera, door, prompt
        self.reader: socket.socket | None = None
        self.answers = Answers()
        self._waiting: dict[socket.socket, bytes] = {}
        for end in (camera, door):
            end.setblocking(False)

    @property
    def ends(self) -> list[socket.socket]:
        """Return every socket there is."""
        return [self.camera, self.door] if self.reader is None else [self.camera, self.door, self.reader]

    @property
    def hurries(self) -> bool:
        """Say whether what comes is to be moved at once."""
        return self.reader is not None and (self._prompt or not self.answers.flows)

    @property
    def is_slow(self) -> bool:
        """Say whether something waits to be written."""
        return any(self._waiting.values())

    def move(self, source: socket.socket) -> bool:
        """Move what has come at one end to the other; False where the connection is over."""
        target = self.reader if source is self.camera else self.camera
        if target is None or self._waiting.get(target):
            return True  # what comes waits in the kernel
        data, is_open = _received(source)
        if source is self.camera:
            data = self.answers.passed(data)
        else:
            self.answers.asked(data)
        self._waiting[target] = data
        self.flush()
        return is_open and not self.answers.done

    def flush(self) -> None:
        """Write what waits, as far as it goes."""
        for target, data in self._waiting.items():
            with suppress(*NOTHING_YET):
                while data:
                    data = data[target.send(data) :]
                    self._waiting[target] = data


def _received(source: socket.socket) -> tuple[bytes, bool]:
    """Return what has come, and whether more may come; TLS hands it out in pieces that no selector tells of."""
    parts: list[bytes] = []
    with suppress(*NOTHING_YET):
        while sum(map(len, parts)) < CHUNK:
            parts.append(source.recv(CHUNK))
            if not parts[-1] or not isinstance(source, ssl.SSLSocket):
                return b"".join(parts), bool(parts[-1])
    return b"".join(parts), True


class Relay:
    """The thread that moves the bytes of all pairs; it alone touches their sockets."""

    def __init__(self) -> None:
        """Start with none."""
        self._selector = selectors.DefaultSelector()
        self._pairs: set[Pair] = set()
        self._told: list[tuple[Pair, bool]] = []
        self._lock = threading.Lock()
        self._bell, self._rope = socket.socketpair()
        self._selector.register(self._bell, selectors.EVENT_READ, None)
        threading.Thread(target=self._run, name="camera-relay", daemon=True).start()

    def tell(self, pair: Pair, *, wanted: bool) -> None:
        """Move this pair's bytes from now on, or no longer."""
        with self._lock:
            self._told.append((pair, wanted))
        self._rope.send(b"\0")

    def _run(self) -> None:
        while True:
            slow = [pair for pair in self._pairs if pair.is_slow]
            for key, _ in self._selector.select(REST_S if slow else None):
                self._turn(key.data, key.fileobj)
            for pair in slow:
                self._or_over(pair, pair.flush)
            time.sleep(HURRY_S if any(pair.hurries for pair in self._pairs) else REST_S)

    def _turn(self, pair: Pair | None, at: object) -> None:
        if pair is None:
            self._hear()
        elif pair not in self._pairs:
            return  # it ended in this very turn
        elif at is pair.door:
            self._or_over(pair, lambda: self._let_in(pair))
        else:
            self._or_over(pair, lambda: pair.move(pair.camera if at is pair.camera else pair.ends[-1]))

    def _or_over(self, pair: Pair, act: Callable[[], bool | None]) -> None:
        try:
            over = act() is False
        except OSError:
            over = True
        if over:
            self._end(pair)

    def _hear(self) -> None:
        self._bell.recv(4096)
        with self._lock:
            told, self._told = self._told, []
        for pair, wanted in told:
            if wanted:
                self._pairs.add(pair)
                self._selector.register(pair.door, selectors.EVENT_READ, pair)
            else:
                self._end(pair)

    def _let_in(self, pair: Pair) -> None:
        """Take FFmpeg in, once: nobody else comes through this door."""
        if pair.reader is None:
            pair.reader, _ = pair.door.accept()
            pair.reader.setblocking(False)
            self._selector.unregister(pair.door)
            for end in (pair.camera, pair.reader):
                self._selector.register(end, selectors.EVENT_READ, pair)

    def _end(self, pair: Pair) -> None:
        if pair in self._pairs:
            self._pairs.remove(pair)
            for end in pair.ends:
                with suppress(KeyError):
                    self._selector.unregister(end)
                end.close()


@cache
def _made() -> Relay:
    return Relay()


def _relay() -> Relay:
    with ONE:  # of many cameras that are opened at once, one makes it
        return _made()


@contextmanager
def relayed(url: str, networks: Networks, timeout_s: float, *, prompt: bool = False) -> Iterator[str]:
    """Reach the camera at rtsp:// or rtsps:// and yield the address that stands for it here while the block lasts.

    SourceError where no camera may live there or none answers; Redirected where the camera leads elsewhere.
    """
    parts = urlsplit(url)
    camera, beyond = reached(url, networks, timeout_s)
    door = socket.create_server(("127.0.0.1", 0))
    near = f"127.0.0.1:{door.getsockname()[1]}"
    pair = Pair(camera, door, prompt=prompt)
    _relay().tell(pair, wanted=True)
    try:
        login, at, _ = parts.netloc.rpartition("@")
        yield parts._replace(scheme="rtsp", netloc=login + at + near).geturl()
    except SourceError:
        if (elsewhere := pair.answers.leads_to) is not None:
            raise Redirected(urljoin(url, elsewhere), beyond) from None
        raise
    finally:
        _relay().tell(pair, wanted=False)
