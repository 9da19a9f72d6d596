"""A camera is given a rule in the browser: a zone is drawn, a function chosen, and it stands after a reload."""

import json
from typing import Any

import cv2
import numpy as np
import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import open_page, prove, sign_in
from tests.web.test_accessibility import violations

SIZE_PX = (768, 576)
ZONE = [[100, 100], [400, 100], [400, 400]]


@pytest.fixture(scope="module")
def camera(running: Running) -> dict[str, Any]:
    """A demo camera without rules, with a picture that it has just sent."""
    picture = cv2.imencode(".jpg", np.tile(np.arange(768, dtype=np.uint8), (576, 1)))[1].tobytes()
    with psycopg.connect(running.database_url) as link:
        asked = "UPDATE camera SET rules = '[]' WHERE id = (SELECT min(id) FROM camera) RETURNING id, code"
        row = link.execute(asked).fetchone()
        assert row is not None
        link.execute(
            """INSERT INTO camera_snapshot (camera_id, asked_by, at, jpeg, width_px, height_px)
                VALUES (%s, 'test', now() + interval '1 hour', %s, 768, 576)""",
            (row[0], picture),
        )
    return {"id": row[0], "code": row[1]}


def rules_of(running: Running, camera: dict[str, Any]) -> Any:
    with psycopg.connect(running.database_url) as link:
        row = link.execute("SELECT rules FROM camera WHERE id = %s", (camera["id"],)).fetchone()
    assert row is not None
    return row[0]


def place_of(page: Page, pixel: list[int]) -> tuple[float, float]:
    """Where a pixel of the picture lies in the window."""
    box = page.locator(".shot svg").bounding_box()
    assert box is not None
    scale = min(box["width"] / SIZE_PX[0], box["height"] / SIZE_PX[1])
    left = box["x"] + (box["width"] - scale * SIZE_PX[0]) / 2
    top = box["y"] + (box["height"] - scale * SIZE_PX[1]) / 2
    return left + scale * pixel[0], top + scale * pixel[1]


def take_picture(page: Page, whole: Locator) -> None:
    whole.get_by_role("button", name="Take a picture").click()
    prove(page)
    why = page.get_by_role("dialog", name="What do you need it for?")
    why.get_by_role("radio", name="For another reason").check()
    why.get_by_role("textbox", name="For another reason").fill("drawing the zones")
    why.get_by_role("button", name="Continue").click()
    expect(whole.locator(".shot image")).to_have_count(1)


def test_a_zone_is_drawn_and_dragged_its_function_set_and_saved_and_it_stands_after_a_reload(
    page: Page, running: Running, camera: dict[str, Any]
) -> None:
    page.set_viewport_size({"width": 1024, "height": 640})
    sign_in(page, "planner")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    whole = open_page(page, f"#/rules/{camera['id']}", "Rules and masks")
    take_picture(page, whole)
    save = whole.get_by_role("button", name="Save")
    expect(save).to_be_disabled()

    whole.get_by_role("button", name="Add a rule").click()
    whole.get_by_label("What it looks for").select_option(label="Loitering")
    whole.get_by_label("Name (shown in its events)").fill("The yard")
    whole.get_by_role("group", name="Zone").get_by_role("button", name="Draw").click()
    for pixel in ZONE:
        page.mouse.click(*place_of(page, pixel))
    page.mouse.click(*place_of(page, ZONE[-1]))
    expect(whole.get_by_role("group", name="Zone")).to_contain_text("3 corners")
    page.mouse.move(*place_of(page, ZONE[0]))
    page.mouse.down()
    page.mouse.move(*place_of(page, [150, 150]), steps=4)
    page.mouse.up()

    whole.get_by_role("application").focus()  # the cross stands in the middle, nearest to the last corner
    for key in ("Enter", "Shift+ArrowLeft", "Enter", "ArrowLeft"):
        page.keyboard.press(key)

    lasts = whole.get_by_label("How long it must last, s")
    lasts.fill("soon")
    save.click()
    expect(whole.get_by_text("The camera's rules cannot be used; faults: 1")).to_be_visible()
    expect(whole.get_by_role("list", name="Not saved, faults")).to_contain_text("a number is expected")
    assert rules_of(running, camera) == []
    lasts.fill("90")
    lasts.blur()
    assert violations(page) == []

    with psycopg.connect(running.database_url) as link:  # a colleague is quicker
        link.execute('UPDATE camera SET rules = \'[{"function": "motion"}]\' WHERE id = %s', (camera["id"],))
    save.click()
    expect(whole.get_by_text("There is now: Motion; 1 mask.")).to_be_visible()
    whole.get_by_role("button", name="Keep mine").click()
    save.click()
    expect(page.get_by_text(f"The rules of camera {camera['code']} are saved")).to_be_visible()
    (rule,) = rules_of(running, camera)
    assert (rule["function"], rule["name"], rule["settings"]["dwell_s"]) == ("loitering", "The yard", 90)
    drawn = np.array(rule["settings"]["zone"], np.float64)
    assert np.abs(drawn - [[150, 150], [400, 100], [399, 400]]).max() <= 3, drawn

    page.reload()
    whole = page.get_by_role("main", name="Rules and masks")
    expect(whole.get_by_role("button", name="1. Loitering · The yard")).to_be_visible()
    expect(whole.locator(".outline.zone polygon")).to_have_count(1)
    expect(lasts).to_have_value("90")


def test_who_may_not_change_rules_sees_them_and_changes_none(
    page: Page, running: Running, camera: dict[str, Any]
) -> None:
    drawn = json.dumps([{"function": "loitering", "settings": {"zone": ZONE}}])
    with psycopg.connect(running.database_url) as link:
        link.execute("UPDATE camera SET rules = %s WHERE id = %s", (drawn, camera["id"]))
    sign_in(page, "dispatcher")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    whole = open_page(page, f"#/rules/{camera['id']}", "Rules and masks")
    expect(whole.get_by_text("Rules are changed by planners and administrators.")).to_be_visible()
    expect(whole.get_by_label("What it looks for")).to_be_disabled()
    for name in ("Save", "Add a rule", "Draw anew", "Remove the rule"):
        expect(whole.get_by_role("button", name=name)).to_have_count(0)
