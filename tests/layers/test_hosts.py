import pytest

from layers.hosts import LOOPBACK, authority, check_demo


@pytest.mark.parametrize("host", LOOPBACK)
def test_the_demo_listens_on_loopback(host: str) -> None:
    check_demo(demo=True, host=host)


def test_the_demo_is_refused_elsewhere_and_the_server_without_it_is_not() -> None:
    check_demo(demo=False, host="0.0.0.0")
    with pytest.raises(ValueError, match="loopback only"):
        check_demo(demo=True, host="0.0.0.0")


def test_an_ipv6_host_stands_in_brackets() -> None:
    assert [authority(host, 8080) for host in ("::1", "localhost")] == ["[::1]:8080", "localhost:8080"]
