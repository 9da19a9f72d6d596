"""A planner asks how finely a ground is seen, reads what one camera sees, drags it, and hangs it otherwise."""

from typing import Any

import pytest

from tests.geo_server.api.test_coverage import As, Town, pose, reckoned

pytestmark = pytest.mark.anyio
__all__ = ["reckoned"]
HALF_M = 90


def ground(town: Town, half_m: float = HALF_M, **more: Any) -> dict[str, Any]:
    sides = [town.at(east, north) for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    middle = town.at(0, 0)
    for side in sides:
        for name, at in middle.items():
            side[name] = at + (side[name] - at) * half_m
    return {"corners": [[one["lon"], one["lat"]] for one in sides], **more}


async def of_camera(town: Town) -> int:
    return int((await town.sql("SELECT id FROM camera WHERE code = 'C'"))[0][0])


def hung(town: Town, **more: Any) -> dict[str, Any]:
    lens = {"height_m": 6.0, "heading_deg": 90.0, "hfov_deg": 60.0, "tilt_deg": 10.0}
    return {"place": town.at(0, 0), **lens, **more}


async def test_a_ground_is_told_by_classes_with_its_shares_and_gaps(reckoned: Town, as_: As) -> None:
    asked = ground(reckoned, cut="classes_2014", purpose="situation")
    answer = await as_("planner").post("/api/coverage/grounds", json=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [one["properties"]["name"] for one in told["features"]] == ["25", "62.5", "125"]
    assert told["cameras"] == 1 and told["cell_m"] == 2
    assert told["ground_m2"] == pytest.approx(4 * HALF_M**2, rel=0.03)
    schools = told["measures"]["situation"]["schools"]
    assert (schools["whole"], schools["seen"]) == (1, 0)
    assert told["gaps"][0]["schools"] == 1 and told["gaps"][0]["geometry"]["type"] == "Polygon"


async def test_a_ground_that_is_none_or_beyond_the_bound_is_refused_in_words(town: Town, as_: As) -> None:
    crossed = {"corners": [[76.9, 43.2], [76.91, 43.21], [76.91, 43.2], [76.9, 43.21]]}
    for body, code in ((crossed, "no_ground"), (ground(town, 6000), "ground_too_large")):
        refused = await as_("planner").post("/api/coverage/grounds", json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await as_("dispatcher").post("/api/coverage/grounds", json=crossed)).status_code == 403


async def test_a_camera_tells_what_it_sees_and_a_stranger_is_not_told(reckoned: Town, as_: As) -> None:
    path = f"/api/coverage/cameras/{await of_camera(reckoned)}"
    told = (await as_("planner").get(path, params={"cut": "classes_2014"})).json()
    assert (told["code"], told["unseeing"], told["reach"], told["presets"]) == ("C", None, None, 0)
    assert told["bands"][0]["properties"]["area_m2"] > 500 and told["blind_m"] > 5
    assert (await as_("planner").get("/api/coverage/cameras/999999")).json()["code"] == "no_such_camera"
    await reckoned.sql("UPDATE camera SET heading_deg = NULL")
    assert (await as_("planner").get(path)).json()["unseeing"] == "no_heading"


async def test_a_drag_tells_what_is_gained_and_lost(reckoned: Town, as_: As) -> None:
    more = {"heading_deg": 180.0, "instead_of": await of_camera(reckoned), "purpose": "situation"}
    change = (await as_("planner").post("/api/coverage/views", json=pose(reckoned, **more))).json()["change"]
    assert change["gained_m2"] == pytest.approx(change["lost_m2"], rel=0.05) and change["gained_m2"] > 500
    assert change["gained_weight"] >= 5 and change["lost_weight"] < 1  # the school to the south
    unknown = await as_("planner").post("/api/coverage/views", json=pose(reckoned, **{**more, "instead_of": 10**9}))
    assert unknown.json()["code"] == "no_such_camera"


async def test_a_gap_names_the_nearest_thing_to_hang_a_camera_on(reckoned: Town, as_: As) -> None:
    gaps = (await as_("planner").get("/api/coverage/gaps")).json()["gaps"]
    assert gaps[0]["hang"] is None  # nothing stands there
    lon, lat = gaps[0]["place"]["lon"], gaps[0]["place"]["lat"]
    await reckoned.sql("UPDATE camera SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)", lon=lon, lat=lat + 0.0005)
    hang = (await as_("planner").get("/api/coverage/gaps")).json()["gaps"][0]["hang"]
    assert (hang["kind"], hang["name"]) == ("pole", "C") and hang["away_m"] == pytest.approx(55.6, abs=0.3)
    local = gaps[0]["area_id"]
    some = (await as_("planner").get("/api/coverage/gaps", params={"area": local})).json()["gaps"]
    assert some and {one["area_id"] for one in some} == {local}


async def test_a_camera_hangs_otherwise_and_the_record_tells_how_it_hung(reckoned: Town, as_: As) -> None:
    camera = await of_camera(reckoned)
    answer = await as_("planner").put(f"/api/cameras/{camera}/pose", json=hung(reckoned, place=reckoned.at(10, 0)))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"id": camera, "lost": []}
    ((heading, lon),) = await reckoned.sql("SELECT heading_deg, ST_X(geom) FROM camera WHERE code = 'C'")
    assert heading == 90 and lon == pytest.approx(reckoned.at(10, 0)["lon"])
    ((details,),) = await reckoned.sql("SELECT details FROM audit WHERE operation = 'cameras.hang' ORDER BY id DESC")
    assert (details["was"]["heading_deg"], details["is"]["heading_deg"]) == (0, 90)
    ((stirred,),) = await reckoned.sql("SELECT count(*) FROM coverage_tile WHERE stirred_at IS NOT NULL")
    assert stirred > 0


async def test_a_good_calibration_is_lost_by_nobody_who_does_not_know_it(reckoned: Town, as_: As) -> None:
    camera = await of_camera(reckoned)
    await reckoned.sql("UPDATE camera SET calibration = 'good', calibration_error_m = 0.3, control_points = '[{}]'")
    await reckoned.sql(
        """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en, heading_deg, calibration)
           VALUES (:camera, 'gate', 'a', 'b', 'c', 12, 'good')""",
        camera=camera,
    )
    path, planner = f"/api/cameras/{camera}/pose", as_("planner")
    refused = await planner.put(path, json=hung(reckoned))
    assert (refused.status_code, refused.json()["code"]) == (409, "calibration_would_be_lost")
    turned = await planner.put(path, json=hung(reckoned, loses_calibration=True))
    assert turned.json()["lost"] == [None]
    ((state, points, error),) = await reckoned.sql(
        "SELECT calibration, control_points, calibration_error_m FROM camera WHERE code = 'C'"
    )
    assert (state, points, error) == ("none", [], None)
    raised = await planner.put(path, json=hung(reckoned, height_m=7.0, loses_calibration=True))
    assert raised.json()["lost"] == ["gate"]
    ((state, heading),) = await reckoned.sql("SELECT calibration, heading_deg FROM camera_preset")
    assert (state, heading) == ("none", 12)


async def test_who_may_not_or_is_of_another_area_hangs_nothing(reckoned: Town, as_: As) -> None:
    path = f"/api/cameras/{await of_camera(reckoned)}/pose"
    assert (await as_("dispatcher").put(path, json=hung(reckoned))).status_code == 403
    away = {"lon": reckoned.elsewhere.lon, "lat": reckoned.elsewhere.lat}  # type: ignore[attr-defined]
    refused = await as_("local commander").put(path, json=hung(reckoned, place=away))
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_your_area")
    lost = await as_("planner").put(path, json=hung(reckoned, preset="nowhere"))
    assert (lost.status_code, lost.json()["code"]) == (404, "no_such_preset")
