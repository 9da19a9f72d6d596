"""The one kind of failure the door shows: a sentence on what failed, one on what mends it, and where the log is."""

from pathlib import Path

SUPERVISED = "QYRAN_SUPERVISED_BY"  # in the environment of what `up` keeps alive, whose words go to a log


class Trouble(Exception):
    """A step failed in a way a person can mend; shown without a traceback."""

    def __init__(self, what: str, *, mend: str = "", log: Path | None = None) -> None:
        """Take one sentence on what failed, one on what mends it, and the log that tells more."""
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.log = log

    def __str__(self) -> str:
        """Say it in one line."""
        log = f" Log: {self.log}" if self.log else ""
        return f"{self.what} {self.mend}".strip() + log
