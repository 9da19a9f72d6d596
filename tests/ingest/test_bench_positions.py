import pytest

from ingest import bench_positions


def test_each_figure_stands_beside_its_floor(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_positions, "UNITS", 50)
    monkeypatch.setattr(bench_positions, "ROUNDS", 1)
    figures = bench_positions.figures(database_url)
    assert [figure["name"] for figure in figures] == ["positions", "positions_one_at_a_time", "positions_track_only"]
    for figure in figures:
        assert set(figure) == {"name", "value", "unit", "floor", "ratio", "asked", "holds"}
        assert figure["ratio"] == pytest.approx(figure["value"] / figure["floor"], rel=0.05, abs=0.001)
    assert figures[0]["holds"] is (figures[0]["ratio"] >= 0.7)
