"""Who is told by what, in which order."""

from dataclasses import replace

from geo_server.notify.schema import Contact, Step
from geo_server.notify.steps import MOST, persons, steps_of

ASEL = Contact(
    id=1,
    area_id=1,
    unit_id=None,
    name="Асель",
    role="akimat_duty",
    language="kk",
    phone="+77010000001",
    email="asel@example.kz",
    url=None,
    topic=None,
    channels=("sms_smpp", "mail", "webhook"),
    escalates_to_id=2,
    secret_round=1,
    enabled=True,
)
BOLAT = replace(ASEL, id=2, name="Болат", channels=("mail",), escalates_to_id=3)
VERA = replace(ASEL, id=3, name="Вера", channels=("mail",), escalates_to_id=1)
ALL = {one.id: one for one in (ASEL, BOLAT, VERA)}


def test_each_persons_channels_come_before_the_next_person() -> None:
    steps = steps_of(None, persons([ASEL], ALL))
    assert [(step.to_id, step.channel) for step in steps] == [(1, "sms_smpp"), (1, "mail"), (2, "mail"), (3, "mail")]


def test_a_ring_of_people_ends_and_tells_nobody_twice() -> None:
    assert [one.id for one in persons([VERA, ASEL], ALL)] == [3, 1, 2]


def test_who_is_away_is_passed_over_for_whom_they_escalate_to() -> None:
    away = replace(BOLAT, enabled=False)
    assert [one.id for one in persons([ASEL], ALL | {2: away})] == [1, 3]


def test_a_unit_is_told_on_its_own_page_first() -> None:
    assert steps_of(9, [BOLAT])[0] == Step(to_kind="unit", to_id=9, channel="crew_page")


def test_a_channel_without_an_address_is_no_step() -> None:
    assert not steps_of(None, [replace(ASEL, phone=None, email=None)])


def test_a_chain_has_an_end_however_many_people_are_in_it() -> None:
    assert len(steps_of(None, [replace(ASEL, id=n) for n in range(100)])) == MOST
