"""Starts the house's processes as forks of one that has loaded their modules: those cost more than all else they do.

Each has its own environment, arguments and log, as `python -m` would give it; what a fork cannot show, that each loads
from nothing, the tests of the commands themselves show.
"""

import ctypes
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
LOADED = ("geo_server.app", "geo_server.__main__", "ingest.__main__", "ingest.serve", "uvloop")
GRACE_S, LOOK_S = 20.0, 0.02
PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None)


class Nursery:
    """The process that forks, started when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start `python -m COMMAND` and return its number."""
        pipes = self._pipes()
        assert pipes.stdin is not None and pipes.stdout is not None
        pipes.stdin.write(json.dumps({"command": command, "environment": dict(environment), "log": str(log)}) + "\n")
        pipes.stdin.flush()
        return int(pipes.stdout.readline())

    def _pipes(self) -> "subprocess.Popen[str]":
        if self._process is None:
            told = {name: value for name, value in os.environ.items() if not name.startswith("QYRAN_")}
            told["PYTHONPATH"] = str(CHECKOUT)
            command = [sys.executable, "-m", "tests.nursery"]
            self._process = subprocess.Popen(
                command, cwd=CHECKOUT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        return self._process


NURSERY = Nursery()


@contextmanager
def process(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run `python -m COMMAND` with what it says in a log; it is told to end, and killed where it does not."""
    number = NURSERY.start(command, environment, log)
    try:
        yield
    finally:
        _signal(number, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while _signal(number, 0):
            if time.monotonic() > deadline:
                _signal(number, signal.SIGKILL)
            time.sleep(LOOK_S)


def _signal(number: int, what: int) -> bool:
    """Send it, and say whether there was anybody to hear it."""
    try:
        os.kill(number, what)
    except ProcessLookupError:
        return False
    return True


def _serve() -> None:
    for name in LOADED:
        import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who ends the tests by Ctrl-C ends it by its stdin
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks: they leave nothing behind
    for line in sys.stdin:
        asked = json.loads(line)
        number = os.fork()
        if number == 0:
            _become(asked["command"], asked["environment"], asked["log"])
        print(number, flush=True)


def _become(command: list[str], environment: dict[str, str], log: str) -> None:
    for one in (signal.SIGINT, signal.SIGCHLD):
        signal.signal(one, signal.default_int_handler if one == signal.SIGINT else signal.SIG_DFL)
    nothing, written = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for there, here in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(there, here)
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # none outlives the tests
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = command
    status: int | str | None = 1
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as ended:
        status = ended.code
    except Exception:  # noqa: BLE001 - what ends it stands in its log, as Python itself would tell it
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    _serve()
