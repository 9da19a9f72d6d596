import pytest

from layers.hosts import LOOPBACK, authority, check_demo, is_safe


@pytest.mark.parametrize("host", LOOPBACK)
def test_the_demo_listens_on_loopback(host: str) -> None:
    check_demo(demo=True, host=host)


def test_the_demo_is_refused_elsewhere_and_the_server_without_it_is_not() -> None:
    check_demo(demo=False, host="0.0.0.0")
    with pytest.raises(ValueError, match="loopback only"):
        check_demo(demo=True, host="0.0.0.0")


def test_an_ipv6_host_stands_in_brackets() -> None:
    assert [authority(host, 8080) for host in ("::1", "localhost")] == ["[::1]:8080", "localhost:8080"]


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://provider.example/in", True),
        ("http://127.0.0.1:9400", True),
        ("http://localhost/in", True),
        ("http://provider.example", False),
        ("http://localhost.evil.example", False),
        ("https://", False),
        ("ftp://127.0.0.1", False),
        ("https://[", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
def test_an_address_is_safe_by_https_or_on_this_machine(address: object, safe: bool) -> None:
    assert is_safe(address) is safe
