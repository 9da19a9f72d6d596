"""A message of the desk wakes the crew's phones, and what it says is read on the page alone."""

import json
from pathlib import Path

import pytest

from geo_server.crews import messaging
from geo_server.notify import crew
from geo_server.notify.crew_page import CrewPage
from layers.areas.scope import visit_as, visit_whole
from tests.geo_server.notify.conftest import Desk
from tests.geo_server.notify.receiver import receiving
from tests.geo_server.notify.test_crew_page import account, subscribe
from tests.geo_server.notify.test_sealed_push import AUTH, BROWSER, P256DH, open_sealed
from tests.geo_server.notify.test_web_push import push_from

pytestmark = pytest.mark.anyio
TEXT = "Звонит Айгүл, +77015550101: во дворе собака"


async def write(desk: Desk, text: str = TEXT) -> None:
    async with visit_as(desk.server, desk.viewer) as session:
        await messaging.tell(session, desk.viewer, desk.unit_id, text)
    await desk.delivery.look()


async def chains(desk: Desk) -> list[tuple[str, str | None]]:
    asked = "SELECT state, ended_how FROM notice_chain WHERE kind = 'message' AND to_id = :unit ORDER BY id"
    return [(row.state, row.ended_how) for row in await desk.sql(asked, unit=desk.unit_id)]


async def test_each_message_wakes_the_phones_and_none_of_its_words_leave(desk: Desk, tmp_path: Path) -> None:
    async with receiving() as service:
        service.status = 201
        await subscribe(desk, await account(desk, "Мадина"), service.url)
        page = CrewPage(engine=desk.server, push=push_from(tmp_path))
        await write(desk)
        await write(desk, "Принято")
        for one in await desk.delivery.deliver(page, 10):
            await one
    assert len(service.came) == 2 and {came.headers["urgency"] for came in service.came} == {"high"}
    for came in service.came:
        read = json.loads(open_sealed(came.body, BROWSER, AUTH, P256DH))
        assert read["kind"] == "message" and read["subject"] and read["body"]
        assert not any(word in str(read) for word in ("Айгүл", "5550101", "собака", "Принято"))


async def test_read_on_the_page_it_is_told_nowhere_else(desk: Desk) -> None:
    await desk.contact("телефон экипажа", role="crew", unit=desk.unit_id, channels=["sms_smpp"])
    await write(desk)
    await desk.deliver()
    async with visit_whole(desk.server) as session:
        (shown,) = await crew.on_page(session, desk.unit_id)
    assert shown.state == "delivered" and await chains(desk) == [("acknowledged", "page")]
    await write(desk)
    await desk.pass_time()
    await desk.deliver()
    assert await chains(desk) == [("acknowledged", "page"), ("expired", "unanswered")]
    assert desk.channels["sms_smpp"].took == []
    assert await desk.entries() == ["desk_message"] * 2, (
        "what was written stands on the timeline, how it was told does not"
    )
