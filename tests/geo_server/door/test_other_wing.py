"""What a machine needs before it shares cameras with others."""

from pathlib import Path

import pytest

from geo_server.door import other_wing
from geo_server.door.trouble import Trouble


def test_a_machine_that_was_told_no_store_starts_none_of_its_own_to_join(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QYRAN_DATABASE_URL", raising=False)
    with pytest.raises(Trouble, match="one store"):
        other_wing.join(tmp_path, ["--cluster", "10.0.0.1:6379", "--node", "10.0.0.2"])
    assert list(tmp_path.iterdir()) == []


def test_who_joins_comes_to_the_store_as_the_west_wing_with_a_detector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setenv("QYRAN_DATABASE_URL", "postgresql://owner@10.0.0.1/qyran")
    monkeypatch.setattr("geo_server.door.cluster.Given.running", lambda _: True)
    monkeypatch.setattr("geo_server.door.cluster.Given.create", lambda _: None)
    monkeypatch.setattr(other_wing, "_see_to_detector", lambda home: seen.append(f"detector in {home}"))

    def until_stopped(_: list[str], told: dict[str, str]) -> int:
        seen.append(told["QYRAN_DATABASE_URL"])
        return 7

    monkeypatch.setattr(other_wing, "_until_stopped", until_stopped)
    assert other_wing.join(tmp_path, ["--cluster", "10.0.0.1:6379"]) == 7
    assert seen == [f"detector in {tmp_path}", "postgresql://owner@10.0.0.1/qyran?options=-c%20role%3Dqyran_ingest"]
