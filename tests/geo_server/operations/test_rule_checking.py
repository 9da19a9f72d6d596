"""The rules of a camera are checked by the schemas that its functions bring as data; each fault is one sentence."""

import re
from dataclasses import astuple
from typing import Any

import pytest

from geo_server.operations.rule_checking import TOLD_AT_MOST, rule_faults

LINE = {"line": [[0, 0], [100, 100]]}
ZONE = [[0, 0], [100, 0], [100, 100]]


def rule(**change: Any) -> dict[str, Any]:
    return {"function": "line_crossing", "settings": LINE, **change}


def of(function: str, **settings: Any) -> dict[str, Any]:
    return {"function": function, "settings": settings}


def test_rules_that_functions_take_have_no_fault() -> None:
    whole = rule(
        schedule=[{"days": ["mon"], "since": "22:00", "until": "06:00"}],
        masks=[{"polygon": ZONE, "why": "a screen"}],
        preset="1",
        name="The gate",
    )
    counting = {"function": "counting", "settings": {**LINE, "most_inside": None, "most_an_interval": 3}}
    masks = [{"polygon": ZONE, "kind": "privacy", "why": ""}]
    assert rule_faults([rule(), whole, counting, {"function": "motion"}], masks) == ()


@pytest.mark.parametrize(
    ("wrong", "where", "words"),
    [
        ({"function": "teleport"}, "rules[0].function", "There is no such function; there are line_crossing"),
        ({"settings": {}}, "rules[0]", "function is missing."),
        (rule(settings={}), "rules[0].settings", "line is missing."),
        (rule(settings={**LINE, "dwel_s": 1}), "rules[0].settings", "There is no such setting: dwel_s."),
        (rule(shedule=[]), "rules[0]", "There is no such setting: shedule."),
        (rule(settings={"line": [[0, 0]]}), "rules[0].settings.line", "It has 2 values or more."),
        (rule(settings={"line": [[0, "x"], [1, 1]]}), "rules[0].settings.line[0][1]", "a number is expected."),
        (rule(settings={**LINE, "cooldown_s": -1}), "rules[0].settings.cooldown_s", "It is not below 0."),
        (rule(settings={**LINE, "min_area_px2": 9}), "rules[0].settings.min_area_px2", "It is not below 256.0."),
        (rule(settings={**LINE, "direction": "up"}), "rules[0].settings.direction", "It is one of: any, "),
        (rule(schedule=[{"since": "25:00"}]), "rules[0].schedule[0].since", "Such a value does not fit."),
        (rule(schedule=[{"days": ["yesterday"]}]), "rules[0].schedule[0].days[0]", "It is one of: fri"),
        (rule(preset=3), "rules[0].preset", "a text or nothing is expected."),
        (rule(name="x" * 81), "rules[0].name", "It has 80 letters at most."),
        (rule(settings=LINE | {"margin_px": float("nan")}), "rules[0].settings.margin_px", "a number is expected."),
        (of("plate_read", frames=21), "rules[0].settings.frames", "It is not above 20."),
        (of("plate_read", certainty=0), "rules[0].settings.certainty", "It is above 0."),
        (of("fire", persist_s=4), "rules[0].settings.persist_s", "It is below 4."),
        (of("camera_shifted", limit_percent=0.1), "rules[0].settings.limit_percent", "It is not below 0.2."),
        (of("camera_shifted", limit_percent=100), "rules[0].settings.limit_percent", "It is below 100."),
        (of("camera_shifted", limit_percent="x"), "rules[0].settings.limit_percent", "a number or nothing is exp"),
        (of("motion", zone=ZONE[:2]), "rules[0].settings.zone", "It has 3 values or more."),
        (of("motion", cooldown_s=1e12), "rules[0].settings.cooldown_s", "It is not above 2592000"),
        (rule(settings={"line": [[5, 5], [5, 5]]}), "rules[0].settings.line", "Its values differ."),
        ("a rule", "rules[0]", "values by name is expected."),
    ],
)
def test_a_fault_says_where_it_is_and_what_was_asked_for(wrong: Any, where: str, words: str) -> None:
    first = rule_faults([wrong], [])[0]
    assert first.where == where and first.problem.en.startswith(words), first
    assert all(text.strip() and not re.search(r"\{\}|None", text) for text in astuple(first.problem))


def test_masks_have_their_own_place_and_what_cannot_be_read_at_all_is_a_fault_too() -> None:
    assert [fault.where for fault in rule_faults([], [{"polygon": ZONE[:2]}])] == ["masks[0].polygon"]
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    assert [fault.problem.en for fault in rule_faults([rule(settings=deep)], [])] == ["It cannot be read."]


def test_no_more_faults_are_told_than_anybody_reads() -> None:
    assert len(rule_faults([{}] * 200, [])) == TOLD_AT_MOST
