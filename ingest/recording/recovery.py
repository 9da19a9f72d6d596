"""After a crash: files that stood open are cut at their last whole fragment, hashed, closed; nothing safe is lost."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from ingest.recording.boxes import Walked, walk
from ingest.recording.disk import Disk
from ingest.recording.writer import Recorded, folder_of, indexed
from layers.recordings.schema import Recording, Written

READ_BYTES = 2**20
_NAME = re.compile(r"(\d{4})/(\d\d)/(\d\d)/(\d\d)(\d\d)(\d\d)(?:-\d+)?\.mp4$")


def recovered(folder: Path, row: Recording, disk: Disk) -> Written | None:
    """Close the file of an open row; None where nothing whole stands in it (it is removed) or it is not there."""
    return _closed(folder, row.path, row.camera_id, row.retention, row.begins_at, row.codec, disk)


def unknown(folder: Path, camera: Recorded, known: Sequence[str], now: datetime) -> list[str]:
    """Return the files of the last two days that no row knows: the store was away when they were begun."""
    return [path for path in _late(folder, camera, now) if path not in known and begins_at_of(path) is not None]


def found(folder: Path, path: str, camera: Recorded, disk: Disk) -> Written | None:
    """Close such a file; None where nothing whole stands in it."""
    begins_at = begins_at_of(path)
    if begins_at is None:
        return None
    return _closed(folder, path, camera.id, camera.retention, begins_at, "", disk)


def begins_at_of(path: str) -> datetime | None:
    """Return when a file began, to the second, by its name; None where the name is none of ours."""
    found = _NAME.search(path)
    try:
        return None if found is None else datetime.strptime("".join(found.groups()) + "+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


def _late(folder: Path, camera: Recorded, now: datetime) -> Iterator[str]:
    for days in (1, 0):
        day = (now - timedelta(days=days)).strftime("%Y/%m/%d")
        for file in sorted((folder / folder_of(camera.code, camera.id) / day).glob("*.mp4")):
            yield str(file.relative_to(folder))


def _closed(
    folder: Path, path: str, camera_id: int, retention: str, begins_at: datetime, codec: str, disk: Disk
) -> Written | None:
    file = folder / path
    try:
        with file.open("rb+") as opened:
            walked = walk(opened)
            if walked.parts:
                disk.cut(opened.fileno(), walked.whole)
                disk.sync(opened.fileno())
    except FileNotFoundError:
        return None
    if not walked.parts:
        disk.remove(file)
        return None
    told = _written(walked, path, camera_id, retention, begins_at)
    return replace(told, codec=codec or walked.codec, sha256=sha256_of(file))


def _written(walked: Walked, path: str, camera_id: int, retention: str, begins_at: datetime) -> Written:
    zero, last = walked.parts[0].decode_s, walked.parts[-1]
    return Written(
        camera_id=camera_id,
        path=path,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(seconds=last.decode_s + last.duration_s - zero),
        size=walked.whole,
        init_size=walked.init_size,
        codec=walked.codec,
        index=indexed([(part.decode_s - zero, part.offset, part.key) for part in walked.parts]),
        retention=retention,
    )


def sha256_of(file: Path) -> bytes:
    """Return the hash of a whole file."""
    hashed = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(READ_BYTES):
            hashed.update(part)
    return hashed.digest()
