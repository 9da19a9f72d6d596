"""Recordings in a real browser: two cameras on one clock, what is missing in words, a hold, an export that verifies."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from geo_server.door.cluster import Store
from layers import evidence
from tests.running import Running, World, house
from tests.web.conftest import HERE, prove, sign_in, until
from tests.web.test_accessibility import violations
from tests.web.test_masking import WHY
from tests.web.test_video import BRIGHT, film

CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES (%s, 'Алаң',
    'Площадь', %s, 'live.mp4', 'video_file', 'continuous', ST_SetSRID(ST_MakePoint(%s, %s), 4326))"""
EVENT = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom) SELECT 'line_crossing', 'test',
    id, now() - interval '3 s', 0.9, 'camera', geom FROM camera WHERE code = 'sq-1'"""
LONG_ENOUGH = """SELECT 1 FROM recording WHERE ends_at - begins_at > interval '8 s' HAVING count(*) = 2"""


@pytest.fixture(scope="module")
def running(store: Store, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The house with its door for video, and two cameras that have been recorded for some seconds."""
    with house(store, world, tmp_path_factory.mktemp("archive"), video=True) as running:
        film(str(running.home / "live.mp4"))
        with psycopg.connect(running.database_url, autocommit=True) as link:
            for code, name in (("sq-1", "Square north"), ("sq-2", "Square south")):
                link.execute(CAMERA, (code, name, HERE[0] + 0.0005, HERE[1]))
            until(lambda: link.execute(LONG_ENOUGH).fetchone(), "both cameras are recorded for eight seconds")
            link.execute(EVENT)
        yield running


def at_s(picture: Locator) -> float:
    return float(picture.locator("video").evaluate("video => video.currentTime"))


def test_recordings_play_on_one_clock_are_held_and_taken_home(page: Page, running: Running, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1024, "height": 640})
    sign_in(page)
    page.get_by_role("link", name="Recordings").click()
    archive = page.get_by_role("main", name="Recordings")
    for name in ("Square north", "Square south"):
        archive.get_by_role("checkbox", name=name).press("Space")
    archive.get_by_role("button", name="Show").press("Enter")
    dialog = page.get_by_role("dialog", name=WHY)
    dialog.get_by_role("radio", name="For another reason").check()
    dialog.get_by_role("textbox").fill("A theft on the square.")
    dialog.get_by_role("button", name="Continue").click()
    prove(page)
    north, south = (archive.get_by_role("figure", name=f"Square {side}: recording") for side in ("north", "south"))
    expect(north).to_contain_text("it was not being recorded")
    archive.get_by_role("button", name="Line crossing").click()
    until(lambda: int(north.locator("video").evaluate(BRIGHT)) > 100, "the picture of that moment is there")
    begun = at_s(north)
    archive.get_by_role("button", name="Play").press("Space")
    until(lambda: at_s(north) > begun + 0.5, "it plays")
    assert abs(at_s(north) - at_s(south)) < 0.6
    archive.get_by_role("button", name="Pause").press("Enter")
    expect(north.locator(".watermark")).to_contain_text("dispatcher · ")
    expect(archive.get_by_text("recorded all the time, kept for 30 days").first).to_be_visible()
    archive.get_by_text("intervals without a recording").click()
    expect(archive.get_by_role("list", name="intervals without a recording")).to_contain_text("sq-1")
    assert violations(page) == []
    _hold(page, archive)
    _export(page, archive, tmp_path)


def _hold(page: Page, archive: Locator) -> None:
    archive.get_by_role("button", name="Holds").click()
    dialog = page.get_by_role("dialog", name="Holds")
    dialog.get_by_label("Reason").fill("A trial")
    dialog.get_by_label("Legal basis").fill("Request 17")
    dialog.get_by_role("button", name="Set the hold").click()
    expect(dialog.get_by_role("list", name="Held")).to_contain_text("Request 17")
    dialog.get_by_role("button", name="Cancel").click()


def _export(page: Page, archive: Locator, folder: Path) -> None:
    archive.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export")
    dialog.get_by_label("Reason").fill("A trial")
    dialog.get_by_label("Legal basis").fill("Request 17")
    dialog.get_by_role("button", name="Build it").click()
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Download").click()
    file = folder / "taken.zip"
    coming.value.save_as(file)
    assert evidence.faults(file) == [] and "sq-1" in evidence.told(file)
