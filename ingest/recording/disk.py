"""What recording asks of a disk, in one place: so tests can let it fail, and a person reads a fault as a sentence."""

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

REASONS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
    errno.ENODEV: "no_folder",
    errno.ENXIO: "no_folder",
}
SENTENCES = {
    "disk_full": "The disk of the recordings is full.",
    "read_only": "The folder of the recordings cannot be written.",
    "no_folder": "The folder of the recordings is not there.",
    "disk_fault": "The disk of the recordings does not take what is written.",
    "disk_pressure": "Too little of the disk is free, and all that is recorded is held.",
    "too_slow": "The disk of the recordings is slower than the camera.",
    "no_footage": "The camera delivers no main stream.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a camera is not recorded: a reason by name, and a sentence."""

    reason: str

    @property
    def sentence(self) -> str:
        """Return what a person reads."""
        return SENTENCES[self.reason]


def trouble_of(error: OSError) -> Trouble:
    """Return what a fault of the file system means."""
    return Trouble(reason=REASONS.get(error.errno or 0, "disk_fault"))


class Disk:
    """The file system as it is; every method raises OSError where it does not do what is asked."""

    def create(self, path: Path) -> int:
        """Make a new file and the folders above it; return its descriptor. FileExistsError where it is there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        try:
            self.sync_folder(path.parent)
        except OSError:
            os.close(made)
            raise
        return made

    def write(self, file: int, data: bytes) -> None:
        """Write all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]

    def sync(self, file: int) -> None:
        """Return once what was written survives a loss of power."""
        os.fdatasync(file)

    def cut(self, file: int, size: int) -> None:
        """Cut a file back to so many bytes and go on from there."""
        os.ftruncate(file, size)
        os.lseek(file, size, os.SEEK_SET)

    def close(self, file: int) -> None:
        """Let go of a file."""
        os.close(file)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder survive a loss of power."""
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

    def room(self, folder: Path) -> tuple[int, int]:
        """Return how many bytes of the disk are free, and how many it has."""
        use = shutil.disk_usage(folder)
        return use.free, use.total

    def remove(self, path: Path) -> None:
        """Remove a file; one that is gone already is no fault."""
        path.unlink(missing_ok=True)
