from pathlib import Path

import pytest

from ingest import bench_video


def test_a_shard_of_real_streams_is_measured_on_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_video, "WARM_S", 2.0)
    moving, still = bench_video.made(home)
    with bench_video.served(moving, 1) as busy, bench_video.served(still, 2) as quiet:
        told = bench_video.shard(home, busy, quiet, 3, 1, 2.0)
    assert told["live"] == 3 and told["faults"] == told["reconnects"] == 0
    assert 0 < told["cores"] < 2 and 50 < told["rss_mb"] < 2000
    assert told["looks_s"] > 0 and told["fewest_looks_s"] == 0, "the still ones sleep, the moving one is looked at"


def test_the_figures_hold_only_where_every_camera_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"cores": 0.8, "live": 100, "oldest_s": 1.0, "looks_s": 45.0, "bare_s": 60.0, "fewest_looks_s": 1.2}
    carried, looked = bench_video._capacity(good, {**good, "live": 30})
    assert (carried["value"], carried["holds"], looked["value"], looked["holds"]) == (100, True, 1.5, True)
    slow = {**good, "looks_s": 9.0}
    assert bench_video._capacity(slow, {**good, "live": 30})[0]["holds"] is False
    assert [one["holds"] for one in bench_video._capacity({**good, "live": 99}, {**good, "live": 29})] == [False, False]
    assert bench_video._memory({"rss_mb": 200}, {"rss_mb": 200 + 190 * 6})[0]["holds"] is False
    (errors,) = bench_video._errors({"faults": 0, "reconnects": 1, "live": 200, "ran_s": 120.0})
    assert (errors["value"], errors["holds"]) == (1, False)
