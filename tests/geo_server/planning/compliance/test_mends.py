"""What would mend a broken rule is told with figures, in three languages, and is enough."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo_server.planning.compliance.cards import Finding, findings
from geo_server.planning.compliance.mends import Mend, narrowed_deg
from geo_server.planning.compliance.reports import Assessed
from layers.cameras.installed import Installed
from tests.geo_server.planning.compliance.scenes import CAMERAS, camera, judge, practice

CROWD = [{"function": "crowd_gathering", "settings": {}}]


def found(one: Installed, **more: Any) -> dict[str, Finding]:
    told: Assessed = judge(one, **more)
    return {each.rule.name: each for each in findings(told, 0)}


def mended(name: str, one: Installed, **more: Any) -> Mend:
    what = found(one, **more)[name].mend
    assert what is not None
    return what


@pytest.mark.parametrize(
    ("name", "one", "en"),
    [
        ("crowd_height", camera(height_m=3.2, functions=CROWD), "raise by 0.8 m"),
        ("person_height", camera(height_m=4.61, modules=["person"]), "lower by 0.7 m"),
        ("situation_tilt", camera(tilt_deg=82.0, functions=CROWD), "tilt by −7°: further up"),
        ("situation_tilt", camera(tilt_deg=12.0, functions=CROWD), "tilt by +3°: further down"),
        (
            "plate_vertical",
            camera(facts={"watched_m": 10}, modules=["plate"]),
            "lower by 1.8 m",  # 5.4 / 10 is 28.4°; tan 20° of 10 m is 3.64 m above the plate
        ),
        ("person_shutter", camera(modules=["person"], facts={"shutter_s": 0.02}), "shutter: 1/100 s instead of 1/50 s"),
        ("plate_roll", camera(modules=["plate"], roll_deg=-7.5), "straighten it about its axis by 2.5°"),
        (
            "plate_light_slow",
            camera(modules=["plate"], watches=["slow"], facts={"light_lux": 40}),
            "add 60 lux of light",
        ),
        (
            "person_size",
            camera(modules=["person"], facts={"face_px": 40, "focal_mm": 4}),
            "a longer lens: 8 mm instead of 4 mm (field of view 32.2° instead of 60°)",
        ),
        (
            "moving_size",
            camera(functions=CROWD, facts={"moving_px": 64}),
            "a longer lens: field of view 32.2° instead ",
        ),
        ("passage_width", camera(modules=["person"], watches=["passage"]), "a longer lens: field of view "),
        ("plate_zone", camera(modules=["plate"], watches=["road"], facts={"zone_width_m": 1}), "a shorter lens: "),
        ("person_size", camera(modules=["person"], facts={"face_px": 20}, hfov_deg=None), "a lens of 4 times "),
    ],
)
def test_a_mend_is_told_with_its_figures(name: str, one: Installed, en: str) -> None:
    assert mended(name, one).title.en.startswith(en)


def test_where_a_longer_lens_would_make_the_zone_of_plates_too_narrow_more_pixels_are_told_too() -> None:
    far = camera(modules=["plate"], facts={"plate_width_px": 50, "zone_width_m": 8})
    told = mended("plate_width", far).title.en
    assert told.endswith("; or a picture 5760 pixels wide: the watched zone stays as wide")
    wide = camera(modules=["plate"], facts={"plate_width_px": 75, "zone_width_m": 8})
    assert mended("plate_width", wide).title.en.endswith("times the focal length)")


def test_shaking_is_told_as_measured_and_as_allowed_with_a_comma_where_that_is_the_custom() -> None:
    told = mended("steady", camera(), seen=practice(swing_percent=1.5)).title
    assert (told.ru, told.kk) == (
        "закрепить: дрожание 1,5 %, допустимо до 1 %",
        "бекіту: шайқалуы 1,5 % орнына 1 %-дан аспауы керек",
    )


def test_every_broken_rule_says_what_to_do_in_three_languages() -> None:
    wrong = {"even_light": 0, "light_into_lens": 1, "view_covered": 1, "moving_regions_masked": 0, "towards_camera": 0,
             "aside_deg": 9, "infrared": 0, "fixed_lens": 0, "wide_dynamic_range": 0, "lit_at_night": 0}  # fmt: skip
    for one in found(camera(modules=["person", "plate", "situation"], facts=wrong)).values():
        if one.verdict == "breaks":
            assert one.mend is not None and all((one.mend.title.kk, one.mend.title.ru, one.mend.title.en))
            assert "{" not in one.mend.title.kk + one.mend.title.ru + one.mend.title.en
        elif one.verdict == "cannot_tell":
            assert one.because is not None and "{" not in one.because.kk + one.because.ru + one.because.en


@settings(deadline=None, max_examples=100)
@given(CAMERAS)
def test_whatever_is_told_of_a_camera_each_verdict_has_its_words(one: Installed) -> None:
    for each in found(one).values():
        assert (each.verdict == "breaks") == (each.mend is not None)
        assert (each.verdict == "cannot_tell") == (each.because is not None)
        assert each.mend is None or not set("{}") & set(each.mend.title.kk + each.mend.title.ru + each.mend.title.en)


@settings(deadline=None, max_examples=60)
@given(height_m=st.floats(0.1, 20), modules=st.sampled_from(["person", "situation"]))
def test_a_camera_raised_or_lowered_by_what_is_told_meets_its_height(height_m: float, modules: str) -> None:
    one = camera(height_m=height_m, modules=[modules], functions=CROWD)
    for name, each in found(one).items():
        if each.rule.fact == "height_m" and each.mend is not None and each.mend.by is not None:
            assert found(replace(one, height_m=height_m + each.mend.by))[name].verdict == "meets"


@settings(deadline=None, max_examples=60)
@given(tilt_deg=st.floats(1, 89))
def test_a_camera_tilted_by_what_is_told_meets_its_tilt(tilt_deg: float) -> None:
    one = camera(tilt_deg=tilt_deg, functions=CROWD)
    told = found(one)["situation_tilt"].mend
    if told is not None and told.by is not None:
        assert found(replace(one, tilt_deg=tilt_deg + told.by))["situation_tilt"].verdict == "meets"


@settings(deadline=None, max_examples=80)
@given(
    hfov_deg=st.floats(5, 120),
    tilt_deg=st.floats(4, 60),
    width_px=st.integers(300, 4000),
    name=st.sampled_from(["person_size", "plate_width", "moving_size", "passage_width"]),
)
def test_a_lens_of_the_field_of_view_that_is_told_meets_the_rule(
    hfov_deg: float, tilt_deg: float, width_px: int, name: str
) -> None:
    one = camera(
        hfov_deg=hfov_deg, tilt_deg=tilt_deg, width_px=width_px, modules=["person", "plate", "situation"],
        watches=["passage"], functions=[],
    )  # fmt: skip
    told = found(one)[name].mend
    assume(told is not None)
    assert told is not None
    assume(told.what == "longer_lens")
    new = float(told.title.en.split("field of view ")[1].split("°")[0])
    assume(new > 0)
    assert found(replace(one, hfov_deg=new))[name].verdict == "meets"


def test_twice_the_focal_length_is_half_the_tangent() -> None:
    assert math.tan(math.radians(narrowed_deg(60.0, 2)) / 2) == pytest.approx(math.tan(math.radians(30)) / 2)
    assert np.isfinite(narrowed_deg(170.0, 1.5))


@pytest.mark.parametrize("px", [1e-320, 0.01])
def test_where_no_lens_is_long_enough_the_camera_has_to_hang_nearer(px: float) -> None:
    for hfov_deg in (60.0, None):
        assert (
            mended("person_size", camera(modules=["person"], hfov_deg=hfov_deg, facts={"face_px": px})).what == "nearer"
        )
