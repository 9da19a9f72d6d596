"""Units come into use and out of it by administrators of where they are at home, with no demo anywhere."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.serve import event_kinds
from layers.areas.queries import by_code
from layers.database import INGEST, as_role, engine_for, visit
from layers.sources.queries import create

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    engine: AsyncEngine
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


class Tracker:
    """A device at ingest's door."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self.client, self.key = client, key

    async def says(self, device: str, place: dict[str, float]) -> int:
        fix: dict[str, str | float] = {"id": device, "timestamp": int(time.time()), "key": self.key, **place}
        return (await self.client.get("/", params=fix)).status_code


@pytest.fixture
async def tracker(town: Town, database_url: str) -> AsyncIterator[Tracker]:
    async with visit(town.engine) as session:
        home = await by_code(session, "KZ-75")
        assert home is not None
        key = await create(session, name="trackers", kind="positions", area_id=home.id)
    engine = engine_for(as_role(database_url, INGEST))
    app = door_app(engine, event_kinds())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as client,
    ):
        yield Tracker(client, key)
    await engine.dispose()


@pytest.fixture
async def bare(town: Town, as_: As) -> Town:
    """The town without a unit, as `up --no-demo` leaves it."""
    for asked in ("DELETE FROM account WHERE unit_id IS NOT NULL", "DELETE FROM unit_position", "DELETE FROM unit"):
        await town.sql(asked)
    return town


async def home_of(town: Town, code: str = "KZ-75-MED") -> int:
    ((found,),) = await town.sql("SELECT id FROM area WHERE code = :code", code=code)
    return int(found)


async def enrol(as_: As, town: Town, who: str = "local administrator", **more: Any) -> httpx.Response:
    body = {"call_sign": "102-77", "device": "tracker-77", "service": "police", "kind": "patrol_car"}
    home = {"home_area_id": await home_of(town)}
    return await as_(who).post("/api/units", json=body | home | more)


async def signs(as_: As) -> list[str]:
    return [unit["call_sign"] for unit in (await as_("dispatcher").get("/api/units")).json()["units"]]


async def test_from_an_empty_world_a_unit_is_made_heard_proposed_and_sent(
    bare: Town, as_: As, tracker: Tracker
) -> None:
    made = await enrol(as_, bare)
    assert made.status_code == 201, made.text
    unit = made.json()["id"]
    assert made.json()["device"] == "tracker-77" and made.json()["retired_at"] is None
    assert await tracker.says("tracker-77", bare.at(0, -100)) == 200
    turned = await as_("dispatcher").post(f"/api/units/{unit}/duty", json={"duty": "on"})
    assert turned.json()["status"] == "free" and turned.json()["place"] is not None
    said = {"category": "public_order", "place": bare.at(0, 0)}
    incident = (await as_("dispatcher").post("/api/incidents", json=said)).json()["id"]
    proposed = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
    assert proposed["chosen"] == [unit]
    sent = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
    assert sent.status_code == 201
    refused = await as_("local administrator").post(f"/api/units/enrolled/{unit}/retire")
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_bound")


async def test_a_retired_unit_leaves_map_and_proposals_and_stays_on_the_record(
    town: Town, as_: As, tracker: Tracker
) -> None:
    unit = town.units["102-0"]
    incident = (
        await as_("dispatcher").post("/api/incidents", json={"category": "public_order", "place": town.at(0, 0)})
    ).json()["id"]
    (one,) = (await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})).json()[
        "dispatches"
    ]
    await as_("dispatcher").post(f"/api/dispatches/{one['id']}/status", json={"status": "cancelled"})
    gone = await as_("local administrator").post(f"/api/units/enrolled/{unit}/retire")
    assert gone.status_code == 200 and gone.json()["retired_at"] is not None, gone.text
    assert "102-0" not in await signs(as_)
    drawn = (await as_("dispatcher").get("/api/collections/units/items")).json()["features"]
    assert "102-0" not in [feature["properties"]["call_sign"] for feature in drawn]
    proposed = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
    assert unit not in [proposal["unit"]["id"] for proposal in proposed["proposals"]]
    assert await tracker.says("102-0", town.at(0, 0)) != 200
    assert await town.sql("SELECT FROM unit_position WHERE unit_id = :id", id=unit) == []
    again = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
    assert again.json()["code"] == "no_such_unit"
    card = (await as_("dispatcher").get(f"/api/incidents/{incident}")).json()
    assert [dispatch["unit"]["call_sign"] for dispatch in card["dispatches"]] == ["102-0"]
    assert (await as_("crew").get("/api/crew")).status_code in (401, 403, 404, 409)
    twice = await as_("local administrator").post(f"/api/units/enrolled/{unit}/retire")
    assert (twice.status_code, twice.json()["code"]) == (409, "unit_retired")
    heir = await enrol(as_, town, call_sign="102-0", device="102-0")
    assert heir.status_code == 201 and heir.json()["id"] != unit


