"""Verify an export of recordings alone: `python evidence.py PATH [--key KEY]`; no store, no server, nothing of ours.

PATH is the archive or the folder it was unpacked into. Needs Python 3.11 and the package `cryptography` alone.
"""

import argparse
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    if __name__ != "__main__":
        raise
    sys.exit("Nothing was verified: the package `cryptography` is missing. Debian has it as python3-cryptography.")

FORMAT = "qyran-export/1"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "key.pub"
BESIDE = {MANIFEST, SIGNATURE, KEY, "README.txt", "evidence.py"}
READ_BYTES = 2**20
MOST_MANIFEST = 64 * 2**20
_KEY_ID = re.compile(r"[0-9a-f]{16}")
# What reading a file that somebody bent may raise: RuntimeError says that it is enciphered, or packed in a way unknown.
UNREADABLE = (KeyError, OSError, ValueError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile)


class NotVerifiable(Exception):
    """What is there is no export at all, or the key that was given is none; its text is a sentence."""


def key_id(key: Ed25519PublicKey) -> str:
    """Return the short name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    raw = key.public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)  # older releases know no `public_bytes_raw`
    return hashlib.sha256(raw).hexdigest()[:16]


def chain_text(source: dict[str, Any]) -> bytes:
    """Return the line of a recording that its camera's chain takes in (`layers/recordings/chain.py`)."""
    names = ("number", "camera", "path", "begins_at", "ends_at", "bytes", "sha256", "previous_sha256")
    return "|".join(str(source[name]) for name in names).encode()


class Place(Protocol):
    """Where the files of an export are read from."""

    def names(self) -> Sequence[str]:
        """Return the names of the files that are there, as often as they are."""

    def open(self, name: str) -> IO[bytes]:
        """Open one; KeyError or OSError where it is not there."""


class Archive:
    """An export as one file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Take the archive."""
        self._archive = archive

    def names(self) -> Sequence[str]:
        """Return the names in the archive: nothing keeps it from holding two of one name."""
        return [name for name in self._archive.namelist() if not name.endswith("/")]

    def open(self, name: str) -> IO[bytes]:
        """Open one file of the archive."""
        return self._archive.open(name)


class Folder:
    """An export that was unpacked."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self._folder = folder.resolve()

    def names(self) -> Sequence[str]:
        """Return the names below the folder."""
        return [file.relative_to(self._folder).as_posix() for file in self._folder.rglob("*") if file.is_file()]

    def open(self, name: str) -> IO[bytes]:
        """Open one file; KeyError for a name that leads out of the folder, or to what is no file."""
        file = (self._folder / name).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            raise KeyError(name)
        return file.open("rb")


def faults(path: Path, key: str | None = None) -> list[str]:
    """Return what is wrong with an export, one sentence each; empty where all of it is as it was signed.

    `key` pins who may have signed it: a file of a public key in PEM, or a key's 16 hex digits.
    Raises NotVerifiable where there is no export, or the key is none.
    """
    with ExitStack() as stack:
        place = _place(path, stack)
        manifest, told = _manifest(place)
        names = Counter(place.names())
        found = [*_signed(place, manifest, told, key), *_named(names, told["files"])]
        for one in told["files"]:
            found += _file(place, names, one)
        found += _chained(told["files"])
    return [plain(one) for one in found]


def plain(text: str) -> str:
    """Return a text as one line of a terminal: what a name makes of itself that is no letter is spelt out."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def _named(names: "Counter[str]", files: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Check that each name stands for one file, within the export, that the manifest tells of."""
    expected = {str(one.get("name")) for one in files}
    for name in sorted(names):
        if names[name] > 1:
            yield f"{name} is there {names[name]} times: which of them is meant nobody can tell."
        if name not in expected | BESIDE:
            yield f"{name} is not in the manifest."
    yield from (f"{name} leads out of the export." for name in sorted(expected) if _leads_out(name))


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", name))


def _place(path: Path, stack: ExitStack) -> Place:
    if path.is_dir():
        return Folder(path)
    try:
        return Archive(stack.enter_context(zipfile.ZipFile(path)))
    except FileNotFoundError:
        raise NotVerifiable(f"There is no {path}.") from None
    except (zipfile.BadZipFile, OSError):
        raise NotVerifiable(f"{path.name} is no whole archive: it was cut or changed, or is no export.") from None


def _manifest(place: Place) -> tuple[bytes, dict[str, Any]]:
    try:
        data = _read(place, MANIFEST, MOST_MANIFEST)
        told = json.loads(data)
    except UNREADABLE:  # RecursionError, of a manifest nested without end, is a RuntimeError too
        raise NotVerifiable("The manifest is missing or cannot be read.") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT or not _is_list_of_files(told.get("files")):
        raise NotVerifiable("The manifest is none of a recordings' export.")
    return data, told


