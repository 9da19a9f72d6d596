import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ingest.sources.networks import Networks
from ingest.sources.relay import relayed
from ingest.sources.source import SourceError
from tests.ingest.sources.rtsp_camera import Play, rtsp_serving, units
from tests.ingest.sources.running import frames, reads, until

HERE = Networks(loopback=True)


@contextmanager
def echoing() -> Iterator[tuple[int, list[bytes]]]:
    """A camera that repeats what it is told, and what it heard."""
    heard: list[bytes] = []

    def answer(server: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = server.accept()
            while data := connection.recv(2**20):
                heard.append(data)
                connection.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        yield server.getsockname()[1], heard


def near(url: str) -> tuple[str, int]:
    host, _, port = url.partition("//")[2].partition("/")[0].rpartition("@")[2].partition(":")
    return host, int(port)


def test_every_byte_goes_both_ways_and_a_slow_reader_loses_none() -> None:
    sent = b"PLAY " + bytes(range(1, 200)) * 20_000
    with (
        echoing() as (port, _),
        relayed(f"rtsp://127.0.0.1:{port}/a", HERE, 2) as url,
        socket.create_connection(near(url)) as reader,
    ):
        threading.Thread(target=reader.sendall, args=(sent,), daemon=True).start()
        back = b""
        reader.settimeout(10)
        while len(back) < len(sent):
            back += reader.recv(200_000)
    assert back == sent


@pytest.mark.parametrize("prompt", [True, False])
def test_what_somebody_watches_is_not_gathered(prompt: bool) -> None:
    with (
        echoing() as (port, _),
        relayed(f"rtsp://127.0.0.1:{port}/a", HERE, 2, prompt=prompt) as url,
        socket.create_connection(near(url)) as reader,
    ):
        reader.sendall(b"PLAY ")
        assert reader.recv(5) == b"PLAY "
        began = time.monotonic()
        for _ in range(5):
            reader.sendall(b"x")
            assert reader.recv(1) == b"x"
        gathered = time.monotonic() - began > 0.2  # both ways of five rest 50 ms each
    assert gathered or prompt


def test_the_login_stays_in_the_address_and_only_one_comes_in_by_the_door() -> None:
    with echoing() as (port, heard), relayed(f"rtsp://a%40:b@127.0.0.1:{port}/x?y=1", HERE, 2) as url:
        assert url.startswith("rtsp://a%40:b@127.0.0.1:") and url.endswith("/x?y=1")
        with socket.create_connection(near(url)) as first, socket.create_connection(near(url)) as second:
            first.sendall(b"one")
            assert first.recv(3) == b"one"
            second.sendall(b"two")
            second.settimeout(0.3)
            with pytest.raises((TimeoutError, ConnectionError)):
                assert second.recv(3) == b""
                raise ConnectionError
    assert b"two" not in b"".join(heard)


def test_the_camera_is_let_go_when_the_reader_is_done() -> None:
    def accepted() -> socket.socket:
        connection, _ = server.accept()
        connection.sendall(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
        return connection

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as beside:
        taken = beside.submit(accepted)
        with relayed(f"rtsp://127.0.0.1:{server.getsockname()[1]}/a", HERE, 2):
            connection = taken.result()
            connection.recv(1000)
        connection.settimeout(5)
        assert connection.recv(1) == b""
        connection.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the camera's own, with its key."""
    path = tmp_path_factory.mktemp("camera") / "both.pem"
    openssl = shutil.which("openssl")
    assert openssl
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    subprocess.run(
        [*made, "-subj", "/CN=camera", "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def test_a_camera_is_read_through_tls(tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    clip = units()
    with rtsp_serving(lambda _: Play(lambda session: session.play(clip)), context) as port:
        with reads("rtsp", tmp_path, f"rtsps://127.0.0.1:{port}/a") as source:
            assert frames(source, 2)[0].image.shape == (64, 96, 3)
        with reads("rtsp", tmp_path, f"rtsp://127.0.0.1:{port}/a", timeout_s=1) as source:
            until(lambda: source.health().state == "down")


def test_a_camera_that_speaks_no_tls_is_one_sentence(tmp_path: Path) -> None:
    with echoing() as (port, _), reads("rtsp", tmp_path, f"rtsps://127.0.0.1:{port}/a") as source:
        until(lambda: source.health().state == "down")
        assert source.health().reason == "The camera does not speak TLS as it should."


def test_nothing_is_connected_to_where_no_camera_lives() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"rtsp://127.0.0.1:{server.getsockname()[1]}/a"
        with pytest.raises(SourceError, match="No camera may live"), relayed(url, Networks(), 2):
            raise AssertionError
        with pytest.raises(TimeoutError):
            server.accept()
