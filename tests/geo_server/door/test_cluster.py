import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from geo_server.door import cluster as door
from geo_server.door.cluster import SOCKET_LIMIT, Cluster, Given, settings, store_of
from geo_server.door.trouble import Trouble
from layers.database import INGEST, SERVER, StoreRole


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the system user may pass through, as a home is."""
    with tempfile.TemporaryDirectory(prefix="qyran-cluster-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o755)
        yield Path(place)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder / "pg")
    yield made
    made.remove()


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as link:
        row = link.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_a_fresh_cluster_answers_durable_with_checksums_and_without_a_tcp_port(cluster: Cluster) -> None:
    cluster.start()
    asked = {
        name: ask(cluster.url("postgres"), f"SHOW {name}")
        for name in (
            "data_checksums",
            "synchronous_commit",
            "fsync",
            "listen_addresses",
            "lc_collate",
            "server_encoding",
        )
    }
    assert asked == {
        "data_checksums": "on",
        "synchronous_commit": "on",
        "fsync": "on",
        "listen_addresses": "",
        "lc_collate": "C.UTF-8",
        "server_encoding": "UTF8",
    }


def test_only_the_owner_may_enter_the_socket_folder(cluster: Cluster) -> None:
    cluster.start(fast_but_unsafe=True)
    assert cluster.socket.stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_starting_and_stopping_twice_is_safe(cluster: Cluster) -> None:
    cluster.start(fast_but_unsafe=True)
    cluster.start(fast_but_unsafe=True)
    assert cluster.running()
    cluster.stop()
    cluster.stop()
    assert not cluster.running()


def test_databases_are_cloned_and_dropped(cluster: Cluster) -> None:
    cluster.start(fast_but_unsafe=True)
    cluster.create_database("first")
    cluster.create_database("first")
    with psycopg.connect(cluster.url("first"), autocommit=True) as link:
        link.execute("CREATE EXTENSION postgis")
        link.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    cluster.create_database("second", template="first")
    assert ask(cluster.url("second"), "SELECT seven FROM kept WHERE postgis_version() IS NOT NULL") == 7
    with psycopg.connect(cluster.url("second")):
        cluster.drop_database("second")  # whoever is connected is sent away
    assert ask(cluster.url("postgres"), "SELECT count(*) FROM pg_database WHERE datname = 'second'") == 0


def test_committed_rows_survive_a_killed_postmaster(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while cluster.running():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    cluster.start()
    assert ask(cluster.url("postgres"), "SELECT seven FROM kept") == 7


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(cluster: Cluster) -> None:
    cluster.start(fast_but_unsafe=True)
    left = (cluster.data / "postmaster.pid").read_text()
    cluster.stop()
    with subprocess.Popen(["sleep", "600"]) as stranger:
        (cluster.data / "postmaster.pid").write_text(left.replace(left.split()[0], str(stranger.pid), 1))
        assert not cluster.running()
        cluster.start(fast_but_unsafe=True)
        assert stranger.poll() is None
        stranger.kill()
    assert cluster.running()


def test_another_clusters_environment_does_not_lead_ours_astray(
    cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", str(folder / "other"))
    monkeypatch.setenv("PGPORT", "1")
    cluster.start(fast_but_unsafe=True)
    assert ask(cluster.url("postgres"), "SELECT 1") == 1
    assert not (folder / "other").exists()


def test_a_deep_home_gets_a_short_socket_folder_and_works(folder: Path) -> None:
    deep = Cluster(folder / ("d" * 60) / ("e" * 60) / "pg")
    assert len(os.fsencode(deep.socket / ".s.PGSQL.5432")) <= SOCKET_LIMIT
    assert deep.socket != Cluster(folder / ("d" * 60) / ("f" * 60) / "pg").socket
    try:
        deep.start(fast_but_unsafe=True)
        assert ask(deep.url("postgres"), "SELECT 1") == 1
    finally:
        deep.remove()
    assert not deep.socket.exists()


def test_a_socket_path_of_exactly_the_limit_stays_in_the_home() -> None:
    name = "/socket/.s.PGSQL.5432"
    fits = Path("/" + "a" * (SOCKET_LIMIT - len(name) - 1))
    assert Cluster(fits).socket == fits / "socket"
    assert Cluster(Path(f"{fits}b")).socket != Path(f"{fits}b") / "socket"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another user")
def test_a_home_that_the_system_user_may_not_enter_moves_the_store_aside_and_says_so(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "pg")
    assert cluster.folder.parent == Path("/var/lib")
    assert str(cluster.folder) in cluster.note
    assert Cluster(folder / "open" / "pg").note == ""


def test_a_broken_store_says_why_in_one_sentence_and_names_its_log(cluster: Cluster) -> None:
    cluster.create()
    with (cluster.data / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(Trouble, match="PostgreSQL did not start") as told:
        cluster.start()
    assert "no_such_setting" in str(told.value) or "configuration" in str(told.value)
    assert told.value.log is not None and told.value.log.exists()


def test_a_missing_postgresql_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(door, "_DEBIAN", folder)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(Trouble, match="postgresql-15-postgis-3"):
        door.binaries()


def test_memory_settings_stay_within_the_machine() -> None:
    small, large = (settings(memory, Path("/s"), Path("/l"), fast_but_unsafe=False) for memory in (1024, 262_144))
    assert small["shared_buffers"] == "128MB"
    assert large["shared_buffers"] == "2048MB"
    assert small["synchronous_commit"] == "on"
    assert settings(1024, Path("/s"), Path("/l"), fast_but_unsafe=True)["fsync"] == "off"


def test_a_given_store_is_used_as_it_is_and_never_stopped(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.start(fast_but_unsafe=True)
    monkeypatch.setenv("QYRAN_DATABASE_URL", cluster.url("theirs"))
    given = store_of(Path("/nowhere"))
    assert isinstance(given, Given)
    assert not given.running()
    given.start()
    assert given.url() == cluster.url("theirs")
    assert ask(given.url("postgres"), "SELECT count(*) FROM pg_database WHERE datname = 'theirs'") == 1
    given.stop()
    assert cluster.running()


def test_a_given_store_that_does_not_answer_is_said_in_one_sentence(folder: Path) -> None:
    with pytest.raises(Trouble, match="QYRAN_DATABASE_URL does not answer"):
        Given(f"postgresql://qyran@/qyran?host={folder}&port=5432").start()


def test_a_given_store_whose_address_is_none_is_said_in_one_sentence() -> None:
    with pytest.raises(Trouble, match="no address of a database"):
        Given("nonsense").start()


@pytest.mark.parametrize(
    ("given", "other"),
    [
        ("postgresql://u@/a?host=/s&port=1", "postgresql://u@/b?host=/s&port=1"),
        ("postgresql://u:p@db:5432/a", "postgresql://u:p@db:5432/b"),
        ("postgresql:///a?host=/s", "postgresql:///b?host=/s"),
    ],
)
def test_another_database_of_a_given_store_keeps_the_rest_of_its_address(given: str, other: str) -> None:
    assert Given(given).url("b") == other


def test_a_row_that_a_check_refuses_is_not_in_the_log_of_the_store(cluster: Cluster) -> None:
    cluster.start(fast_but_unsafe=True)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as link:
        link.execute("CREATE TABLE call (phone text CONSTRAINT no_phone CHECK (phone = ''))")
        with pytest.raises(psycopg.errors.CheckViolation):
            link.execute("INSERT INTO call VALUES ('+7 701 000 00 00')")
    cluster.stop()  # whatever it says is written by then
    said = "".join(file.read_text(encoding="utf-8") for file in cluster.log.glob("*.log"))
    assert "no_phone" in said and "+7 701" not in said


@pytest.mark.parametrize("role", [SERVER, INGEST])
def test_a_wing_becomes_its_role_in_a_store_that_stands_already(database_url: str, role: StoreRole) -> None:
    with psycopg.connect(Given(database_url).url_as(role)) as link:
        assert link.execute("SELECT current_user").fetchone() == (role,)
