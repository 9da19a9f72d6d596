"""A content of plans that does not hold together is refused in one sentence with where; nothing it holds is a fault."""

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.operations.catalogue import around, catalogue
from geo_server.operations.checking import Fault, checked
from geo_server.operations.content import Content, plain
from layers.values import Service

WHOLE = plain(catalogue().content)


def faults(change: Callable[[dict[str, Any]], Any]) -> dict[str, str]:
    """The faults of the whole content with a change, in English by where."""
    raw = copy.deepcopy(WHOLE)
    change(raw)
    found = checked(raw, around())
    return {} if isinstance(found, Content) else {fault.where: fault.problem.en for fault in found}


def need(raw: dict[str, Any], **of: Any) -> None:
    raw["plans"]["fire"]["levels"][0]["needs"][0].update(of)


def test_the_files_hold_together_and_come_back_as_they_were() -> None:
    assert checked(WHOLE, around()) == catalogue().content


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (lambda raw: need(raw, service="navy"), "plans.fire.levels[0].needs[0].service", "navy"),
        (lambda raw: need(raw, kinds=["dragon"]), "plans.fire.levels[0].needs[0].kinds", "“dragon” does not exist"),
        (lambda raw: need(raw, kinds=["gas_van"]), "plans.fire.levels[0].needs[0].kinds", "“gas_van”"),
        (lambda raw: need(raw, count=0), "plans.fire.levels[0].needs[0].count", ">= 1"),
        (lambda raw: raw["plans"]["fire"]["levels"][0].update(checklists=["none"]), "plans.fire.levels[0].checklists",
         "Checklist “none”"),
        (lambda raw: raw["plans"]["fire"].update(clocks=["none"]), "plans.fire.clocks", "“none”"),
        (lambda raw: raw["clocks"]["sets"]["fire"][0].update(area="kz 75"), "clocks.sets[...][0].area", "A–Z"),
        (lambda raw: raw["plans"]["fire"].update(reacts=["none"]), "plans.fire.reacts", "“none”"),
        (lambda raw: raw["plans"]["fire"].update(levels=[]), "plans.fire.levels", "length"),
        (lambda raw: raw["plans"]["fire"].update(color="red"), "plans.fire", "unknown field"),
        (lambda raw: raw["plans"].pop("fire"), "categories.fire", "no plan"),
        (lambda raw: raw["categories"].pop("theft"), "plans", "“theft” does not exist"),
        (lambda raw: (raw["categories"].pop("fire"), raw["plans"].pop("fire")), "event_kinds.fire.category", "“fire”"),
        (lambda raw: raw["categories"]["fire"].update(priority=5), "categories.fire.priority", "<= 4"),
        (lambda raw: raw["categories"]["fire"].update(urgency=None), "categories.fire.urgency", "no urgency"),
        (lambda raw: raw["categories"]["fire"].update(asks=["none"]), "categories.fire.asks", "“none”"),
        (lambda raw: raw["categories"]["fire"]["title"].pop("kk"), "categories.fire.title", "kk"),
        (lambda raw: raw["regimes"].pop("raised"), "regimes", "“raised” does not exist"),
        (lambda raw: raw["regimes"].update(war=raw["regimes"]["raised"]), "regimes", "“war” does not exist"),
        (lambda raw: raw["clocks"]["urgency"].pop("I"), "clocks.urgency", "“I” does not exist"),
        (lambda raw: raw["reactions"]["night_crime"].pop("during"), "reactions.night_crime", "neither"),
        (lambda raw: raw["questions"]["weapon"].update(choices=[]), "questions.weapon.choices", "Choices"),
        (lambda raw: raw["times"]["night"].update(hours=[["25:00", "06:00"]]), "times.night.hours[0][0]", "HH:MM"),
        (lambda raw: raw["groups"].update({"A b": raw["groups"]["fire"]}), "groups.A b", "wrong name"),
        (lambda raw: raw.pop("questions"), "questions", "missing"),
        (lambda raw: raw.update(extra={}), "extra", "no such list"),
        (lambda raw: raw.update(plans=[]), "plans", "by name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_where(change: Callable[[dict[str, Any]], Any], where: str, said: str) -> None:
    found = faults(change)
    assert where in found, found
    assert said in found[where]


@pytest.mark.parametrize("words", ["\x00", "\ud800", "line\nline", "", "я" * 401])
def test_words_that_cannot_be_kept_are_refused(words: str) -> None:
    assert "groups.fire.title.kk" in faults(lambda raw: raw["groups"]["fire"]["title"].update(kk=words))


@pytest.mark.parametrize("metres", [math.nan, math.inf, -1, "far", 1e9])
def test_a_radius_is_metres(metres: Any) -> None:
    assert faults(lambda raw: raw["plans"]["fire"].update(cameras_radius_m=metres))


def test_a_kind_that_units_of_the_store_bear_may_be_asked_for() -> None:
    raw = copy.deepcopy(WHOLE)
    need(raw, kinds=["amphibian"])
    assert isinstance(checked(raw, around(borne={"amphibian": frozenset({Service.FIRE})})), Content)


def test_every_fault_speaks_three_languages_and_there_are_fifty_at_most() -> None:
    raw = {name: {f"x{i}": 1 for i in range(40)} for name in WHOLE}
    found = checked(raw, around())
    assert isinstance(found, tuple) and len(found) == 50
    assert all(fault.where and fault.problem.kk and fault.problem.ru and fault.problem.en for fault in found)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nothing_that_somebody_writes_is_a_fault_of_ours(data: st.DataObject) -> None:
    raw = copy.deepcopy(WHOLE)
    at: Any = raw
    for _ in range(data.draw(st.integers(0, 4))):
        keys = list(at) if isinstance(at, dict) else list(range(len(at))) if isinstance(at, (list, tuple)) else []
        if not keys or not isinstance(inner := at[data.draw(st.sampled_from(keys))], dict):
            break
        at = inner
    if at:
        at[data.draw(st.sampled_from(sorted(at)))] = data.draw(anything)
    found = checked(raw, around())
    assert isinstance(found, Content) or all(isinstance(fault, Fault) for fault in found)


def test_a_target_of_an_area_that_nobody_knows_is_a_fault() -> None:
    raw = copy.deepcopy(WHOLE)
    raw["clocks"]["sets"]["fire"][1]["area"] = "KZ-99"
    found = checked(raw, around(areas={"KZ", "KZ-75"}))
    assert not isinstance(found, Content)
    assert [(fault.where, "KZ-99" in fault.problem.en) for fault in found] == [("clocks.sets.fire[1].area", True)]
    raw["clocks"]["sets"]["fire"][1]["area"] = "KZ-75"
    assert isinstance(checked(raw, around(areas={"KZ", "KZ-75"})), Content)
