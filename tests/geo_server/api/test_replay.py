"""The past over HTTP: as it stood, as far as it is seen, and nobody rewrites it."""

import json
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.values import LonLat
from tests.access.world import PHONES

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
Told = dict[str, Any]


class Town(Protocol):
    engine: AsyncEngine
    app: Any
    middle: LonLat
    elsewhere: LonLat
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def now() -> datetime:
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    return at.isoformat()


async def opened(as_: As, town: Town) -> int:
    return await opened_at(as_, town.at(10, 10))


async def opened_at(as_: As, place: dict[str, float]) -> int:
    answer = await as_("dispatcher").post("/api/incidents", json={"category": "fire", "place": place})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def sent(as_: As, town: Town, incident: int, sign: str = "102-0") -> int:
    body = {"units": [town.units[sign]]}
    answer = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["dispatches"][0]["id"])


async def advanced(as_: As, dispatch: int, *steps: str) -> None:
    for status in steps:
        body = {"status": status, "means": "dispatcher"}
        answer = await as_("dispatcher").post(f"/api/dispatches/{dispatch}/status", json=body)
        assert answer.status_code == 200, answer.text


async def replayed(as_: As, who: str, since: datetime, until: datetime | None = None, **more: str | int) -> Told:
    asked = {"from": stamp(since), "to": stamp(until or now()), **more}
    answer = await as_(who).get("/api/replay", params=asked)
    assert answer.status_code == 200, answer.text
    told: Told = answer.json()
    return told


def of_unit(told: Told, sign: str) -> list[str]:
    n = told["units"]["call_sign"].index(sign)
    states = told["unit_states"]
    return [status for unit, status in zip(states["unit"], states["status"], strict=True) if unit == n]


def of_incident(told: Told, id: int) -> list[str]:
    n = told["incidents"]["id"].index(id)
    states = told["incident_states"]
    return [state for incident, state in zip(states["incident"], states["state"], strict=True) if incident == n]


async def test_units_incidents_and_dispatches_stand_as_they_stood(town: Town, as_: As) -> None:
    began = now()
    incident = await opened(as_, town)
    dispatch = await sent(as_, town, incident)
    await advanced(as_, dispatch, "acknowledged", "enroute")
    middle = now()
    await advanced(as_, dispatch, "onscene", "clear")
    whole = await replayed(as_, "dispatcher", began)
    assert of_unit(whole, "102-0") == ["free", "dispatched", "acknowledged", "enroute", "onscene", "free"]
    assert of_incident(whole, incident) == ["pending", "assigned", "enroute", "onscene"]
    assert whole["dispatch_states"]["status"] == ["dispatched", "acknowledged", "enroute", "onscene", "clear"]
    assert whole["dispatches"] == {
        "id": [dispatch], "incident_id": [incident], "unit_id": [town.units["102-0"]]
    }  # fmt: skip
    first = await replayed(as_, "dispatcher", began, middle)
    assert of_unit(first, "102-0") == ["free", "dispatched", "acknowledged", "enroute"]
    assert first["dispatch_states"]["status"] == ["dispatched", "acknowledged", "enroute"]


async def asked(as_: As, path: str, **body: Any) -> Told:
    answer = await as_("dispatcher").post(f"/api/incidents/{path}", json={"reason": "a test", **body})
    assert answer.is_success, answer.text
    told: Told = answer.json()
    return told


def owners(told: Told, what: str, id: int) -> list[int | None]:
    """Whose it was, one after the other, in what was told."""
    moves, listed = told["moves"], told[{"event": "events", "call": "calls", "dispatch": "dispatches"}[what]]
    rows = zip(moves["what"], moves["id"], moves["incident_id"], strict=True)
    return [of for kind, one, of in rows if (kind, one) == (what, id)] + [listed["incident_id"][listed["id"].index(id)]]


async def with_everything(as_: As, town: Town) -> tuple[int, dict[str, int]]:
    """An incident of a call, with an event and a dispatch, and the ids of what belongs to it."""
    rung = await as_("dispatcher").post("/api/calls", json={"phone": PHONE, "said": "Өрт"})
    call = int(rung.json()["id"])
    answer = await as_("dispatcher").post(
        f"/api/calls/{call}/incident", json={"category": "fire", "place": town.at(10, 10)}
    )
    assert answer.is_success, answer.text
    incident = int(answer.json()["id"])
    event = await town.event()
    answer = await as_("dispatcher").post(f"/api/events/{event}/confirm", json={"join": incident})
    assert answer.is_success, answer.text
    return incident, {"call": call, "event": event, "dispatch": await sent(as_, town, incident)}


