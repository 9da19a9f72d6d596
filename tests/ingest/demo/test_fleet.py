import pytest

from ingest.demo.fleet import Fleet, Tracked
from ingest.demo.streets import Streets, distance_m, measure
from layers.values import LonLat

PLACE, STATION = LonLat(lon=76.905, lat=43.226), LonLat(lon=76.903, lat=43.231)
ROUTE = measure([(76.904, 43.224), (76.914, 43.224)])


def _fleet(streets: Streets, *, on_duty: bool = True) -> Fleet:
    tracked = Tracked(unit_id=7, device="demo-police-001", place=PLACE, station=STATION, on_duty=on_duty)
    return Fleet(streets, [tracked], seed=1, at_s=0.0)


def test_a_car_off_duty_stands_at_its_station(streets: Streets) -> None:
    fix = _fleet(streets, on_duty=False).fix("demo-police-001", 60.0)
    assert (fix.spot.place, fix.speed_kmh) == (STATION, 0.0)


def test_a_car_on_patrol_moves(streets: Streets) -> None:
    fleet = _fleet(streets)
    first = fleet.fix("demo-police-001", 1.0).spot.place
    assert fleet.fix("demo-police-001", 61.0).spot.place != first


def test_a_sent_car_drives_its_route_and_arrives(streets: Streets) -> None:
    fleet = _fleet(streets)
    fleet.send("demo-police-001", ROUTE, speed_ms=20.0, at_s=0.0)
    assert fleet.fix("demo-police-001", 1.0).speed_kmh == pytest.approx(72.0)
    assert not fleet.arrived("demo-police-001", 2.0)
    assert fleet.arrived("demo-police-001", 600.0)
    fix = fleet.fix("demo-police-001", 601.0)
    assert (fix.spot.place, fix.speed_kmh) == (LonLat(lon=76.914, lat=43.224), 0.0)


def test_a_car_that_is_told_to_stand_goes_on_from_there(streets: Streets) -> None:
    fleet = _fleet(streets)
    fleet.send("demo-police-001", ROUTE, speed_ms=0.0, at_s=0.0)
    stood = fleet.fix("demo-police-001", 30.0).spot.place
    assert fleet.fix("demo-police-001", 60.0).spot.place == stood
    fleet.send("demo-police-001", ROUTE, speed_ms=10.0, at_s=60.0)
    moved = fleet.fix("demo-police-001", 61.0).spot.place
    assert distance_m((stood.lon, stood.lat), (moved.lon, moved.lat)) == pytest.approx(10.0, abs=0.1)


def test_a_released_car_patrols_from_where_it_is(streets: Streets) -> None:
    fleet = _fleet(streets)
    fleet.send("demo-police-001", ROUTE, speed_ms=20.0, at_s=0.0)
    fleet.release("demo-police-001", 600.0)
    assert not fleet.riding
    here = fleet.fix("demo-police-001", 600.0).spot.place
    assert distance_m((here.lon, here.lat), (76.914, 43.224)) < 150


def test_blue_lights_send_every_second_and_parked_cars_seldom(streets: Streets) -> None:
    fleet = _fleet(streets)
    assert 2.0 <= fleet.pause_s("demo-police-001") <= 5.0
    assert _fleet(streets, on_duty=False).pause_s("demo-police-001") >= 8.0
    fleet.send("demo-police-001", ROUTE, speed_ms=20.0, at_s=0.0)
    assert fleet.pause_s("demo-police-001") == 1.0
