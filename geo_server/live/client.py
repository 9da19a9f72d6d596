"""One listener: what it looks at, what waits for it, and the task that sends; it never makes another wait."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from starlette.types import Send

from geo_server.live.grid import Grid, Runs, mask_of
from geo_server.live.scope import NO_UNITS, Scope, Units
from layers.values import BBox
from layers.viewer import Viewer

TEXTS_KEPT = 300  # messages that may wait for a slow listener: at every look one of changes, and a tick a second
PATIENCE_S = 10.0  # how long one message may take to leave


@dataclass(eq=False, slots=True)
class Client:
    """A listener with a bounded queue. Of positions only the newest wait: at most one frame, made when it can leave."""

    send: Send
    viewer: Viewer
    token_sha256: bytes
    scope: Scope
    bound: Units = NO_UNITS  # to incidents granted to it, as it was told last: it sees them wherever they are
    box: BBox | None = None
    runs: Runs = ()
    mask: NDArray[np.bool_] = field(default_factory=lambda: mask_of(()))
    wants_snapshot: bool = False
    sent_batch: int = 0  # every position up to this batch has been handed to it
    texts: deque[str] = field(default_factory=deque)
    frame: bytes | None = None
    busy_since: float | None = None
    closing: tuple[int, str] | None = None
    task: asyncio.Task[None] | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def free(self) -> bool:
        """Say whether a new frame of positions may be handed over."""
        return self.frame is None and self.busy_since is None

    @property
    def hopeless(self) -> bool:
        """Say whether it reads so slowly that it has to go."""
        stuck = self.busy_since is not None and time.monotonic() - self.busy_since > PATIENCE_S
        return stuck or len(self.texts) > TEXTS_KEPT

    def look(self, box: BBox, grid: Grid) -> None:
        """Turn to a viewport; its snapshot comes with the hub's next look."""
        self.box, self.runs, self.wants_snapshot = box, grid.runs(box), True
        self.mask = mask_of(self.runs)

    def tell(self, *texts: str) -> None:
        """Queue texts."""
        self.texts.extend(texts)
        self.wake.set()

    def lose(self, texts: Sequence[str]) -> None:
        """Queue texts that take units away. A frame that still waits would bring them back: a snapshot replaces it."""
        self.tell(*texts)
        if texts and self.frame is not None:
            self.frame, self.wants_snapshot = None, True

    def show(self, frame: bytes) -> None:
        """Hand over a frame of positions; only while `free`."""
        self.frame = frame
        self.wake.set()

    def close(self, code: int, reason: str) -> None:
        """Ask the sender to close the socket."""
        self.closing = (code, reason)
        self.wake.set()

    def evict(self, code: int, reason: str) -> None:
        """Send it away now: a socket that takes nothing takes no goodbye either."""
        self.close(code, reason)
        if self.task is not None and self.busy_since is not None:
            self.task.cancel()

    async def run(self) -> None:
        """Send what waits until told to close; texts go before positions."""
        while self.closing is None:
            await self.wake.wait()
            self.wake.clear()
            self.busy_since = time.monotonic()
            while self.texts and self.closing is None:
                await self.send({"type": "websocket.send", "text": self.texts.popleft()})
                self.busy_since = time.monotonic()
            if self.frame is not None and self.closing is None:
                frame, self.frame = self.frame, None
                await self.send({"type": "websocket.send", "bytes": frame})
            self.busy_since = None
        await self.send({"type": "websocket.close", "code": self.closing[0], "reason": self.closing[1]})
