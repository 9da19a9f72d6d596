"""What the store has not taken of closed files, on the disk beside them: memory holds no outage, a disk does."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

from ingest.recording.disk import Disk
from layers.recordings.schema import Written

log = structlog.get_logger()

FOLDER = ".waiting"  # no camera's: `folder_of` leaves no point before a name


class Spool:
    """Batches of rows that wait, a file each, a row a line; the oldest first. Whatever it asks of the disk may fail."""

    def __init__(self, folder: Path, disk: Disk, name: str = FOLDER) -> None:
        """Take the folder of all recordings, the disk and the folder's own name; nothing is touched yet."""
        self._folder, self._disk = folder / name, disk

    def put(self, told: Sequence[Written]) -> None:
        """Write a batch and make it safe; raises OSError, and then nothing of it is left."""
        waiting = self.waiting()
        path = self._folder / f"{int(waiting[-1].stem) + 1 if waiting else 1:09}.jsonl"
        file = self._disk.create(path)
        try:
            self._disk.write(file, b"".join(msgspec.json.encode(one) + b"\n" for one in told))
            self._disk.sync(file)
        except OSError:
            self._disk.remove(path)
            raise
        finally:
            self._disk.close(file)

    def waiting(self) -> list[Path]:
        """Return the batches that wait, the oldest first."""
        return sorted(self._folder.glob("*.jsonl"))

    def read(self, batch: Path) -> list[Written]:
        """Return the rows of a batch; a line that a loss of power tore is told, and its file is met by recovery."""
        told: list[Written] = []
        for line in batch.read_bytes().splitlines():
            try:
                told.append(msgspec.json.decode(line, type=Written))
            except msgspec.DecodeError:
                log.error("waiting_row_torn", batch=batch.name)
        return told

    def rows(self) -> list[Written]:
        """Return all rows, the oldest batch first; raises OSError."""
        return [one for batch in self.waiting() for one in self.read(batch)]

    def done(self, batch: Path) -> None:
        """Forget a batch that the store has taken."""
        self._disk.remove(batch)
