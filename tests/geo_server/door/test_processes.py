import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from geo_server.door.processes import Program, Supervisor, asked_to_stop, ensure_free, only_one
from geo_server.door.trouble import Trouble

LIVES = "import signal; print('alive', flush=True); signal.pause()"


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def program(name: str, code: str, health: str | None = None, ready_s: float = 20) -> Program:
    return Program(name=name, command=[sys.executable, "-c", code], health=health, ready_s=ready_s)


def supervised(tmp_path: Path, *programs: Program, said: list[str] | None = None) -> Supervisor:
    return Supervisor(programs, tmp_path, (said if said is not None else []).append)


def tended(kept: Supervisor) -> Supervisor:
    kept.tend()
    return kept


def written(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_what_a_process_says_is_stored_under_its_name(tmp_path: Path) -> None:
    with supervised(tmp_path, program("server", LIVES)) as kept:
        kept.start()
        until(lambda: "alive" in written(tmp_path / "server.log"))


def test_all_processes_end_with_the_supervisor(tmp_path: Path) -> None:
    with supervised(tmp_path, program("server", LIVES), program("ingest", LIVES)) as kept:
        kept.start()
        pids = [kept.pid("server"), kept.pid("ingest")]
        assert all(pid and alive(pid) for pid in pids)
    assert not any(pid and alive(pid) for pid in pids)


def test_a_grandchild_ends_too_even_one_that_left_its_group_and_lost_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    leaf = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {LIVES!r}], start_new_session=True)"
    middle = f"{leaf}; open({str(note)!r} + '.new', 'w').write(str(p.pid))"
    code = f"import os, subprocess, sys; subprocess.run([sys.executable, '-c', {middle!r}]);"
    code += f" os.rename({str(note)!r} + '.new', {str(note)!r}); {LIVES}"
    with supervised(tmp_path, program("demo", code)) as kept:
        kept.start()
        until(note.exists)
        pid = int(note.read_text())
        assert alive(pid)
    until(lambda: not alive(pid))


def test_a_process_that_will_not_stop_is_killed_after_the_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_server.door.processes.GRACE_S", 0.3)
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {LIVES}"
    with supervised(tmp_path, program("server", stubborn)) as kept:
        kept.start()
        until(lambda: "alive" in written(tmp_path / "server.log"))
        pid = kept.pid("server")
    assert pid and not alive(pid)


def test_a_crashed_process_is_started_again_and_a_person_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    with supervised(tmp_path, program("server", LIVES), said=said) as kept:
        kept.start()
        first = kept.pid("server")
        assert first
        os.kill(first, signal.SIGKILL)
        until(lambda: tended(kept).pid("server") not in {None, first})
    assert said[0].startswith("server stopped (signal 9); starting it again in 1 s.")


def test_a_process_that_keeps_crashing_is_given_longer_pauses(tmp_path: Path) -> None:
    said: list[str] = []
    with supervised(tmp_path, program("server", LIVES), said=said) as kept:
        kept.start()
        for times in (1, 2):
            until(lambda: tended(kept).pid("server") is not None)
            os.kill(kept.pid("server") or 0, signal.SIGKILL)
            while len(said) < times:  # its end is told within the time a test may take
                kept.tend()
    assert [line.partition(" again in ")[2].partition(".")[0] for line in said] == ["1 s", "2 s"]


def test_a_process_that_ends_at_its_start_is_said_with_its_log(tmp_path: Path) -> None:
    kept = supervised(tmp_path, program("server", "raise SystemExit(3)", health="http://127.0.0.1:1/"))
    with kept, pytest.raises(Trouble, match="The process server ended at its start") as told:
        kept.start()
    assert told.value.log == tmp_path / "server.log"


def test_a_process_that_never_answers_is_said(tmp_path: Path) -> None:
    kept = supervised(tmp_path, program("server", LIVES, health="http://127.0.0.1:1/", ready_s=0.3))
    with kept, pytest.raises(Trouble, match="did not answer within"):
        kept.start()


def test_start_returns_when_the_process_answers(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()"
    with supervised(tmp_path, program("server", code, health=f"http://127.0.0.1:{port}/")) as kept:
        kept.start()
        assert kept.pid("server")


def test_errors_are_shown_and_the_rest_is_only_stored(tmp_path: Path) -> None:
    said: list[str] = []
    lines = """
import signal
print('{"event": "started", "level": "info"}')
print('{"event": "store_gone", "level": "error", "reason": "no answer"}')
print("plain words", flush=True)
signal.pause()
"""
    with supervised(tmp_path, program("ingest", lines), said=said) as kept:
        kept.start()
        until(lambda: "plain words" in written(tmp_path / "ingest.log"))
    assert said == ["ingest: store_gone no answer"]


def test_a_log_that_has_grown_is_moved_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_server.door.steps.LOG_LIMIT", 100)
    code = "import signal\nfor n in range(20): print(n, 'x' * 20)\nprint('done', flush=True)\nsignal.pause()"
    with supervised(tmp_path, program("server", code)) as kept:
        kept.start()
        until(lambda: "done" in written(tmp_path / "server.log"))
    assert (tmp_path / "server.log.1").exists()
    assert (tmp_path / "server.log").stat().st_size <= 130


def test_a_port_in_use_is_said_with_the_option_that_mends_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is in use by another program") as told:
            ensure_free("127.0.0.1", {"--port N": port})
    assert "--port N" in told.value.mend
    ensure_free("127.0.0.1", {"--port N": port})


@pytest.mark.parametrize("host", ["999.1.1.1", "192.0.2.1"])  # no address at all, and one of no machine (RFC 5737)
def test_an_address_that_is_not_of_this_machine_is_not_told_as_a_taken_port(host: str) -> None:
    with pytest.raises(Trouble, match="cannot listen on"):
        ensure_free(host, {"--port N": 8080})


def test_a_home_serves_one_up_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path, "http://127.0.0.1:8080"), pytest.raises(Trouble, match=r"already running.*8080"):  # noqa: SIM117
        with only_one(tmp_path, "second"):
            pass
    with only_one(tmp_path, "third"):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_request_to_stop_is_heard_once(number: signal.Signals) -> None:
    heard = 0
    with asked_to_stop():
        for _ in range(2):
            try:
                os.kill(os.getpid(), number)
                time.sleep(0)
            except KeyboardInterrupt:
                heard += 1
    assert heard == 1


def test_should_the_supervisor_be_killed_its_processes_stop(tmp_path: Path) -> None:
    code = f"""
import sys, signal
from pathlib import Path
from geo_server.door.processes import Program, Supervisor
kept = Supervisor([Program(name="server", command=[sys.executable, "-c", {LIVES!r}])], Path({str(tmp_path)!r}), print)
kept.start()
print(kept.pid("server"), flush=True)
signal.pause()
"""
    root = str(Path(__file__).parents[3])
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        until(lambda: "alive" in written(tmp_path / "server.log"))
        supervisor.kill()
        supervisor.wait()
    until(lambda: not alive(pid))
