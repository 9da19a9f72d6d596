"""Local words are data, and each means something that the house knows."""

from typing import Any

import pytest

from geo_server.crews.labels import labels, read, spoken
from layers.dispatches.rules import Status
from layers.units.rules import Duty
from layers.values import Service

TITLE = {"kk": "а", "ru": "б", "en": "c"}


def test_the_words_of_the_house_cover_what_needs_a_reason() -> None:
    meanings = {label.means for label in labels().values()}
    assert {Duty.BREAK, Duty.OUT_OF_SERVICE, Status.REFUSED} <= meanings
    assert labels()["water"].said_by(Service.FIRE) and not labels()["water"].said_by(Service.POLICE)


@pytest.mark.parametrize(
    "row",
    [
        {"title": TITLE, "means": {"duty": "asleep"}},
        {"title": TITLE, "means": {"status": "cancelled"}},
        {"title": TITLE, "means": {"duty": "break", "status": "refused"}},
        {"title": TITLE, "means": {}},
        {"title": {"kk": "а"}, "means": {"duty": "break"}},
        {"title": TITLE, "means": {"duty": "break"}, "services": ["navy"]},
        {"title": TITLE, "means": {"duty": "break"}, "colour": "red"},
        {"means": {"duty": "break"}},
        [],
    ],
)
def test_a_word_that_means_nothing_is_told_in_a_sentence(row: Any) -> None:
    with pytest.raises(ValueError, match=r"data/labels\.json: nap: "):
        read({"nap": row})


def test_a_service_says_a_status_by_its_own_word_and_a_duty_by_the_one_that_was_said() -> None:
    assert (spoken(Status.PATIENT, Service.AMBULANCE, None) or labels()["lunch"].title).ru == "У больного"
    assert spoken(Status.ENROUTE, Service.POLICE, None) is None
    assert spoken(Status.CLEAR, Service.AMBULANCE, "lunch") == spoken(None, Service.POLICE, "lunch")
    assert spoken(None, Service.POLICE, "lunch") == labels()["lunch"].title


def test_one_service_has_one_word_for_a_status_but_many_reasons() -> None:
    enroute = {"title": TITLE, "means": {"status": "enroute"}}
    with pytest.raises(ValueError, match="another word means enroute"):
        read({"a": enroute, "b": {**enroute, "services": ["fire"]}})
    assert len(read({"a": {**enroute, "services": ["gas"]}, "b": {**enroute, "services": ["fire"]}})) == 2
    assert len(read({name: {"title": TITLE, "means": {"status": "refused"}} for name in "ab"})) == 2
