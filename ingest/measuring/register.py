"""What each function is measured on, by hand: a function's cases are one file and one line here."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.measuring.clip import Case
from ingest.measuring.line_crossing import cases as line_crossing
from ingest.measuring.plate_read import cases as plate_read
from ingest.measuring.zone_motion import cases as zone_motion

Cases = Callable[[Path], Sequence[Case]]  # the folder of fetched clips -> what to watch

CASES: dict[str, Cases] = {
    "line_crossing": line_crossing,
    "plate_read": plate_read,
    "zone_motion": zone_motion,
}
