from pathlib import Path

import pytest

from ingest import bench_detect
from ingest.video_metrics import AWAKE


def test_the_figure_has_the_fields_that_every_bench_tells(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_detect, "FRAMES", 3)
    monkeypatch.setattr(bench_detect, "ROUNDS", 1)
    (figure,) = bench_detect.figures(home)
    assert set(figure) == {"name", "value", "unit", "floor", "ratio", "asked", "holds"}
    assert figure["name"] == "detect"
    assert figure["value"] > 0
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["floor"], rel=0.01)


def test_every_measured_frame_passes_the_gate(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_detect, "ROUNDS", 1)
    rounds = 2
    before = AWAKE.labels("bench")._value.get()
    bench_detect.figures(home)
    assert AWAKE.labels("bench")._value.get() - before >= bench_detect.FRAMES * rounds