async def test_before_a_merge_and_after_it_was_undone_each_belongs_to_its_own(town: Town, as_: As) -> None:
    began = now()
    one, had = await with_everything(as_, town)
    stands, before = await opened(as_, town), now()
    await asked(as_, f"{one}/merge", into_id=stands)
    merged = now()
    await asked(as_, f"{one}/split")
    await sent(as_, town, stands, "102-1")
    whole, first = await replayed(as_, "dispatcher", began), await replayed(as_, "dispatcher", began, before)
    between, after = await replayed(as_, "dispatcher", began, merged), await replayed(as_, "dispatcher", now())
    assert first["moves"]["id"] == after["moves"]["id"] == []
    for what, id in had.items():
        assert (owners(whole, what, id), owners(first, what, id)) == ([one, stands, one], [one])
        assert owners(between, what, id) == [one, stands]
    assert owners(after, "dispatch", had["dispatch"]) == [one]
    until = whole["moves"]["until"]
    assert before.timestamp() * 1000 < min(until) < merged.timestamp() * 1000 < max(until)


async def test_through_a_chain_of_merges_each_belongs_where_it_was(town: Town, as_: As) -> None:
    began = now()
    one, had = await with_everything(as_, town)
    second, third = await opened(as_, town), await opened(as_, town)
    for gone, into in ((one, second), (second, third)):
        await asked(as_, f"{gone}/merge", into_id=into)
    between = now()
    for gone in (one, second):
        await asked(as_, f"{gone}/split")
    whole, first = await replayed(as_, "dispatcher", began), await replayed(as_, "dispatcher", began, between)
    for what, id in had.items():
        assert owners(whole, what, id) == [one, second, third, one]
        assert owners(first, what, id) == [one, second, third]


async def test_nothing_belongs_to_an_incident_before_it_was_decided_so(town: Town, as_: As) -> None:
    began, event = now(), await town.event()
    call = int((await as_("dispatcher").post("/api/calls", json={"phone": PHONE, "said": "Өрт"})).json()["id"])
    before = now()
    opens = {"category": "fire", "place": town.at(10, 10)}
    opened = (await as_("dispatcher").post(f"/api/calls/{call}/incident", json=opens)).json()["id"]
    await as_("dispatcher").post(f"/api/events/{event}/confirm", json={"join": opened})
    then, whole = await replayed(as_, "dispatcher", began, before), await replayed(as_, "dispatcher", began)
    assert owners(then, "call", call) == owners(then, "event", event) == [None]
    assert (then["events"]["state"], then["events"]["decided_at"]) == (["new"], [None])
    assert owners(whole, "call", call) == owners(whole, "event", event) == [opened]
    await asked(as_, f"{opened}/merge", into_id=await opened_at(as_, town.at(20, 20)))
    merged = await replayed(as_, "dispatcher", began, before)
    assert owners(merged, "call", call)[-1] is None and owners(merged, "event", event)[-1] is None


async def test_what_was_split_off_belongs_to_the_first_before(town: Town, as_: As) -> None:
    began = now()
    one, had = await with_everything(as_, town)
    before = now()
    new = (await asked(as_, f"{one}/split", call_ids=[had["call"]]))["id"]
    whole, first = await replayed(as_, "dispatcher", began), await replayed(as_, "dispatcher", began, before)
    assert owners(whole, "call", had["call"]) == [one, new] and owners(first, "call", had["call"]) == [one]
    assert owners(whole, "dispatch", had["dispatch"]) == [one] and new not in first["incidents"]["id"]
    assert (await replayed(as_, "stranger", began))["moves"]["id"] == []
    assert "call" not in (await replayed(as_, "planner", began))["moves"]["what"]


async def test_of_a_box_a_unit_is_told_whose_incident_was_in_it_before_the_merge(town: Town, as_: As) -> None:
    began = now()
    one, had = await with_everything(as_, town)
    far = await opened_at(as_, town.at(450, 450))
    await asked(as_, f"{one}/merge", into_id=far)
    told = await replayed(as_, "dispatcher", began, bbox=around(town.at(10, 10)))
    assert told["incidents"]["id"] == [one] and owners(told, "dispatch", had["dispatch"]) == [one, far]


