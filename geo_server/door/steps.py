"""Runs the steps of set-up one after another, each with its progress, its log and one sentence when it fails."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from geo_server.door.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
LOG_LIMIT = 5_000_000  # bytes of one log file; one older file is kept beside it
_WIDE = 130  # where there is no terminal whose width could be asked
console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _WIDE)
out = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show a step while it runs and how long it took; one that takes no time leaves a plain line."""
    since = time.monotonic()
    _announce(title)
    with console.status(f"{title} …"):
        yield
    console.print(f"[green]✓[/] {title} [dim]({time.monotonic() - since:.1f} s)[/]")


@contextmanager
def growing(title: str, folder: Path, total_bytes: int) -> Iterator[None]:
    """Show a download by how much its folder has grown: every client writes somewhere below it."""
    _announce(title)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    done = threading.Event()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total_bytes)

        def watch() -> None:
            while not done.wait(0.3):
                progress.update(task, completed=min(total_bytes, _size(folder)))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def run(
    title: str,
    command: Sequence[str],
    log: Path,
    *,
    mend: str = "",
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    show: Callable[[str], bool] = lambda line: False,
) -> None:
    """Run one command to its end, its words in `log`, its last line on the screen; raises Trouble when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    rotate(log)
    last: deque[str] = deque(maxlen=40)
    _announce(title)
    with console.status(f"{title} …") as status, log.open("a", encoding="utf-8") as kept:
        since = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment or os.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        try:
            for line in process.stdout or ():
                kept.write(line)
                last.append(line)
                if show(line):
                    console.print(line.rstrip(), markup=False)
                status.update(f"{title} … [dim]{plain(line)[:90]}[/]")
            code = process.wait()
        finally:
            if process.poll() is None:  # Ctrl-C: the step must not outlive us
                process.terminate()
                process.wait()
    if code:
        raise Trouble(f"{title}: failed. {sentence(last)}".strip(), mend=mend, log=log)
    console.print(f"[green]✓[/] {title} [dim]({time.monotonic() - since:.1f} s)[/]")


def _announce(title: str) -> None:
    if not console.is_terminal:  # where no spinner can turn, a long step still says that it began
        console.print(f"… {title}")


def sentence(lines: Sequence[str]) -> str:
    """Pick from a program's last lines the one that says what failed."""
    said = [plain(line) for line in lines if line.strip()]
    if any("No space left on device" in line for line in said):
        return "The disk is full: free some space."
    said = [line for line in said if "complete log of this run" not in line and line != "npm error"]  # npm's farewell
    telling = [line for line in said if "rror" in line or "failed" in line or "refus" in line]
    return (telling or said or [""])[-1][:300]


def plain(line: str) -> str:
    """Say a line of a log for people: a JSON line by its event, without Rich's markup taking brackets amiss."""
    text = line.strip()
    if text.startswith("{"):
        try:
            entry = json.loads(text)
            text = str(entry.get("description") or entry.get("reason") or entry.get("event") or text)
        except ValueError:
            pass
    return text.replace("[", "\\[")


def rotate(log: Path) -> None:
    """Move a log that has grown past its limit aside, over the older one."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))


def python(*arguments: str) -> list[str]:
    """Give the command that runs one of our own modules."""
    return [sys.executable, "-P", "-m", *arguments]


def free_mb(folder: Path) -> int:
    """Tell the free space of a folder's disk in MiB, also while the folder is yet to be made."""
    standing = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(standing).free // 2**20


def ensure_space(home: Path, wanted_mb: int) -> None:
    """Refuse before anything starts when the home's disk is nearly full."""
    free = free_mb(home)
    if free < wanted_mb:
        raise Trouble(
            f"The disk of {home} has {free} MiB left; {wanted_mb} MiB are needed.",
            mend="Free some space or choose another home with --home DIR.",
        )


def _size(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            try:
                total += Path(parent, name).stat().st_size
            except OSError:  # a client moves its files about
                continue
    return total
