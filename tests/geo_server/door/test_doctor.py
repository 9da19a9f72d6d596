import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_server.door.cluster import ROLE, Cluster
from geo_server.door.doctor import BAD, GOOD, LATER, doctor, examine
from geo_server.door.up import Plan
from layers.migrations.run import migrate
from tests.running import free_ports


@pytest.fixture
def home() -> Iterator[Path]:
    """A home whose store runs and is of the newest shape, and where nothing was fetched yet."""
    with tempfile.TemporaryDirectory(prefix="qyran-doctor-", ignore_cleanup_errors=True) as place:
        home = Path(place)
        home.chmod(0o755)
        cluster = Cluster(home / "pg")
        cluster.start(fast_but_unsafe=True)
        cluster.create_database(ROLE)
        migrate(cluster.url())
        yield home
        cluster.remove()


def test_the_doctor_tells_what_runs_and_what_is_still_to_come(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QYRAN_DATABASE_URL", raising=False)
    server, door, video, rtsp = free_ports(4)
    plan = Plan(home=home, port=server, ingest_port=door, video_port=video, rtsp_port=rtsp)
    parts = {part.name: part for part in examine(plan)}
    assert {parts[name].state for name in ("PostgreSQL", "PostGIS", "store", "migration", "Node")} == {GOOD}
    assert parts["areas"].state == parts["detector"].state == parts["processes"].state == LATER
    assert parts[f"port {server}"].state == GOOD and all(part.mend for part in parts.values() if part.state != GOOD)
    bad = [part.name for part in parts.values() if part.state == BAD]
    assert doctor(plan) == int(bool(bad))
    assert "migration" in capfd.readouterr().out