async def test_what_came_later_is_not_of_that_time(town: Town, as_: As) -> None:
    before = now()
    await opened(as_, town)
    told = await replayed(as_, "dispatcher", before - timedelta(hours=1), before)
    assert told["incidents"]["id"] == []
    assert of_unit(told, "102-0") == ["free"]


async def test_an_event_is_new_until_it_was_decided(town: Town, as_: As) -> None:
    began = now()
    event = await town.event()
    answer = await as_("dispatcher").post(f"/api/events/{event}/reject", json={"reason": "a cat"})
    assert answer.status_code == 200, answer.text
    told = (await replayed(as_, "dispatcher", began))["events"]
    assert told["id"] == [event] and told["state"] == ["rejected"]
    assert told["received_at"][0] < told["decided_at"][0]
    later = await replayed(as_, "dispatcher", now())
    assert later["events"]["id"] == []


async def test_an_incident_that_closed_before_changes_were_kept_stands_by_its_times(town: Town, as_: As) -> None:
    asked = """INSERT INTO incident (number, category, priority, state, opened_at, closed_at, opened_by, geom)
        VALUES ('26-1', 'fire', 1, 'closed', now() - interval '3 h', now() - interval '2 h', 'x',
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    ((incident,),) = await town.sql(asked, **town.at(0, 0))
    told = await replayed(as_, "dispatcher", now() - timedelta(hours=4))
    assert of_incident(told, incident) == ["pending", "closed"]
    after = await replayed(as_, "dispatcher", now() - timedelta(hours=1))
    assert after["incidents"]["id"] == []


async def test_one_of_another_area_sees_nothing_of_it(town: Town, as_: As) -> None:
    began = now()
    incident = await opened(as_, town)
    await sent(as_, town, incident)
    await town.event()
    told = await replayed(as_, "stranger", began)
    assert told["units"]["id"] == told["events"]["id"] == told["incidents"]["id"] == told["dispatches"]["id"] == []


async def test_a_unit_that_has_left_is_named_for_the_time_it_was_here(town: Town, as_: As) -> None:
    began = now()
    away = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    asked = "UPDATE unit SET area_id = area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) WHERE id = :id"
    await town.sql(asked, id=town.units["102-3"], **away)
    left = now()
    assert "102-3" in (await replayed(as_, "dispatcher", began))["units"]["call_sign"]
    assert "102-3" not in (await replayed(as_, "dispatcher", left))["units"]["call_sign"]
    assert "102-3" in (await replayed(as_, "stranger", left))["units"]["call_sign"]


async def test_the_first_part_of_a_day_tells_how_it_began_and_nothing_of_the_rest(town: Town, as_: As) -> None:
    incident = await opened(as_, town)
    dispatch = await sent(as_, town, incident)
    ends = now()
    await advanced(as_, dispatch, "acknowledged", "enroute")
    await town.event()
    await rang(town, now())
    part = await replayed(as_, "dispatcher", ends - timedelta(seconds=10), seconds=10)
    assert datetime.fromisoformat(part["until"]) == ends < datetime.fromisoformat(part["to"])
    assert of_unit(part, "102-0") == ["free", "dispatched"]
    assert of_incident(part, incident) == ["pending", "assigned"]
    assert part["dispatch_states"]["status"] == ["dispatched"]
    assert part["events"]["id"] == part["calls"]["id"] == []
    early = await replayed(as_, "dispatcher", ends - timedelta(hours=20), seconds=60)
    assert of_unit(early, "102-0") == ["free"] and early["incidents"]["id"] == early["dispatches"]["id"] == []


async def test_a_part_begins_with_how_everything_stands_at_its_beginning(town: Town, as_: As) -> None:
    incident = await opened(as_, town)
    dispatch = await sent(as_, town, incident)
    await advanced(as_, dispatch, "acknowledged", "enroute")
    call = await rang(town, now(), answered=0)
    later = await replayed(as_, "dispatcher", now())
    assert of_unit(later, "102-0") == ["enroute"] and of_incident(later, incident)[-1] == "enroute"
    assert later["dispatches"]["id"] == [dispatch] and later["dispatch_states"]["status"][-1] == "enroute"
    assert later["calls"]["id"] == [call]


async def test_a_part_that_is_longer_than_its_interval_ends_with_it(town: Town, as_: As) -> None:
    told = await replayed(as_, "dispatcher", now() - timedelta(hours=2), now() - timedelta(hours=1), seconds=7200)
    assert told["until"] == told["to"]


# ── within a box ──


def around(place: dict[str, float], metres: float = 200) -> str:
    """A box with its middle there: west,south,east,north."""
    lon, lat = metres / 81_000, metres / 111_195
    return f"{place['lon'] - lon},{place['lat'] - lat},{place['lon'] + lon},{place['lat'] + lat}"


async def test_within_a_box_stands_what_was_in_it(town: Town, as_: As) -> None:
    began = now()
    near, far = await opened(as_, town), await opened_at(as_, town.at(450, 450))
    await sent(as_, town, near, "102-0")
    away = await sent(as_, town, far, "102-1")
    event, _ = await town.event(), await town.event(place=town.at(450, 450))
    call = await rang(town, began, places=[(0, "aml", town.at(0, 0), 40)])
    await rang(town, began, places=[(0, "aml", town.at(450, 450), 40)])
    told = await replayed(as_, "dispatcher", began, bbox=around(town.at(10, 10)))
    assert (told["incidents"]["id"], told["events"]["id"], told["calls"]["id"]) == ([near], [event], [call])
    assert told["dispatches"]["incident_id"] == [near] and away not in told["dispatches"]["id"]


async def test_an_incident_that_moved_stands_in_both_boxes(town: Town, as_: As) -> None:
    began = now()
    incident = await opened(as_, town)
    body = {"place": town.at(450, 450), "reason": "the caller was wrong"}
    answer = await as_("dispatcher").post(f"/api/incidents/{incident}/place", json=body)
    assert answer.status_code == 200, answer.text
    moved = now()
    for place, since, there in (
        (town.at(10, 10), began, True), (town.at(450, 450), began, True), (town.at(10, 10), moved, False),
    ):  # fmt: skip
        told = await replayed(as_, "dispatcher", since, bbox=around(place))
        assert (incident in told["incidents"]["id"]) is there


async def test_of_a_box_the_whole_way_is_told_of_who_was_in_it(town: Town, as_: As) -> None:
    start = now() - timedelta(minutes=20)
    await drove(town, "102-0", start, 1, 300)  # 300 m to the east
    await drove(town, "102-1", start, 1, 20)
    box = around({"lon": town.middle.lon + 290 * 0.00001, "lat": town.middle.lat}, 20)
    found = await frame(as_, "dispatcher", start, 600, bbox=box)
    assert list(found) == [town.units["102-0"]] and len(found[town.units["102-0"]]) > 50
    assert await frame(as_, "dispatcher", start, 600, bbox="10,10,11,11") == {}


@pytest.mark.parametrize("path", ["/api/replay?from={at}&to={end}", "/api/replay/tracks?at={at}"])
async def test_what_is_no_box_is_refused(town: Town, as_: As, path: str) -> None:
    at, end = (stamp(one).replace("+", "%2B") for one in (now() - timedelta(hours=1), now()))
    answer = await as_("dispatcher").get(path.format(at=at, end=end) + "&bbox=76,43,77,99")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_bbox")


# ── calls ──

PHONE = f"+{PHONES[0]}"
Located = tuple[float, str, dict[str, float] | None, float | None]


async def rang(
    town: Town,
    at: datetime,
    *,
    answered: float | None = None,
    ended: float | None = None,
    places: Sequence[Located] = (),
) -> int:
    """Write a call that rang then; when it was answered, ended and placed is seconds later."""
    last = places[-1] if places and places[-1][2] else (0, "none", None, None)
    row = {
        "at": at, "answered": answered, "ended": ended, "state": "ringing", "phone": PHONE, "by": last[1],
        "radius": last[3], "lon": None, "lat": None, **(last[2] or {}),
    }  # fmt: skip
    row["state"] = "ended" if ended is not None else "answered" if answered is not None else "ringing"
    asked = """INSERT INTO call (home_area_id, state, rang_at, answered_at, ended_at, outcome, line, phone, caller_name,
                                 said, radius_m, placed_by, geom)
        SELECT id, :state, :at, CAST(:at AS timestamptz) + make_interval(secs => :answered),
               CAST(:at AS timestamptz) + make_interval(secs => :ended),
               CASE WHEN :state = 'ended' THEN 'no_action' END, '112', :phone, 'Айгүл Омарова', 'Көмектесіңіз', :radius,
               :by, ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326)
          FROM area WHERE code = 'KZ-75-MED' RETURNING id"""
    ((call,),) = await town.sql(asked, **row)
    told = """INSERT INTO call_entry (call_id, kind, who, at, details) VALUES (:call, 'located', 'x',
        CAST(:at AS timestamptz) + make_interval(secs => :after), CAST(:told AS jsonb))"""
    for after, by, place, radius_m in places:
        said = {"by": by, **({**place, "radius_m": radius_m} if place else {})}
        await town.sql(told, call=call, at=at, after=after, told=json.dumps(said))
    return int(call)


def of_call(told: Told, call: int) -> list[tuple[str, str, float | None]]:
    n, states = told["calls"]["id"].index(call), told["call_states"]
    columns = (states[name] for name in ("call", "state", "placed_by", "radius_m"))
    return [row[1:] for row in zip(*columns, strict=True) if row[0] == n]


async def test_a_call_stands_as_it_stood_and_its_circle_as_it_was_known(town: Town, as_: As) -> None:
    began = now() - timedelta(minutes=10)
    places: list[Located] = [
        (5, "aml", town.at(0, 0), 400),
        (12, "aml", town.at(5, 5), 30),
        (40, "click", town.at(6, 6), None),
    ]
    call = await rang(town, began, answered=20, ended=90, places=places)
    whole = await replayed(as_, "dispatcher", began - timedelta(minutes=1))
    assert of_call(whole, call) == [
        ("ringing", "none", None), ("ringing", "aml", 400), ("ringing", "aml", 30), ("answered", "aml", 30),
        ("answered", "click", None), ("ended", "click", None),
    ]  # fmt: skip
    assert whole["calls"]["line"] == ["112"] and whole["call_states"]["lon"][0] is None
    assert whole["call_states"]["lat"][1] == pytest.approx(town.middle.lat, abs=1e-6)
    first = await replayed(as_, "dispatcher", began - timedelta(seconds=6), seconds=10)
    assert of_call(first, call) == [("ringing", "none", None)]  # where it was, nobody knew by then
    after = await replayed(as_, "dispatcher", began + timedelta(minutes=2))
    assert after["calls"]["id"] == []


async def test_a_call_that_a_dispatcher_wrote_down_stands_where_they_pointed(town: Town, as_: As) -> None:
    began = now()
    body = {"phone": PHONE, "said": "Өрт", "place": town.at(30, 0), "placed_by": "click", "radius_m": 25}
    answer = await as_("dispatcher").post("/api/calls", json=body)
    assert answer.status_code == 201, answer.text
    told = await replayed(as_, "dispatcher", began)
    assert of_call(told, answer.json()["id"])[-1] == ("answered", "click", 25)


async def test_who_rang_and_what_was_said_stands_in_no_replay(town: Town, as_: As) -> None:
    began = now()
    await rang(town, began, places=[(0, "aml", town.at(0, 0), 30)])
    for who in ("dispatcher", "commander"):
        told = await replayed(as_, who, began)
        assert len(told["calls"]["id"]) == 1
        assert not any(word in str(told) for word in (PHONES[0], "Омарова", "Көмектесіңіз"))


async def test_calls_of_the_past_are_for_those_who_see_calls(town: Town, as_: As) -> None:
    began = now()
    await rang(town, began, places=[(0, "aml", town.at(0, 0), 30)])
    for who in ("planner", "stranger"):
        told = await replayed(as_, who, began)
        assert told["calls"]["id"] == told["call_states"]["call"] == []


# ── where the units drove ──


async def drove(town: Town, sign: str, first: datetime, every_s: float, many: int, *, away: bool = False) -> None:
    """Write fixes that go east by a metre each."""
    for day in {first.date(), (first + timedelta(seconds=every_s * many)).date()}:
        await town.sql("SELECT make_track_day(:day)", day=day)
    spot = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat} if away else town.at(0, 0)
    asked = """INSERT INTO track (unit_id, at, received_at, speed_kmh, heading_deg, geom, area_id)
        SELECT :id, CAST(:first AS timestamptz) + make_interval(secs => n * :every), now(), 36, 90, geom, area_of(geom)
          FROM generate_series(0, :many - 1) n,
               LATERAL (SELECT ST_SetSRID(ST_MakePoint(:lon + n * 0.00001, :lat), 4326) AS geom) spot"""
    values = {"id": town.units[sign], "first": first, "every": every_s, "many": many}
    await town.sql(asked, **values, **spot)


async def frame(
    as_: As, who: str, at: datetime, seconds: int, **more: str
) -> dict[int, list[tuple[float, float, float]]]:
    """Each unit's fixes: seconds from the first moment, longitude, latitude."""
    answer = await as_(who).get("/api/replay/tracks", params={"at": stamp(at), "seconds": seconds, **more})
    assert answer.status_code == 200, answer.text
    magic, kind, _, units, count, first_s = struct.unpack_from("<IHHIId", answer.content)
    assert (magic.to_bytes(4, "little"), kind, round(first_s, 3)) == (b"QYP1", 1, round(at.timestamp(), 3))
    assert len(answer.content) == 24 + 8 * units + 14 * count
    ids = np.frombuffer(answer.content, "<u4", units, 24)
    counts = np.frombuffer(answer.content, "<u4", units, 24 + 4 * units)
    columns = [np.frombuffer(answer.content, "<i4", count, 24 + 8 * units + 4 * n * count) for n in range(3)]
    rows = list(
        zip((columns[0] / 1000).tolist(), (columns[1] / 1e7).tolist(), (columns[2] / 1e7).tolist(), strict=True)
    )
    found, start = {}, 0
    for id, many in zip(ids.tolist(), counts.tolist(), strict=True):
        found[id] = rows[start : start + many]
        start += many
    return found


