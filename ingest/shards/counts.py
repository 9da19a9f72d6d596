"""What the shards count, told by each to whoever keeps them, and read at the door as one.

A counter is a sum over all shards that ever ran, so that it goes on where one ended; a gauge is of those that live.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.registry import Collector

from ingest.video_metrics import REGISTRY

Labels = tuple[tuple[str, str], ...]
Sums = defaultdict[tuple[str, str, Labels], float]


class Sample(NamedTuple):
    """One number of a metric, by its labels."""

    metric: str
    name: str
    labels: Labels
    value: float


def counted() -> list[Sample]:
    """Return what this process has counted."""
    return [
        Sample(metric.name, sample.name, tuple(sample.labels.items()), sample.value)
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if not sample.name.endswith("_created")
    ]


class Counts(Collector):
    """The sums over the shards, by the processes that told them."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._told: dict[int, list[Sample]] = {}
        self._ended: Sums = defaultdict(float)

    def hear(self, pid: int, told: list[Sample]) -> None:
        """Take all that a process has counted since it began."""
        self._told[pid] = told

    def end(self, pid: int) -> None:
        """Keep what a process that has ended counted; what it measured is over."""
        lasting = {metric.name for metric in REGISTRY.collect() if metric.type != "gauge"}
        _add(self._ended, (sample for sample in self._told.pop(pid, []) if sample.metric in lasting))

    def collect(self) -> Iterator[Metric]:
        """Return every metric of the shards with its sums."""
        sums = self._ended.copy()
        for told in self._told.values():
            _add(sums, told)
        for metric in REGISTRY.collect():
            made = Metric(metric.name, metric.documentation, metric.type)
            for (of, name, labels), value in sums.items():
                if of == metric.name:
                    made.add_sample(name, dict(labels), value)
            yield made

    def registry(self) -> CollectorRegistry:
        """Return what the door reads them from."""
        made = CollectorRegistry(auto_describe=False)
        made.register(self)
        return made


def _add(sums: Sums, samples: Iterable[Sample]) -> None:
    for metric, name, labels, value in samples:
        sums[metric, name, labels] += value
