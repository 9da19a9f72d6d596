"""Only hosts that are allowed are asked, at no address of this machine, and a redirect leads nowhere."""

import asyncio
import socket

import httpx
import pytest

from geo_server.notify import outside
from geo_server.notify.outside import READ_BYTES, Allowed, NotAllowed
from tests.geo_server.notify.receiver import receiving

pytestmark = pytest.mark.anyio
HERE = Allowed(hosts=("127.0.0.1",), local=("127.0.0.1",))


@pytest.mark.parametrize(
    "url", ["http://other.example/x", "ftp://hooks.example.kz/", "http://hooks.example.kz.evil.example/"]
)
async def test_a_host_that_is_not_allowed_is_not_even_looked_up(url: str) -> None:
    with pytest.raises(NotAllowed, match="host_not_allowed"):
        await outside.post(url, b"", {}, Allowed(hosts=("hooks.example.kz", "*.gov.example")), timeout_s=1)


def test_a_star_names_all_below_and_not_the_name_itself() -> None:
    allowed = Allowed(hosts=("*.gov.example",))
    assert allowed.names("a.b.gov.example") and not allowed.names("gov.example") and not allowed.names("xgov.example")


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "127.9.9.9", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::", "::ffff:127.0.0.1", "224.0.0.1"],
)
async def test_a_name_that_leads_to_this_machine_or_its_link_is_refused(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()

    async def resolved(*_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", (place, 80))]

    monkeypatch.setattr(loop, "getaddrinfo", resolved)
    with pytest.raises(NotAllowed, match="host_is_local"):
        await outside.post("http://hooks.example.kz/", b"", {}, Allowed(hosts=("hooks.example.kz",)), timeout_s=1)


async def test_a_local_host_is_asked_where_it_is_named_as_one() -> None:
    async with receiving() as receiver:
        with pytest.raises(NotAllowed, match="host_is_local"):
            await outside.post(receiver.url, b"x", {}, Allowed(hosts=("127.0.0.1",)), timeout_s=5)
        answer = await outside.post(receiver.url, b"x", {}, HERE, timeout_s=5)
    assert answer.status == 200 and [one.body for one in receiver.came] == [b"x"]
    assert receiver.came[0].headers["host"] == receiver.url.split("/")[2]


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with receiving() as receiver, receiving() as elsewhere:
        receiver.status, receiver.headers = 307, {"Location": elsewhere.url}
        assert (await outside.post(receiver.url, b"x", {}, HERE, timeout_s=5)).status == 307
    assert elsewhere.came == []


async def test_a_long_answer_is_heard_to_its_beginning() -> None:
    async with receiving() as receiver:
        receiver.answer = b"y" * 1_000_000
        assert len((await outside.post(receiver.url, b"", {}, HERE, timeout_s=5)).body) == READ_BYTES


async def test_a_host_that_never_answers_is_left() -> None:
    async with receiving() as receiver:
        receiver.status = 0
        with pytest.raises(httpx.TimeoutException):
            await outside.post(receiver.url, b"", {}, HERE, timeout_s=0.1)


async def test_a_port_that_nobody_listens_at_is_an_error_like_others() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(httpx.HTTPError):
            await outside.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"", {}, HERE, timeout_s=5)


@pytest.mark.parametrize(
    ("told", "seconds"), [("120", 120.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("9" * 40, None), ("", None)]
)
def test_what_a_host_asks_to_wait_is_read_in_seconds_alone(told: str, seconds: float | None) -> None:
    assert outside.Answer(503, {"retry-after": told}, b"").retry_after_s == seconds
