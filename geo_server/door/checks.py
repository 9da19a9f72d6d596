"""`test`: sets up what the tests stand on, then runs and reports every check; pytest's closing line comes last."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from geo_server.door import windows
from geo_server.door.steps import ROOT, console, ensure_space, python, run
from geo_server.door.trouble import Trouble
from geo_server.door.up import SPACE_MB, WEB, build_windows, fetch_files

SOURCES = ("layers", "ingest", "geo_server", "tests")


def test(home: Path, pytest_arguments: Sequence[str]) -> int:
    """Set up and run everything, or pytest alone when it is given arguments; the exit status tells the truth."""
    ensure_space(home, SPACE_MB)
    if shutil.which("chromium") is None:
        raise Trouble("Chromium is not installed.", mend="Run ./qyran test as root, or install the package chromium.")
    build_windows(home)
    fetch_files(home, "test")
    environment = _environment(home)
    run("Compiling what reckons cover", python("geo_server.planning.cli", "compile"), home / "logs/setup.log")
    failed = [] if pytest_arguments else _checks()
    if failed:
        console.print(f"[red]✗ failed: {', '.join(failed)}[/]")
    # file by file in the order of tests/conftest.py, which begins with the long ones; one process more than cores,
    # because tests of streams and of watches wait for most of their time
    processes = ["-n", str(min(2, os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    code = subprocess.call([sys.executable, "-m", "pytest", *processes, *pytest_arguments], cwd=ROOT, env=environment)
    return code or int(bool(failed))


def _checks() -> list[str]:
    """Run every check but pytest, as many at once as there are cores, all even when one fails; names those that did."""
    tools = Path(sys.executable).parent
    present = [name for name in SOURCES if (ROOT / name).exists()]
    checks: list[tuple[str, Sequence[str], Path]] = [  # the longest first
        ("mypy", python("mypy", *present), ROOT),
        ("ruff check", [str(tools / "ruff"), "check", *present], ROOT),
        ("ruff format", [str(tools / "ruff"), "format", "--check", *present], ROOT),
        ("import-linter", [str(tools / "lint-imports")], ROOT),
    ]
    if (WEB / "package.json").exists():
        checks[1:1] = [
            ("tsc and biome", [*windows.npm(), "run", "check"], WEB),
            ("vitest", [*windows.npm(), "run", "test"], WEB),
        ]
    with console.status("Checking …"), ThreadPoolExecutor(os.cpu_count()) as beside:
        held = beside.map(lambda check: _holds(*check), checks)
        return [title for (title, _, _), holds in zip(checks, held, strict=True) if not holds]


def _holds(title: str, command: Sequence[str], folder: Path) -> bool:
    """Run one check; what it says is shown only when it fails."""
    environment = windows.environment() | {"PYTHONPATH": str(ROOT)}
    since = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )
    took = f"[dim]({time.monotonic() - since:.1f} s)[/]"
    if done.returncode == 0:
        console.print(f"[green]✓[/] {title} {took}")
        return True
    with console:  # together, whatever ends meanwhile
        console.print(f"[red]✗[/] {title} {took}")
        console.print(f"{done.stdout}{done.stderr}", markup=False, emoji=False, soft_wrap=True)
    return False


def _environment(home: Path) -> dict[str, str]:
    """Keep a running Qyran's settings out of the tests, and what each of their many processes compiles in the checkout.

    An image often tells Python to keep no bytecode: then each process that loads the server compiles it for seconds.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QYRAN_") or "TEST" in name}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "QYRAN_FETCHED": str(home / "fetched"),
        "PYTHONPATH": str(ROOT),
        "PLAYWRIGHT_NODEJS_PATH": str(windows.node()),  # its own Node wants libatomic, which a bare machine lacks
    }
