from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ingest.demo.past import CATEGORIES, Address, Past, Scene, crossings, invent
from ingest.demo.streets import Streets
from layers.values import KAZAKHSTAN, LonLat

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CAMERA = LonLat(lon=76.906, lat=43.226)


@pytest.fixture(scope="module")
def scene(streets: Streets) -> Scene:
    houses = [
        Address(words=f"Абай даңғылы, {i}", place=LonLat(lon=76.90 + 0.001 * (i % 20), lat=43.22 + 0.001 * (i // 20)))
        for i in range(400)
    ]
    return Scene(
        addresses=houses, crossings=crossings(streets), cameras={9: CAMERA}, priorities=dict.fromkeys(CATEGORIES, 2)
    )


@pytest.fixture(scope="module")
def past(scene: Scene) -> Past:
    return invent(scene, now=NOW, count=6000, seed=3)


def test_the_same_seed_invents_the_same_past(scene: Scene, past: Past) -> None:
    assert invent(scene, now=NOW, count=6000, seed=3) == past
    assert invent(scene, now=NOW, count=6000, seed=4) != past


def test_the_past_is_two_years_in_order_and_over(past: Past) -> None:
    opened = [incident.opened_at for incident in past[0]]
    assert opened == sorted(opened)
    assert timedelta(days=700) < opened[-1] - opened[0] < timedelta(days=731)
    assert all(one.opened_at < one.closed_at < NOW and one.state in ("closed", "cancelled") for one in past[0])


def test_evenings_are_busier_than_the_hours_before_dawn(past: Past) -> None:
    hours = Counter(incident.opened_at.astimezone(KAZAKHSTAN).hour for incident in past[0])
    assert hours[18] > 3 * hours[4]


def test_fights_belong_to_the_night_and_accidents_to_the_rush(past: Past) -> None:
    def share(category: str, *hours: int) -> float:
        then = [i for i in past[0] if i.opened_at.astimezone(KAZAKHSTAN).hour in hours]
        return sum(i.category == category for i in then) / len(then)

    assert share("assault", 22, 23, 0, 1) > share("assault", 9, 10, 11, 12)
    assert share("road_accident", 8, 18) > share("road_accident", 13, 14)


def test_a_few_places_see_much_more_than_the_rest(past: Past) -> None:
    places = Counter(incident.place for incident in past[0] if incident.category == "road_accident")
    busiest = sum(count for _, count in places.most_common(10))
    assert busiest > 3 * 10 * len(list(places.elements())) / len(places)


def test_accidents_happen_on_crossings_and_the_rest_at_houses(scene: Scene, past: Past) -> None:
    cross, houses = ({a.place: a.words for a in places} for places in (scene.crossings, scene.addresses))
    for incident in past[0]:
        if incident.category == "road_accident":
            assert cross[incident.place] == incident.address
        elif incident.category != "intrusion":
            assert houses[incident.place] == incident.address


def test_rejected_events_say_why_and_belong_to_no_incident(past: Past) -> None:
    rejected = [event for event in past[1] if event.state == "rejected"]
    assert rejected
    assert all(event.reason and event.incident is None for event in rejected)


def test_confirmed_events_stand_where_and_when_their_incident_began(past: Past) -> None:
    confirmed = [event for event in past[1] if event.state == "confirmed"]
    assert confirmed
    for event in confirmed:
        assert event.incident is not None
        incident = past[0][event.incident]
        assert (event.at, event.place, event.reason) == (incident.opened_at, incident.place, None)
        assert (event.camera_id, incident.category) == (9, "intrusion")


def test_a_city_without_houses_and_cameras_has_a_past_too(scene: Scene) -> None:
    bare = Scene(addresses=[], crossings=scene.crossings, cameras={}, priorities=scene.priorities)
    incidents, events, calls = invent(bare, now=NOW, count=200, seed=3)
    assert (len(incidents), events) == (200, [])
    assert {call.incident is None for call in calls} == {True, False}


def test_calls_of_the_past_are_over_and_those_nothing_came_of_say_why(past: Past) -> None:
    assert past[2]
    for call in past[2]:
        assert call.rang_at < call.answered_at < call.ended_at < NOW
        assert (call.incident is None) == (call.reason is not None)
        if call.incident is not None:
            incident = past[0][call.incident]
            assert (call.place, call.phone, call.category) == (incident.place, incident.caller_phone, incident.category)
            assert call.rang_at < incident.opened_at
