"""What each function is measured on, by hand: a function's cases are a function of their own and one line here."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.measuring import people, traffic
from ingest.measuring.abandoned_object import abandoned, removed
from ingest.measuring.camera_shaking import cases as camera_shaking
from ingest.measuring.camera_shifted import cases as camera_shifted
from ingest.measuring.camera_tampering import cases as camera_tampering
from ingest.measuring.clip import Case
from ingest.measuring.fire import cases as fire
from ingest.measuring.plate_read import cases as plate_read
from ingest.measuring.smoke import cases as smoke

Cases = Callable[[Path], Sequence[Case]]  # the folder of fetched clips -> what to watch

CASES: dict[str, Cases] = {
    "line_crossing": people.line_crossing,
    "zone_motion": people.zone_motion,
    "motion": people.motion,
    "loitering": people.loitering,
    "crowd_gathering": people.crowd_gathering,
    "overcrowding": people.overcrowding,
    "counting": people.counting,
    "person_down": people.person_down,
    "fall_into_water": people.fall_into_water,
    "vehicle_stopped": traffic.vehicle_stopped,
    "wrong_way": traffic.wrong_way,
    "congestion": traffic.congestion,
    "speed": traffic.speed,
    "plate_read": plate_read,
    "fire": fire,
    "smoke": smoke,
    "abandoned_object": abandoned,
    "removed_object": removed,
    "camera_tampering": camera_tampering,
    "camera_shifted": camera_shifted,
    "camera_shaking": camera_shaking,
}