async def test_who_retires_a_unit_and_who_writes_where_it_is_never_wait_for_each_other(
    town: Town, as_: As, database_url: str
) -> None:
    unit = {"id": town.units["102-0"]}
    engine = engine_for(database_url)
    async with visit(engine) as session:  # as the machines' door does: the position first, and then its unit
        await session.execute(text("UPDATE unit_position SET speed_kmh = 1 WHERE unit_id = :id"), unit)
        retiring = asyncio.create_task(as_("local administrator").post(f"/api/units/enrolled/{unit['id']}/retire"))
        await asyncio.sleep(0.5)
        assert not retiring.done()
        await session.execute(text("SELECT FROM unit WHERE id = :id FOR UPDATE NOWAIT"), unit)
    assert (await retiring).status_code == 200
    await engine.dispose()


async def test_what_a_unit_is_called_carries_and_belongs_to_is_changed(town: Town, as_: As) -> None:
    place = """INSERT INTO place (osm_id, kind, name, geom) SELECT 5, 'police', 'РУП', ST_PointOnSurface(geom)
        FROM area WHERE code = 'KZ-75-MED' RETURNING id"""
    ((station,),) = await town.sql(place)
    admin, path = as_("local administrator"), f"/api/units/enrolled/{town.units['102-0']}"
    known = (await admin.get("/api/units/stations")).json()["stations"]
    assert [(one["id"], one["kind"]) for one in known] == [(station, "police")]
    change = {"call_sign": "102-9", "device": "new", "kind": "patrol_van", "station_id": station}
    after = (await admin.patch(path, json=change)).json()
    assert {name: after[name] for name in change} == change and after["station"]["ru"] == "РУП"
    assert (await admin.patch(path, json={"station_id": None})).json()["station"] is None
    for wrong, code in (
        ({"call_sign": "102-1"}, "call_sign_taken"),
        ({"device": "102-1"}, "device_taken"),
        ({"kind": "ambulance"}, "bad_value"),
        ({"station_id": station + 1}, "no_such_station"),
        ({"home_area_id": await home_of(town, "KZ")}, "outside_your_area"),
        ({"service": None}, "bad_request"),
    ):
        refused = await admin.patch(path, json=wrong)
        assert refused.json()["code"] == code, refused.text
    details = "SELECT details ->> 'was' FROM audit WHERE operation = 'units.enrol' AND outcome = 'done' ORDER BY id"
    assert '"102-0"' in (await town.sql(details))[0][0]


async def test_only_an_administrator_above_its_home_enrols_a_unit(town: Town, as_: As) -> None:
    for who, code in (("dispatcher", "not_your_role"), ("local commander", "not_your_role")):
        assert (await enrol(as_, town, who)).json()["code"] == code
    abroad = await enrol(as_, town, home_area_id=await home_of(town, "KZ"))
    assert (abroad.status_code, abroad.json()["code"]) == (403, "outside_your_area")
    ((other,),) = await town.sql(
        "SELECT min(id) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED' AND closed_at IS NULL"
    )
    await town.sql("UPDATE unit SET home_area_id = :id WHERE call_sign = '102-0'", id=other)
    for act in ("PATCH", "POST"):
        path = f"/api/units/enrolled/{town.units['102-0']}" + ("/retire" if act == "POST" else "")
        refused = await as_("local administrator").request(act, path, json={"device": "x"})
        assert refused.json()["code"] == "no_such_unit"
    listed = (await as_("local administrator").get("/api/units/enrolled")).json()["units"]
    assert "102-0" not in [unit["call_sign"] for unit in listed]


async def test_a_unit_that_drove_away_is_still_administered_from_its_home(town: Town, as_: As) -> None:
    ((other,),) = await town.sql(
        "SELECT min(id) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED' AND closed_at IS NULL"
    )
    await town.sql("UPDATE unit_position SET area_id = :id WHERE unit_id = :u", id=other, u=town.units["102-0"])
    await town.sql("UPDATE unit SET area_id = :id WHERE id = :u", id=other, u=town.units["102-0"])
    admin, path = as_("local administrator"), f"/api/units/enrolled/{town.units['102-0']}"
    assert (await admin.patch(path, json={"device": "x"})).json()["device"] == "x"
    assert (await admin.post(f"{path}/retire")).json()["retired_at"] is not None
    assert await town.sql("SELECT FROM unit_position WHERE unit_id = :id", id=town.units["102-0"]) == []


async def test_vehicle_and_radio_name_are_taken_away_by_null(town: Town, as_: As) -> None:
    path = f"/api/units/{town.units['102-0']}"
    said = await as_("dispatcher").patch(path, json={"vehicle": "Lada", "radio_name": "Беркут"})
    assert (said.json()["vehicle"], said.json()["radio_name"]) == ("Lada", "Беркут")
    cleared = await as_("dispatcher").patch(path, json={"vehicle": None})
    assert (cleared.json()["vehicle"], cleared.json()["radio_name"]) == (None, "Беркут")
    assert (await as_("dispatcher").patch(path, json={"crew": None})).status_code == 400
