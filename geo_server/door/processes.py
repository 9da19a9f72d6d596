"""Keeps the processes of `up` alive: starts them, stores their logs, waits for health, restarts, stops every one."""

import errno
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from typing import cast

from geo_server.door.steps import ROOT, rotate, sentence
from geo_server.door.trouble import SUPERVISED, Trouble
from layers.hosts import trusting

GRACE_S = 10.0  # from the request to stop until the kill
LONGEST_PAUSE_S = 30.0
PROVEN_S = 60.0  # a process that lived this long starts its backoff anew
_MARK = SUPERVISED  # inherited by children of children, also by those that leave their group


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep alive: its name, command, what tells that it is well, and what it is told by environment."""

    name: str
    command: Sequence[str]
    health: str | None = None  # an address that answers 200 when it is ready
    trusted: Path | None = None  # the certificate it shows there
    ready_s: float = 90.0
    environment: Mapping[str, str] = field(default_factory=dict)


class _Kept:
    """A program's present process and its history."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[str] | None = None
        self.started = 0.0
        self.again_at: float | None = None
        self.failures = 0


class Supervisor:
    """Runs programs until told to stop; use from the main thread, as `with Supervisor(…) as kept:`."""

    def __init__(self, programs: Sequence[Program], logs: Path, say: Callable[[str], None]) -> None:
        """Take the programs in the order to start them, the folder of their logs, and how to tell a person."""
        self._kept = [_Kept(program) for program in programs]
        self._logs = logs
        self._say = say
        self._mark = secrets.token_hex(8)
        self._told_full = False
        self._stopping = threading.Event()

    def __enter__(self) -> "Supervisor":
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every process."""
        self.stop()

    def start(self) -> None:
        """Start all and wait until each is well; raises Trouble naming the first that is not."""
        for kept in self._kept:
            self._launch(kept)
        for kept in self._kept:
            self._await(kept)

    def tend(self) -> None:
        """Look once: note who died, start again whose pause is over."""
        now = time.monotonic()
        for kept in self._kept:
            if kept.process is not None and kept.process.poll() is not None:
                self._mourn(kept, kept.process.returncode, now)
            if kept.again_at is not None and now >= kept.again_at:
                self._launch(kept)

    def pid(self, name: str) -> int | None:
        """Tell the process id of a program, nothing while it is down."""
        kept = next(kept for kept in self._kept if kept.program.name == name)
        return kept.process.pid if kept.process and kept.process.poll() is None else None

    def stop(self) -> None:
        """Ask every process and its children to stop, last started first; kill what remains after the grace."""
        self._stopping.set()
        for kept in reversed(self._kept):
            if kept.process is not None:
                _signal(-kept.process.pid, signal.SIGTERM)
        groups = {kept.process.pid for kept in self._kept if kept.process}
        for pid in self._alive():
            if _group(pid) not in groups:  # one that left its group
                _signal(pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while self._alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in self._alive():
            _signal(pid, signal.SIGKILL)
        for kept in self._kept:
            if kept.process is not None:
                kept.process.wait()
            kept.process = kept.again_at = None

    def _launch(self, kept: _Kept) -> None:
        program = kept.program
        kept.again_at = None
        kept.started = time.monotonic()
        # setpriv: should we be killed outright, the kernel asks the process to stop
        kept.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *program.command],
            cwd=ROOT,
            env=os.environ | program.environment | {_MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in order
        )
        threading.Thread(target=self._pump, args=(program.name, kept.process), daemon=True).start()

    def _mourn(self, kept: _Kept, code: int, now: float) -> None:
        assert kept.process is not None
        _signal(-kept.process.pid, signal.SIGKILL)  # its children must not hold its port
        kept.process = None
        kept.failures = 1 if now - kept.started > PROVEN_S else kept.failures + 1
        pause = min(LONGEST_PAUSE_S, 2.0 ** (kept.failures - 1))
        kept.again_at = now + pause
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        self._say(f"{kept.program.name} stopped ({how}); starting it again in {pause:.0f} s. Log: {self._log(kept)}")

    def _await(self, kept: _Kept) -> None:
        deadline = time.monotonic() + kept.program.ready_s
        while time.monotonic() < deadline and not self._stopping.is_set():
            if kept.process is None or kept.process.poll() is not None:
                raise Trouble(
                    f"The process {kept.program.name} ended at its start.{self._words(kept)}", log=self._log(kept)
                )
            if kept.program.health is None or _answers(kept.program.health, kept.program.trusted):
                return
            time.sleep(0.1)
        raise Trouble(
            f"The process {kept.program.name} did not answer within {kept.program.ready_s:.0f} s.", log=self._log(kept)
        )

    def _log(self, kept: _Kept) -> Path:
        return self._logs / f"{kept.program.name}.log"

    def _words(self, kept: _Kept) -> str:
        try:
            said = self._log(kept).read_text(encoding="utf-8", errors="replace").splitlines()[-40:]
        except OSError:
            said = []
        return f" It said: {sentence(said)}" if said else ""

    def _pump(self, name: str, process: subprocess.Popen[str]) -> None:
        """Store what a process says; show what is an error."""
        assert process.stdout is not None
        path = self._logs / f"{name}.log"
        for line in process.stdout:
            self._store(path, line)
            if not self._stopping.is_set() and _grave(line):
                self._say(f"{name}: {_told(line)}")

    def _store(self, path: Path, line: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            rotate(path)
            with path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:  # a full disk must not stop the process whose words these are
            if not self._told_full:
                self._told_full = True
                self._say(f"Logs cannot be written to {path.parent}: {error.strerror}. Free some space.")

    def _alive(self) -> set[int]:
        for kept in self._kept:
            if kept.process is not None:
                kept.process.poll()  # collects it, so that it is no zombie
        return _marked(f"{_MARK}={self._mark}".encode())


@contextmanager
def only_one(home: Path, what: str) -> Iterator[None]:
    """Hold the home's lock; raises Trouble when another `up` holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            other = lock.read().strip() or "another process"
            raise Trouble(
                f"Qyran is already running on the home {home} ({other}).",
                mend="Stop it with Ctrl-C where it runs, or choose another home with --home DIR.",
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {what}")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def ensure_free(host: str, ports: Mapping[str, int]) -> None:
    """Refuse before anything starts when a port is taken; `ports` maps how to choose another to the number."""
    for option, port in ports.items():
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                probe.listen(1)
            except PermissionError:
                raise Trouble(f"Port {port} needs root.", mend=f"Choose one above 1023: {option}.") from None
            except OSError as error:
                if error.errno != errno.EADDRINUSE:  # no such name, no such address here
                    mend = "Give an address of this machine, or unset QYRAN_HOST."
                    raise Trouble(f"This machine cannot listen on {host}.", mend=mend) from None
                raise Trouble(
                    f"Port {port} is in use by another program.",
                    mend=f"Stop that program or choose another: {option}.",
                ) from None


@contextmanager
def asked_to_stop() -> Iterator[None]:
    """Turn the first Ctrl-C, SIGTERM or closed terminal into KeyboardInterrupt; later ones are not heard."""
    asked = threading.Event()

    def heard(number: int, _: object) -> None:
        if not asked.is_set():
            asked.set()
            raise KeyboardInterrupt

    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ask(address: str, trusted: Path | None = None) -> HTTPResponse:
    """Ask one of our own doors, by https where it shows the certificate of that file; raises OSError."""
    context = None if trusted is None else trusting(trusted)
    return cast(HTTPResponse, urllib.request.urlopen(address, timeout=2, context=context))


def _answers(address: str, trusted: Path | None) -> bool:
    try:
        with ask(address, trusted) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _grave(line: str) -> bool:
    try:
        return str(json.loads(line).get("level", "")) in {"error", "critical"}
    except (ValueError, AttributeError):
        return False


def _told(line: str) -> str:
    entry = json.loads(line)
    named = ("error", "reason", "description", "detail")
    return " ".join(str(part) for part in (entry.get("event"), *(entry.get(name) for name in named)) if part)[:300]


def _signal(pid: int, number: int) -> None:
    """Signal a process, or the group of a negative number; one that is gone already is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _marked(mark: bytes) -> set[int]:
    """Find the living processes whose environment has the mark; a zombie's environment is empty."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.add(int(path.parent.name))
        except OSError:  # another user's, or gone meanwhile
            continue
    return found
