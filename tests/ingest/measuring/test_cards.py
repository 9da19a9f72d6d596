import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.detectors.detector import FunctionEntry
from ingest.detectors.register import FUNCTIONS
from ingest.measuring.cards import NoCard, laid_out, measure, write
from ingest.measuring.clip import Case, Clip, Shot
from ingest.measuring.plan import Plot, goes, planned
from ingest.measuring.watch import Eyes, watch
from ingest.values import Detection, Picture

LINE = {"line": [[384, 100], [384, 500]]}


def entry(name: str) -> FunctionEntry:
    return next(one for one in FUNCTIONS if one.name == name)


def test_a_planned_walk_over_a_line_is_told_when_it_happens() -> None:
    clip = planned(Plot(actors=(goes((284, 300), (484, 300), speed=50),), seconds=10), on="a walk", seed=1)
    run = watch(entry("line_crossing"), Case(clip=clip, settings=LINE), Path("nowhere"), Eyes(None))
    assert [2 <= at <= 3 for at in run.told_s] == [True]
    assert (run.frames, run.seconds) == (51, 10.0)


def test_the_model_looks_at_a_picture_once_for_all_functions() -> None:
    class Counting:
        asked = 0

        def detect(self, picture: Picture) -> tuple[Detection, ...]:
            self.asked += 1
            return ()

    def shots() -> Iterator[Shot]:
        yield from (Shot(at_s=n / 5, image=np.zeros((90, 160, 3), np.uint8)) for n in range(4))

    model = Counting()
    eyes, clip = Eyes(model), Clip(on="black", key="black", shots=shots)
    for name, settings in (("line_crossing", LINE), ("zone_motion", {"zone": [[0, 0], [9, 0], [9, 9]]})):
        watch(entry(name), Case(clip=clip, settings=settings), Path("nowhere"), eyes)
    assert model.asked == 4


def test_figures_are_written_beside_the_words_of_a_card(tmp_path: Path) -> None:
    card = {"needs": {"kk": "ә"}, "norm": None, "measured": [{"on": "long ago"}]}
    (tmp_path / "motion.json").write_text(laid_out(card))
    write("motion", [{"on": "now", "n": 1}], tmp_path)
    assert json.loads((tmp_path / "motion.json").read_text()) == {**card, "measured": [{"on": "now", "n": 1}]}


def test_what_cannot_be_measured_or_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoCard, match="nothing to measure teleport"):
        measure("teleport", tmp_path, Eyes(None))
    with pytest.raises(NoCard, match=r"no card motion\.json"):
        write("motion", [], tmp_path)
