"""A camera that turns is judged at each of its presets; its worst counts, and is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.planning.compliance.cards import Finding, findings
from geo_server.planning.compliance.judging import Judged, Verdict, folded
from geo_server.planning.compliance.known import spots
from geo_server.planning.compliance.reports import assessed, by_rule, viewed
from layers.cameras.installed import Installed
from tests.geo_server.planning.compliance.scenes import camera, judge, practice, preset

CROWD = [{"function": "crowd_gathering", "settings": {}}]


def turning(*tilts: float, **told: object) -> Installed:
    presets = [preset(f"P{n}", tilt_deg=tilt) for n, tilt in enumerate(tilts, 1)]
    return camera(kind="ptz", presets=presets, **{"functions": CROWD, **told})


def found(one: Installed) -> dict[str, Finding]:
    return {each.rule.name: each for each in findings(judge(one), 0)}


def test_one_preset_that_breaks_a_rule_breaks_it_for_the_camera_and_is_named_in_three_languages() -> None:
    tilt = found(turning(35.0, 82.0, 40.0))["situation_tilt"]
    assert (tilt.verdict, tilt.value) == ("breaks", 82.0)
    assert tilt.mend is not None and tilt.preset is not None and tilt.preset.en == "P2"
    assert tilt.mend.title.en == "at the preset “P2”: tilt by −7°: further up"
    assert tilt.mend.title.ru.startswith("на предустановке «P2»: ")
    assert tilt.mend.title.kk.startswith("«P2» дайын көрінісінде: ")


def test_of_two_presets_that_break_it_the_one_further_off_is_told() -> None:
    assert found(turning(78.0, 88.0, 3.0))["situation_tilt"].value == 88.0


def test_all_presets_that_meet_a_rule_meet_it_whatever_its_row_says() -> None:
    told = found(turning(30.0, 40.0, tilt_deg=85.0, turned=True, calibration="broken"))["situation_tilt"]
    assert (told.verdict, told.mend) == ("meets", None)


def test_what_is_the_same_at_all_presets_names_none() -> None:
    low = found(turning(30.0, 40.0, height_m=3.2))["crowd_height"]
    assert low.preset is None and low.mend is not None and low.mend.title.en == "raise by 0.8 m"


def test_what_cannot_be_told_at_one_preset_is_not_told_and_says_at_which() -> None:
    seen = found(turning(35.0, -5.0))["moving_size"]
    assert seen.verdict == "cannot_tell" and seen.because is not None
    assert seen.because.en.startswith("at the preset “P2”: the middle of the picture meets no ground")


def test_without_a_preset_that_is_known_its_row_is_judged_as_it_hangs() -> None:
    assert found(turning(tilt_deg=82.0))["situation_tilt"].value == 82.0


@pytest.mark.parametrize(("at", "verdict"), [("P1", "meets"), ("P2", "breaks")])
def test_a_function_is_asked_for_at_the_preset_where_it_looks_alone(at: str, verdict: str) -> None:
    left = [{"function": "abandoned_object", "settings": {}, "preset": at}]
    near, far = preset("P1", tilt_deg=60.0, hfov_deg=20.0), preset("P2", tilt_deg=5.0, hfov_deg=90.0)
    assert found(camera(kind="ptz", presets=[near, far], functions=left))["left_size"].verdict == verdict


def test_what_its_events_showed_counts_at_each_preset() -> None:
    one = turning(35.0, 40.0)
    told = assessed([one], practice(moving_px2=99.0))
    assert told.known.facts["moving_px"].value.tolist() == [99.0, 99.0]


def test_a_camera_that_turns_counts_once_and_its_neighbours_are_judged_as_alone() -> None:
    many = [camera(id=1, functions=CROWD, tilt_deg=80.0), turning(35.0, 82.0, id=2), camera(id=3)]
    told = assessed(many, {})
    assert all(counts.cameras == 3 for _, counts in by_rule(told)) and len(told.deadlines) == 3
    for n, one in enumerate(many):
        alone = assessed([one], {})
        assert (told.judged.verdicts[n] == alone.judged.verdicts[0]).all()
        assert {name for name, flags in told.gaps.items() if flags[n]} == set(alone.gaps)
        assert list(findings(told, n)) == list(findings(alone, 0))


def test_a_street_is_asked_for_at_each_preset_of_a_camera_that_reads_plates() -> None:
    one = camera(kind="ptz", modules=["plate"], presets=[preset("N", heading_deg=0.0), preset("E", heading_deg=90.0)])
    north, east = spots(viewed([one])[0]).values()
    assert north.lat > one.place.lat and east.lon > one.place.lon and east.lat == pytest.approx(one.place.lat)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.sampled_from(list(Verdict)), min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_worst_of_the_views_is_the_cameras(each: list[list[Verdict]]) -> None:
    worst = [Verdict.NOT_ASKED, Verdict.MEETS, Verdict.CANNOT_TELL, Verdict.BREAKS]
    rows = np.array([[one] for views in each for one in views], np.int8)
    starts = np.cumsum([0, *map(len, each[:-1])])
    told = folded(Judged(rules=(), verdicts=rows, off=np.full(rows.shape, np.nan)), starts)
    assert told.judged.verdicts[:, 0].tolist() == [max(views, key=worst.index) for views in each]
    assert (rows[told.at[:, 0], 0] == told.judged.verdicts[:, 0]).all()
