"""Where tiles are reckoned: in processes of this machine, or on an existing Ray cluster; both are executors."""

import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

NICE = 10


def on_this_machine(cores: int | None = None) -> Executor:
    """Return processes that give way to whoever answers, one a core."""
    return ProcessPoolExecutor(cores or os.cpu_count(), get_context("spawn"), os.nice, (NICE,))


def on_cluster(address: str) -> Executor:
    """Return an existing Ray cluster's machines; ImportError where the extra `cluster` is not installed."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # no word of this leaves the cluster
    import ray

    ray.init(address=address, log_to_driver=False, ignore_reinit_error=True)
    return _Cluster(ray)


class _Cluster(Executor):
    """Hands each call to Ray as a task; the results are those of any other executor, to the byte."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._call = ray.remote(_call)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._call.remote(fn, args, kwargs).future()  # type: ignore[no-any-return]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._ray.shutdown()


def _call(fn: Any, args: Any, kwargs: Any) -> Any:
    return fn(*args, **kwargs)
