"""Where finished reports lie: a folder under the home, each for a day, no more of them than there is room for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from geo_server.planning.reports.schema import FORMATS, Format, Made

KEPT = timedelta(hours=24)
MOST_FILES = 50
MOST_BYTES = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reports of one server, a file a job."""

    folder: Path

    @classmethod
    def under(cls, home: Path) -> "Shelf":
        """Return the shelf of a home."""
        return cls(home / "reports")

    def place(self, job_id: int, form: Format) -> Path:
        """Return where the report of a job lies, or would."""
        return self.folder / f"{job_id}.{form}"

    def find(self, job_id: int, form: Format) -> Made | None:
        """Return the report of a job, None where it is not there or not any more."""
        try:
            return _made(self.place(job_id, form))
        except FileNotFoundError:
            return None

    def begin(self, job_id: int, form: Format) -> Path:
        """Return where to write the report of a job; `finish` puts it on the shelf whole."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{job_id}.{form}"
        draft.unlink(missing_ok=True)
        return draft

    def finish(self, job_id: int, form: Format) -> None:
        """Put what was written on the shelf: whoever looks finds all of it or nothing."""
        draft = self.folder / f".{job_id}.{form}"
        draft.chmod(0o600)
        draft.replace(self.place(job_id, form))

    def give_up(self, job_id: int, form: Format) -> None:
        """Throw away what was begun."""
        for left in self.folder.glob(f".{job_id}.{form}*"):
            left.unlink(missing_ok=True)

    def tidy(self, now: datetime) -> None:
        """Take away what has lain there for long, and the oldest where there is no room; drafts nobody finished too."""
        found = [_made(path) for form in FORMATS for path in self.folder.glob(f"*.{form}")]
        drafts = [made for form in FORMATS for made in map(_made, self.folder.glob(f".*.{form}*"))]
        left = [one for one in drafts if now - one.made_at >= KEPT]
        for one in (*outdated(found, now), *left):
            one.path.unlink(missing_ok=True)


def outdated(found: Iterable[Made], now: datetime) -> Sequence[Made]:
    """Return those to take away: older than a day, or beyond what there is room for, the newest staying."""
    gone, files, size = list[Made](), 0, 0
    for one in sorted(found, key=lambda made: made.made_at, reverse=True):
        files, size = files + 1, size + one.bytes
        if now - one.made_at >= KEPT or files > MOST_FILES or size > MOST_BYTES:
            gone.append(one)
    return gone


def _made(path: Path) -> Made:
    told = path.stat()
    return Made(path=path, bytes=told.st_size, made_at=datetime.fromtimestamp(told.st_mtime, UTC))
