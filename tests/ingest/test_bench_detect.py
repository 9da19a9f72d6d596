from pathlib import Path

import pytest

from ingest import bench_detect


def test_the_figure_has_the_fields_that_every_bench_tells(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_detect, "FRAMES", 3)
    monkeypatch.setattr(bench_detect, "ROUNDS", 1)
    (figure,) = bench_detect.figures(home)
    assert set(figure) == {"name", "value", "unit", "floor", "ratio", "asked", "holds"}
    assert figure["name"] == "detect"
    assert figure["value"] > 0
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["floor"], rel=0.01)
