"""A crew's phones: woken while they belong to the unit, forgotten when they are gone."""

from pathlib import Path

import pytest

from geo_server.notify import phone_queries
from geo_server.notify.channel import Later, Sent
from geo_server.notify.crew_page import CrewPage
from layers.areas.scope import visit_whole
from tests.geo_server.notify.conftest import Desk
from tests.geo_server.notify.messages import message
from tests.geo_server.notify.receiver import receiving
from tests.geo_server.notify.test_sealed_push import AUTH, P256DH
from tests.geo_server.notify.test_web_push import push_from

pytestmark = pytest.mark.anyio


async def account(desk: Desk, name: str) -> int:
    """Make an account that is bound to the desk's unit."""
    asked = """INSERT INTO account (name, password_hash, role, area_id, unit_id)
        VALUES (:name, 'x', 'crew', :area, :unit) RETURNING id"""
    ((made,),) = await desk.sql(asked, name=name, area=desk.viewer.area_id, unit=desk.unit_id)
    return int(made)


async def phones(desk: Desk) -> list[str]:
    async with visit_whole(desk.server) as session:
        return [one.endpoint for one in await phone_queries.subscriptions_of_unit(session, desk.unit_id)]


async def subscribe(desk: Desk, account_id: int, url: str, session_id: int | None = None) -> None:
    async with visit_whole(desk.server) as session:
        await phone_queries.subscribe(session, account_id, url, P256DH, AUTH, session_id=session_id)


async def test_each_phone_of_the_crew_is_woken_and_one_that_is_gone_is_forgotten(desk: Desk, tmp_path: Path) -> None:
    who = await account(desk, "Ерлан")
    page = CrewPage(engine=desk.server, push=push_from(tmp_path))
    assert await page.send(message(to_id=desk.unit_id)) == Sent(code="no_device")
    async with receiving() as good, receiving() as gone:
        gone.status = 410
        for receiver in (good, gone):
            await subscribe(desk, who, receiver.url)
        assert await page.send(message(to_id=desk.unit_id)) == Sent()
        assert len(good.came) == len(gone.came) == 1
        assert await phones(desk) == [good.url]
        good.status = 500
        assert await page.send(message(to_id=desk.unit_id)) == Later(code="answered_500")
        good.status = 410
        assert await page.send(message(to_id=desk.unit_id)) == Sent(code="subscription_gone")
    assert await phones(desk) == []


async def test_a_phone_of_an_account_that_is_no_longer_of_the_unit_stays_asleep(desk: Desk) -> None:
    who = await account(desk, "Самал")
    await subscribe(desk, who, "https://push.example.kz/1")
    assert len(await phones(desk)) == 1
    await desk.sql("UPDATE account SET unit_id = NULL, role = 'planner' WHERE id = :id", id=who)
    assert await phones(desk) == []
    again = "UPDATE account SET unit_id = :unit, role = 'crew', enabled = false WHERE id = :id"
    await desk.sql(again, id=who, unit=desk.unit_id)
    assert await phones(desk) == []


async def test_a_phone_is_woken_until_its_session_ends_or_runs_out_and_a_program_until_it_unsubscribes(
    desk: Desk,
) -> None:
    who = await account(desk, "Ержан")
    opened = """INSERT INTO account_session (token_sha256, account_id, area_id, expires_at, ended_at, ended_by)
        VALUES (CAST(:token AS bytea), :id, :area, now() + make_interval(hours => :holds_h),
                CASE WHEN :ended THEN now() END, CASE WHEN :ended THEN 'x' END) RETURNING id"""
    for url, holds_h, ended in (("holds", 12, False), ("ran out", -1, False), ("ended", 12, True)):
        values = {"token": url, "id": who, "area": desk.viewer.area_id, "holds_h": holds_h, "ended": ended}
        ((session_id,),) = await desk.sql(opened, **values)
        await subscribe(desk, who, url, session_id)
    await subscribe(desk, who, "program")
    assert await phones(desk) == ["holds", "program"]


async def test_a_phone_that_comes_again_is_the_same_phone(desk: Desk) -> None:
    first, second = await account(desk, "Алия"), await account(desk, "Данияр")
    for who in (first, first, second):
        await subscribe(desk, who, "https://push.example.kz/2")
    assert await phones(desk) == ["https://push.example.kz/2"]
    async with visit_whole(desk.server) as session:
        await phone_queries.unsubscribe(session, first, "https://push.example.kz/2")
    assert len(await phones(desk)) == 1, "it is the second's by now"


async def test_without_a_push_service_the_notice_stands_on_the_page_and_it_is_said_so(desk: Desk) -> None:
    assert await CrewPage(engine=desk.server, push=None).send(message(to_id=desk.unit_id)) == Sent(code="not_pushed")
