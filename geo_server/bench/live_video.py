"""The bench of live video: from the drawing of a picture to its showing in a real browser, all on this machine.

A camera that carries the time in its picture is served over RTSP; the product's own door for video takes it over, the
product's own windows show it on the wall in Chromium, and there the time is read back out of what is shown. The browser
is a tool of the tests: without it, or without Playwright, the bench says so.
"""

import asyncio
import json
import secrets
import shutil
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import func, insert

from geo_server.access import queries as accounts
from geo_server.access.accounts import SHIFT, token_sha256
from geo_server.access.cli import write
from geo_server.bench import Figure, Ground
from geo_server.bench.wings import free_port, wing
from layers.areas.table import area
from layers.cameras import queries as cameras
from layers.cameras.queries import NewCamera
from layers.database import engine_for, visit
from layers.values import LonLat, Role, Title

ASKED_MS, WARM, MEASURED = 300.0, 50, 200  # pictures
WAITED_S = 90
PASSWORD = "a bench and its long password"
FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking")
READ = """(video, [warm, measured, waited]) => new Promise((resolve, reject) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 360];
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    const late = [];
    let pictures = 0;
    const stood = () => `state ${video.readyState}, at ${video.currentTime}, ${video.paused ? "paused" : "playing"}`;
    const told = () => `${pictures} pictures were shown, ${late.length} told their time; ${stood()}`;
    setTimeout(() => reject(new Error(told())), waited * 1000);
    function shown() {
        const now = Date.now();
        pictures += 1;
        drawn.drawImage(video, 0, 0, 640, 360);
        const line = drawn.getImageData(0, 20, 640, 1).data;
        let at = 0;
        for (let bit = 0; bit < 32; bit++) if (line[(bit * 20 + 10) * 4] > 126) at += 2 ** bit;
        const ms = (now % 2 ** 32) - at;
        if (Math.abs(ms) < 60000) late.push(ms);
        if (late.length === warm + measured) resolve(late.slice(warm));
        else video.requestVideoFrameCallback(shown);
    }
    video.requestVideoFrameCallback(shown);
})"""


async def run(ground: Ground) -> Sequence[Figure]:
    """Measure; RuntimeError where there is no browser to measure with."""
    if shutil.which("chromium") is None:
        raise RuntimeError("there is no Chromium to show the picture in; ./qyran test brings it")
    async with _clock() as url:
        token, camera, account = await _filled(ground, url)
        late = await _shown(ground, token, camera, account)
    p50, p95 = statistics.median(late), statistics.quantiles(late, n=20)[-1]
    asked = f"p50 <= {ASKED_MS:.0f} ms"
    return [
        Figure(name="live_video.p50", value=round(p50), unit="ms", asked=asked, holds=p50 <= ASKED_MS),
        Figure(name="live_video.p95", value=round(p95), unit="ms"),
    ]


@asynccontextmanager
async def _clock() -> AsyncIterator[str]:
    """Serve the camera; the wings never call each other but as processes."""
    command = (sys.executable, "-m", "ingest", "bench-clock")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield str(json.loads(await process.stdout.readline())["url"])
    finally:
        process.terminate()
        await process.wait()


async def _filled(ground: Ground, url: str) -> tuple[str, int, int]:
    """Write an area, an account with a session, and the camera; return the session's token and their ids."""
    engine = engine_for(ground.database_url)
    token = secrets.token_urlsafe(32)
    async with visit(engine) as session:
        everywhere = func.ST_Multi(func.ST_MakeEnvelope(46, 40, 88, 56, 4326))
        names = {"name_kk": "Қазақстан", "name_ru": "Казахстан", "name_en": "Kazakhstan"}
        await session.execute(insert(area).values(level=1, code="KZ", geom=everywhere, **names))
        await write(session, "bench", PASSWORD, Role.COMMANDER, "KZ")
        found = await accounts.by_name(session, "bench", demo=False)
        assert found is not None
        came = {"means": "password"}
        await accounts.open_session(session, found[0].id, token_sha256(token), lasts=SHIFT, came=came)
        title = Title(kk="Сағат", ru="Часы", en="Clock")
        clock = NewCamera(code="clock", title=title, place=LonLat(lon=77, lat=43), url=url, reader="rtsp", settings={})
        (camera,) = await cameras.put_up(session, [clock])
    await engine.dispose()
    return token, camera, found[0].id


async def _shown(ground: Ground, token: str, camera: int, account: int) -> list[float]:
    people, video = free_port(), free_port()
    told = {"QYRAN_VIDEO_PORT": str(video), "QYRAN_VIDEO_ADDRESS": f"http://127.0.0.1:{video}"}
    told |= {"QYRAN_WINDOWS_ORIGIN": f"http://127.0.0.1:{people}", "QYRAN_CAMERA_NETWORKS": "127.0.0.0/8"}
    async with (
        wing(ground, "geo_server", port=people, told=told),
        wing(ground, "footage", port=video, told=told),
        _browser(f"http://127.0.0.1:{people}", token) as page,
    ):
        hung = json.dumps({"layout": 1, "ids": [camera]})
        kept = f"localStorage.setItem('qyran.wall.{account}', '{hung}')"
        await page.add_init_script(f"localStorage.setItem('qyran.language', 'en'); {kept}")
        await page.goto("/#/video")
        return await _watched(page)


async def _watched(page: Any) -> list[float]:
    """Do what a person does to watch the wall, and measure what the window then shows."""
    await page.get_by_role("button", name="Show what is chosen").click()
    why = page.get_by_role("dialog", name="What do you need it for?")
    await why.get_by_role("textbox").fill("How late is the picture?")
    await why.get_by_role("button", name="Continue").click()
    proof = page.get_by_role("dialog", name="Confirm that it is you")
    await proof.get_by_label("Password").fill(PASSWORD)
    await proof.get_by_role("button", name="Confirm").click()
    late: list[float] = await page.locator(".tile video").evaluate(READ, [WARM, MEASURED, WAITED_S])
    return late


@asynccontextmanager
async def _browser(url: str, token: str) -> AsyncIterator[Any]:
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        raise RuntimeError("there is no Playwright to drive the browser with; ./qyran test brings it") from None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        context = await browser.new_context(base_url=url)
        await context.add_cookies([{"name": "qyran_session", "value": token, "url": url}])
        yield await context.new_page()
        await browser.close()
