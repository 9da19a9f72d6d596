"""A person of another organisation comes in through its own account, over https from the first byte to the feed."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from geo_server.door import certificates
from geo_server.door.cluster import Store
from tests.providing import providing, told_of
from tests.running import Running, World, house
from tests.web.conftest import HALF, PATIENCE_MS, open_menu

BUTTON = "Sign in with the organisation's account"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with providing() as address:
        yield address


@pytest.fixture(scope="module")
def running(store: Store, world: World, issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The house by https with a certificate of its own, where people of a provider may come in."""
    folder = tmp_path_factory.mktemp("secure")
    pair = certificates.own(folder, "127.0.0.1")
    settings = told_of(issuer) | {"QYRAN_TLS_CERT": str(pair.cert), "QYRAN_TLS_KEY": str(pair.key)}
    with house(store, world, folder, settings=settings) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, running: Running, issuer: str) -> Iterator[Page]:
    """A window that has accepted the house's own certificate; it asks nobody but the house and the provider."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, device_scale_factor=HALF, ignore_https_errors=True, locale="en"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    asked: set[str] = set()

    def note(request: Request) -> None:
        if not request.headers.get("referer", "").startswith(issuer):  # what the provider's page asks for is its own
            asked.add(request.url)

    page.on("request", note)
    page.on("websocket", lambda socket: asked.add(socket.url))
    page.goto(running.url)
    page.get_by_role("button", name="en English").click()
    yield page
    context.close()
    hosts = {
        f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, asked) if parts.scheme not in ("data", "blob")
    }
    secure = {running.url, running.url.replace("https", "wss")}
    assert hosts <= {*secure, issuer}


def come_in(page: Page, subject: str) -> None:
    page.get_by_role("link", name=BUTTON).click()
    page.locator("input[name=sub]").fill(subject)
    page.locator("button, input[type=submit]").first.click()


def test_a_dispatcher_of_a_provider_stands_at_a_living_desk(visitor: Page, running: Running) -> None:
    expect(visitor.get_by_role("link", name=BUTTON)).to_be_in_viewport()
    come_in(visitor, "p1")
    expect(visitor.get_by_role("tab", name="Events")).to_be_visible()
    expect(visitor.get_by_role("img", name="Connection to the server: live")).to_be_visible()
    assert visitor.url.startswith(running.url)
    menu = open_menu(visitor)
    expect(menu).to_contain_text("aigul")
    expect(menu).to_contain_text("dispatcher")
    held = {cookie["name"]: cookie for cookie in visitor.context.cookies(running.url)}
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in held.values())
    assert any(name.startswith("__Host-") for name in held)


def test_whom_the_groups_give_no_role_is_told_so_and_sees_nothing(visitor: Page) -> None:
    come_in(visitor, "p3")
    expect(visitor.get_by_role("alert").filter(has_text="Your organisation gives you no role")).to_be_visible()
    expect(visitor.get_by_role("tab", name="Events")).to_have_count(0)
