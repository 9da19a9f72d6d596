"""Short messages by a centre over TCP: taken, receipted, refused, silent, broken off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from geo_server.notify import smpp_line
from geo_server.notify.channel import Later, Never, Receipt, Sent
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.smpp_line import receipt_of
from geo_server.notify.sms_smpp import SmsSmpp
from tests.geo_server.notify.centre import BIND, SUBMIT, centre
from tests.geo_server.notify.messages import message
from tests.running import free_ports

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def line_to(port: int, *, password: str = "hush", patient_s: float = 10) -> AsyncIterator[SmsSmpp]:
    told = ChannelSettings(
        smpp_host="127.0.0.1", smpp_port=port, smpp_system_id="qyran", smpp_password=SecretStr(password)
    )
    channel = SmsSmpp(told, asyncio.Queue(), patient_s=patient_s)
    try:
        yield channel
    finally:
        await channel.close()


async def heard(channel: SmsSmpp) -> Receipt:
    return await asyncio.wait_for(channel._receipts.get(), 10)


async def test_a_kazakh_message_goes_in_parts_that_the_centre_puts_together() -> None:
    text = "Өрт: Абай даңғылы, 1. № 26-000001, басымдығы 1. Диспетчерге растаңыз. Қауіпті!"
    async with centre() as smsc, line_to(smsc.port) as channel:
        outcome = await channel.send(message(short=text))
    assert outcome == Sent(awaits=("m1", "m2"), parts=2)
    assert [one.coding for one in smsc.took] == [8, 8] and all(one.esm_class == 0x40 for one in smsc.took)
    assert "".join(one.octets[6:].decode("utf-16-be") for one in smsc.took) == text
    assert {(one.to, one.source, one.wants_receipt) for one in smsc.took} == {("77011234567", "112", True)}


async def test_receipts_tell_what_arrived_and_what_did_not() -> None:
    async with centre() as smsc, line_to(smsc.port) as channel:
        assert await channel.send(message(short="fire")) == Sent(awaits=("m1",), parts=1)
        await smsc.say("m1", "ENROUTE")
        await smsc.say("m1", "DELIVRD")
        assert await heard(channel) == Receipt(channel="sms_smpp", reference="m1", arrived=True)
        await smsc.say("m1", "UNDELIV")
        assert await heard(channel) == Receipt(channel="sms_smpp", reference="m1", arrived=False)
        assert [await asyncio.wait_for(smsc.receipts_taken.get(), 10) for _ in range(3)] == [0, 0, 0]
    assert smsc.binds == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(0x0B, Never(code="address_refused")), (0x58, Later(code="status_0x58")), (0x14, Later(code="status_0x14"))],
)
async def test_a_refusal_of_the_address_is_told_from_a_centre_that_is_full(status: int, outcome: object) -> None:
    async with centre(status=status) as smsc, line_to(smsc.port) as channel:
        assert await channel.send(message()) == outcome
        smsc.status = 0
        assert isinstance(await channel.send(message()), Sent), "the line goes on"
    assert smsc.binds == 1


async def test_a_login_that_is_refused_is_a_fault_of_the_channel() -> None:
    async with centre() as smsc, line_to(smsc.port, password="wrong") as channel:
        assert await channel.send(message()) == Later(code="login_refused")


async def test_a_silent_centre_is_left_and_bound_to_anew() -> None:
    async with centre(silent_at=SUBMIT) as smsc, line_to(smsc.port, patient_s=0.3) as channel:
        assert await channel.send(message()) == Later(code="timeout")
        smsc.silent_at = 0
        channel._patient_s = 10
        assert isinstance(await _until_sent(channel), Sent)
    assert smsc.binds == 2


async def test_a_centre_that_does_not_answer_the_bind_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_line, "CONNECT_S", 0.5)
    async with centre(silent_at=BIND) as smsc, line_to(smsc.port, patient_s=0.2) as channel:
        assert await channel.send(message()) == Later(code="timeout")


async def test_a_line_that_breaks_is_bound_anew() -> None:
    async with centre(breaks_at=SUBMIT) as smsc, line_to(smsc.port) as channel:
        assert await channel.send(message()) == Later(code="unreachable")
        smsc.breaks_at = 0
        assert isinstance(await _until_sent(channel), Sent)
    assert smsc.binds == 2


async def test_a_centre_that_is_away_is_tried_again() -> None:
    (port,) = free_ports(1)
    async with line_to(port) as channel:
        assert await channel.send(message()) == Later(code="unreachable")


async def test_many_messages_share_one_line() -> None:
    async with centre() as smsc, line_to(smsc.port) as channel:
        outcomes = await asyncio.gather(*(channel.send(message(notice_id=n)) for n in range(20)))
    assert all(isinstance(one, Sent) for one in outcomes) and smsc.binds == 1
    assert len({number for one in outcomes if isinstance(one, Sent) for number in one.awaits}) == len(smsc.took)


@pytest.mark.parametrize(
    ("number", "text", "receipt"),
    [
        ("", "id:7A sub:001 stat:DELIVRD err:000 text:x", ("7A", True)),
        ("9", "stat:UNDELIV", ("9", False)),
        ("9", "stat:ACCEPTD", None),
        ("", "Растаймын, келе жатырмын", None),
        ("", "", None),
    ],
)
def test_a_receipt_is_told_from_what_somebody_wrote(number: str, text: str, receipt: object) -> None:
    assert receipt_of(number, text) == receipt


async def _until_sent(channel: SmsSmpp) -> object:
    """Send until the line is bound anew: what fell into the breaking of the old one is tried again."""
    for _ in range(20):
        outcome = await channel.send(message())
        if isinstance(outcome, Sent):
            return outcome
    return outcome
