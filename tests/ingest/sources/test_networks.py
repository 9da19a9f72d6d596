import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from ingest.sources.addresses import connect, is_address, resolved
from ingest.sources.http import answered
from ingest.sources.networks import Networks
from ingest.sources.source import SourceError
from tests.ingest.sources.servers import http_serving, send

NOBODYS = [
    "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "0.1.2.3", "::", "169.254.169.254", "169.254.7.7", "fe80::1",
    "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "100.100.100.200", "fd00:ec2::254", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", NOBODYS)
def test_no_camera_lives_on_this_machine_or_where_no_camera_can(address: str) -> None:
    assert not Networks().allow(ip_address(address))


@pytest.mark.parametrize("address", ["192.168.1.20", "10.0.0.7", "93.184.216.34", "fd12::7", "2a00:1450::1"])
def test_cameras_live_in_private_and_public_networks(address: str) -> None:
    assert Networks().allow(ip_address(address))


def test_networks_that_are_told_hold_alone_and_never_the_clouds_keys() -> None:
    told = Networks(among=(ip_network("192.168.0.0/16"), ip_network("169.254.0.0/16")))
    assert told.allow(ip_address("192.168.3.3")) and told.allow(ip_address("169.254.7.7"))
    assert not told.allow(ip_address("10.0.0.1")) and not told.allow(ip_address("127.0.0.1"))
    assert not told.allow(ip_address("169.254.169.254"))


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.20", "100.64.0.1", "fd12::7", "64:ff9b::a00:7"])
def test_a_camera_at_a_public_address_leads_into_no_private_network_that_is_not_named(address: str) -> None:
    beyond = Networks().beyond("93.184.216.34")
    assert beyond.allow(ip_address("8.8.8.8")) and not beyond.allow(ip_address(address))
    assert not beyond.beyond("8.8.8.8").allow(ip_address(address))
    assert Networks().beyond("10.0.0.1").allow(ip_address(address))
    named = Networks(among=tuple(map(ip_network, ("0.0.0.0/0", "fd12::/16"))))
    assert named.beyond("93.184.216.34").allow(ip_address(address))


def test_this_machine_is_allowed_in_the_demo_or_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Networks(loopback=True).allow(ip_address("127.0.0.1"))
    monkeypatch.setenv("QYRAN_CAMERA_NETWORKS", "10.0.0.0/8, 127.0.0.1/32")
    assert Networks.told().allow(ip_address("127.0.0.1")) and not Networks.told().allow(ip_address("127.0.0.2"))
    monkeypatch.delenv("QYRAN_CAMERA_NETWORKS")
    assert not Networks.told().allow(ip_address("127.0.0.1"))
    monkeypatch.setenv("QYRAN_DEMO", "1")
    assert Networks.told().allow(ip_address("127.0.0.1"))


def test_a_name_is_resolved_by_us_and_its_address_is_what_is_connected_to() -> None:
    assert resolved("127.0.0.1", Networks(loopback=True)) == "127.0.0.1"
    with pytest.raises(
        SourceError, match=r"^No camera may live at localhost: the address is not one that is allowed\.$"
    ):
        connect("localhost", 80, Networks(), 1.0)
    with pytest.raises(SourceError, match=r"^no-such-host\.invalid is not known: the name has no address\.$"):
        resolved("no-such-host.invalid", Networks())


@pytest.mark.parametrize("url", ["rtsp://", "http://a/", "rtsp://[::1/a", "rtsp://a:99999/", "rtsp://a/\r\nb", "a"])
def test_what_is_no_address_is_told(url: str) -> None:
    assert not is_address(url, frozenset({"rtsp"}))
    assert is_address("rtsp://user:secret@a:554/b?c=1", frozenset({"rtsp"}))


def test_a_name_that_changes_its_address_after_the_check_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def changing(host: str, *rest: Any, **named: Any) -> Any:
        if host != "camera.example":
            return real(host, *rest, **named)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    here = Networks(loopback=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with connect("camera.example", port, here, 1.0) as ours:
            assert ours.getpeername() == ("127.0.0.1", port)
    asked.clear()
    with (
        http_serving(lambda h: send(h, 200, b"here")) as port,
        answered(f"http://camera.example:{port}/a", here, 1.0) as response,
    ):
        assert response.read() == b"here"
    assert asked == ["camera.example"]
