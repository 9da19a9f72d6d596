"""Who looks: what is shared by those who see the same."""

from dataclasses import replace

from layers import viewer as viewers
from layers.values import Role
from layers.viewer import Viewer, built_once

ONE = Viewer(account_id=1, name="one", role=Role.DISPATCHER, area_id=5, own_area_id=5)


def test_a_question_is_built_once_for_all_who_see_the_same() -> None:
    built: list[tuple[str, str]] = []

    @built_once
    def asked(viewer: Viewer, word: str) -> object:
        built.append((viewer.name, word))
        return object()

    other = replace(ONE, account_id=2, name="other", role=Role.COMMANDER)
    assert asked(ONE, "a") is asked(other, "a")
    assert asked(ONE, "b") is not asked(ONE, "a")
    elsewhere = [
        replace(ONE, area_id=6),
        replace(ONE, also_areas=(7,)),
        replace(ONE, also_incidents=(8,)),
        replace(ONE, unit_id=9),
    ]
    assert len({id(asked(each, "a")) for each in (ONE, *elsewhere)}) == 5
    assert built[:2] == [("one", "a"), ("one", "b")]
    assert len(built) == 6


def test_the_questions_of_few_sights_are_kept() -> None:
    @built_once
    def asked(viewer: Viewer) -> object:
        return object()

    first = asked(ONE)
    for area in range(100, 100 + viewers.SIGHTS_KEPT):
        asked(replace(ONE, area_id=area))
    assert asked(ONE) is not first
