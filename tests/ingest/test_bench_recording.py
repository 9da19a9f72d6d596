import pytest

from ingest import bench_recording


def test_both_ways_stand_beside_the_plain_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_recording, "SECONDS", 2)
    monkeypatch.setattr(bench_recording, "ROUNDS", 1)
    whole, writing = bench_recording.figures()
    assert (whole["name"], writing["name"]) == ("recording", "recording_writing")
    for figure in (whole, writing):
        assert set(figure) == {"name", "value", "unit", "floor", "ratio", "asked", "holds"}
        assert figure["value"] >= 0 and figure["floor"] == whole["floor"]
