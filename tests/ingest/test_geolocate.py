from ingest.geolocate import Locators
from ingest.values import CameraNow
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat

ORIGIN, FOOT = LonLat(lon=76.94, lat=43.24), (960.0, 900.0)
SOUTH, EAST = (
    from_pose(ORIGIN, Pose(height_m=8, heading_deg=heading, tilt_deg=20, hfov_deg=60), (1920, 1080))
    for heading in (180, 90)
)
PTZ = Locators(origin=ORIGIN, fixed=SOUTH, presets={"gate": EAST, "yard": None})


def test_a_fixed_camera_places_by_the_one_sight_it_has() -> None:
    placed = Locators(origin=ORIGIN, fixed=SOUTH).place(FOOT, CameraNow())
    assert placed.place.lat < ORIGIN.lat and placed.placed_by == "camera"


def test_a_ptz_camera_places_by_the_preset_it_stands_at() -> None:
    placed = PTZ.place(FOOT, CameraNow(preset="gate"))
    assert placed.place.lon > ORIGIN.lon and abs(placed.place.lat - ORIGIN.lat) < 1e-6


def test_while_it_moves_at_no_calibrated_preset_or_shifted_it_is_only_somewhere_near() -> None:
    for now, why in (
        (CameraNow(preset="gate", moving=True), "moving"),
        (CameraNow(), "no_preset"),
        (CameraNow(preset="roof"), "no_preset"),
        (CameraNow(preset="yard"), "no_preset"),
        (CameraNow(preset="gate", broken=True), "calibration_broken"),
    ):
        placed = PTZ.place(FOOT, now)
        assert (placed.placed_by, placed.unplaced, placed.place) == ("camera_position", why, ORIGIN)
        assert placed.ellipse.minor_m >= 300


def test_a_camera_that_never_knew_its_pose_has_nothing_to_be_broken() -> None:
    assert Locators(origin=ORIGIN).place(FOOT, CameraNow(broken=True)).unplaced is None


def test_one_that_was_turned_away_from_how_it_hung_places_by_no_calibration_of_that() -> None:
    hung = Locators(origin=ORIGIN, fixed=SOUTH)
    assert hung.place(FOOT, CameraNow(turned=True)).unplaced == "no_preset"
    assert PTZ.place(FOOT, CameraNow(turned=True, preset="gate")).placed_by == "camera"
