"""A push service is told what it needs to carry a push, and what it answers decides over the phone."""

import json
from pathlib import Path

import pytest

from geo_server.notify.channel import Later, Never, Sent
from geo_server.notify.crew_page import told
from geo_server.notify.outside import Allowed
from geo_server.notify.schema import Subscription
from geo_server.notify.sealed_push import Sender
from geo_server.notify.web_push import Pushed, WebPush
from tests.geo_server.notify.messages import message
from tests.geo_server.notify.receiver import receiving
from tests.geo_server.notify.test_sealed_push import AUTH, BROWSER, P256DH, open_sealed

pytestmark = pytest.mark.anyio


def push_from(home: Path, *hosts: str) -> WebPush:
    allowed = Allowed(hosts=hosts or ("127.0.0.1",), local=("127.0.0.1",))
    return WebPush(sender=Sender.at(home, "duty@example.kz"), allowed=allowed)


def phone(url: str) -> Subscription:
    return Subscription(id=1, endpoint=url, p256dh=P256DH, auth=AUTH)


async def test_the_phone_reads_what_the_service_only_carried(tmp_path: Path) -> None:
    async with receiving() as service:
        service.status = 201
        assert await push_from(tmp_path).push(message(), phone(service.url)) == Pushed(taken=True)
    (came,) = service.came
    assert came.headers["content-encoding"] == "aes128gcm" and came.headers["urgency"] == "high"
    assert 3500 < int(came.headers["ttl"]) <= 3600 and came.headers["topic"] == "qyran-7"
    assert came.headers["authorization"].startswith("vapid t=")
    read = json.loads(open_sealed(came.body, BROWSER, AUTH, P256DH))
    assert read["notice_id"] == 7 and read["body"] == message().short
    assert b"26-000001" not in came.body


async def test_a_long_text_is_cut_to_what_a_push_carries(tmp_path: Path) -> None:
    async with receiving() as service:
        service.status = 201
        assert (await push_from(tmp_path).push(message(short='ж"\n' * 40_000), phone(service.url))).taken
    assert len(service.came[0].body) <= 4096


@pytest.mark.parametrize(
    ("status", "pushed"),
    [
        (410, Pushed(gone=True, code="subscription_gone")),
        (404, Pushed(gone=True, code="subscription_gone")),
        (429, Pushed(code="answered_429")),
        (500, Pushed(code="answered_500")),
    ],
)
async def test_what_a_service_answers_decides_over_the_phone(status: int, pushed: Pushed, tmp_path: Path) -> None:
    async with receiving() as service:
        service.status = status
        assert await push_from(tmp_path).push(message(), phone(service.url)) == pushed


async def test_a_service_that_is_not_allowed_is_not_asked(tmp_path: Path) -> None:
    async with receiving() as service:
        pushed = await push_from(tmp_path, "push.example.kz").push(message(), phone(service.url))
    assert pushed == Pushed(code="host_not_allowed") and service.came == []


@pytest.mark.parametrize(
    ("pushed", "outcome"),
    [
        ([], Sent(code="no_device")),
        ([Pushed(gone=True, code="subscription_gone")], Sent(code="subscription_gone")),
        ([Pushed(taken=True), Pushed(code="answered_500")], Sent()),
        ([Pushed(gone=True), Pushed(code="answered_500", after_s=9.0)], Later(code="answered_500", after_s=9.0)),
        ([Pushed(code="host_not_allowed")], Never(code="host_not_allowed")),
    ],
)
def test_one_phone_that_was_woken_is_enough(pushed: list[Pushed], outcome: object) -> None:
    assert told(pushed) == outcome