async def test_a_frame_begins_with_where_each_unit_was_and_then_tells_one_fix_a_step(town: Town, as_: As) -> None:
    start = now() - timedelta(hours=2)
    await drove(town, "102-0", start, 1, 600)
    begin = start + timedelta(seconds=100.5)
    minute = (await frame(as_, "dispatcher", begin, 60))[town.units["102-0"]]
    assert [row[0] for row in minute] == [-0.5, *(n + 0.5 for n in range(60))]
    assert minute[0][1] == pytest.approx(town.middle.lon + 100 * 0.00001, abs=1e-7)
    longer = (await frame(as_, "dispatcher", begin, 360))[town.units["102-0"]]
    assert [row[0] for row in longer] == [-0.5, *(3 * n + 0.5 for n in range(120))]


async def test_of_several_fixes_in_a_second_the_first_is_told(town: Town, as_: As) -> None:
    start = now() - timedelta(hours=2)
    await drove(town, "102-0", start, 0.25, 400)
    told = (await frame(as_, "dispatcher", start + timedelta(seconds=10.1), 60))[town.units["102-0"]]
    assert [row[0] for row in told] == pytest.approx([-0.1, *(n + 0.15 for n in range(60))])


async def test_a_unit_silent_for_longer_than_ten_minutes_is_nowhere(town: Town, as_: As) -> None:
    start = now() - timedelta(hours=2)
    await drove(town, "102-1", start, 1, 1)
    assert town.units["102-1"] in await frame(as_, "dispatcher", start + timedelta(minutes=9), 60)
    assert town.units["102-1"] not in await frame(as_, "dispatcher", start + timedelta(minutes=11), 60)


