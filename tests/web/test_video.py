"""A camera's own picture reaches the window, for a purpose and after a proof, and says so when it ends."""

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from geo_server.door.cluster import Store
from tests.running import Running, World, house
from tests.web.conftest import HERE, Machines, prove, until
from tests.web.test_accessibility import violations
from tests.web.test_card import shown
from tests.web.test_masking import WHY

CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, geom)
    VALUES (%s, 'Алаң', 'Площадь', %s, 'live.mp4', 'video_file', ST_SetSRID(ST_MakePoint(%s, %s), 4326))"""
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
    dialog = desk.get_by_role("dialog", name=WHY)
    dialog.get_by_role("radio", name="For another reason").check()
    dialog.get_by_role("textbox").fill("A crowd gathers on the square.")
    dialog.get_by_role("button", name="Continue").click()
    prove(desk)
    for name in ("Square north", "Square south"):
        plays(page.get_by_role("figure", name=f"{name}: live view"))
    desk.reload()
    expect(page.get_by_role("button", name="Show what is chosen")).to_be_visible()
