"""A camera is calibrated in the browser: a click in its picture and the same on the map, eight times over."""

from typing import Any

import cv2
import numpy as np
import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from ingest.demo.cameras import POINTS_AT, SIZE_PX
from layers.sight.ground import from_metres
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat
from tests.running import Running
from tests.web.conftest import open_page, prove, sign_in, until
from tests.web.test_accessibility import violations

POSE = Pose(height_m=7.2, heading_deg=35, tilt_deg=17.1, hfov_deg=36.9)


@pytest.fixture(scope="module")
def camera(running: Running) -> dict[str, Any]:
    """A demo camera that nobody has calibrated, with a picture that it has just sent."""
    picture = cv2.imencode(".jpg", np.tile(np.arange(768, dtype=np.uint8), (576, 1)))[1].tobytes()
    with psycopg.connect(running.database_url) as link:
        row = link.execute(
            """UPDATE camera SET control_points = '[]', calibration = 'broken', height_m = NULL, hfov_deg = NULL
                WHERE id = (SELECT min(id) FROM camera) RETURNING id, code, ST_X(geom), ST_Y(geom)"""
        ).fetchone()
        assert row is not None
        link.execute(
            """INSERT INTO camera_snapshot (camera_id, asked_by, at, jpeg, width_px, height_px)
                VALUES (%s, 'test', now() + interval '1 hour', %s, 768, 576)""",
            (row[0], picture),
        )
    return {"id": row[0], "code": row[1], "place": LonLat(lon=row[2], lat=row[3])}


def click_pixel(page: Page, pixel: tuple[float, float]) -> None:
    box = page.locator(".shot svg").bounding_box()
    assert box is not None
    scale = min(box["width"] / SIZE_PX[0], box["height"] / SIZE_PX[1])
    left = box["x"] + (box["width"] - scale * SIZE_PX[0]) / 2
    top = box["y"] + (box["height"] - scale * SIZE_PX[1]) / 2
    page.mouse.click(left + scale * pixel[0], top + scale * pixel[1])


def click_place(page: Page, place: LonLat) -> None:
    """Take the map there, so that a pixel is a few centimetres, and click its middle."""
    page.evaluate("place => qyranCalibration.jumpTo({center: place, zoom: 20})", [place.lon, place.lat])
    box = page.locator(".calibrating .side.map .canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def state_of(running: Running, camera_id: int) -> tuple[Any, ...]:
    with psycopg.connect(running.database_url) as link:
        row = link.execute(
            "SELECT calibration, calibrated_by, jsonb_array_length(control_points) FROM camera WHERE id = %s",
            (camera_id,),
        ).fetchone()
    assert row is not None
    return row


def opened(page: Page, camera: dict[str, Any]) -> Locator:
    """The page of the camera, reached by the list, its map drawn and its picture taken."""
    sign_in(page, "planner")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    whole = open_page(page, "#/calibration", "Calibration")
    row = whole.get_by_role("listitem").filter(has_text=camera["code"])
    expect(row).to_contain_text("was shifted: calibrate it again")
    row.get_by_role("link").first.click()
    expect(whole.get_by_text("6 more points are needed")).to_be_visible()
    until(lambda: page.evaluate("Boolean(globalThis.qyranCalibration?.isStyleLoaded())"), "the map is drawn")
    whole.get_by_role("button", name="Take a picture").click()
    prove(page)
    why = page.get_by_role("dialog", name="What do you need it for?")
    why.get_by_role("radio", name="For another reason").check()
    why.get_by_role("textbox", name="For another reason").fill("calibrating the camera")
    why.get_by_role("button", name="Continue").click()
    expect(whole.locator(".shot image")).to_have_count(1)
    return whole


def test_eight_points_in_picture_and_map_calibrate_a_camera_by_mouse_and_keyboard(
    page: Page, running: Running, camera: dict[str, Any]
) -> None:
    page.set_viewport_size({"width": 1024, "height": 640})
    whole = opened(page, camera)
    sight = from_pose(camera["place"], POSE, SIZE_PX).sight
    for n, pixel in enumerate(POINTS_AT[:8], 1):
        place = from_metres(camera["place"], sight.ground_of(np.array([pixel], np.float64))[0])
        click_pixel(page, pixel)
        expect(whole.get_by_text(f"Point {n}: now on the map.")).to_be_visible()
        click_place(page, place)
    expect(whole.get_by_text("8 points: enough.")).to_be_visible()
    expect(whole.get_by_role("row")).to_have_count(9)
    expect(whole.locator(".shot .ring").first).to_be_attached()
    found = whole.locator(".found")
    expect(found).to_contain_text("Height, m")
    height = float(found.locator("dd").first.inner_text())
    assert height == pytest.approx(7.2, abs=0.5)

    picture = whole.get_by_role("application", name="The camera's picture")
    picture.focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(whole.get_by_text("Point 9: now on the map.")).to_be_visible()
    expect(whole.get_by_text("at 394, 289")).to_be_attached()
    page.locator(".calibrating .maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(whole.get_by_role("row")).to_have_count(10)
    expect(whole.get_by_role("row").filter(has_text="check it").first).to_be_visible()  # it lies where it does not
    whole.get_by_role("button", name="Remove point 9").click()

    assert violations(page) == []
    expect(whole.get_by_role("button", name="Store")).to_be_enabled()
    whole.get_by_role("button", name="Store").click()
    expect(page.get_by_text(f"Camera {camera['code']} is calibrated")).to_be_visible()
    assert state_of(running, camera["id"]) == ("good", "planner", 8)