async def test_where_a_unit_drove_in_another_area_is_not_seen(town: Town, as_: As) -> None:
    start = now() - timedelta(minutes=30)
    await drove(town, "102-2", start, 10, 30)
    await drove(town, "102-2", start + timedelta(minutes=6), 10, 30, away=True)
    here = (await frame(as_, "dispatcher", start, 900))[town.units["102-2"]]
    whole = (await frame(as_, "commander", start, 900))[town.units["102-2"]]
    assert len(whole) > len(here) > 0
    assert max(row[0] for row in here) < 300
    assert await frame(as_, "stranger", start, 300) == {}


@pytest.mark.parametrize("since, until", [(1, 2), (-1, -3), (-24 * 40, 0)])
async def test_what_is_no_past_interval_is_refused(town: Town, as_: As, since: float, until: float) -> None:
    asked = {"from": stamp(now() + timedelta(hours=since)), "to": stamp(now() + timedelta(hours=until))}
    answer = await as_("dispatcher").get("/api/replay", params=asked)
    assert answer.status_code == 400 and answer.json()["code"] == "wrong_interval"


async def test_each_look_at_the_past_is_told_in_the_audit_and_not_every_role_has_it(town: Town, as_: As) -> None:
    began = now() - timedelta(minutes=5)
    await replayed(as_, "planner", began)
    await frame(as_, "planner", began, 60)
    await frame(as_, "planner", began, 120)
    answer = await as_("administrator").get("/api/replay", params={"from": stamp(began), "to": stamp(now())})
    assert answer.status_code == 403
    asked = "SELECT operation, outcome, details FROM audit WHERE operation LIKE 'replay.%' ORDER BY id"
    told = await town.sql(asked)
    assert [(row.operation, row.outcome) for row in told] == [
        ("replay.open", "done"), ("replay.tracks", "done"), ("replay.tracks", "done"), ("replay.open", "refused"),
    ]  # fmt: skip
    assert told[2].details == {"at": stamp(began), "seconds": 120}
    await replayed(as_, "dispatcher", began, seconds=60, bbox="76,43,77,44")
    (last,) = await town.sql("SELECT details FROM audit ORDER BY id DESC LIMIT 1")
    assert {name: last.details[name] for name in ("seconds", "bbox")} == {"seconds": 60, "bbox": "76,43,77,44"}


