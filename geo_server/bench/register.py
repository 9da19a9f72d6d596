"""Every bench, one line each; a bench `NAME` stands in `geo_server/bench/NAME.py` as `async def run(ground)`."""

from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import cast

from geo_server.bench import Bench, Figure, Ground


def _bench(name: str, about: str) -> Bench:
    async def run(ground: Ground) -> Sequence[Figure]:
        # Imported only when it runs: numba and its like take seconds to load.
        module = import_module(f"geo_server.bench.{name}")
        return await cast("Callable[[Ground], Awaitable[Sequence[Figure]]]", module.run)(ground)

    return Bench(name=name, about=about, run=run)


BENCHES: tuple[Bench, ...] = (
    _bench("positions", "durable positions a second against psql's binary COPY of the same rows"),
    _bench("nearest", "the five quickest of 2,000 units by road, on the demo graph"),
    _bench("proposal", "who should go, for a plan of twenty units among 2,000, against the bare search"),
    _bench("history", "what happened before, by place, address, phone and street, among five million incidents"),
    _bench("live", "200 sockets with viewports of their own, 20,000 units at 1 Hz"),
    _bench("dispatch", "100 dispatchers, 2,000 units at 1 Hz, five calls a second: screens and acts"),
    _bench("policy", "a list, a tile and the nearest units in a district's scope against the same without policy"),
    _bench("audit", "acts a second with their entry in the audit against the same without"),
    _bench("geocoder", "places by what is typed, among half a million addresses, against one by its id"),
    _bench("seeing", "which of 6,000 cameras see a place, past the houses between, against a bare count"),
    _bench("cover", "what cameras see, against exact shadows; a drag, placement, rules, a city, 170,300 cameras"),
    _bench("replay", "a past day of 2,000 units opened for replay, against the bare rows"),
    _bench("video", "cameras a core over real RTSP, memory a camera, two minutes of 200 cameras"),
    _bench("live_video", "a camera's picture from its drawing to its showing in a real browser, on this machine"),
    _bench("recording", "a core's time for each recorded camera against writing and hashing the same bytes"),
    _bench("detect", "frames a second of the video pipeline against the bare model"),
)
