"""How a machine joins: it starts a node of Ray, sees that the cluster has a keeper, and starts anew what ends."""

import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import structlog

from ingest.cluster.engine import NAMESPACE, QUIET, VIDEO, NoCluster, check_installed, engine, head_noted
from ingest.cluster.keeping import keeper
from ingest.settings import Settings
from layers.hosts import LOOPBACK

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parents[2]
PORT = 6379
SHARED_BYTES = 80 * 2**20  # of memory that Ray shares between processes, the least it takes: no frame passes through
AGAIN_S = 5.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None)  # before a fork, after which nothing may be loaded
TOKEN = Path("keys") / "cluster.token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a machine brings: the head's address (None: it is the head), its own, and its cores for video."""

    head: str | None
    host: str
    cores: int

    @property
    def address(self) -> str:
        """Return where the head is."""
        return self.head or f"{self.host}:{PORT}"


def joining(address: str, host: str, cores: int) -> Joining:
    """Return what the command line asks for; raises NoCluster where an address is none, or none for others."""
    if address == "head":
        return Joining(head=None, host=host, cores=cores)
    name, _, port = address.rpartition(":")
    if not name or not port.isdecimal() or not 0 < int(port) < 65536:
        raise NoCluster(f"A cluster's address is HOST:PORT of its head, or the word head; {address} is neither.")
    if host in LOOPBACK:
        raise NoCluster("Say with --node at which address the other machines reach this one.")
    return Joining(head=address, host=host, cores=cores)


def node_command(asked: Joining) -> list[str]:
    """Return what runs the node in the foreground."""
    where = ["--address", asked.head] if asked.head else ["--head", f"--port={PORT}", "--include-dashboard=false"]
    own = [f"--node-ip-address={asked.host}", "--num-cpus=1", f"--resources={json.dumps({VIDEO: asked.cores})}"]
    quiet = ["--disable-usage-stats", f"--object-store-memory={SHARED_BYTES}"]
    return [sys.executable, "-P", "-m", "ray.scripts.scripts", "start", "--block", *where, *own, *quiet]


def environment(settings: Settings, token: Path, *, here: bool) -> dict[str, str]:
    """Return what the node, and each shard on it, is told: its own store and home; `here`: it stays on loopback."""
    loopback = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"} if here else {}  # else Ray takes another address of its own
    own = {"QYRAN_DATABASE_URL": settings.database_url, "QYRAN_HOME": str(settings.home.resolve())}
    return {
        **QUIET,
        **own,
        "PYTHONPATH": str(ROOT),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(token),
    } | loopback


def token_of(home: Path, *, head: bool) -> Path:
    """Return the file with the secret of the cluster, which the head makes; raises NoCluster where it is missing."""
    path = home.resolve() / TOKEN
    if not path.exists() and not head:
        raise NoCluster(f"The secret of the cluster is missing: copy {TOKEN} from the head's home into this one's.")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path


def run(settings: Settings, asked: Joining) -> None:
    """Run this machine's node until stopped; where it ends, because the head was lost, it begins anew."""
    check_installed()
    token = token_of(settings.home, head=asked.head is None)
    os.environ.update(environment(settings, token, here=asked.host in LOOPBACK))
    while True:
        if asked.head is None:
            _forget_former(asked)
        node = start(node_command(asked))
        try:
            _see_to_keeper(node, asked)
            signal.signal(signal.SIGTERM, _stop)  # Ray has put a handler of its own in its place
            log.warning("node_ended", exit=node.wait())
        finally:
            _end(node)
        time.sleep(AGAIN_S)


def start(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start what runs the node; it is told to end when this process ends, in whatever way."""
    return subprocess.Popen(command, stdout=sys.stderr, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _forget_former(asked: Joining) -> None:
    """Let Ray not take what is left of a head that died for one that runs: it would refuse to begin for ever."""
    noted = head_noted()
    if noted.exists() and noted.read_text().strip() == asked.address:
        noted.unlink(missing_ok=True)


def _see_to_keeper(node: "subprocess.Popen[bytes]", asked: Joining) -> None:
    """Wait until the node is up, and see that the cluster has its keeper."""
    while node.poll() is None:
        try:
            engine().init(address=asked.address, namespace=NAMESPACE, log_to_driver=False, logging_level="error")
            engine().get(keeper().shards.remote(), timeout=60)
            if any(one["Alive"] and one["NodeManagerAddress"] == asked.host for one in engine().nodes()):
                log.info("joined", head=asked.address, cores=asked.cores)
                return
        except (ConnectionError, ValueError, RuntimeError, engine().exceptions.RayError) as error:
            log.info("cluster_waits", reason=type(error).__name__)
        finally:
            engine().shutdown()
        time.sleep(1.0)


def _end(node: "subprocess.Popen[bytes]") -> None:
    if node.poll() is None:
        node.terminate()
        try:
            node.wait(30)
        except subprocess.TimeoutExpired:
            node.kill()


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)