PROTECTED = (
    "incident_entry", "dispatch_entry", "unit_version", "incident_version", "call_entry", "incident_place",
    "notice_attempt", "incident_import", "incident_import_later",
)  # fmt: skip


async def test_nobody_rewrites_the_record(town: Town, as_: As) -> None:
    incident, _ = await with_everything(as_, town)
    body = {"place": town.at(450, 450), "reason": "the caller was wrong"}
    assert (await as_("dispatcher").post(f"/api/incidents/{incident}/place", json=body)).is_success
    await tried(town, incident)
    imported = """INSERT INTO incident_import (incident_id, uid, sender, document, sha256, taken_by)
        VALUES (:id, 'u', 'x', '{}', 'x', 'x')"""
    later = "INSERT INTO incident_import_later (incident_id, document, sha256, taken_by) VALUES (:id, '{}', 'x', 'x')"
    for one in (imported, later):
        await town.sql(one, id=incident)
    for table in PROTECTED:
        assert await town.sql(f"SELECT 1 FROM {table}"), table
        of = "incident_id = incident_id" if table == "incident_import" else "id = id"
        for asked in (f"UPDATE {table} SET {of}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            await refused(town, asked)


async def refused(town: Town, asked: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with town.engine.begin() as session:  # as the store's owner, past every grant
            await session.execute(text(asked))


async def tried(town: Town, incident: int) -> int:
    """A try to tell of an incident that has not ended."""
    ((attempt,),) = await town.sql(
        """WITH n AS (
        INSERT INTO notice (chain_id, step, incident_id, priority, to_kind, to_id, to_name, channel, address, language,
            subject, body, short, expires_at)
        SELECT id, 0, incident_id, 1, 'unit', 1, '102-0', 'crew_page', '', 'kk', '', '', '', now()
          FROM notice_chain WHERE incident_id = :id LIMIT 1 RETURNING id)
        INSERT INTO notice_attempt (notice_id) SELECT id FROM n RETURNING id""",
        id=incident,
    )
    return int(attempt)


async def test_a_try_to_tell_is_ended_once_and_nothing_else_of_it_changes(town: Town, as_: As) -> None:
    incident = await opened(as_, town)
    await sent(as_, town, incident)
    attempt = await tried(town, incident)
    ends = f"UPDATE notice_attempt SET ended_at = now(), outcome = 'sent'{{}} WHERE id = {attempt}"
    await refused(town, ends.format(", at = now() - interval '1 day'"))
    await refused(town, f"UPDATE notice_attempt SET code = 'x' WHERE id = {attempt}")
    await town.sql(ends.format(""))
    await refused(town, ends.format(", code = 'x'"))
