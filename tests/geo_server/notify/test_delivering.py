"""From queued to acknowledged: at least once, never silently lost, and no channel holds another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from geo_server.notify import crew, notices, queries
from geo_server.notify.channel import Later, Never, Receipt, Sent
from geo_server.notify.delivering import Delivery
from geo_server.notify.schema import Recipient
from layers.areas.scope import visit_as, visit_whole
from tests.geo_server.notify.conftest import Desk

pytestmark = pytest.mark.anyio
DUTY = Recipient(kind="role", role="akimat_duty")


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncIterator[None]:
    task = asyncio.create_task(delivery.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Heard(Delivery):
    """Tells when a receipt found its notice."""

    heard = asyncio.Event()

    async def hear(self, receipt: Receipt) -> bool:
        found = await super().hear(receipt)
        if found:
            self.heard.set()
        return found


async def test_nothing_is_told_before_the_act_itself_is_committed(desk: Desk) -> None:
    with suppress(RuntimeError):
        async with visit_as(desk.server, desk.viewer) as session:
            await notices.queue(session, desk.viewer, desk.incident, [DUTY], "incident")
            raise RuntimeError("the act was undone")
    await desk.delivery.look()
    assert await desk.sql("SELECT 1 FROM notice_chain WHERE incident_id = :id", id=desk.incident.id) == []


async def test_a_unit_is_told_on_its_page_and_acknowledges_there(desk: Desk) -> None:
    chain = await desk.sent()
    await desk.delivery.look()
    await desk.deliver()
    (taken,) = (await desk.told(chain)).notices
    assert taken.state == "sent" and desk.channels["crew_page"].took[0].to_id == desk.unit_id
    async with visit_whole(desk.server) as session:
        (shown,) = await crew.on_page(session, desk.unit_id)
        assert shown.state == "delivered"
        done = await crew.acknowledge(session, desk.viewer, desk.unit_id, shown.id)
        assert (done.state, done.acknowledged_means) == ("acknowledged", "page")
        assert await crew.acknowledge(session, desk.viewer, desk.unit_id, shown.id) == done
    await desk.pass_time()
    told = await desk.told(chain)
    assert (told.state, told.ended_how, len(told.notices)) == ("acknowledged", "page", 1)
    assert (await desk.entries()).count("notice_acknowledged") == 1


async def test_another_unit_does_not_acknowledge_for_it(desk: Desk) -> None:
    await desk.sent()
    await desk.delivery.look()
    async with visit_whole(desk.server) as session:
        (shown,) = await queries.of_unit(session, desk.unit_id)
        with pytest.raises(Exception, match="no_such_notice"):
            await crew.acknowledge(session, desk.viewer, desk.unit_id + 1, shown.id)


async def test_silence_goes_from_channel_to_channel_and_on_to_the_next_person(desk: Desk) -> None:
    above = await desk.contact("Болат", role="chief", channels=["mail"], language="kk")
    await desk.contact("Асель", escalates=above)
    (chain,) = await desk.queue(DUTY)
    for _ in range(4):
        await desk.pass_time()
        await desk.deliver()
    told = await desk.told(chain)
    assert [(one.to_name, one.channel) for one in told.notices] == [
        ("Асель", "sms_smpp"),
        ("Асель", "mail"),
        ("Болат", "mail"),
    ]
    await desk.pass_time()
    assert (await desk.told(chain)).state == "expired"
    assert await desk.entries() == ["notice_escalated", "notice_escalated", "notice_unanswered"]
    assert "растаңыз" in desk.channels["mail"].took[-1].body, "each in their own language"
    assert all("Абая 1" in one.short for one in desk.channels["sms_smpp"].took)


async def test_a_crew_that_does_not_look_at_its_page_is_reached_by_its_own_contacts(desk: Desk) -> None:
    chief = await desk.contact("начальник караула", role="chief", channels=["mail"])
    await desk.contact("телефон экипажа", role="crew", unit=desk.unit_id, channels=["sms_smpp"], escalates=chief)
    chain = await desk.sent()
    for _ in range(3):
        await desk.pass_time()
        await desk.deliver()
    taken = (await desk.told(chain)).notices
    assert [one.channel for one in taken] == ["crew_page", "sms_smpp", "mail"]
    assert [one.state for one in taken] == ["sent", "sent", "sent"] and taken[1].address == "+77010000001"


async def test_who_holds_the_role_is_found_in_the_area_and_above_it(desk: Desk) -> None:
    ((city,), (republic,)) = await desk.sql("SELECT id FROM area WHERE code IN ('KZ-75', 'KZ') ORDER BY level DESC")
    ((other,),) = await desk.sql("SELECT id FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED' LIMIT 1")
    for name, area in (("республика", republic), ("город", city), ("чужой район", other)):
        await desk.contact(name, area=area, channels=["mail"])
    (chain,) = await desk.queue(DUTY)
    for _ in range(3):
        await desk.pass_time()
    assert [one.to_name for one in (await desk.told(chain)).notices] == ["город", "республика"]


async def test_a_role_that_nobody_holds_is_said_at_once(desk: Desk) -> None:
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    assert (await desk.told(chain)).ended_how == "unanswered" and await desk.entries() == ["notice_unanswered"]


async def test_the_same_is_told_once_however_often_it_is_asked(desk: Desk) -> None:
    assert len(await desk.queue(DUTY, DUTY)) == 1 and await desk.queue(DUTY) == []
    assert (
        len(await desk.queue(DUTY, kind="alarm", alarm=2)) == 1 and await desk.queue(DUTY, kind="alarm", alarm=2) == []
    )


async def test_a_dispatcher_acknowledges_for_who_answers_by_radio(desk: Desk) -> None:
    chain = await desk.sent()
    await desk.delivery.look()
    (taken,) = (await desk.told(chain)).notices
    async with visit_as(desk.server, desk.viewer) as session:
        told = await notices.acknowledge_for(session, desk.viewer, taken.id, "radio", "едут")
        assert (told.state, told.ended_by, told.ended_how) == ("acknowledged", "somebody", "radio")
        assert await notices.acknowledge_for(session, desk.viewer, taken.id, "phone", None) == told
    await desk.deliver()
    assert desk.channels["crew_page"].took == [], "what still waited is not sent any more"


@pytest.mark.parametrize(
    ("status", "state", "how"),
    [("enroute", "acknowledged", "status"), ("cancelled", "expired", "dispatch_cancelled")],
)
async def test_a_dispatch_that_goes_on_or_ends_needs_no_more_telling(
    status: str, state: str, how: str, desk: Desk
) -> None:
    chain = await desk.sent()
    await desk.delivery.look()
    await desk.sql("UPDATE dispatch SET status = :status WHERE id = :id", status=status, id=desk.dispatch_id)
    entry = "INSERT INTO dispatch_entry (dispatch_id, status, at, who, means)"
    entry += " VALUES (:id, :status, now(), 'Ерлан', 'button')"
    await desk.sql(entry, id=desk.dispatch_id, status=status)
    await desk.delivery.look()
    told = await desk.told(chain)
    assert (told.state, told.ended_how) == (state, how)
    assert told.ended_by == ("Ерлан" if state == "acknowledged" else None)


async def test_an_incident_that_is_over_is_told_to_nobody_any_more(desk: Desk) -> None:
    await desk.contact()
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    await desk.sql("UPDATE incident SET state = 'closed', closed_at = now() WHERE id = :id", id=desk.incident.id)
    await desk.delivery.look()
    told = await desk.told(chain)
    assert (told.ended_how, told.notices[0].code) == ("incident_over", "no_longer_needed")


async def test_a_channel_that_fails_is_tried_again_and_told_once(desk: Desk) -> None:
    await desk.contact()
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    desk.channels["sms_smpp"].answers = lambda _: Later(code="timeout")
    for _ in range(3):
        await desk.sql("UPDATE notice SET next_at = now() WHERE chain_id = :id", id=chain)
        await desk.deliver()
    (taken,) = (await desk.told(chain)).notices
    assert (taken.state, taken.code, taken.attempts) == ("queued", "timeout", 3)
    await desk.deliver()
    assert len(desk.channels["sms_smpp"].took) == 3, "and not before its time"
    await desk.delivery.look()
    assert desk.delivery.state().state == "stale" and "sms_smpp failing since" in desk.delivery.state().detail
    assert await desk.entries() == ["channel_failing"]
    desk.channels["sms_smpp"].answers = lambda _: Sent()
    await desk.sql("UPDATE notice SET next_at = now() WHERE chain_id = :id", id=chain)
    await desk.deliver()
    await desk.delivery.look()
    assert (await desk.told(chain)).notices[0].state == "sent" and desk.delivery.state().state == "ok"


async def test_an_address_that_is_refused_sends_the_chain_on_at_once(desk: Desk) -> None:
    await desk.contact()
    desk.channels["sms_smpp"].answers = lambda _: Never(code="address_refused")
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    await desk.deliver()
    await desk.delivery.look()
    await desk.deliver()
    told = await desk.told(chain)
    assert [(one.channel, one.state, one.code) for one in told.notices] == [
        ("sms_smpp", "failed", "address_refused"),
        ("mail", "sent", None),
    ]
    assert await desk.entries() == ["notice_failed", "notice_escalated"]


async def test_a_channel_that_is_not_configured_says_so_and_sends_nothing(desk: Desk) -> None:
    await desk.contact(channels=["sms_smpp"])
    desk.channels["sms_smpp"].configured = False
    (chain,) = await desk.queue(DUTY)
    for _ in range(2):
        await desk.delivery.look()
        await desk.deliver()
    told = await desk.told(chain)
    assert (told.state, told.notices[0].code) == ("expired", "not_configured")
    assert desk.channels["sms_smpp"].took == [] and desk.delivery.health == {}


async def test_a_channel_that_raises_or_hangs_loses_nothing(desk: Desk) -> None:
    await desk.contact(channels=["sms_smpp"])

    def raises(_: object) -> Sent:
        raise ZeroDivisionError("secret")

    desk.channels["sms_smpp"].answers = raises
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    await desk.deliver()
    assert (await desk.told(chain)).notices[0].code == "fault"
    desk.channels["sms_smpp"].hangs, desk.channels["sms_smpp"].patience_s = True, 0.05
    await desk.sql("UPDATE notice SET next_at = now() WHERE chain_id = :id", id=chain)
    await desk.deliver()
    (taken,) = (await desk.told(chain)).notices
    assert (taken.state, taken.code) == ("queued", "timeout")


async def test_a_channel_that_hangs_holds_no_other(desk: Desk) -> None:
    hangs, works = desk.channels["sms_smpp"], desk.channels["mail"]
    hangs.hangs, works.wanted = True, 6
    for number in range(6):
        await desk.contact(f"n{number}", role=f"r{number}", channels=["sms_smpp"])
        await desk.contact(f"m{number}", role=f"m{number}", channels=["mail"])
    await desk.queue(*(Recipient(kind="role", role=f"{letter}{n}") for n in range(6) for letter in "rm"))
    async with running(desk.delivery):
        await asyncio.wait_for(works.enough.wait(), 20)
    assert len(hangs.took) == hangs.at_once, "and takes no more than it has places for"


async def test_what_a_stopped_server_had_claimed_is_sent_by_the_next_one(desk: Desk) -> None:
    await desk.contact(channels=["mail"])
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    lost = await desk.delivery.deliver(desk.channels["mail"], 10)
    assert len(lost) == 1 and await desk.delivery.deliver(desk.channels["mail"], 10) == [], "nobody takes it twice"
    for one in lost:
        one.close()  # the server stops between its claim and its sending
    await desk.sql("UPDATE notice SET next_at = now() WHERE chain_id = :id", id=chain)
    await desk.deliver("mail")
    (taken,) = (await desk.told(chain)).notices
    assert (taken.state, taken.attempts) == ("sent", 2)
    tries = await desk.sql("SELECT outcome FROM notice_attempt WHERE notice_id = :id ORDER BY id", id=taken.id)
    assert [one.outcome for one in tries] == [None, "sent"]


async def test_what_comes_too_late_is_not_sent(desk: Desk) -> None:
    await desk.contact(channels=["mail"])
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    await desk.sql("UPDATE notice SET expires_at = now() WHERE chain_id = :id", id=chain)
    await desk.deliver()
    (taken,) = (await desk.told(chain)).notices
    assert (taken.state, taken.code) == ("expired", "too_late") and desk.channels["mail"].took == []


async def test_a_message_in_parts_is_delivered_with_the_last_of_them(desk: Desk) -> None:
    await desk.contact(channels=["sms_smpp", "mail"])
    desk.channels["sms_smpp"].answers = lambda _: Sent(awaits=("a1", "a2"), parts=2)
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    await desk.deliver()
    states = []
    for number in ("a1", "a1", "nobody's", "a2"):
        await desk.delivery.hear(Receipt(channel="sms_smpp", reference=number, arrived=True))
        states.append((await desk.told(chain)).notices[0].state.value)
    assert states == ["sent", "sent", "sent", "delivered"]


async def test_a_message_that_did_not_arrive_sends_the_chain_on(desk: Desk) -> None:
    await desk.contact(channels=["sms_smpp", "mail"])
    desk.channels["sms_smpp"].answers = lambda _: Sent(awaits=("b1",))
    (chain,) = await desk.queue(DUTY)
    await desk.delivery.look()
    await desk.deliver()
    assert await desk.delivery.hear(Receipt(channel="sms_smpp", reference="b1", arrived=False))
    await desk.delivery.look()
    told = await desk.told(chain)
    assert [(one.channel, one.code) for one in told.notices] == [("sms_smpp", "undelivered"), ("mail", None)]


async def test_an_early_receipt_is_kept_until_it_is_written_that_the_message_was_sent(desk: Desk) -> None:
    await desk.contact(channels=["sms_smpp"])
    delivery = Heard(desk.server, desk.channels, asyncio.Queue[Receipt](), every_s=0.01)
    early = Receipt(channel="sms_smpp", reference="c1", arrived=True)

    def quick(_: object) -> Sent:
        delivery.receipts.put_nowait(early)
        return Sent(awaits=("c1",))

    desk.channels["sms_smpp"].answers = quick
    (chain,) = await desk.queue(DUTY)
    async with running(delivery):
        await asyncio.wait_for(delivery.heard.wait(), 20)
    assert (await desk.told(chain)).notices[0].state == "delivered"


async def test_two_servers_take_each_step_once_and_send_each_notice_once(desk: Desk) -> None:
    for number in range(8):
        await desk.contact(f"n{number}", role=f"r{number}", channels=["mail"])
    chains = await desk.queue(*(Recipient(kind="role", role=f"r{n}") for n in range(8)))
    await asyncio.gather(*(desk.delivery.look() for _ in range(3)))
    await desk.delivery.look()
    claims = await asyncio.gather(*(desk.delivery.deliver(desk.channels["mail"], 3) for _ in range(4)))
    await asyncio.gather(*(one for claim in claims for one in claim))
    await desk.deliver()
    sent = [one.notice_id for one in desk.channels["mail"].took]
    assert len(sent) == len(set(sent)) == 8
    assert {len((await desk.told(chain)).notices) for chain in chains} == {1}
