"""A gateway that takes JSON is told who, what and under which name."""

import json

import pytest
from pydantic import SecretStr

from geo_server.notify.channel import Later, Never, Sent
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.sms_http import SmsHttp
from tests.geo_server.notify.messages import message
from tests.geo_server.notify.receiver import receiving

pytestmark = pytest.mark.anyio


async def test_a_message_goes_with_its_token_and_its_parts_are_counted() -> None:
    async with receiving() as gateway:
        told = ChannelSettings(sms_http_url=gateway.url, sms_http_token=SecretStr("hush"), sms_parts=2)
        outcome = await SmsHttp(told=told).send(message(short="Өрт: " + "ө" * 200))
    (came,) = gateway.came
    assert outcome == Sent(parts=2, cut=True) and came.headers["authorization"] == "Bearer hush"
    body = json.loads(came.body)
    assert (body["to"], body["from"], body["id"]) == ("+77011234567", "112", "qyran-7")
    assert body["text"] == ("Өрт: " + "ө" * 200)[:134]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(401, Later(code="login_refused")), (503, Later(code="answered_503")), (422, Never(code="answered_422"))],
)
async def test_a_gateway_that_refuses_is_told_from_one_that_fails(status: int, outcome: object) -> None:
    async with receiving() as gateway:
        gateway.status = status
        assert await SmsHttp(told=ChannelSettings(sms_http_url=gateway.url)).send(message()) == outcome


def test_without_an_address_it_is_not_configured() -> None:
    assert not SmsHttp(told=ChannelSettings()).configured
