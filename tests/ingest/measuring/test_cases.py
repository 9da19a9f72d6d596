"""The planned cases of a function are told as their truth says, one that is to be told and one that is not."""

from pathlib import Path

import numpy as np
import pytest

from ingest.detectors.objects import open_objects
from ingest.detectors.register import FUNCTIONS
from ingest.measuring import people, traffic
from ingest.measuring.clip import Case
from ingest.measuring.plan import Plot, stays
from ingest.measuring.register import CASES
from ingest.measuring.scoring import score
from ingest.measuring.staged import drawn, stage_of
from ingest.measuring.watch import Eyes, watch
from ingest.picture import Pixels

NOWHERE = Path("nowhere")
ENTRIES = {entry.name: entry for entry in FUNCTIONS}
OF_TRACKS = {
    name: cases(NOWHERE) for name, cases in CASES.items() if cases.__module__ in (people.__name__, traffic.__name__)
}
PLANNED = {name: [case for case in cases if case.clip.on == "planned boxes"] for name, cases in OF_TRACKS.items()}


@pytest.mark.parametrize("name", [name for name, cases in PLANNED.items() if cases])
def test_a_plan_is_told_where_it_is_to_be_told_and_nowhere_else(name: str) -> None:
    told, untold = (
        next(case for case in PLANNED[name] if bool(case.clip.truths) == wanted) for wanted in (True, False)
    )
    runs = [watch(ENTRIES[name], case, NOWHERE, Eyes(None)) for case in (told, untold)]
    figures = score(runs)
    assert (figures["recall"], figures["false_alarms"]) == (1.0, 0)


def test_who_is_drawn_is_found_by_the_model_where_the_plan_has_put_them(home: Path) -> None:
    plot = Plot(actors=(stays((120.0, 330.0), since_s=0, until_s=1, size=(34.0, 90.0)),), seconds=0)
    (shot,) = drawn(plot, home / "fetched", on="a drawing", key="a drawing").shots()
    empty = stage_of(home / "fetched" / "vtest.avi").empty
    assert shot.image is not None
    rows, columns = np.nonzero((shot.image != empty).any(axis=2))
    assert (rows.min() >= 240, rows.max() < 330, columns.min() >= 103, columns.max() < 137) == (True,) * 4
    found = open_objects(home / "models" / "nanodet.card.json").detect(Pixels(shot.image))
    assert any(one.label == "person" and abs(one.box[3] - 330) < 10 and abs(one.box[0] - 103) < 12 for one in found)


def test_every_case_has_settings_that_its_function_takes() -> None:
    some: list[tuple[str, Case]] = [(name, case) for name, cases in OF_TRACKS.items() for case in cases]
    known = {name: set(ENTRIES[name].settings.__dataclass_fields__) for name in OF_TRACKS}
    assert [name for name, case in some if set(case.settings) - known[name]] == []
