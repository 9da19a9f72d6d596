"""What the shards count, as the door tells it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.shards.counts import Counts, Sample, counted
from ingest.video_metrics import CROSSINGS, LIVE, REGISTRY, SECONDS

pytestmark = pytest.mark.anyio
Asked = Callable[[], Awaitable[dict[str, list[tuple[dict[str, str], float]]]]]


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
async def asked(engine: AsyncEngine, counts: Counts) -> AsyncIterator[Asked]:
    """Asks the door for its metrics: the samples by their name, and each metric is there once."""
    app = door_app(engine, {}, counts=counts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as client:

        async def ask() -> dict[str, list[tuple[dict[str, str], float]]]:
            found: dict[str, list[tuple[dict[str, str], float]]] = {}
            text = (await client.get("/metrics")).text
            assert text.count("# TYPE qyran_cameras_live ") == 1
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    found.setdefault(sample.name, []).append((sample.labels, sample.value))
            return found

        yield ask


def crossings(camera: str, value: float) -> Sample:
    name = "qyran_camera_crossings"
    return Sample(name, f"{name}_total", (("camera", camera), ("way", "in")), value)


def live(value: float) -> Sample:
    return Sample("qyran_cameras_live", "qyran_cameras_live", (), value)


async def test_the_door_tells_the_sum_over_the_shards(counts: Counts, asked: Asked) -> None:
    counts.hear(1, [crossings("C-1", 1.0), live(1.0)])
    counts.hear(1, [crossings("C-1", 3.0), live(2.0)])
    counts.hear(2, [crossings("C-2", 5.0), live(1.0)])
    told = await asked()
    each = [({"camera": "C-1", "way": "in"}, 3.0), ({"camera": "C-2", "way": "in"}, 5.0)]
    assert told["qyran_camera_crossings_total"] == each
    assert told["qyran_cameras_live"] == [({}, 3.0)]


async def test_a_shard_that_ended_takes_no_count_back_and_what_is_live_is_of_those_that_live(
    counts: Counts, asked: Asked
) -> None:
    counts.hear(1, [crossings("C-1", 3.0), live(2.0)])
    counts.end(1)
    counts.hear(2, [crossings("C-1", 1.0), live(1.0)])
    told = await asked()
    assert told["qyran_camera_crossings_total"] == [({"camera": "C-1", "way": "in"}, 4.0)]
    assert told["qyran_cameras_live"] == [({}, 1.0)]


async def test_what_a_shard_counts_is_what_the_door_tells(counts: Counts, asked: Asked) -> None:
    CROSSINGS.labels("C-9", "out").inc()
    LIVE.set(7)
    SECONDS.observe(0.3)
    counts.hear(1, counted())
    told = await asked()
    assert ({"camera": "C-9", "way": "out"}, 1.0) in told["qyran_camera_crossings_total"]
    assert told["qyran_cameras_live"] == [({}, 7.0)]
    buckets = [value for _, value in told["qyran_pipeline_seconds_bucket"]]
    assert buckets == sorted(buckets) and buckets[-1] == told["qyran_pipeline_seconds_count"][0][1] >= 1
    assert {one.name for one in REGISTRY.collect()} == {one.name for one in counts.collect()}
