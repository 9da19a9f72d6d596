"""A camera's own picture reaches the window, for a purpose and after a proof, and says so when it ends; then what was
recorded of it meanwhile, by the same house: two cameras on one clock, a hold, an export that verifies, an event's clip.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from geo_server.door.cluster import Store
from layers import evidence
from tests.running import Running, World, house
from tests.web.conftest import HERE, Machines, prove, sign_in, until
from tests.web.test_accessibility import violations
from tests.web.test_card import shown
from tests.web.test_masking import WHY

CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES (%s, 'Алаң',
    'Площадь', %s, 'live.mp4', 'video_file', 'continuous', ST_SetSRID(ST_MakePoint(%s, %s), 4326))"""
EVENT = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom) SELECT 'line_crossing', 'test',
    id, now() + interval '5 s', 0.9, 'camera', geom FROM camera WHERE code = 'sq-2'"""
BRIGHT = """video => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [16, 9];
    const drawn = canvas.getContext("2d");
    drawn.drawImage(video, 0, 0, 16, 9);
    return drawn.getImageData(8, 4, 1, 1).data[1];
}"""


@pytest.fixture(scope="module")
def running(store: Store, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The house with its door for video, and two cameras beside the middle of the city."""
    with house(store, world, tmp_path_factory.mktemp("video"), video=True) as running:
        film(str(running.home / "live.mp4"))
        with psycopg.connect(running.database_url) as link:
            for code, name in (("sq-1", "Square north"), ("sq-2", "Square south")):
                link.execute(CAMERA, (code, name, HERE[0] + 0.0005, HERE[1]))
            link.execute(EVENT)  # of a moment that is recorded while the live view is tried
        yield running


def film(path: str) -> None:
    """Ten seconds of green, with a key frame each second."""
    with av.open(path, "w") as written:
        stream: Any = written.add_stream("libx264", rate=25, options={"g": "25", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number in range(250):
            picture = np.full((360, 640, 3), (0, 150 + number % 100, 0), np.uint8)
            written.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        written.mux(stream.encode(None))


def plays(tile: Locator) -> None:
    """Wait until the tile shows the film, moving."""
    expect(tile.locator(".how")).to_have_text("live")
    video = tile.locator("video")
    before = float(video.evaluate("video => video.currentTime"))
    until(lambda: float(video.evaluate("video => video.currentTime")) > before + 0.3, "the picture moves")
    assert int(video.evaluate(BRIGHT)) > 100


def test_cameras_beside_an_incident_are_shown_live_for_it_and_end_with_the_camera(
    desk: Page, machines: Machines, running: Running
) -> None:
    card = shown(desk, machines.open_incident("A flat is burning.")["number"])
    card.get_by_role("button", name="Show the nearest 2 live").click()
    prove(desk)  # what for is the incident itself: nobody asks
    tiles = card.get_by_role("figure")
    expect(tiles).to_have_count(2)
    north = card.get_by_role("figure", name="Square north: live view")
    plays(north)
    expect(north.locator(".watermark")).to_contain_text("dispatcher · ")
    assert violations(desk) == []
    card.get_by_role("button", name="Square south: close").click()
    expect(tiles).to_have_count(1)
    with psycopg.connect(running.database_url) as link:
        link.execute("UPDATE camera SET enabled = false WHERE code = 'sq-1'")
    expect(north.get_by_role("status")).to_have_text("This camera no longer runs")
    with psycopg.connect(running.database_url) as link:
        link.execute("UPDATE camera SET enabled = true WHERE code = 'sq-1'")


def test_the_wall_is_filled_by_the_keyboard_asks_once_what_for_and_is_kept(desk: Page) -> None:
    desk.get_by_role("link", name="Live view").click()
    page = desk.get_by_role("main", name="Live view")
    page.get_by_role("searchbox", name="Find a camera").fill("square")
    for name in ("Square north", "Square south"):
        choice = page.get_by_role("button", name=name)
        choice.press("Enter")
        expect(choice).to_have_attribute("aria-pressed", "true")
    assert violations(desk) == []
    page.get_by_role("button", name="Show what is chosen").press("Enter")
    _say_why(desk, "A crowd gathers on the square.")
    prove(desk)
    for name in ("Square north", "Square south"):
        plays(page.get_by_role("figure", name=f"{name}: live view"))
    desk.reload()
    expect(page.get_by_role("button", name="Show what is chosen")).to_be_visible()


def _say_why(page: Page, reason: str) -> None:
    dialog = page.get_by_role("dialog", name=WHY)
    dialog.get_by_role("radio", name="For another reason").check()
    dialog.get_by_role("textbox").fill(reason)
    dialog.get_by_role("button", name="Continue").click()


def at_s(video: Locator) -> float:
    return float(video.evaluate("video => video.currentTime"))


def test_recordings_play_on_one_clock_are_held_and_taken_home_and_the_clip_of_an_event_is_played(
    page: Page, running: Running, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 1024, "height": 640})
    sign_in(page)
    with psycopg.connect(running.database_url) as link:
        until(lambda: link.execute("SELECT 1 FROM event_clip WHERE state = 'ready'").fetchone(), "the clip is made")
    page.get_by_role("link", name="Recordings").click()
    archive = page.get_by_role("main", name="Recordings")
    for name in ("Square north", "Square south"):
        archive.get_by_role("checkbox", name=name).press("Space")
    archive.get_by_role("button", name="Show").press("Enter")
    _say_why(page, "A theft on the square.")
    prove(page)
    north, south = (archive.get_by_role("figure", name=f"Square {side}: recording") for side in ("north", "south"))
    expect(north).to_contain_text("it was not being recorded")
    archive.get_by_role("button", name="Line crossing").click()
    until(lambda: int(north.locator("video").evaluate(BRIGHT)) > 100, "the picture of that moment is there")
    begun = at_s(north.locator("video"))
    archive.get_by_role("button", name="Play").press("Space")
    until(lambda: at_s(north.locator("video")) > begun + 0.5, "it plays")
    assert abs(at_s(north.locator("video")) - at_s(south.locator("video"))) < 0.6
    archive.get_by_role("button", name="Pause").press("Enter")
    expect(north.locator(".watermark")).to_contain_text("dispatcher · ")
    expect(archive.get_by_text("recorded all the time, kept for 30 days").first).to_be_visible()
    archive.get_by_text("intervals without a recording").click()
    expect(archive.get_by_role("list", name="intervals without a recording")).to_contain_text("sq-1")
    assert violations(page) == []
    _hold(page, archive)
    _export(page, archive, tmp_path)
    _clip(page)


def _clip(page: Page) -> None:
    page.get_by_role("dialog", name="Export").press("Escape")
    page.get_by_role("link", name="Map").click()
    page.get_by_role("tabpanel").get_by_role("button", name="Line crossing").click()
    page.get_by_role("button", name="Play the clip").click()
    _say_why(page, "What crossed the line.")
    clip = page.get_by_label("Clip of the event")
    until(lambda: int(clip.evaluate(BRIGHT)) > 100, "the clip shows pictures")
    begun = at_s(clip)
    until(lambda: at_s(clip) > begun + 0.3, "the clip plays")


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
