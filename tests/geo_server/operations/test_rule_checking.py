"""The rules of a camera are checked by the schemas that its functions bring as data; each fault is one sentence."""

import re
from dataclasses import astuple, replace
from typing import Any

import pytest

from geo_server.operations.rule_checking import TOLD_AT_MOST, rule_faults
from geo_server.operations.rule_fitting import Fitting

LINE = {"line": [[0, 0], [100, 100]]}
ZONE = [[0, 0], [100, 0], [100, 100]]
CAMERA = Fitting(labels=frozenset({"car", "person"}), presets=frozenset({"1"}), size_px=(640, 360))
BESIDE = [[0, -90], [-90, 0], [-90, -90]]  # its box touches the picture's, and no corner of it does


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


@pytest.mark.parametrize(
    ("wrong", "where", "words"),
    [
        (of("motion", labels=["person"]), "rules[0].settings", "There is no such setting: labels."),
        (of("zone_motion", zone=ZONE, by="motion", labels=["car"]), "rules[0].settings.labels", "This setting is look"),
        (of("loitering", labels=["car", "dragon"]), "rules[0].settings.labels[1]", "The model does not tell “dragon”"),
        (rule(preset="2"), "rules[0].preset", "The camera has no view “2”."),
        (rule(masks=[{"polygon": ZONE, "preset": "2"}]), "rules[0].masks[0].preset", "The camera has no view “2”."),
        (of("zone_motion", zone=[[0, 0], [9, 9], [90, 90]]), "rules[0].settings.zone", "Its corners lie on one line"),
        (of("motion", zone=[[5, 5]] * 3), "rules[0].settings.zone", "Its corners lie on one line: it has no area."),
        (of("zone_motion", zone=[[x + 640.5, y] for x, y in ZONE]), "rules[0].settings.zone", "It lies wholly outside"),
        (of("zone_motion", zone=BESIDE), "rules[0].settings.zone", "It lies wholly outside the picture of 640 by 360"),
        (rule(settings={"line": [[-50, 20], [20, -50]]}), "rules[0].settings.line", "It lies wholly outside the pict"),
        (rule(masks=[{"polygon": [[0, 0], [0, 5], [0, 9]]}]), "rules[0].masks[0].polygon", "Its corners lie on one li"),
    ],
)
def test_what_its_camera_could_never_use_is_refused_by_its_name_in_three_languages(
    wrong: Any, where: str, words: str
) -> None:
    (fault,) = rule_faults([wrong], [], CAMERA)
    assert (fault.where, fault.problem.en[: len(words)]) == (where, words)
    assert re.search("[а-я]", fault.problem.kk) and re.search("[а-я]", fault.problem.ru)
    assert fault.problem.kk != fault.problem.ru


def test_what_lies_partly_in_the_picture_crosses_itself_or_is_drawn_where_its_size_is_not_known_is_taken() -> None:
    crossed = [[0, 0], [100, 100], [100, 0], [0, 100]]
    around = [[-1e6, -1e6], [1e6, -1e6], [1e6, 1e6], [-1e6, 1e6]]
    for zone in (crossed, around, [[600, 300], [900, 300], [900, 900]]):
        assert rule_faults([of("zone_motion", zone=zone, by="tracks", labels=["car"])], [], CAMERA) == ()
    beside = rule(settings={"line": [[-50, 20], [20, -50]]}, preset="9")
    assert rule_faults([beside, of("loitering", labels=["dragon"])], []) == ()


def test_what_stands_in_the_row_of_a_camera_goes_on_as_it_is() -> None:
    stands, mask = of("motion", labels=["person"]), {"polygon": [[0, 0], [9, 9], [90, 90]]}
    assert rule_faults([stands], [mask], replace(CAMERA, rules=[stands], masks=[mask])) == ()
    assert len(rule_faults([stands], [mask], CAMERA)) == 2


def test_of_a_hundred_thousand_labels_that_nobody_knows_fifty_are_told_and_the_others_not_looked_at() -> None:
    class Asked(frozenset[str]):
        count = 0

        def __contains__(self, label: object) -> bool:
            Asked.count += 1
            return super().__contains__(label)

    many = of("loitering", labels=["dragon"] * 100_000)
    assert len(rule_faults([many], [], replace(CAMERA, labels=Asked()))) == TOLD_AT_MOST
    assert Asked.count == TOLD_AT_MOST
