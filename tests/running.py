"""A small demo world, and the house running on it: real processes, real doors, free ports."""

import fcntl
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from geo_server.door.cluster import Store
from layers.database import INGEST, SERVER, as_role
from tests import nursery

CHECKOUT = Path(__file__).parent.parent
READY_S = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A database with the small demo city, its units, cameras, past and accounts, and the home that goes with it."""

    home: Path
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The house on free ports. `wait_for` of its processes' logs is `log`."""

    url: str
    ingest_url: str
    database_url: str
    home: Path
    keys: dict[str, str]
    environment: dict[str, str]
    logs: dict[str, Path] = field(default_factory=dict)

    def log(self, process: str) -> str:
        """Return what a process has logged so far."""
        return self.logs[process].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def converted(fetched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the fetched files and the converted detector, never to be written.

    Converting takes half a minute: of all processes of this run the first that wants it does it for all.
    """
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "converted"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "fetched").is_symlink():
            (home / "fetched").symlink_to(fetched.resolve(), target_is_directory=True)
        _run(["ingest", "models", "convert", "--home", str(home)], {**os.environ, "PYTHONPATH": str(CHECKOUT)})
    return home


def home_of(converted: Path, home: Path) -> Path:
    """Put the fetched files and a copy of the converted detector into an empty home."""
    (home / "fetched").symlink_to((converted / "fetched").resolve(), target_is_directory=True)
    shutil.copytree(converted / "models", home / "models")
    return home


@pytest.fixture(scope="session")
def world(store: Store, template: str, converted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small demo world, made once for this test process and cloned by whoever runs the house on it."""
    home = home_of(converted, tmp_path_factory.mktemp("home"))
    name = f"world_{uuid.uuid4().hex[:8]}"
    store.create_database(name, template)
    environment = environment_of(home, store.url(name))
    for command in (
        ["ingest", "city", "generate", "--size", "small"],
        ["ingest", "demo", "seed"],
        ["geo_server", "accounts", "demo"],
    ):
        _run(command, environment)
    yield World(home=home, template=name)
    store.drop_database(name)


@pytest.fixture(scope="module")
def running(store: Store, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The house without its cameras and its demo traffic: what happens is what the test makes happen."""
    with house(store, world, tmp_path_factory.mktemp("running"), cameras=()) as running:
        yield running


@contextmanager
def house(
    store: Store,
    world: World,
    folder: Path,
    *,
    cameras: tuple[str, ...] = (),
    demo: bool = False,
    video: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Run both wings on a clone of the world, with the named cameras enabled; with `demo` its traffic and crews too.

    With `video` the door for video is open, at `environment["QYRAN_VIDEO_ADDRESS"]`.
    It is served by https where the settings name a certificate.
    """
    name = f"running_{uuid.uuid4().hex[:8]}"
    store.create_database(name, world.template)
    home = folder / "home"
    shutil.copytree(world.home, home, symlinks=True)
    ports = dict(zip(("QYRAN_PORT", "QYRAN_INGEST_PORT", "QYRAN_RTSP_PORT"), free_ports(3), strict=True))
    environment = environment_of(home, store.url(name)) | {key: str(port) for key, port in ports.items()}
    environment |= _with_video(ports["QYRAN_PORT"]) if video else {}
    environment |= settings or {}
    scheme = "https" if "QYRAN_TLS_CERT" in environment else "http"
    if cameras:
        _run(["ingest", "demo", "seed"], environment)  # they learn the RTSP port
    _choose_cameras(store.url(name), cameras)
    running = Running(
        url=f"{scheme}://127.0.0.1:{ports['QYRAN_PORT']}",
        ingest_url=f"http://127.0.0.1:{ports['QYRAN_INGEST_PORT']}",
        database_url=store.url(name),
        home=home,
        keys=json.loads((home / "demo.json").read_text()),
        environment=environment,
    )
    commands = {"server": ["geo_server", "serve"], "ingest": ["ingest", "serve"]}
    if demo:
        commands["demo"] = ["ingest", "demo", "live"]
    if video:
        commands["footage"] = ["ingest", "footage"]
    try:
        with ExitStack() as stack:
            for process, command in commands.items():
                running.logs[process] = folder / f"{process}.log"
                told = environment | _as_its_role(process, running)
                stack.enter_context(nursery.process(command, told, running.logs[process]))
            _until_up(f"{running.url}/api/health", running.logs["server"])
            _until_up(f"{running.ingest_url}/health", running.logs["ingest"])
            if video:
                _until_up(f"{environment['QYRAN_VIDEO_ADDRESS']}/health", running.logs["footage"])
            yield running
    finally:
        store.drop_database(name)


def _with_video(port: int) -> dict[str, str]:
    (video,) = free_ports(1)
    at = {"QYRAN_VIDEO_PORT": str(video), "QYRAN_VIDEO_ADDRESS": f"http://127.0.0.1:{video}"}
    return at | {"QYRAN_WINDOWS_ORIGIN": f"http://127.0.0.1:{port}"}


def _as_its_role(process: str, running: Running) -> dict[str, str]:
    """Return how a wing comes to the store, as with `up`; the demo's traffic is set up by the owner."""
    role = {"server": SERVER, "ingest": INGEST, "footage": INGEST}.get(process)
    return {} if role is None else {"QYRAN_DATABASE_URL": as_role(running.database_url, role)}


def environment_of(home: Path, database_url: str) -> dict[str, str]:
    """Return what `up` tells the processes it starts."""
    told = {"QYRAN_HOME": str(home), "QYRAN_DATABASE_URL": database_url, "QYRAN_DEMO": "1", "PYTHONPATH": str(CHECKOUT)}
    return {**os.environ, **told}


def free_ports(count: int) -> list[int]:
    """Return ports that were free a moment ago."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for door in taken:
            door.bind(("127.0.0.1", 0))
        return [door.getsockname()[1] for door in taken]


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment, cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"


def _until_up(url: str, log: Path) -> None:
    deadline, trusting = time.monotonic() + READY_S, ssl._create_unverified_context()
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5, context=trusting if url.startswith("https") else None):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer within {READY_S} s:\n{log.read_text()[-4000:]}")


def _choose_cameras(database_url: str, codes: tuple[str, ...]) -> None:
    with psycopg.connect(database_url) as link:
        link.execute("UPDATE camera SET enabled = code = ANY(%s)", (list(codes),))
