"""Where tiles are reckoned: in processes of this machine, or on an existing Ray cluster; both are executors."""

import ctypes
import gc
import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from layers.hosts import LOOPBACK

NICE = 10
KNOCK_S = 5.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def on_this_machine(cores: int | None = None) -> Executor:
    """Return processes that give way to whoever answers, one a core."""
    return ProcessPoolExecutor(cores or os.cpu_count(), *beginning(nice=NICE))


def beginning(*, nice: int) -> tuple[BaseContext, Callable[[int], None], tuple[int]]:
    """Return how a process of a pool begins: anew, leaving Ctrl-C to its parent, and never outliving that."""
    return get_context("spawn"), _begin, (nice,)


def _begin(nice: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.nice(nice)
    import geo_server.planning.reckoning  # noqa: F401 - numba comes with it

    gc.freeze()  # what it brought stays: to look through it for garbage took a tenth of each tile


def on_cluster(address: str, token: Path | None = None) -> Executor:
    """Return an existing Ray cluster's machines, by HOST:PORT of its head; `token` is the file that opens it.

    Raises NoCluster where Ray is not installed, or nobody answers there.
    """
    _knock(address)
    try:
        ray = _ray(address, token)
        ray.init(address=address, log_to_driver=False, ignore_reinit_error=True, logging_level="error")
    except ImportError:
        raise NoCluster("A cluster needs Ray, which requirements-cluster.lock brings.") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise NoCluster(f"There is no cluster at {address}: {error}") from None
    return _Cluster(ray)


def _knock(address: str) -> None:
    """See that somebody listens there: Ray itself would wait for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise NoCluster(f"A cluster's address is HOST:PORT of its head; {address} is none.")
    try:
        socket.create_connection((host, int(port)), KNOCK_S).close()
    except OSError as error:
        raise NoCluster(f"There is no cluster at {address}: {error.strerror or error}.") from None


def _ray(address: str, token: Path | None) -> Any:
    """Load Ray, which reads the environment as it is loaded."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # no word of this leaves the cluster
    if address.rpartition(":")[0] in LOOPBACK:
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # else it takes another address of this machine
    if token is not None and token.exists():
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(token))
    return import_module("ray")


class NoCluster(Exception):
    """The machines of a cluster cannot be used; its text is a sentence."""


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
