from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ingest.sources.networks import Networks
from tests.ingest.sources.clips import segment
from tests.ingest.sources.running import frames, reads, until
from tests.ingest.sources.servers import http_serving, send

NOWHERE = "No camera may live at {}: the address is not one that is allowed."


def there(port: int, name: str) -> str:
    return f"http://127.0.0.1:{port}/{name}.m3u8"


class Published:
    """A camera that publishes one more segment at every look at its playlist."""

    def __init__(self, *, most: int = 10**6) -> None:
        self.looks, self.most = 0, most

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/master.m3u8":
            return send(handler, 200, b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive.m3u8\n")
        if handler.path == "/live.m3u8":
            self.looks = min(self.looks + 1, self.most)
            lines = "".join(f"#EXTINF:0.4,\n{number}.ts\n" for number in range(self.looks, self.looks + 3))
            head = f"#EXTM3U\n#EXT-X-TARGETDURATION:0.5\n#EXT-X-MEDIA-SEQUENCE:{self.looks}\n"
            return send(handler, 200, (head + lines).encode())
        number = int(handler.path.strip("/").partition(".")[0])
        return send(handler, 200, segment(10 * number))


def test_a_live_playlist_is_read_at_the_pace_of_its_pictures(tmp_path: Path) -> None:
    camera = Published()
    with http_serving(camera.answer) as port, reads("hls", tmp_path, there(port, "master"), fps=50) as source:
        source.set_active(True)
        found = frames(source, 30)
        health = source.health()
    assert {frame.image.shape for frame in found} == {(64, 96, 3)}
    assert (found[-1].at - found[0].at).total_seconds() > 0.6  # 30 frames at 25 a second, some of them dropped
    assert (health.state, health.codec) == ("live", "h264")


def test_a_playlist_that_moves_no_more_is_told(tmp_path: Path) -> None:
    camera = Published(most=1)
    with http_serving(camera.answer) as port, reads("hls", tmp_path, there(port, "live"), timeout_s=0.1) as source:
        frames(source, 1)
        until(lambda: source.health().state == "down")
    assert source.health().reason == "The camera publishes no more of its stream."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("http://169.254.169.254/a.ts", NOWHERE.format("169.254.169.254")),
        ("file:///etc/passwd", "The camera leads to what is no camera's address."),
        ("gone.ts", "The camera has no stream of that name."),
        ("garbage.ts", "What is there is no video."),
        ("empty.ts", "What is there is no video."),
        ("away.ts", NOWHERE.format("10.0.0.1")),
    ],
)  # fmt: skip
def test_a_playlist_that_leads_elsewhere_or_to_nothing_is_one_sentence(tmp_path: Path, line: str, reason: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/a.m3u8":
            send(handler, 200, f"#EXTM3U\n#EXTINF:1,\n{line}\n#EXT-X-ENDLIST\n".encode())
        elif handler.path == "/garbage.ts":
            send(handler, 200, b"garbage" * 5000)
        elif handler.path == "/empty.ts":
            send(handler, 200)
        elif handler.path == "/away.ts":
            send(handler, 302, Location="http://10.0.0.1/a.ts")
        else:
            send(handler, 404)

    with http_serving(answer) as port, reads("hls", tmp_path, there(port, "a")) as source:
        until(lambda: source.health().state == "down")
    assert source.health().reason == reason


@pytest.mark.parametrize(
    "line", ["http://127.0.0.2:{port}/1.ts", "#EXT-X-STREAM-INF:A=1\nhttp://127.0.0.2:{port}/b.m3u8"]
)
def test_a_playlist_at_a_public_address_leads_into_no_private_network(
    tmp_path: Path, line: str, public_here: Networks
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 200, f"#EXTM3U\n{line.format(port=port)}\n#EXT-X-ENDLIST\n".encode())

    with http_serving(answer) as port, reads("hls", tmp_path, there(port, "a"), networks=public_here) as source:
        until(lambda: source.health().state == "down")
    assert source.health().reason == NOWHERE.format("127.0.0.2")


def test_another_codec_and_size_after_a_break_are_read_on(tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/a.m3u8":
            return send(handler, 200, b"#EXTM3U\n1.ts\n#EXT-X-DISCONTINUITY\n2.ts\n#EXT-X-ENDLIST\n")
        return send(handler, 200, segment(0, 10, "mpeg2video", (128, 96)) if handler.path == "/2.ts" else segment(0))

    with http_serving(answer) as port, reads("hls", tmp_path, there(port, "a"), fps=50) as source:
        source.set_active(True)
        seen: set[tuple[int, ...]] = set()
        while len(seen) < 2:
            seen |= {frame.image.shape for frame in frames(source, 1)}
    assert seen == {(64, 96, 3), (96, 128, 3)}
