"""The engine, Ray: loaded when somebody asks for a cluster, and told to call nobody outside."""

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

NAMESPACE = "qyran"
VIDEO = "video"  # the resource of a node that shards take, one each: a core for video
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no word of this leaves the cluster
    "RAY_gcs_rpc_server_reconnect_timeout_s": "86400",  # a lost head ends no shard: cameras go on where they are
    "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",  # a node that is stopped has nothing to hand over: leases do that
}
NEEDED = (
    "Cameras over several machines need Ray: "
    ".venv/bin/python -m pip install --require-hashes --no-deps -r requirements-cluster.lock"
)


class NoCluster(Exception):
    """This machine cannot join; its text is a sentence for the person who asked."""


def check_installed() -> None:
    """Raise NoCluster where Ray is not installed; nothing is loaded."""
    if find_spec("ray") is None:
        raise NoCluster(NEEDED)


def engine() -> ModuleType:
    """Return Ray, which reads the environment as it is loaded; raises NoCluster where it is not installed."""
    check_installed()
    os.environ.update(QUIET)
    return import_module("ray")


def head_noted() -> Path:
    """Return the file in which Ray notes the last head of this machine."""
    engine()
    return Path(import_module("ray._private.utils").get_ray_address_file(None))
