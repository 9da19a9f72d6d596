"""What notices say: whole in three languages, and nothing that somebody typed can break them."""

import string

import pytest

from geo_server.notify.words import FIELDS, MOST_LETTERS, Facts, kinds, say, timers
from layers.values import Title

FIRE = Facts(
    number="26-000007",
    category=Title(kk="Өрт", ru="Пожар", en="Fire"),
    address="Абая 1",
    priority=1,
    area=Title(kk="Медеу", ru="Медеу", en="Medeu"),
    call_sign="101-3",
    alarm=2,
)
SPOKEN = [(kind, language) for kind in kinds() for language in ("kk", "ru", "en")]


@pytest.mark.parametrize(("kind", "language"), SPOKEN)
def test_every_kind_speaks_every_language(kind: str, language: str) -> None:
    said = say(kind, language, FIRE)
    assert all((said.subject, said.body, said.short))
    if kind in ("panic", "message"):
        assert all("101-3" in text for text in (said.body, said.short))
    elif kind != "test":
        assert "26-000007" in said.subject and "Абая 1" in said.short and getattr(FIRE.category, language) in said.body


def test_templates_name_only_fields_that_are_filled() -> None:
    for words in kinds().values():
        for part in (words.subject, words.body, words.short):
            assert set(part) == {"kk", "ru", "en"}
            named = {name for text in part.values() for _, name, _, _ in string.Formatter().parse(text) if name}
            assert named <= FIELDS


def test_each_priority_has_its_time_and_the_urgent_ones_less() -> None:
    told = timers()
    assert list(told) == [1, 2, 3, 4]
    assert sorted(told.values(), key=lambda one: one.acknowledge_s) == list(told.values())


@pytest.mark.parametrize("address", ["Абая 1\r\nBcc: all@example.kz", "{number.__class__}", "<script>", "\x00\u202e"])
def test_an_address_stays_one_line_of_text(address: str) -> None:
    said = say("incident", "ru", Facts(number="1", address=address))
    assert said.subject.isprintable() and "\r" not in said.body and "class 'str'" not in said.body


def test_an_address_of_a_hundred_thousand_letters_is_cut() -> None:
    assert len(say("incident", "ru", Facts(number="1", address="ж" * 100_000)).body) < MOST_LETTERS + 300


def test_an_incident_without_an_address_says_so() -> None:
    assert "мекенжайы белгісіз" in say("incident", "kk", Facts(number="1")).body
