from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detectors.smoke import Smoke, SmokeRule
from ingest.measuring.flames import Plume
from ingest.values import Image
from tests.ingest.detectors.moving import track
from tests.ingest.detectors.pictures import street, watch

STREET = street()


def smoking(since_s: float = 7.0) -> Callable[[float], Image]:
    plume = Plume(x=320, y=300, size=80, seed=1)
    return lambda at_s: plume.draw(STREET, at_s - since_s) if at_s >= since_s else STREET


@pytest.mark.parametrize("fps", [5, 10])
def test_a_cloud_that_rises_is_told_as_a_hint(fps: float) -> None:
    told = watch(SmokeRule(Smoke()), smoking(), seconds=17, fps=fps)
    assert len(told) == 1
    at_s, seen = told[0]
    assert at_s > 8 and seen.kind == "smoke" and seen.certainty <= 0.6
    assert seen.box[0] < 320 < seen.box[2]


def test_a_cloud_that_stays_is_one_and_no_repeat() -> None:
    told = watch(SmokeRule(Smoke(cooldown_s=1)), smoking(), seconds=17)
    assert len(told) > 1 and {seen.details["merged"] for _, seen in told} == {0}


@settings(max_examples=5, deadline=None)
@given(light=st.floats(-40, 40), over_s=st.floats(0.2, 10))
def test_light_that_changes_on_all_of_the_picture_is_no_smoke(light: float, over_s: float) -> None:
    def shown(at_s: float) -> Image:
        changed = STREET + light * min(1.0, max(0.0, at_s - 7) / over_s)
        return np.asarray(np.clip(changed, 0, 255), np.uint8)

    assert watch(SmokeRule(Smoke()), shown, seconds=16, fps=2) == []


def test_someone_who_stood_there_and_leaves_uncovers_the_street_and_no_smoke() -> None:
    before = STREET.copy()
    rows, columns = np.mgrid[:200, :90]
    before[130:330, 280:370] = np.where((rows // 6 + columns // 6) % 2, 40, 160)[..., None]
    assert watch(SmokeRule(Smoke()), lambda at_s: before if at_s < 12 else STREET, seconds=25, fps=2) == []


def test_where_people_stand_no_smoke_is_looked_for() -> None:
    box = (200.0, 60.0, 440.0, 340.0)
    who = track((320, 340), box=box)
    assert watch(SmokeRule(Smoke()), smoking(), seconds=20, fps=2, tracks=lambda _: [who]) == []


@pytest.mark.parametrize("wrong", [{"persist_s": 0}, {"persist_s": 7}, {"cooldown_s": -1}, {"least_blocks": 0}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="persist_s must lie"):
        Smoke(**wrong)  # type: ignore[arg-type]