def _is_list_of_files(told: object) -> bool:
    return isinstance(told, list) and all(
        isinstance(one, dict) and isinstance(one.get("source", {}), dict) for one in told
    )


def _read(place: Place, name: str, most: int) -> bytes:
    with place.open(name) as opened:
        return opened.read(most)


def _signed(place: Place, manifest: bytes, told: dict[str, Any], pinned: str | None) -> Iterator[str]:
    try:
        key = _public(_read(place, KEY, 10_000))
        signature = bytes.fromhex(_read(place, SIGNATURE, 1000).decode().strip())
    except UNREADABLE:
        yield "The signature or the key beside it is missing or cannot be read."
        return
    if pinned is not None and key_id(key) != _pinned(pinned):
        yield f"It was signed by another key ({key_id(key)}) than the one that was given ({_pinned(pinned)})."
    if told.get("key_id") != key_id(key):
        yield f"The manifest names another key ({told.get('key_id')}) than the one beside it ({key_id(key)})."
    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        yield "The signature does not fit the manifest: one of them was changed."


def _public(pem: bytes) -> Ed25519PublicKey:
    key = form.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("no Ed25519 key")
    return key


def _pinned(told: str) -> str:
    if _KEY_ID.fullmatch(told):
        return told
    try:
        return key_id(_public(Path(told).read_bytes()))
    except (OSError, ValueError):
        raise NotVerifiable(f"{told} is neither a key's 16 hex digits nor a file of an Ed25519 public key.") from None


def _file(place: Place, names: "Counter[str]", one: dict[str, Any]) -> Iterator[str]:
    name, size = str(one.get("name")), one.get("bytes")
    if not isinstance(size, int) or name not in names:
        yield f"{name} is missing."
        return
    hashed, read = hashlib.sha256(), 0
    try:
        with place.open(name) as opened:
            while read <= size and (part := opened.read(READ_BYTES)):
                hashed.update(part)
                read += len(part)
    except UNREADABLE:
        yield f"{name} was changed: its bytes do not fit the archive's own checksum."
        return
    if read < size:
        yield f"{name} was cut: {read} of {size} bytes are there."
    elif read > size or hashed.hexdigest() != one.get("sha256"):
        yield f"{name} was changed: its SHA-256 is not the one in the manifest."


def _chained(files: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Check that each file's recording stands in its camera's chain as it is told, and that those in a row follow."""
    before: dict[str, dict[str, Any]] = {}
    for one in files:
        source, name = one.get("source") or {}, str(one.get("name"))
        if source.get("chain_sha256") is None:
            continue  # it was being recorded when it was exported: its hash alone stands for it
        if not _stands(source):
            yield f"{name} does not stand in its camera's chain as the manifest tells it."
            continue
        if one.get("whole") and one.get("sha256") != source["sha256"]:
            yield f"{name} is told as a whole recording and is not the one that was recorded."
        last = before.get(str(source["camera"]))
        follows = last is not None and source["number"] == last["number"] + 1
        if last is not None and follows and source["previous_sha256"] != last["chain_sha256"]:
            yield f"{name} does not follow the recording before it in its camera's chain."
        before[str(source["camera"])] = source


def _stands(source: dict[str, Any]) -> bool:
    """Say whether a recording's hash in the chain is that of what is told of it."""
    try:
        chained = hashlib.sha256(chain_text(source)).hexdigest()
    except (KeyError, UnicodeEncodeError):
        return False
    return isinstance(source["number"], int) and chained == source["chain_sha256"]


def told(path: Path) -> str:
    """Say what an export is of, in one line."""
    with ExitStack() as stack:
        place = _place(path, stack)
        manifest = _manifest(place)[1]
        files = manifest["files"]
        cameras = ", ".join(sorted({str(one.get("camera")) for one in files})) or "no camera"
        return plain(
            f"{len(files)} files of {cameras}, {manifest.get('begins_at')} to {manifest.get('ends_at')}, "
            f"asked for by {manifest.get('asked_by')}, signed by key {manifest.get('key_id')}."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify and say; return 0 where all is as it was signed, else 1."""
    parser = argparse.ArgumentParser(prog="verify", description="Verify an export of recordings.")
    parser.add_argument("path", type=Path, help="the archive, or the folder it was unpacked into")
    parser.add_argument("--key", help="who must have signed it: a public key in PEM, or its 16 hex digits")
    asked = parser.parse_args(arguments)
    try:
        found = faults(asked.path, asked.key)
        print(told(asked.path))
    except NotVerifiable as why:
        found = [str(why)]
    for one in found:
        print(one)
    if not found:
        pinned = "" if asked.key else " Compare the key's digits with those its owner publishes, or give --key."
        print(f"All of it is as it was signed.{pinned}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
