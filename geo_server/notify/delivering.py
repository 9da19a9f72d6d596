"""The delivering: chains go on, each channel works by itself, and what comes back is written down.

Each notice is claimed for a time in one transaction, sent outside of any, and written down in another. A server that
stops in between leaves it to be sent once more: at least once, and under the same key. A channel that hangs holds its
own workers alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.notify import chain_queries, channel_queries, going_on, notice_queries, outcomes
from geo_server.notify.channel import Channel, Later, Message, Never, Outcome, Receipt
from geo_server.notify.schema import ChannelHealth
from layers import faults
from layers.areas.scope import visit_whole

log = structlog.get_logger()

EVERY_S = 0.5  # between two looks at what is due
AT_A_TIME = 20  # chains go on before the channels are woken for them
LEASE_BEYOND_S = 15.0  # beyond a channel's patience, for writing down what became of it
RECEIPT_KEPT_S = 60.0  # a receipt may come before it is written that the message was sent
LATE_S, TOO_LATE_S = 10.0, 45.0  # no look for so long: stale, down

_tried = Counter("qyran_notices_tried_total", "Notices tried, by channel and outcome", ["channel", "outcome"])
_failing = Gauge("qyran_notice_channel_failing", "1 where a channel's last try failed", ["channel"])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the delivering is, in one word and one sentence."""

    state: Literal["ok", "stale", "down"]
    detail: str


@dataclass(slots=True)
class Delivery:
    """One a server; however many there are, each step of a chain is taken once and each notice claimed by one."""

    engine: AsyncEngine
    channels: Mapping[str, Channel]
    receipts: "asyncio.Queue[Receipt]"
    every_s: float = EVERY_S
    health: dict[str, ChannelHealth] = field(default_factory=dict)
    _woken: dict[str, asyncio.Event] = field(default_factory=dict)  # by channel: something waits for it
    _looked_at: float | None = None
    _early: list[tuple[float, Receipt]] = field(default_factory=list)

    async def run(self) -> None:
        """Deliver for as long as the server lives; a fault is logged and what it met is tried again."""
        workers = [self._lasting(f"channel_{name}", self._work(channel)) for name, channel in self.channels.items()]
        parts = [self._lasting("chains", self._go_on), self._lasting("receipts", self._listen), *workers]
        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    group.create_task(part)
        finally:
            await asyncio.gather(*(channel.close() for channel in self.channels.values()), return_exceptions=True)

    async def look(self) -> None:
        """Go on with every chain that is due; raises SQLAlchemyError or OSError where the store does not answer."""
        while await self._survey() and await self._one():
            for _ in range(AT_A_TIME):
                if not await self._one():
                    break
        self._looked_at = time.monotonic()

    async def deliver(self, channel: Channel, limit: int) -> list[Coroutine[Any, Any, None]]:
        """Claim at most so many notices of a channel; return what is to be done with each."""
        lease = timedelta(seconds=channel.patience_s + LEASE_BEYOND_S)
        async with visit_whole(self.engine) as session:
            claimed = await notice_queries.claim(session, channel.name, limit=limit, lease=lease)
        return [self._try(channel, message, attempt_id, attempts) for message, attempt_id, attempts in claimed]

    async def hear(self, receipt: Receipt) -> bool:
        """Write a gateway's receipt down; False where no notice waits for it."""
        async with visit_whole(self.engine) as session:
            return await outcomes.received(session, receipt)

    def state(self) -> State:
        """Say how it is: stale where a channel fails, down where nothing is looked at any more."""
        silent_s = None if self._looked_at is None else time.monotonic() - self._looked_at
        if silent_s is not None and silent_s >= LATE_S:
            return State(
                state="down" if silent_s >= TOO_LATE_S else "stale", detail=f"no notice went out for {silent_s:.0f} s"
            )
        told = [self._told(name, channel) for name, channel in self.channels.items() if channel.configured]
        bad = any(self._fails(name) for name, channel in self.channels.items() if channel.configured)
        return State(state="stale" if bad else "ok", detail="; ".join(told))

    def _fails(self, name: str) -> bool:
        return name in self.health and self.health[name].failing_since is not None

    def _told(self, name: str, channel: Channel) -> str:
        health = self.health.get(name, ChannelHealth(name=name))
        if health.failing_since is not None:
            return f"{name} failing since {health.failing_since:%H:%M:%S} UTC ({health.code})"
        return f"{name} ok" if health.last_ok_at else f"{name} not used yet"

    # ── parts that last ──

    async def _lasting(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await part()
            except Exception as error:  # noqa: BLE001 - a part that died of the unforeseen would deliver nothing more
                log.error("notices_fault", part=name, error=faults.told(error))
                await asyncio.sleep(max(self.every_s, 1.0))

    async def _go_on(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self.every_s)

    async def _survey(self) -> bool:
        """Look at everything in one visit, wake channels that have something to send; True where chains are due."""
        async with visit_whole(self.engine) as session:
            await going_on.hear(session)
            due, waiting = await chain_queries.waiting(session)
            self.health = await channel_queries.health(session)
        for name in waiting & self._woken.keys():
            self._woken[name].set()
        return due

    async def _one(self) -> bool:
        async with visit_whole(self.engine) as session:
            return await going_on.look(session)

    def _work(self, channel: Channel) -> Callable[[], Awaitable[None]]:
        woken = self._woken[channel.name] = asyncio.Event()

        async def work() -> None:
            running: set[asyncio.Task[None]] = set()
            try:
                while True:
                    woken.clear()
                    free = channel.at_once - len(running)
                    for done in await self.deliver(channel, free) if free else ():
                        running.add(asyncio.create_task(done))
                    await _first(running, woken)
                    running = {task for task in running if not task.done()}
            finally:
                for task in running:
                    task.cancel()

        return work

    async def _listen(self) -> None:
        while True:
            try:
                receipt = await asyncio.wait_for(self.receipts.get(), 1.0)
                self._early.append((time.monotonic(), receipt))
            except TimeoutError:
                pass
            now, early = time.monotonic(), self._early
            self._early = [(at, one) for at, one in early if not await self.hear(one) and now - at < RECEIPT_KEPT_S]

    # ── one try ──

    async def _try(self, channel: Channel, message: Message, attempt_id: int, attempts: int) -> None:
        outcome = await self._sent(channel, message)
        _tried.labels(channel.name, type(outcome).__name__.lower()).inc()
        fault = outcome.code if isinstance(outcome, Later) else None
        _failing.labels(channel.name).set(fault is not None)
        try:
            async with visit_whole(self.engine) as session:
                await outcomes.write(session, message, attempt_id, attempts, outcome, channel.name)
        except Exception as error:  # noqa: BLE001 - its lease runs out, and it is tried again
            log.error("notice_unwritten", notice_id=message.notice_id, error=faults.told(error))

    async def _sent(self, channel: Channel, message: Message) -> Outcome:
        if not channel.configured:
            return Never(code="not_configured")
        if message.expires_at <= datetime.now(UTC):
            return Never(code="too_late")
        try:
            async with asyncio.timeout(channel.patience_s):
                return await channel.send(message)
        except TimeoutError:
            return Later(code="timeout")
        except Exception as error:  # noqa: BLE001 - whatever a channel meets, the notice is not lost
            log.error("notice_fault", channel=channel.name, notice_id=message.notice_id, error=type(error).__name__)
            return Later(code="fault")


async def _first(running: set[asyncio.Task[None]], woken: asyncio.Event) -> None:
    """Wait until one of those that run is done, or until something new waits."""
    waits = asyncio.create_task(woken.wait())
    try:
        await asyncio.wait({*running, waits}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waits.cancel()
