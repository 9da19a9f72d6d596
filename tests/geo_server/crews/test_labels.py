"""Local words are data, and each means something that the house knows."""

from typing import Any

import pytest

from geo_server.crews.labels import labels, read
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
