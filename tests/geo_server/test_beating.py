"""What runs beside the answering outlives what nobody foresaw, and tells when it last ran."""

import asyncio
import time
from typing import Any

import pytest

from geo_server.api.health import beat_part
from geo_server.beating import Beat
from geo_server.clocks.keeping import ClockKeeper
from geo_server.crews.proposals import Watching
from geo_server.crews.rostering import RosterKeeper
from geo_server.routing import nightly
from geo_server.routing.keeping import Keeping
from geo_server.routing.nightly import Nightly
from geo_server.routing.roads import RoadsNow

pytestmark = pytest.mark.anyio


async def broken() -> None:
    raise KeyError("nobody foresaw it")


async def fine() -> None:
    pass


async def test_a_pass_that_fails_is_told_and_the_next_one_is_taken() -> None:
    beat = Beat("clocks", 1.0)
    assert not await beat.take(broken)
    assert beat.state() == ("ok", "has not run yet (KeyError: 'nobody foresaw it')")
    assert await beat.take(fine)
    assert beat.state() == ("ok", "last ran 0 s ago")


@pytest.mark.parametrize(
    ("every_s", "age_s", "state"),
    [(1, 14, "ok"), (1, 16, "stale"), (1, 61, "down"), (900, 2600, "ok"), (900, 2800, "stale"), (900, 9100, "down")],
)
async def test_a_part_that_has_stopped_is_told_as_not_well(
    monkeypatch: pytest.MonkeyPatch, every_s: float, age_s: float, state: str
) -> None:
    beat = Beat("routes", every_s)
    await beat.take(fine)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + age_s)
    part = beat_part(beat)
    assert (part.name, part.state) == ("routes", state) and part.detail == f"last ran {age_s} s ago"


@pytest.mark.parametrize("kind", [ClockKeeper, Watching, RosterKeeper, Keeping, Nightly])
async def test_a_loop_goes_on_after_what_nobody_foresaw(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    looks, thrice = list[None](), asyncio.Event()

    async def look(self: Any) -> None:
        looks.append(None)
        if len(looks) == 1:
            raise KeyError("nobody foresaw it")
        if len(looks) == 3:
            thrice.set()

    async def at_once(self: Any, seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(kind, "look", look)
    monkeypatch.setattr(Keeping, "_pause", at_once)
    monkeypatch.setattr(nightly, "LOOKS_EVERY_S", 0)
    part = _built(kind)
    running = asyncio.create_task(part.run())
    async with asyncio.timeout(5):
        await thrice.wait()
    running.cancel()
    assert part.beat.state()[1] == "last ran 0 s ago"


def _built(kind: Any) -> Any:
    store: Any = None
    if kind is Keeping:
        return Keeping(store, RoadsNow())
    return Nightly(store, "") if kind is Nightly else kind(store, every_s=0)
