"""Debian's Chromium under Playwright, launched once for a process of tests.

What it starts up and compiles for the map costs as much as two tests: each module takes the one that is there.
"""

from asyncio.events import AbstractEventLoop, _get_running_loop, _set_running_loop
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, sync_playwright

from geo_server.door.up import WEB

CHROMIUM = "/usr/bin/chromium"
LEFT_OUT = (  # Chromium hears the last such list alone: what Playwright leaves out stands here again
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    # the list under the address bar is a page in a process of its own: made anew for each page that a test opens,
    # it costs a quarter of what the page itself does
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--disable-angle-features=supportsGraphicsPipelineLibrary",  # it compiles what it draws by twice
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # the map alone is drawn by SwiftShader: half the work of a test
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(LEFT_OUT)}",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A browser, and the loop of the Playwright that drives it."""

    browser: Browser
    loop: AbstractEventLoop | None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Launched]:
    """Launch it; Playwright's loop stands as this thread's running one, so that no other can run, only while asked."""
    assert (WEB / "dist" / "index.html").is_file(), "web/dist is not built; `./qyran test` builds it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        launched = Launched(browser=browser, loop=_get_running_loop())
        _set_running_loop(None)
        yield launched
        _set_running_loop(launched.loop)
        browser.close()


@pytest.fixture(scope="module")
def browser(chromium: Launched) -> Iterator[Browser]:
    """The browser, for the tests of one module; async tests of other modules run their own loops."""
    _set_running_loop(chromium.loop)
    yield chromium.browser
    _set_running_loop(None)
