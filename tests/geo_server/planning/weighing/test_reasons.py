"""A gap's reasons are told in three languages, what weighs most first, and nothing of what there is none of."""

from dataclasses import replace

from geo_server.planning.weighing.reasons import reasons
from layers.coverage.crowded import crowded, kind_of
from layers.gaps.queries import Chosen, RankedGap
from layers.values import LonLat, Title

EMPTY = RankedGap(
    id=1, area_id=1, place=LonLat(lon=76.9, lat=43.2), bbox=(0, 0, 1, 1), ground_m2=100.0, streets_m=0.0, incidents=0,
    accidents=0, places=0, schools=0, addresses=0, crowds=(), expected={}, weight=0.0, nearest=None,
)  # fmt: skip
THEFT = {"theft": Title(kk="Ұрлық", ru="Кража", en="Theft")}


def test_of_an_empty_gap_nothing_is_told() -> None:
    assert reasons(EMPTY, {}) == []


def test_what_is_to_be_expected_is_told_with_what_it_mostly_is() -> None:
    told = reasons(replace(EMPTY, expected={"theft": 2.25, "noise": 0.5}, streets_m=84.4), THEFT)
    assert [one.en for one in told] == [
        "Incidents to be expected on its streets: 2.8", "Mostly: Theft, noise", "Streets: 84 m",
    ]  # fmt: skip
    assert told[0].ru.endswith("2,8") and told[1].kk == "Көбінесе: Ұрлық, noise"


def test_crowded_places_are_told_with_their_kinds_and_the_article() -> None:
    (told,) = reasons(replace(EMPTY, places=3, crowds=("trade", "worship")), {})
    assert told.en == "Crowded places (213, art. 5): 3 · Trade, Place of worship"
    (told,) = reasons(replace(EMPTY, places=1, crowds=("other",)), {})
    assert told.ru == "Мест массового пребывания (213, п. 5): 1"


def test_every_kind_of_building_and_place_is_of_one_kind_of_crowded_place() -> None:
    named = [kind for one in crowded().values() for kind in (*one.buildings, *one.places)]
    assert len(set(named)) == len(named) - 1 == len(kind_of())  # a hospital is a building and a place
    assert all(one.title.kk and one.title.ru and one.title.en and one.article for one in crowded().values())


def test_nothing_chosen_is_all() -> None:
    assert ("theft", 3) in Chosen() and ("theft", 3) in Chosen(hours=frozenset({3}))
    assert ("theft", 3) not in Chosen(categories=frozenset({"noise"}))
    assert ("noise", 4) not in Chosen(categories=frozenset({"noise"}), hours=frozenset({3}))
