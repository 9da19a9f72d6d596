import json
from collections import Counter
from pathlib import Path

from ingest.demo.streets import Streets
from ingest.demo.units import SERVICES, SILENT, Station, muster
from layers.values import LonLat

DATA = Path(__file__).parents[3] / "data"
STATIONS = [
    Station(place_id=1, kind="police", place=LonLat(lon=76.901, lat=43.221)),
    Station(place_id=2, kind="police", place=LonLat(lon=76.921, lat=43.241)),
    Station(place_id=3, kind="hospital", place=LonLat(lon=76.910, lat=43.230)),
]


def test_two_hundred_units_of_four_services_with_names_of_their_own(streets: Streets) -> None:
    units = muster(streets, STATIONS, republic=1, seed=5)
    assert Counter(unit.service for unit in units) == SERVICES
    assert len({unit.call_sign for unit in units}) == len({unit.device for unit in units}) == 200


def test_what_the_plans_ask_for_some_unit_of_the_demo_can_do_or_carries(streets: Streets) -> None:
    units = muster(streets, STATIONS, republic=1, seed=5)
    able = {(unit.service, skill) for unit in units for skill in (*unit.skills, *unit.equipment) if unit.duty == "on"}
    plans = [plan for file in (DATA / "plans").glob("*.json") for plan in json.loads(file.read_text()).values()]
    reactions = json.loads((DATA / "reactions.json").read_text()).values()
    parts = [*(part for plan in plans for part in plan["levels"]), *reactions]
    needs = [need for part in parts for need in part.get("needs", ())]
    asked = {(need["service"], skill) for need in needs for skill in need.get("skills", ())}
    assert asked >= {("rescue", "hydraulic_tools"), ("rescue", "diving")} and asked <= able


def test_the_same_seed_musters_the_same_units(streets: Streets) -> None:
    assert muster(streets, STATIONS, republic=1, seed=5) == muster(streets, STATIONS, republic=1, seed=5)
    assert muster(streets, STATIONS, republic=1, seed=5) != muster(streets, STATIONS, republic=1, seed=6)


def test_most_are_on_duty_and_some_are_not(streets: Streets) -> None:
    duties = Counter(unit.duty for unit in muster(streets, STATIONS, republic=1, seed=5))
    assert duties["on"] > 160
    assert set(duties) == {"on", "break", "out_of_service", "off"}


def test_a_silent_tracker_belongs_to_a_unit_on_duty(streets: Streets) -> None:
    silent = [unit for unit in muster(streets, STATIONS, republic=1, seed=5) if unit.device in SILENT]
    assert [unit.duty for unit in silent] == ["on"] * len(SILENT)


def test_a_unit_belongs_to_the_nearest_station_of_its_service(streets: Streets) -> None:
    units = muster(streets, STATIONS, republic=1, seed=5)
    assert {unit.station_id for unit in units if unit.service == "police"} == {1, 2}
    assert {unit.station_id for unit in units if unit.service == "ambulance"} == {3}
    assert {unit.station_id for unit in units if unit.service == "fire"} == {None}
