"""House numbers as signs have them and as people type them."""

import pytest

from layers.geocoder.houses import house_key, houses_in, without_inside
from layers.geocoder.spelling import fold
from layers.geocoder.words import cardinal


@pytest.mark.parametrize(
    ("key", "writings"),
    [
        ("12", "12|012| 12 "),
        ("12/3", "12/3|12-3|12 / 3|12\\3"),
        ("12a", "12а|12А|12-а|12/а|12 а|12a"),
        ("12k2", "12 к2|12к2|12 корпус 2|12, корп. 2|12 блок 2|12 стр. 2"),
        ("10/2k3", "10/2 к3|10-2 корпус 3"),
        ("12/3a", "12/3а|12-3а"),
    ],
)
def test_writings_of_a_house_are_one_key(key: str, writings: str) -> None:
    assert {house_key(writing) for writing in writings.split("|")} == {key}


@pytest.mark.parametrize("strange", ["б/н", "", "%", "уч. 5", "1" * 50, "12;14;16"])
def test_a_strange_number_is_a_plain_key(strange: str) -> None:
    assert set(house_key(strange)) <= set("abcdefghijklmnopqrstuvwxyz0123456789/")


@pytest.mark.parametrize("said", ["Абая д. 12", "Абая дом 12", "Абай үй 12", "Abay house 12", "Абая дом №12"])
def test_a_marked_house_is_known_as_one(said: str) -> None:
    (house,) = houses_in(cardinal(fold(said)))
    assert (house.key, house.marked) == ("12", True)


@pytest.mark.parametrize(
    "said", ["Абая 12 кв 5", "Абая 12, квартира 5", "Абай 12, 5 пәтер", "Абая 12 подъезд 2 этаж 3", "Abay 12 apt. 5"]
)
def test_what_is_inside_the_house_is_passed_over(said: str) -> None:
    assert [house.key for house in houses_in(without_inside(fold(said)))] == ["12"]
