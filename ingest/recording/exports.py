"""Exports: bytes as they were recorded, a signed manifest that says where each came from, what verifies them."""

import asyncio
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording import recorder
from ingest.recording.disk import REASONS, Disk, trouble_of
from ingest.recording.reading import Stretch, Unreadable, beginning, read, stretches_of
from layers import evidence
from layers.database import visit
from layers.recordings import clip_queries, export_queries
from layers.recordings.chain import Link
from layers.recordings.schema import Export, Recording
from layers.signing import private_key, public_pem

log = structlog.get_logger()

LATE_S = 2.0  # behind what rows are told, seconds
# Why an archive was not built, by codes that the windows say; `lost` is a file of the recordings.
FAULTS = frozenset({"nothing_recorded", "no_room", "lost", "no_key", "disk_fault", *REASONS.values()})
ALMATY = ZoneInfo("Asia/Almaty")
README = """An export of recordings of the Qyran server.

The files are the bytes that the cameras sent, cut between frames and never encoded anew. manifest.json says of each
its SHA-256, its times and where in its camera's chain of recordings it comes from; manifest.sig is its Ed25519
signature by the key in key.pub. To verify all of it without the server:

    ./qyran verify PATH --key KEY        or        python evidence.py PATH --key KEY

where PATH is this archive or its folder, and KEY the public key, or its 16 digits, as its owner told you by another
way. Verify with a copy of evidence.py that you trust: the one in here is for convenience.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An archive as it lies there."""

    path: str
    size: int
    sha256: bytes
    key_id: str


class Exports:
    """Builds what people asked for, one at a time; what a crash left half built is built anew."""

    def __init__(self, engine: AsyncEngine, home: Path, disk: Disk, *, least_free: float) -> None:
        """Take the store, the home, the disk and which share of it is to be free.

        Archives lie in HOME/exports, the key in HOME/keys/video.pem.
        """
        self.engine, self.home, self.disk, self.least_free = engine, home, disk, least_free
        self.folder, self.recordings = home / "exports", home / "recordings"

    async def look(self, now: datetime | None = None) -> int:
        """Build what waits; return how many archives are done. What rows do not tell of yet is waited for."""
        settled = (now or datetime.now(UTC)) - timedelta(seconds=recorder.PROGRESS_S + LATE_S)
        async with visit(self.engine) as session:
            waiting = await export_queries.waiting(session, until=settled)
        return sum([await self._one(one) for one in waiting])

    async def _one(self, asked: Export) -> bool:
        async with visit(self.engine) as session:
            await export_queries.move(session, asked.id, "building")
            files = [
                await clip_queries.files_of(session, camera_id, asked.begins_at, asked.ends_at)
                for camera_id in asked.camera_ids
            ]
        built = await asyncio.to_thread(self._built, asked, files)
        async with visit(self.engine) as session:
            if isinstance(built, str):
                await export_queries.move(session, asked.id, "failed", why=built)
            else:
                told = {"path": built.path, "bytes": built.size, "sha256": built.sha256, "key_id": built.key_id}
                await export_queries.move(session, asked.id, "ready", why=None, **told)
        log.info("export", of=asked.id, failed=built if isinstance(built, str) else None)
        return not isinstance(built, str)

    def _built(self, asked: Export, files: Sequence[Sequence[Recording]]) -> Built | str:
        """Build the archive; return why not, a code of FAULTS, where that cannot be."""
        stretches = [one for row in files for one in stretches_of(row, asked.begins_at, asked.ends_at)]
        if not stretches:
            return "nothing_recorded"
        draft = self.folder / f".{asked.id}.zip"
        try:
            key = private_key(self.home / "keys" / "video.pem")
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._has_room(sum(one.size for one in stretches)):
                return "no_room"  # recordings would be deleted early
            write(draft, asked, stretches, self.recordings, key)
            done = self.folder / f"{asked.id}.zip"
            draft.replace(done)
            return Built(
                path=done.name,
                size=done.stat().st_size,
                sha256=_sha256(done),
                key_id=evidence.key_id(key.public_key()),
            )
        except (Unreadable, ValueError, OSError) as error:
            log.warning("export_not_built", of=asked.id, reason=str(error))
            return _fault_of(error)
        finally:
            with suppress(OSError):  # where it could not be written it may not be removed either: why is told already
                draft.unlink(missing_ok=True)

    def _has_room(self, needed_bytes: int) -> bool:
        """Say whether an archive of that size leaves enough of the disk free: it never costs a recording."""
        free, total = self.disk.room(self.folder)
        return free - needed_bytes >= self.least_free * total


