"""The cameras that a shard was handed, each with the epoch of its lease, where machines share them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import structlog

from ingest.values import EventDraft
from ingest.video_metrics import REFUSED
from layers.cameras import leases as rows
from layers.database import Session

log = structlog.get_logger()


class LeaseLost(Exception):
    """Another shard runs this camera by now: what this one would write is refused."""


@dataclass(frozen=True, slots=True)
class Held:
    """The lease that something was seen under."""

    camera_id: int
    epoch: int


async def check(session: Session, lease: Held) -> None:
    """Keep a lease as it is until this visit ends; raises LeaseLost where it is another's."""
    if not await rows.held(session, {lease.camera_id: lease.epoch}):
        raise LeaseLost


class Leases:
    """What one shard holds. One that it lost is not taken again by the same epoch, however late that is told."""

    def __init__(self) -> None:
        """Hold none."""
        self._epochs: dict[int, int] = {}
        self._lost: dict[int, int] = {}

    def hand(self, epochs: Mapping[int, int]) -> None:
        """Hold exactly these, epochs by camera, but for those known to be lost."""
        self._epochs = {one: epoch for one, epoch in epochs.items() if epoch > self._lost.get(one, 0)}

    def __call__(self) -> frozenset[int]:
        """Return the cameras held."""
        return frozenset(self._epochs)

    def mark(self, draft: EventDraft) -> tuple[EventDraft, Held | None] | None:
        """Return an event with the lease it was seen under, told by its id too; None where there is none any more."""
        camera_id = draft.camera_id
        epoch = None if camera_id is None else self._epochs.get(camera_id)
        if camera_id is None or epoch is None:
            return None
        return replace(draft, source_event_id=f"{epoch}.{draft.source_event_id}"), Held(camera_id, epoch)

    async def still(self, session: Session, cameras: Iterable[int]) -> frozenset[int]:
        """Return those of these cameras that may be written about in this visit, and let go of the others."""
        epochs = {one: self._epochs[one] for one in cameras if one in self._epochs}
        held = await rows.held(session, epochs)
        for camera_id in epochs.keys() - held:
            self.drop(Held(camera_id, epochs[camera_id]))
        return held

    def drop(self, lease: Held) -> None:
        """Let go of a camera that another shard runs by now; a lease is lost once, whatever was still to be written."""
        if lease.epoch <= self._lost.get(lease.camera_id, 0):
            return
        REFUSED.inc()
        log.warning("lease_lost", camera=lease.camera_id, epoch=lease.epoch)
        self._lost[lease.camera_id] = lease.epoch
        if self._epochs.get(lease.camera_id) == lease.epoch:
            self._epochs = {one: epoch for one, epoch in self._epochs.items() if one != lease.camera_id}


class Alone(Leases):
    """What a machine holds that shares no cameras: all, until a cluster's shard holds a camera's lease."""

    def mark(self, draft: EventDraft) -> tuple[EventDraft, Held | None] | None:
        """Return an event as it is, to be written while no lease keeps it out."""
        return draft, None if draft.camera_id is None else Held(draft.camera_id, rows.NONE)

    async def still(self, session: Session, cameras: Iterable[int]) -> frozenset[int]:
        """Return those of these cameras that may be written about in this visit."""
        return await rows.held(session, dict.fromkeys(cameras, rows.NONE))

    def drop(self, lease: Held) -> None:
        """Count what was refused; the camera is let go of when all are, a moment later."""
        REFUSED.inc()
        log.warning("lease_lost", camera=lease.camera_id)


async def writable(session: Session, leases: Leases | None, cameras: Iterable[int]) -> frozenset[int]:
    """Return those of these cameras that may be written about in this visit: all, where no machines share them."""
    return frozenset(cameras) if leases is None else await leases.still(session, cameras)
