"""What the tests of the west wing share: a home whose detector is converted once a run."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

import ingest
from ingest.demo.clips import h264_of
from tests.running import home_of

SERVER = Path(ingest.__file__).parent / "demo" / "rtsp_server.py"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, converted: Path) -> Path:
    """A home with the fetched files and the converted detector."""
    return home_of(converted, tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True)
def cameras_may_live_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers of the tests are on this machine."""
    monkeypatch.setenv("QYRAN_CAMERA_NETWORKS", "127.0.0.0/8")


Serve = Callable[..., AbstractContextManager[int]]


@pytest.fixture(scope="session")
def film(home: Path) -> Path:
    """The real clip as the RTSP server wants it."""
    return h264_of(home / "fetched" / "vtest.avi", home / "clips" / "vtest.h264")


@pytest.fixture(scope="session")
def serve(film: Path) -> Serve:
    """A real RTSP server in a process of its own: `with serve("name", port=0) as port`."""

    @contextmanager
    def serving(*names: str, port: int = 0, clip: Path = film, login: str = "") -> Iterator[int]:
        command = ["/usr/bin/python3", str(SERVER), str(port), str(clip), *names]
        told = {**os.environ, "QYRAN_RTSP_LOGIN": login}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "no RTSP server: apt-get install python3-gi gir1.2-gst-rtsp-server-1.0"
            try:
                yield int(json.loads(line)["port"])
            finally:
                process.terminate()

    return serving