def _fault_of(error: Unreadable | ValueError | OSError) -> str:
    """Return the code of what kept an archive from being built."""
    if isinstance(error, OSError):
        return trouble_of(error).reason
    return "lost" if isinstance(error, Unreadable) else "no_key"


def write(file: Path, asked: Export, stretches: Sequence[Stretch], recordings: Path, key: Ed25519PrivateKey) -> None:
    """Write the archive: files, manifest, signature, key, what verifies it. Raises OSError, Unreadable."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        files = [_add(archive, one, recordings) for one in stretches]
        manifest = json.dumps(_manifest(asked, files, key), ensure_ascii=False, indent=1).encode()
        archive.writestr(evidence.MANIFEST, manifest)
        archive.writestr(evidence.SIGNATURE, key.sign(manifest).hex() + "\n")
        archive.writestr(evidence.KEY, public_pem(key.public_key()))
        archive.writestr("README.txt", README)
        archive.write(evidence.__file__, "evidence.py")
    with file.open("rb+") as whole:
        os.fsync(whole.fileno())


def _add(archive: zipfile.ZipFile, one: Stretch, recordings: Path) -> dict[str, Any]:
    """Copy a stretch into the archive, hashed as it goes by; a whole file is copied whole."""
    recording = one.recording
    name = f"{Path(recording.path).parts[0]}/{one.begins_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{recording.id}.mp4"
    hashed, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as out:
        for part in _bytes(one, recordings):
            hashed.update(part)
            out.write(part)
            size += len(part)
    told = {"name": name, "camera": recording.code, "sha256": hashed.hexdigest(), "bytes": size, "whole": one.whole}
    return {**told, **_times(one.begins_at, one.ends_at), "source": _source(one)}


def _bytes(one: Stretch, recordings: Path) -> Iterable[bytes]:
    yield beginning(recordings, one.recording)
    yield from read(recordings, one.recording, one.offset, one.end)


def _source(one: Stretch) -> dict[str, Any]:
    """Tell which recording a file is of, its place in its camera's chain, and which bytes of it."""
    of, cut = one.recording, {"offset": one.offset, "end": one.end}
    if of.sha256 is None or of.chain_sha256 is None or of.number is None:
        return {"camera": of.code, "path": of.path, "state": of.state, "chain_sha256": None, **cut}
    link = Link(
        code=of.code,
        path=of.path,
        begins_at=of.begins_at,
        ends_at=of.ends_at,
        size=of.size,
        sha256=of.sha256,
        number=of.number,
        previous=of.previous_sha256 or b"",
    )
    return {**link.told, "chain_sha256": of.chain_sha256.hex(), "state": of.state, **cut}


def _manifest(asked: Export, files: list[dict[str, Any]], key: Ed25519PrivateKey) -> dict[str, Any]:
    return {
        "format": evidence.FORMAT,
        "tool": f"qyran {_version()}",
        "export": asked.id,
        "asked_by": asked.asked_by,
        "asked_at": _utc(asked.asked_at),
        "built_at": _utc(datetime.now(UTC)),
        "reason": asked.reason,
        "legal_basis": asked.legal_basis,
        "incident": asked.incident_id,
        **_times(asked.begins_at, asked.ends_at),
        "cameras": sorted({one["camera"] for one in files}),
        "key_id": evidence.key_id(key.public_key()),
        "files": files,
    }


def _times(begins_at: datetime, ends_at: datetime) -> dict[str, str]:
    """Tell an interval by the world's clock and by Almaty's."""
    return {
        "begins_at": _utc(begins_at),
        "ends_at": _utc(ends_at),
        "begins_at_almaty": begins_at.astimezone(ALMATY).isoformat(timespec="milliseconds"),
        "ends_at_almaty": ends_at.astimezone(ALMATY).isoformat(timespec="milliseconds"),
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _sha256(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _version() -> str:
    try:
        return version("qyran")
    except PackageNotFoundError:  # run from the tree, not installed
        return "0.1.0"
