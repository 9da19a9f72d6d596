import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ingest.sources.networks import Networks
from ingest.sources.register import open_source
from tests.ingest.sources.running import frames, reads, running, settings, until
from tests.ingest.sources.servers import begin_parts, http_serving, jpeg, part, send


def url(port: int, login: str = "") -> str:
    return f"http://{login}127.0.0.1:{port}/video"


def plays(handler: BaseHTTPRequestHandler, *pictures: bytes) -> None:
    begin_parts(handler)
    for number in range(10**6):
        handler.wfile.write(part(pictures[number % len(pictures)]))
        time.sleep(0.02)


def test_a_camera_that_sends_jpegs_is_read_no_faster_than_is_asked_for(tmp_path: Path) -> None:
    with http_serving(lambda h: plays(h, jpeg())) as port:
        source = open_source("mjpeg", settings(tmp_path, url(port), fps=10))
        with running(source):
            source.set_active(True)
            found = frames(source, 4)
            health = source.health()
    assert {frame.image.shape for frame in found} == {(48, 64, 3)}
    assert (found[3].at - found[1].at).total_seconds() > 0.15
    assert (health.state, health.codec, health.width_px, health.height_px) == ("live", "mjpeg", 64, 48)


def test_while_nothing_moves_two_pictures_a_second_are_enough(tmp_path: Path) -> None:
    with http_serving(lambda h: plays(h, jpeg())) as port, reads("mjpeg", tmp_path, url(port), fps=20) as source:
        found = frames(source, 3)
    assert (found[2].at - found[1].at).total_seconds() > 0.4


def test_garbage_and_a_change_of_size_cost_no_picture(tmp_path: Path) -> None:
    with (
        http_serving(lambda h: plays(h, jpeg(), b"\x00\xff\xd8garbage" * 50, jpeg()[:100], jpeg(80, 60))) as port,
        reads("mjpeg", tmp_path, url(port), fps=50) as source,
    ):
        source.set_active(True)
        shapes = {frame.image.shape for frame in frames(source, 6)}
    assert shapes == {(48, 64, 3), (60, 80, 3)}


def test_a_20_megapixel_picture_is_brought_to_4k_and_one_beyond_is_refused(tmp_path: Path) -> None:
    with http_serving(lambda h: plays(h, jpeg(5472, 3648))) as port, reads("mjpeg", tmp_path, url(port)) as source:
        (frame,) = frames(source, 1)
    assert frame.picture.size_px == (3527, 2351) and frame.picture.sized(640, 480).image().shape == (480, 640, 3)
    huge = jpeg().replace(b"\x00\x30\x00\x40", b"\xff\x00\xff\x00", 1)
    with http_serving(lambda h: plays(h, huge)) as port, reads("mjpeg", tmp_path, url(port)) as source:
        until(lambda: source.health().state == "down")
    assert source.health().reason == "No camera's picture is 65280 by 65280 pixels."


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_password_is_told_by_the_way_the_camera_asks_for_it(tmp_path: Path, scheme: str) -> None:
    told: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        given = handler.headers.get("Authorization", "")
        told.append(given)
        asks = 'Digest realm="camera", nonce="1", qop="auth"' if scheme == "Digest" else 'Basic realm="camera"'
        plays(handler, jpeg()) if given.startswith(scheme) else send(handler, 401, WWW_Authenticate=asks)

    with http_serving(answer) as port, reads("mjpeg", tmp_path, url(port, "eagle:a%20b@")) as source:
        frames(source, 1)
    assert told[0] == ""
    assert 'username="eagle"' in told[-1] if scheme == "Digest" else b64decode(told[-1][6:]) == b"eagle:a b"


def test_a_wrong_password_is_one_sentence_without_it(tmp_path: Path) -> None:
    with (
        http_serving(lambda h: send(h, 401, WWW_Authenticate="Basic")) as port,
        reads("mjpeg", tmp_path, url(port, "eagle:wr0ng@")) as source,
    ):
        until(lambda: source.health().state == "down")
    assert source.health().reason == "The camera refuses the user name or password."


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.2:{port}/x", "No camera may live at 127.0.0.2: the address is not one that is allowed."),
        ("http://169.254.169.254/x", "No camera may live at 169.254.169.254: the address is not one that is allowed."),
        ("file:///etc/passwd", "The camera leads to what is no camera's address."),
        ("/video", "The camera leads from one address to the next without end."),
    ],
)
def test_a_redirect_to_where_no_camera_lives_is_not_followed(
    tmp_path: Path, location: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QYRAN_CAMERA_NETWORKS", "127.0.0.1/32")
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Host"])
        send(handler, 302, Location=location.format(port=port))

    with http_serving(answer) as port, running(open_source("mjpeg", settings(tmp_path, url(port)))) as source:
        until(lambda: source.health().state == "down")
    assert source.health().reason == reason
    assert set(asked) == {f"127.0.0.1:{port}"}


def test_a_redirect_from_a_public_address_to_a_private_one_is_the_cameras_state(
    tmp_path: Path, public_here: Networks
) -> None:
    with (
        http_serving(lambda h: plays(h, jpeg())) as port,
        http_serving(lambda h: send(h, 302, Location=f"http://127.0.0.2:{port}/x")) as first,
        reads("mjpeg", tmp_path, url(first), networks=public_here) as source,
    ):
        until(lambda: source.health().state == "down")
    assert source.health().reason == "No camera may live at 127.0.0.2: the address is not one that is allowed."


def test_a_redirect_to_another_camera_is_followed_without_the_password(tmp_path: Path) -> None:
    given: list[str | None] = []

    def there(handler: BaseHTTPRequestHandler) -> None:
        given.append(handler.headers.get("Authorization"))
        plays(handler, jpeg())

    with (
        http_serving(there) as port,
        http_serving(lambda h: send(h, 302, Location=url(port))) as first,
        reads("mjpeg", tmp_path, url(first, "eagle:secret@")) as source,
    ):
        frames(source, 1)
    assert given == [None]


def test_an_address_where_no_camera_lives_is_never_asked(tmp_path: Path) -> None:
    asked: list[str] = []
    with http_serving(lambda h: asked.append(h.path)) as port:
        source = open_source("mjpeg", settings(tmp_path, url(port), networks=Networks()))
        with running(source):
            until(lambda: source.health().state == "down")
    assert source.health().reason == "No camera may live at 127.0.0.1: the address is not one that is allowed."
    assert asked == []


def test_a_camera_that_stalls_in_mid_picture_is_told_while_another_goes_on(tmp_path: Path) -> None:
    def stalls(handler: BaseHTTPRequestHandler) -> None:
        begin_parts(handler)
        handler.wfile.write(part(jpeg()) + part(jpeg())[:-20])
        time.sleep(2)

    with http_serving(stalls) as bad, http_serving(lambda h: plays(h, jpeg())) as good:
        other = open_source("mjpeg", settings(tmp_path, url(good)))
        with running(open_source("mjpeg", settings(tmp_path, url(bad), timeout_s=0.3))) as source, running(other):
            frames(source, 1)
            until(lambda: source.health().state == "down")
            assert source.health().reason == "The camera did not answer within 0.3 s."
            assert other.health().state == "live"
            assert len(frames(other, 2)) == 2
