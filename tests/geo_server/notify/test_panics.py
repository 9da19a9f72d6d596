"""A panic that nobody acknowledges is told on, until somebody does."""

from dataclasses import dataclass

import pytest

from geo_server.crews import panicking
from geo_server.notify import notices, queries
from geo_server.notify.schema import Told
from geo_server.notify.words import of_panic
from geo_server.operations.catalogue import catalogue
from layers.areas.scope import visit_as, visit_whole
from tests.geo_server.notify.conftest import Desk

pytestmark = pytest.mark.anyio
UNHEARD_S = 30.0


@dataclass(frozen=True)
class Cry:
    """A panic of the desk's unit, raised just now."""

    desk: Desk
    id: int

    async def told(self) -> dict[str, Told]:
        """Its chains, by the role that is told."""
        async with visit_whole(self.desk.server) as session:
            found = (await queries.told_of_panics(session, [self.id]))[self.id]
        return {one.to_role or "": one for one in found}

    async def hear(self) -> None:
        async with visit_as(self.desk.server, self.desk.viewer) as session:
            await panicking.acknowledge(session, self.desk.viewer, self.id)


async def cry(desk: Desk) -> Cry:
    ((made,),) = await desk.sql(
        """INSERT INTO panic (unit_id, raised_at, raised_by, geom)
        VALUES (:unit, now(), 'crew', ST_SetSRID(ST_MakePoint(76.97, 43.23), 4326)) RETURNING id""",
        unit=desk.unit_id,
    )
    async with visit_as(desk.server, desk.viewer) as session:
        await notices.cried(session, desk.viewer, made, unheard_s=UNHEARD_S)
    return Cry(desk, int(made))


async def test_nobody_is_disturbed_while_a_dispatcher_may_still_hear_it(desk: Desk) -> None:
    await desk.contact(role="duty_officer")
    panic = await cry(desk)
    await desk.delivery.look()
    chains = await panic.told()
    assert set(chains) == set(of_panic()) == {"duty_officer", "area_commander"}
    for one in chains.values():
        assert one.due_at is not None and (one.due_at - one.queued_at).total_seconds() == UNHEARD_S
        assert (one.state, one.steps, one.notices) == ("open", None, ())


async def test_unheard_it_goes_to_both_at_once_and_then_by_every_channel_to_the_next_person(desk: Desk) -> None:
    above = await desk.contact("Болат", role="chief", channels=["mail"], language="kk")
    await desk.contact("Асель", role="duty_officer", escalates=above)
    await desk.contact("Ерлан", role="area_commander", channels=["mail"], language="en")
    panic = await cry(desk)
    for _ in range(3):
        await desk.pass_time()
        await desk.deliver()
    chains = await panic.told()
    assert [(one.to_name, one.channel) for one in chains["duty_officer"].notices] == [
        ("Асель", "sms_smpp"),
        ("Асель", "mail"),
        ("Болат", "mail"),
    ]
    assert [one.state for one in chains["duty_officer"].notices] == ["sent"] * 3
    assert (chains["area_commander"].state, chains["area_commander"].ended_how) == ("expired", "unanswered")
    (short,) = desk.channels["sms_smpp"].took
    ((sign,),) = await desk.sql("SELECT call_sign FROM unit WHERE id = :id", id=desk.unit_id)
    assert (
        sign in short.short
        and "43.23000° N, 76.97000° E" in short.short
        and (short.kind, short.priority)
        == (
            "panic",
            1,
        )
    )
    said = {one.body.split("\n")[0] for one in desk.channels["mail"].took}
    assert len(said) == 3, "each in their own language"
    # The unit is bound to an incident: its timeline says who was told.
    assert (await desk.entries()).count("notice_escalated") == 2 and "notice_unanswered" in await desk.entries()


@pytest.mark.parametrize("steps", [0, 1])
async def test_whoever_hears_it_ends_the_telling_before_it_begins_and_midway(steps: int, desk: Desk) -> None:
    await desk.contact(role="duty_officer")
    panic = await cry(desk)
    for _ in range(steps):
        await desk.pass_time()
    await panic.hear()
    rung = await desk.sql("SELECT count(*) FROM change WHERE layer = 'panics' AND feature_id = :id", id=panic.id)
    await desk.pass_time()
    await desk.deliver()
    chain = (await panic.told())["duty_officer"]
    assert (chain.state, chain.ended_how, chain.ended_by) == ("expired", "panic_heard", desk.viewer.name)
    assert [one.code for one in chain.notices] == ["no_longer_needed"] * steps
    assert all(channel.took == [] for channel in desk.channels.values())
    after = await desk.sql("SELECT count(*) FROM change WHERE layer = 'panics' AND feature_id = :id", id=panic.id)
    assert after > rung, "the desks read that nobody is told any more"


async def test_it_is_told_to_those_of_the_area_where_the_unit_is_by_then(desk: Desk) -> None:
    ((other,),) = await desk.sql("SELECT min(id) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED'")
    await desk.contact("здесь", role="duty_officer", channels=["mail"])
    await desk.contact("там", role="duty_officer", channels=["mail"], area=other)
    panic = await cry(desk)
    await desk.sql("UPDATE unit SET area_id = :area WHERE id = :id", area=other, id=desk.unit_id)
    await desk.pass_time()
    assert [one.to_name for one in (await panic.told())["duty_officer"].notices] == ["там"]


async def test_who_was_told_may_say_so_and_the_others_are_told_all_the_same(desk: Desk) -> None:
    await desk.contact(role="duty_officer")
    await desk.contact("Ерлан", role="area_commander")
    panic = await cry(desk)
    await desk.pass_time()
    (first,) = (await panic.told())["duty_officer"].notices
    async with visit_as(desk.server, desk.viewer) as session:
        await notices.acknowledge_for(session, desk.viewer, first.id, "phone", None)
    chains = await panic.told()
    assert [chains[role].state for role in ("duty_officer", "area_commander")] == ["acknowledged", "open"]
    ((heard,),) = await desk.sql("SELECT acknowledged_at FROM panic WHERE id = :id", id=panic.id)
    assert heard is None, "that an officer knows of it does not silence it"


def test_those_who_are_told_have_a_name_among_the_recipients() -> None:
    assert set(of_panic()) <= catalogue().content.recipients.keys()
