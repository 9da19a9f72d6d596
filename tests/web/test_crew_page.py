"""The crew's phone: what is pressed without a connection arrives once, in order, and nothing hides that it has not."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from layers.dispatches.rules import Status, next_of_crew
from tests.running import Running
from tests.web.conftest import HERE, PATIENCE_MS, WEB, Machines, Watched, until
from tests.web.test_accessibility import violations

FLOW: dict[str, list[str]] = json.loads((WEB / "src" / "crew" / "flow.json").read_text())
TABS = ("Task", "Way", "Messages", "Unit")
SMALLEST_PX = 56
TOO_SMALL = """least => [...document.querySelectorAll("button, a[href], input, textarea, summary")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < least).map(one => one.textContent)"""
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
    "permissions": ["geolocation", "notifications"],
    "geolocation": {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 8},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The server as the desk and the store see it."""

    running: Running
    machines: Machines

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the store itself."""
        with psycopg.connect(self.running.database_url) as link:
            return link.execute(sql, values).fetchall()

    @property
    def unit_id(self) -> int:
        """The unit of the demo's crew."""
        return int(self.rows("SELECT unit_id FROM account WHERE name = 'crew'")[0][0])

    def desk(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Do something as the dispatcher."""
        auth = ("dispatcher", "demo")
        answer = self.machines.http.request(method, f"{self.running.url}{path}", json=body, auth=auth)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def free(self) -> None:
        """Call the unit off whatever it is on, end its panic, and put it on duty."""
        with psycopg.connect(self.running.database_url) as link:
            link.execute("UPDATE dispatch SET status = 'cancelled' WHERE unit_id = %s", (self.unit_id,))
            ended = "UPDATE panic SET ended_at = now(), ended_by = 'test', reason = 'over' WHERE ended_at IS NULL"
            link.execute(ended)
            link.execute("UPDATE unit SET duty = 'on', crew = 3 WHERE id = %s", (self.unit_id,))

    def send(self, said: str) -> int:
        """Open an incident near the middle of the city and send the crew there; return the dispatch's id."""
        self.machines.call(said)
        (event,) = [one for one in self.desk("GET", "/api/events?state=new&limit=200")["events"] if said in str(one)]
        how = {"join": None, "category": "public_order", "description": said}
        incident = self.desk("POST", f"/api/events/{event['id']}/confirm", how)["incident"]
        sent = self.desk("POST", f"/api/incidents/{incident['id']}/dispatches", {"units": [self.unit_id]})
        return int(sent["dispatches"][0]["id"])

    def steps(self, dispatch_id: int) -> list[str]:
        """The steps of a dispatch on record, in their order, those that the crew pressed."""
        sql = "SELECT status FROM dispatch_entry WHERE dispatch_id = %s AND means = 'button' ORDER BY id"
        return [status for (status,) in self.rows(sql, dispatch_id)]

    def texts(self) -> list[str]:
        """What the crew wrote."""
        sql = "SELECT text FROM crew_message WHERE unit_id = %s AND from_crew ORDER BY id"
        return [text for (text,) in self.rows(sql, self.unit_id)]


@pytest.fixture
def house(running: Running, machines: Machines) -> House:
    house = House(running=running, machines=machines)
    house.free()
    return house


@contextmanager
def _phone(browser: Browser, running: Running, **more: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=running.url, **{**PHONE, **more})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script("localStorage.getItem('qyran.language') || localStorage.setItem('qyran.language', 'en')")
    page = context.new_page()
    watched = Watched(own=(urlsplit(running.url).netloc,))
    context.on("request", lambda request: watched.request(request.url))
    page.on("pageerror", lambda error: watched.faults.append(f"thrown: {error}"))
    page.on("console", watched.console)
    page.goto("/crew")
    yield page
    context.close()
    assert watched.faults == []


def come_in(page: Page, user: str = "crew") -> None:
    page.get_by_label("Name", exact=True).fill(user)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def phone(browser: Browser, running: Running, house: House) -> Iterator[Page]:
    """The phone of a crew that signed in, with its page kept for when there is no connection."""
    with _phone(browser, running) as page:
        come_in(page)
        expect(page.get_by_role("button", name="Panic")).to_be_visible()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        yield page


def tab(page: Page, name: str) -> Locator:
    page.get_by_role("navigation").get_by_role("button", name=name).click()
    return page.get_by_role("main", name=name)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def write(page: Page, text: str) -> None:
    tab(page, "Messages").get_by_role("textbox", name="Message to the dispatcher").fill(text)
    page.get_by_role("button", name="Send").click()


def meanwhile(page: Page, ask: Callable[[], bool]) -> Callable[[], bool]:
    """Let what the page calls in this test run before each question."""

    def asked() -> bool:
        page.wait_for_timeout(50)
        return ask()

    return asked


def offline(page: Page, off: bool) -> None:
    context: BrowserContext = page.context
    context.set_offline(off)


def test_the_page_knows_the_servers_order_of_statuses() -> None:
    assert {status.value: [one.value for one in next_of_crew(status)] for status in Status} == FLOW


def test_the_page_can_be_put_on_the_home_screen(phone: Page) -> None:
    manifest = phone.request.get("/crew.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/crew", "/crew", "standalone")
    for icon in manifest["icons"]:
        assert phone.request.get(icon["src"]).headers["content-type"] == icon["type"]
    scope = phone.evaluate("navigator.serviceWorker.ready.then(worker => new URL(worker.scope).pathname)")
    assert scope == "/crew"
    installed: Any = phone.context.new_cdp_session(phone).send("Page.getInstallabilityErrors")
    assert installed["installabilityErrors"] in ([], [{"errorId": "in-incognito", "errorArguments": []}])


def test_a_task_is_accepted_and_taken_to_its_end(phone: Page, house: House) -> None:
    dispatch = house.send("A task to its end.")
    expect(phone.get_by_role("main")).to_contain_text("A task to its end.")
    for button in ("Accept", "Out to the call", "On scene", "Clear"):  # of an ambulance, by its own word
        press(phone, button)
    expect(phone.get_by_text("No task")).to_be_visible()
    assert house.steps(dispatch) == ["acknowledged", "enroute", "onscene", "clear"]


def test_what_is_pressed_without_a_connection_arrives_once_and_in_order_after_a_reload(
    phone: Page, house: House
) -> None:
    dispatch = house.send("Far from every mast.")
    expect(phone.get_by_role("button", name="Accept")).to_be_visible()
    offline(phone, True)
    for button in ("Accept", "Out to the call"):
        press(phone, button)
    write(phone, "The bridge is closed.")
    expect(phone.get_by_text("No connection")).to_be_visible()
    expect(phone.get_by_text("3 acts not sent yet").first).to_be_visible()
    phone.reload()  # the battery was changed
    expect(phone.get_by_role("main")).to_contain_text("Far from every mast.")
    expect(phone.get_by_role("main")).to_contain_text("not sent yet")
    press(phone, "On scene")
    assert house.steps(dispatch) == [] and "The bridge is closed." not in house.texts()
    offline(phone, False)
    until(lambda: house.steps(dispatch) == ["acknowledged", "enroute", "onscene"], "three steps, in order")
    until(lambda: house.texts().count("The bridge is closed.") == 1, "the message, once")
    expect(phone.get_by_text("not sent yet")).to_have_count(0)
    pressed = house.rows(
        "SELECT count(*), count(DISTINCT client_event_id) FROM crew_event WHERE unit_id = %s", house.unit_id
    )
    assert pressed[0][0] == pressed[0][1]


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(phone: Page, house: House) -> None:
    taken: list[int] = []

    def lose(route: Route) -> None:
        answer = route.fetch(max_retries=1)  # the server has it, the phone will not know
        taken.append(answer.status)
        if len(taken) < 3:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    phone.context.route("**/api/crew/messages", lose)
    write(phone, "Said three times, heard once.")
    expect(phone.get_by_text("not sent yet").first).to_be_visible()
    until(meanwhile(phone, lambda: len(taken) == 3), "three tries")
    expect(phone.get_by_text("not sent yet")).to_have_count(0)
    assert taken == [200, 200, 200]
    assert house.texts().count("Said three times, heard once.") == 1
    expect(phone.get_by_role("main").get_by_text("Said three times, heard once.")).to_have_count(1)


def test_what_the_server_refuses_is_told_and_put_away_by_the_person(phone: Page, house: House) -> None:
    dispatch = house.send("Called off meanwhile.")
    expect(phone.get_by_role("button", name="Refuse")).to_be_visible()
    offline(phone, True)
    press(phone, "Refuse")
    phone.get_by_label("Another reason").fill("The engine has stopped.")
    press(phone, "Refuse")
    house.desk("POST", f"/api/dispatches/{dispatch}/status", {"status": "cancelled", "means": "dispatcher"})
    offline(phone, False)
    told = phone.get_by_role("alert").filter(has_text="Refused: Refuse")
    expect(told).to_be_visible()
    told.get_by_role("button", name="Understood").click()
    expect(told).to_have_count(0)
    assert house.steps(dispatch) == []


def test_a_refusal_goes_with_its_reason(phone: Page, house: House) -> None:
    dispatch = house.send("Somebody else should go.")
    press(phone, "Refuse")
    phone.get_by_label("Another reason").fill("We are out of oxygen.")
    press(phone, "Refuse")
    expect(phone.get_by_text("No task")).to_be_visible()
    assert house.steps(dispatch) == ["refused"]
    (reason,) = house.rows("SELECT reason FROM dispatch_entry WHERE dispatch_id = %s AND status = 'refused'", dispatch)[
        0
    ]
    assert reason == "We are out of oxygen."


def test_a_panic_is_held_for_a_second_and_stands_on_top_until_somebody_has_it(phone: Page, house: House) -> None:
    button = phone.get_by_role("button", name="Panic")
    phone.clock.install()
    phone.clock.pause_at(phone.evaluate("Date.now()") / 1000 + 60)  # from here on the test alone makes time pass
    button.dispatch_event("pointerdown", {"button": 0, "pointerId": 1})
    phone.clock.run_for(900)
    button.dispatch_event("pointerup", {"pointerId": 1})
    phone.clock.run_for(2000)
    expect(phone.locator(".banner.panic")).to_have_count(0)
    button.dispatch_event("pointerdown", {"button": 0, "pointerId": 1})
    expect(phone.locator(".panic.holding")).to_be_visible()
    phone.clock.run_for(1000)
    phone.clock.resume()
    banner = phone.get_by_role("alert").filter(has_text="Panic")
    expect(banner).to_contain_text("No dispatcher has taken it yet.")
    (panic,) = house.desk("GET", "/api/panics?open=true")["panics"]
    assert panic["unit"]["id"] == house.unit_id
    house.desk("POST", f"/api/panics/{panic['id']}/acknowledge")
    expect(banner).to_contain_text("dispatcher")
    expect(banner).to_have_class(re.compile("acknowledged"))


def test_a_press_after_somebody_had_it_tells_that_nobody_has_this_one(phone: Page, house: House) -> None:
    def cry(label: str) -> None:
        phone.get_by_role("button", name=label).press("Enter")
        phone.get_by_role("button", name="Once more").press("Enter")

    cry("Panic")
    banner = phone.locator(".banner.panic")
    expect(banner).to_contain_text("No dispatcher has taken it yet.")
    (panic,) = house.desk("GET", "/api/panics?open=true")["panics"]
    house.desk("POST", f"/api/panics/{panic['id']}/acknowledge")
    expect(banner).to_contain_text("taken at")
    cry("Panic")
    expect(banner).to_contain_text("Nobody has acknowledged this press yet.")
    expect(banner).not_to_contain_text("taken at")
    (again,) = house.desk("GET", "/api/panics?open=true")["panics"]
    assert (again["id"], again["state"], len(again["heard_before"])) == (panic["id"], "loud", 1)


def test_a_panic_without_a_connection_is_raised_by_two_keys_and_goes_first(phone: Page, house: House) -> None:
    offline(phone, True)
    write(phone, "Before the panic.")
    button = phone.get_by_role("button", name="Panic")
    button.press("Enter")
    expect(phone.get_by_role("button", name="Once more")).to_be_visible()
    expect(phone.locator(".banner.panic")).to_have_count(0)
    phone.get_by_role("button", name="Once more").press("Enter")
    expect(phone.locator(".banner.panic")).to_contain_text("Not sent yet")
    offline(phone, False)
    expect(phone.locator(".banner.panic")).to_contain_text("No dispatcher has taken it yet.")
    (raised,) = house.rows(
        "SELECT raised_at < received_at FROM panic WHERE unit_id = %s AND ended_at IS NULL", house.unit_id
    )
    assert raised == (True,)


def test_the_phone_tells_where_it_is_also_what_it_could_not_send_at_once(phone: Page, house: House) -> None:
    def moved(east: float) -> Callable[[], bool]:
        spot = "SELECT lon FROM unit_position WHERE unit_id = %s"
        return lambda: abs(float(house.rows(spot, house.unit_id)[0][0]) - (HERE[0] + east)) < 1e-6

    def go(east: float) -> None:
        phone.context.set_geolocation({"longitude": HERE[0] + east, "latitude": HERE[1], "accuracy": 8})

    go(0.001)
    until(moved(0.001), "the server knows where the phone is")
    offline(phone, True)
    go(0.002)
    tab(phone, "Unit")
    expect(phone.get_by_text("position not sent yet")).to_be_visible()
    offline(phone, False)
    until(moved(0.002), "the server learns where the phone went")


def test_the_way_shows_the_route_on_our_own_map_and_opens_the_phones_navigator(phone: Page, house: House) -> None:
    house.send("The way there.")
    expect(phone.get_by_role("button", name="Accept")).to_be_visible()
    way = tab(phone, "Way")
    drawn = "globalThis.qyranWayMap?.isStyleLoaded() && qyranWayMap.queryRenderedFeatures({layers: ['target']}).length"
    until(lambda: phone.evaluate(drawn), "the map is drawn")
    assert way.get_by_role("link", name="Open in the navigator").get_attribute("href").startswith("geo:43.25")  # type: ignore[union-attr]
    expect(way).to_contain_text("in a straight line")


def test_a_message_of_the_desk_reaches_the_phone(phone: Page, house: House) -> None:
    house.desk("POST", f"/api/units/{house.unit_id}/messages", {"text": "Come back to the station."})
    expect(phone.get_by_role("navigation").get_by_role("button", name="Messages")).to_contain_text("1")
    expect(tab(phone, "Messages")).to_contain_text("Come back to the station.")


def test_the_desk_knows_that_its_message_was_read_only_once_it_was_looked_at(phone: Page, house: House) -> None:
    def state() -> str:
        return str(house.desk("GET", f"/api/units/{house.unit_id}")["messages"][0]["state"])

    house.desk("POST", f"/api/units/{house.unit_id}/messages", {"text": "Is the road free?"})
    expect(phone.get_by_role("navigation").get_by_role("button", name="Messages")).to_contain_text("1")
    until(lambda: state() == "delivered", "it is on the phone")
    tab(phone, "Messages")
    until(lambda: state() == "read", "it was looked at")


def test_a_crew_that_is_sent_elsewhere_says_with_one_button_that_it_knows(phone: Page, house: House) -> None:
    dispatch = house.send("It burns elsewhere.")
    press(phone, "Accept")
    press(phone, "Out to the call")
    until(lambda: house.steps(dispatch) == ["acknowledged", "enroute"], "on its way")
    incident = house.desk("GET", f"/api/dispatches/{dispatch}")["incident_id"]
    there = {"place": {"lon": HERE[0] + 0.004, "lat": HERE[1]}, "address": "Abay 10", "reason": "the caller was wrong"}
    tab(phone, "Unit")
    house.desk("POST", f"/api/incidents/{incident}/place", there)
    banner = phone.get_by_role("alert").filter(has_text="The task has a new place")
    expect(banner).to_contain_text("Abay 10")
    expect(phone.get_by_role("main", name="Task")).to_be_visible()
    banner.get_by_role("button", name="Understood, going there").click()
    expect(banner).to_have_count(0)
    how = "SELECT ended_how FROM notice_chain WHERE dispatch_id = %s ORDER BY id DESC LIMIT 1"
    until(lambda: house.rows(how, dispatch) == [("page",)], "the desk knows that the crew knows")


def test_the_duty_is_turned_with_a_reason_where_one_is_needed(phone: Page, house: House) -> None:
    tab(phone, "Unit")
    press(phone, "Out of service")
    phone.get_by_label("Another reason").fill("A flat tyre.")
    press(phone, "Out of service")
    duty = "SELECT duty FROM unit WHERE id = %s"
    until(lambda: house.rows(duty, house.unit_id) == [("out_of_service",)], "the unit is out of service")
    press(phone, "On duty")
    until(lambda: house.rows(duty, house.unit_id) == [("on",)], "the unit is back")


def test_a_push_rings_and_wakes_the_page(phone: Page) -> None:
    session = phone.context.new_cdp_session(phone)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    until(meanwhile(phone, lambda: bool(found)), "the worker is known")
    data = json.dumps({"notice_id": 5, "kind": "dispatch", "subject": "A new task", "body": "Abay 52"})
    origin = phone.evaluate("location.origin")
    session.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[0], "data": data})
    shown = """navigator.serviceWorker.ready.then(worker => worker.getNotifications())
        .then(all => all.map(one => [one.title, one.body, one.tag]))"""
    until(lambda: phone.evaluate(shown) == [["A new task", "Abay 52", "notice-5"]], "the notification stands there")


