"""Cameras by hand, for the tests of what is known of them and what would mend them."""

import math
from typing import Any

from hypothesis import strategies as st

from geo_server.planning.compliance.reports import Assessed, assessed
from geo_server.planning.compliance.words import words
from layers.cameras.installed import Installed, Posed, Practice
from layers.values import LonLat, Title

NAME = Title(kk="қ", ru="к", en="c")
LINE = [{"function": "line_crossing", "settings": {"line": [[860, 540], [1060, 540]]}}]
NOTHING = dict.fromkeys(Practice.__dataclass_fields__)


def camera(**told: Any) -> Installed:
    """Return a camera 6 m high of which only its pose is known, level picture, 60° wide."""
    plain: dict[str, Any] = {
        "id": 1, "code": "C", "name": NAME, "place": LonLat(lon=76.9, lat=43.2), "area_id": 1, "kind": "fixed",
        "owner": None, "owner_kind": "state", "contract": None, "installed_on": None, "model": None, "height_m": 6.0,
        "heading_deg": 0.0, "tilt_deg": 12.0, "roll_deg": 0.0, "hfov_deg": 60.0, "width_px": 1920, "height_px": 1080,
        "range_m": 120.0, "calibration": "none", "pointed": False, "turned": False, "live": True, "modules": (),
        "watches": (), "facts": {}, "functions": (), "masked": False,
    }  # fmt: skip
    return Installed(**plain | told)


def preset(token: str, **told: Any) -> Posed:
    """Return a preset that looks 35° down, 30° wide, named as its token."""
    plain = {"heading_deg": 0.0, "tilt_deg": 35.0, "roll_deg": 0.0, "hfov_deg": 30.0, "pointed": False}
    return Posed(token=token, name=Title(kk=token, ru=token, en=token), **plain | told)


def practice(**told: Any) -> dict[int, Practice]:
    """Return what the events of camera 1 showed."""
    return {1: Practice(**NOTHING | told)}


def judge(one: Installed, seen: dict[int, Practice] | None = None, street_deg: float | None = None) -> Assessed:
    """Judge one camera by all rules."""
    return assessed([one], seen or {}, {} if street_deg is None else dict.fromkeys(range(len(one.views())), street_deg))


# Cameras of which anything may be told, also what cannot be.
MAYBE = st.one_of(st.none(), st.floats(-100, 100))
CAMERAS = st.builds(
    camera,
    height_m=MAYBE,
    tilt_deg=MAYBE,
    hfov_deg=MAYBE,
    heading_deg=MAYBE,
    width_px=st.one_of(st.none(), st.integers(1, 4000)),
    modules=st.lists(st.sampled_from(["person", "plate", "situation"]), unique=True),
    watches=st.lists(st.sampled_from(["road", "barrier", "passage", "flow", "slow", "fast"]), unique=True),
    functions=st.lists(st.sampled_from([*LINE, {"function": "abandoned_object"}, {"function": "camera_shaking"}])),
    facts=st.dictionaries(
        st.sampled_from([*sorted(words().facts), "watched_m"]),
        st.one_of(st.floats(-1, 500), st.sampled_from([0, math.inf])),
        max_size=6,
    ),
    calibration=st.sampled_from(["none", "good", "broken"]),
    turned=st.booleans(),
)
