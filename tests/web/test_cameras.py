"""Cameras over the map: which of them see a place, and turning one that a simulated head stands for."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.ingest.onvif.simulated import Simulated, simulated
from tests.running import Running
from tests.web.conftest import HERE, at, centre_on, until

EAST = 0.00122  # of longitude: 100 m


@pytest.fixture(scope="module")
def head(running: Running) -> Iterator[Simulated]:
    """A PTZ camera 60 m west of the middle that looks away from it, and its head."""
    with simulated() as head, psycopg.connect(running.database_url, autocommit=True) as link:
        told = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, onvif_url, height_m,
                heading_deg, hfov_deg, width_px, height_px, range_m, geom)
            VALUES ('PTZ-1', 'Бұрылмалы', 'Поворотная', 'Turret', 'rtsp://127.0.0.1:1/x', 'rtsp', 'ptz', %s, 40,
                    270, 60, 1920, 1080, 150, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) RETURNING id"""
        row = link.execute(told, (head.url, HERE[0] - 0.6 * EAST, HERE[1])).fetchone()
        assert row is not None
        preset = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en, heading_deg)
            VALUES (%s, '2', 'Аула', 'Двор', 'Yard', 90)"""
        link.execute(preset, row)
        yield head


def test_who_sees_a_place_is_asked_of_the_map_and_a_camera_is_turned_there(desk: Page, head: Simulated) -> None:
    centre_on(desk, *HERE, zoom=17)
    desk.get_by_role("button", name="Who sees it").click()
    desk.mouse.click(*at(desk, *HERE))
    seeing = desk.get_by_role("region", name="Cameras that see this place")
    row = seeing.get_by_role("listitem").filter(has_text="PTZ-1")
    expect(row).to_contain_text(re.compile("(59|60) m"))
    expect(row).to_contain_text(re.compile("would see it once turned"))
    row.get_by_role("button", name="Turn it").click()
    pad = desk.get_by_role("region", name="Turn the camera: Turret")
    expect(pad.get_by_role("heading", name="Turn the camera: Turret")).to_be_visible()
    expect(pad.get_by_text("It stands.")).to_be_visible()

    pad.get_by_role("button", name="Yard").click()
    expect(pad.get_by_text("Yours until")).to_be_visible()
    expect(pad.get_by_role("button", name="Yard")).to_have_attribute("aria-pressed", "true")
    until(lambda: _did(head)[-1:] == ["preset 2"], "the head went to the preset")

    pad.get_by_role("button", name="Look at this place").click()
    until(lambda: _did(head)[-1:] == ["absolute"], "the head looked at the place that was pointed at")
    pad.get_by_role("button", name="Yard").click()
    until(lambda: _did(head)[-1:] == ["preset 2"], "the head went back")
    pad.get_by_role("button", name="Look there").focus()
    desk.keyboard.press("Enter")  # by keys alone: the middle of the map
    until(lambda: _did(head)[-1:] == ["absolute"], "the head looked at the place")

    pad.get_by_role("button", name="Left").focus()
    desk.keyboard.down("ArrowLeft")
    until(lambda: "move" in _did(head), "the head moved")
    desk.keyboard.up("ArrowLeft")
    until(lambda: _did(head)[-1:] == ["stop"], "the head stopped when the key was let go")
    pad.get_by_role("button", name="Let it go").click()
    expect(pad.get_by_text("Yours until")).to_have_count(0)


def _did(head: Simulated) -> list[Any]:
    done: list[Any] = head.inject()["log"]
    return done
