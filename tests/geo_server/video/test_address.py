import pytest

from geo_server.access.headers import policy
from geo_server.video.address import as_asked, as_socket


@pytest.mark.parametrize(
    ("address", "asked_by", "reached_at"),
    [
        ("http://127.0.0.1:5056", "127.0.0.1:8080", "http://127.0.0.1:5056"),
        ("http://127.0.0.1:5056", "localhost:8080", "http://localhost:5056"),
        ("http://127.0.0.1:5056", "evil.example:8080", "http://127.0.0.1:5056"),
        ("https://0.0.0.0:5056", "centre.example:8443", "https://centre.example:5056"),
        ("https://0.0.0.0:5056", "centre.example", "https://centre.example:5056"),
        ("https://[::]:5056", "[2001:db8::1]:8443", "https://[2001:db8::1]:5056"),
        ("https://0.0.0.0:5056", "a; script-src *", "https://0.0.0.0:5056"),
        ("https://video.example:5056", "centre.example:8443", "https://video.example:5056"),
    ],
)
def test_the_door_for_video_is_named_as_whoever_asks_reaches_it(address: str, asked_by: str, reached_at: str) -> None:
    assert as_asked(address, asked_by) == reached_at


def test_a_page_reaches_the_door_for_video_and_no_other_host() -> None:
    told = policy("https://centre.example:5056", "centre.example")
    assert "connect-src 'self' data: blob: https://centre.example:5056 wss://centre.example:5056;" in told
    assert told.count("//") == 2
    assert "//" not in policy(None, "centre.example")
    assert as_socket("http://127.0.0.1:5056") == "ws://127.0.0.1:5056"
