"""How a machine joins: what it says where it cannot, and what its node is told."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.__main__ import app
from ingest.cluster.engine import NEEDED, NoCluster, engine
from ingest.cluster.joining import ROOT, Joining, _forget_former, environment, joining, node_command, token_of
from ingest.settings import Settings


def test_without_the_engine_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(NoCluster, match="need Ray"):
        engine()
    monkeypatch.setattr("layers.logs.configure", lambda _: None)
    told = CliRunner().invoke(app, ["join", "--cluster", "head", "--home", str(tmp_path)])
    assert told.exit_code == 1 and told.output.strip() == NEEDED
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["", "here", "10.0.0.1", ":6379", "10.0.0.1:0", "10.0.0.1:99999", "a:b", "10.0.0.1:6379,10.0.0.2"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(NoCluster, match="HOST:PORT"):
        joining(address, "10.0.0.2", 4)


def test_who_joins_says_where_the_others_reach_it() -> None:
    with pytest.raises(NoCluster, match="--node"):
        joining("10.0.0.1:6379", "127.0.0.1", 4)


def test_the_help_says_that_a_head_has_one_address() -> None:
    told = CliRunner().invoke(app, ["join", "--help"], env={"COLUMNS": "200"})
    assert "one address" in " ".join(told.output.split())


def test_the_head_listens_where_it_is_told_and_shows_no_dashboard() -> None:
    asked = joining("head", "10.0.0.1", 0)
    assert asked == Joining(head=None, host="10.0.0.1", cores=0) and asked.address == "10.0.0.1:6379"
    command = node_command(asked)
    assert {"--head", "--include-dashboard=false", "--disable-usage-stats", "--node-ip-address=10.0.0.1"} <= set(
        command
    )


def test_another_machine_brings_its_cores_to_the_head() -> None:
    asked = joining("10.0.0.1:6379", "10.0.0.2", 4)
    command = node_command(asked)
    assert asked.address == "10.0.0.1:6379" and "--head" not in command
    assert command[command.index("--address") + 1] == "10.0.0.1:6379" and '--resources={"video": 4}' in command


def test_the_head_makes_a_secret_and_nobody_joins_without_it(tmp_path: Path) -> None:
    with pytest.raises(NoCluster, match=r"copy keys/cluster\.token"):
        token_of(tmp_path, head=False)
    made = token_of(tmp_path, head=True)
    assert len(made.read_text()) == 64 and made.stat().st_mode & 0o077 == 0
    assert token_of(tmp_path, head=False) == token_of(tmp_path, head=True) == made


def test_a_node_asks_for_the_secret_calls_nobody_and_has_its_own_home(tmp_path: Path) -> None:
    told = environment(Settings(home=tmp_path, database_url="postgresql:///x"), tmp_path / "token", here=False)
    assert "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER" not in told
    assert (told["RAY_AUTH_MODE"], told["RAY_USAGE_STATS_ENABLED"]) == ("token", "0")
    assert (told["QYRAN_HOME"], told["QYRAN_DATABASE_URL"]) == (str(tmp_path), "postgresql:///x")


def test_a_node_ends_with_who_started_it_even_where_that_one_is_killed() -> None:
    starting = "from ingest.cluster.joining import start; start(['sh', '-c', 'echo up; exec sleep 60']).wait()"
    with subprocess.Popen([sys.executable, "-c", starting], stderr=subprocess.PIPE, cwd=ROOT) as joined:
        assert joined.stderr is not None and joined.stderr.readline() == b"up\n"
        joined.send_signal(signal.SIGKILL)
        assert joined.stderr.read() == b""  # the node held it open


def test_the_file_in_which_the_engine_notes_a_head_is_known() -> None:
    asked = (
        "from ingest.cluster.engine import head_noted; print(head_noted().name)"  # Ray reads its secret once a process
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT, check=True)
    assert told.stdout.strip() == "ray_current_cluster"


def test_what_is_left_of_a_head_that_died_keeps_no_new_one_from_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "ray_current_cluster"
    monkeypatch.setattr("ingest.cluster.joining.head_noted", lambda: noted)
    for address, left in (("10.0.0.1:6379", False), ("10.0.0.9:6379", True)):
        noted.write_text(address)
        _forget_former(joining("head", "10.0.0.1", 0))
        assert noted.exists() is left
