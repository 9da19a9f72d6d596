"""A camera that was turned while nobody watched is told when it is watched again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.detectors.camera_shifted import CameraShifted, CameraShiftedRule
from ingest.detectors.detector import Function
from ingest.detectors.keeping import Book, Views
from ingest.detectors.rule import function_of
from ingest.measuring.lenses import covered, moved
from ingest.values import CameraNow, Image, Scene, Seen
from layers.cameras.views import KeptView
from tests.ingest.detectors.pictures import START, noisy, street, watch
from tests.ingest.surroundings import AMONG

STREET = street()
DAY_S = 86_400.0


def kept(shown: Callable[[float], Image] = lambda _: STREET, seconds: float = 10) -> KeptView:
    """Return what is kept of a camera that was watched for a while."""
    book = Book(stream="a")
    assert watch(CameraShiftedRule(CameraShifted(), book=book), shown, seconds=seconds, fps=1) == []
    assert book.now is not None
    return book.now


def after(
    view: KeptView, shown: Callable[[float], Image], *, since_s: float, seconds: float = 80
) -> list[tuple[float, Seen]]:
    """Watch the camera again, from so many seconds after it was first watched."""
    rule = CameraShiftedRule(CameraShifted(), book=Book(stream="a", before=view))
    return watch(rule, shown, seconds=seconds, fps=1, since_s=since_s)


@pytest.mark.parametrize("since_s", [120.0, 2 * DAY_S + 1800])
def test_a_camera_pushed_turned_or_looking_elsewhere_since_is_told_once(since_s: float) -> None:
    other = street(seed=9)[:, ::-1].copy()
    for there, by in ((moved(STREET, 20, 0), "shift"), (moved(STREET, 0, 0, 12), "corners"), (other, "other_view")):
        ((_, seen),) = after(kept(), lambda _, there=there: there, since_s=since_s)  # type: ignore[misc]
        assert seen.details["by"] == by
        if by == "shift":
            assert seen.details["shift_px"][0] == pytest.approx(20, abs=1.5)


def test_a_camera_that_stands_where_it_stood_is_not_told() -> None:
    assert after(kept(), lambda _: STREET, since_s=120) == []


def test_another_light_is_no_other_view_and_the_same_hour_judges() -> None:
    night = street(seed=9)  # as little like the day's as another street
    assert after(kept(), lambda _: night, since_s=DAY_S / 2) == []
    rule = CameraShiftedRule(CameraShifted(), book=Book(stream="a", before=kept()))
    assert watch(rule, lambda _: moved(night, 20, 0), seconds=20, fps=1, since_s=DAY_S / 2) == []
    assert len(watch(rule, lambda _: moved(STREET, 20, 0), seconds=15, fps=1, since_s=DAY_S)) == 1


def test_what_crept_before_the_restart_counts_after_it() -> None:
    crept = kept(lambda at_s: moved(STREET, 0 if at_s < 6 else 5, 0), seconds=2000)
    assert 1.5 < crept.dx < 3.5
    assert after(crept, lambda _: moved(STREET, 5, 0), since_s=2100) == []
    assert len(after(crept, lambda _: moved(STREET, 10, 0), since_s=2100)) == 1


def test_nothing_is_kept_while_the_camera_looks_elsewhere_or_the_view_of_before_waits() -> None:
    book = Book(stream="a")
    watch(CameraShiftedRule(CameraShifted(), book=book), lambda at_s: STREET, seconds=5, fps=1)
    assert book.now is None
    waits = Book(stream="a", before=kept())
    watch(CameraShiftedRule(CameraShifted(), book=waits), lambda _: STREET, seconds=30, fps=1, since_s=DAY_S / 2)
    assert waits.now is None and waits.before is not None


def test_a_view_of_another_stream_size_or_of_no_picture_is_let_go() -> None:
    view = kept()
    assert Views(stream="b", before={"": view}).of(None).before is None
    assert Views(stream="a", before={"": view}).of(None).before == view
    assert Views(stream="a", turns=True, before={"": view}).of(None).stream is None
    for wrong in (replace(view, png=b"no picture"), kept(lambda _: STREET[:200].copy())):
        assert after(wrong, lambda _: moved(STREET, 20, 0), since_s=60) == []


@pytest.mark.parametrize("function", ["camera_shifted", "camera_tampering"])
def test_a_ptz_camera_that_is_turned_was_neither_pushed_nor_covered(function: str) -> None:
    now = CameraNow(preset="1")
    _, rule = function_of({"function": function}, AMONG, (), lambda: now)
    there = covered(STREET, 1.0) if function == "camera_tampering" else moved(STREET, 60, 0)

    def shown(image: Image, since_s: float) -> list[Seen]:
        scenes = (Scene(at=START + timedelta(seconds=since_s + n), image=noisy(image, n)) for n in range(30))
        return [seen for scene in scenes for seen in rule.update(scene)]

    told = shown(STREET, 0)
    now = CameraNow(moving=True)
    told += shown(moved(STREET, 30, 0), 30)
    now = CameraNow(preset="2")
    assert told + shown(there, 60) == []
    assert len(shown(moved(there, 60, 0) if function == "camera_shifted" else there, 90)) == (
        function == "camera_shifted"
    )


def turning(rule: Mapping[str, object], views: Views) -> tuple[Function, Callable[[CameraNow], None]]:
    """Return a rule of a camera that turns, and what turns it."""
    stands = [CameraNow()]
    _, built = function_of(rule, replace(AMONG, views=views), (), lambda: stands[-1])
    return built, stands.append


def show(rule: Function, image: Image, since_s: float, seconds: int = 30) -> list[Seen]:
    scenes = (Scene(at=START + timedelta(seconds=since_s + n), image=noisy(image, n)) for n in range(seconds))
    return [seen for scene in scenes for seen in rule.update(scene)]


GATE, YARD = CameraNow(preset="gate"), CameraNow(preset="yard")


def test_a_rule_bound_to_no_view_tells_nothing_where_nobody_knows_where_a_turning_camera_looks() -> None:
    rule, turn = turning({"function": "camera_shifted"}, Views(stream="a", turns=True))
    turn(CameraNow(turned=True))
    told = show(rule, STREET, 0)
    told += show(rule, moved(STREET, 60, 0), 30)  # by a hand on the stick, or nudged on by us: nobody says
    turn(CameraNow(moving=True))
    told += show(rule, moved(STREET, 90, 0), 60)
    assert told == []


def test_a_rule_bound_to_no_view_holds_each_preset_to_its_own_view_however_long_it_was_away() -> None:
    rule, turn = turning({"function": "camera_shifted"}, Views(stream="a", turns=True))
    there = moved(STREET, 60, 0)
    turn(GATE)
    told = show(rule, STREET, 0)
    turn(YARD)
    told += show(rule, there, 30)
    turn(GATE)
    assert told + show(rule, STREET, 60) == []
    turn(YARD)
    (pushed,) = show(rule, moved(there, 20, 0), 90)
    assert pushed.kind == "camera_shifted" and pushed.details["shift_px"][0] == pytest.approx(20, abs=1.5)


@pytest.mark.parametrize("bound", [{}, {"preset": "gate"}])
def test_what_was_seen_as_it_left_and_as_it_comes_back_is_not_one_long_look_elsewhere(bound: dict[str, str]) -> None:
    rule, turn = turning({"function": "camera_shifted", **bound}, Views(stream="a", turns=True))
    turn(GATE)
    told = show(rule, STREET, 0)
    told += show(rule, moved(STREET, 60, 0), 30, seconds=1)  # it turns, and nobody has said so yet
    turn(YARD)
    told += show(rule, moved(STREET, 90, 0), 31)
    turn(GATE)
    told += show(rule, moved(STREET, 60, 0), 300, seconds=2)  # the stream comes late
    assert told + show(rule, STREET, 302) == []


def test_the_views_of_a_rule_bound_to_none_outlive_a_restart_by_their_presets() -> None:
    views = Views(stream="a", turns=True)
    rule, turn = turning({"function": "camera_shifted"}, views)
    turn(GATE)
    assert show(rule, STREET, 0) == []
    taken = views.taken()
    assert list(taken) == ["gate"]
    again = Views(stream="a", turns=True, before=taken)
    rule, turn = turning({"function": "camera_shifted"}, again)
    assert list(again.books) == ["gate"], "what is kept of it is forgotten, before it stood there"
    turn(GATE)
    assert [seen.kind for seen in show(rule, moved(STREET, 20, 0), 60)] == ["camera_shifted"]