def test_whoever_is_no_crew_is_told_so(browser: Browser, running: Running) -> None:
    with _phone(browser, running) as page:
        come_in(page, "planner")
        expect(page.get_by_role("alert")).to_contain_text("This page is for crews")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_session_that_was_ended_keeps_what_was_pressed_until_the_crew_comes_in_again(
    phone: Page, house: House
) -> None:
    with psycopg.connect(house.running.database_url) as link:
        link.execute("UPDATE account_session SET ended_at = now(), ended_by = 'test' WHERE ended_at IS NULL")
    expect(phone.get_by_text("The session was ended.")).to_be_visible()
    come_in(phone)
    offline(phone, True)
    write(phone, "Said without a session.")
    with psycopg.connect(house.running.database_url) as link:
        link.execute("UPDATE account_session SET ended_at = now(), ended_by = 'test' WHERE ended_at IS NULL")
    offline(phone, False)
    expect(phone.get_by_text("1 unsent act is kept")).to_be_visible()
    come_in(phone)
    until(lambda: house.texts().count("Said without a session.") == 1, "it arrives after the sign-in")


def test_after_signing_out_nothing_of_the_task_is_left_on_the_phone(phone: Page, house: House) -> None:
    house.send("Nobody else's to read.")
    expect(phone.get_by_role("main")).to_contain_text("Nobody else's to read.")
    tab(phone, "Unit")
    press(phone, "Sign out")
    expect(phone.get_by_role("button", name="Sign in")).to_be_visible()
    offline(phone, True)
    phone.reload()
    expect(phone.get_by_role("button", name="Sign in")).to_be_visible()
    expect(phone.get_by_text("Nobody else's to read.")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tab_can_be_read_and_pressed(browser: Browser, running: Running, house: House, scheme: str) -> None:
    house.send(f"To be read in the {scheme}.")
    with _phone(browser, running, color_scheme=scheme) as page:
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert violations(page) == []
        come_in(page)
        expect(page.get_by_role("button", name="Accept")).to_be_visible()
        for name in TABS:
            tab(page, name)
            assert violations(page) == [], name
            assert page.evaluate(TOO_SMALL, SMALLEST_PX) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"], name


def test_a_crew_that_comes_in_at_the_desk_is_led_to_its_page(page: Page) -> None:
    come_in(page)
    expect(page.get_by_role("button", name="Panic")).to_be_visible()


def test_the_desk_keeps_its_own_page(page: Page) -> None:
    """Its worker answers for the crew's page alone."""
    page.goto("/crew")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/")
    assert page.evaluate("navigator.serviceWorker.controller") is None
