"""What each function is measured on, by hand: a function's cases are one file and one line here."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.measuring.abandoned_object import abandoned, removed
from ingest.measuring.camera_shaking import cases as camera_shaking
from ingest.measuring.camera_shifted import cases as camera_shifted
from ingest.measuring.camera_tampering import cases as camera_tampering
from ingest.measuring.clip import Case
from ingest.measuring.fire import cases as fire
from ingest.measuring.line_crossing import cases as line_crossing
from ingest.measuring.plate_read import cases as plate_read
from ingest.measuring.smoke import cases as smoke
from ingest.measuring.zone_motion import cases as zone_motion

Cases = Callable[[Path], Sequence[Case]]  # the folder of fetched clips -> what to watch

CASES: dict[str, Cases] = {
    "line_crossing": line_crossing,
    "plate_read": plate_read,
    "zone_motion": zone_motion,
    "fire": fire,
    "smoke": smoke,
    "abandoned_object": abandoned,
    "removed_object": removed,
    "camera_tampering": camera_tampering,
    "camera_shifted": camera_shifted,
    "camera_shaking": camera_shaking,
}
