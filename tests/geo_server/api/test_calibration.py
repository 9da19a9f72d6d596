"""Cameras are calibrated by people: a draft is answered at once, what is stored is told, and one picture is shown."""

import base64
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import numpy as np
import pytest

from geo_server.api import calibration
from layers.sight.ground import from_metres
from layers.sight.sight import Sight, looking
from layers.values import LonLat

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
WHY = {"X-Qyran-Purpose": "reason:calibrating%20it"}
SIZE = {"width_px": 1920, "height_px": 1080}
SIGHT = Sight(eye=np.array([0.0, 0.0, 8.0]), turn=looking(0.5, 0.26, 0.0), focal_px=1400.0, size_px=(1920, 1080))
PIXELS = [[200, 500], [960, 400], [1700, 480], [400, 800], [1500, 850], [960, 650], [700, 330], [1300, 950]]


class Town(Protocol):
    elsewhere: LonLat

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def put_up(town: Town, code: str = "C-1", place: dict[str, float] | None = None, kind: str = "fixed") -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, geom)
        VALUES (:code, 'к', 'р', 'e', 'rtsp://x', 'rtsp', :kind, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        RETURNING id"""
    ((camera_id,),) = await town.sql(asked, code=code, kind=kind, **(place or town.at(0, 0)))
    return int(camera_id)


def marks(town: Town, count: int = 8) -> list[dict[str, float]]:
    origin = LonLat(**town.at(0, 0))
    places = [from_metres(origin, spot) for spot in SIGHT.ground_of(np.array(PIXELS[:count], np.float64))]
    return [{"x": x, "y": y, "lon": p.lon, "lat": p.lat} for (x, y), p in zip(PIXELS, places, strict=False)]


async def test_a_draft_tells_the_pose_the_residuals_and_what_to_draw_and_stores_nothing(town: Town, as_: As) -> None:
    camera_id = await put_up(town)
    asked = {**SIZE, "points": marks(town)}
    answer = await as_("planner").post(f"/api/cameras/{camera_id}/calibration/draft", json=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["pose"]["height_m"] == pytest.approx(8, abs=0.1)
    assert told["pose"]["heading_deg"] == pytest.approx(math.degrees(0.5), abs=0.2)
    assert len(told["points"]) == 8 and told["median_m"] < 0.5 and not any(p["suspect"] for p in told["points"])
    assert [one["distance_m"] for one in told["rings"]] == [10, 25, 50, 100]
    assert told["rings"][1]["pixels"] and told["rings"][1]["ellipse_m"] > 0
    assert told["horizon"] and told["field"][0] == told["field"][-1]
    stored = (await as_("planner").get(f"/api/cameras/{camera_id}/calibration")).json()
    assert (stored["views"][0]["calibration"], stored["field"]) == ("none", [])


async def test_what_is_stored_is_good_named_and_audited_and_the_bell_rings(town: Town, as_: As) -> None:
    camera_id = await put_up(town)
    await town.sql("UPDATE camera SET calibration = 'broken' WHERE id = :id", id=camera_id)
    body = {**SIZE, "points": marks(town), "range_m": 90}
    answer = await as_("commander").put(f"/api/cameras/{camera_id}/calibration", json=body)
    assert answer.status_code == 200, answer.text
    (view,) = answer.json()["views"]
    assert (view["calibration"], view["calibrated_by"], view["range_m"]) == ("good", "commander", 90)
    assert view["calibrated_at"] and view["error_m"] < 0.5 and len(view["points"]) == 8
    assert view["hfov_deg"] == pytest.approx(68.9, abs=0.5) and answer.json()["field"]
    ((told,),) = await town.sql(
        "SELECT count(*) FROM change WHERE layer = 'cameras' AND feature_id = :id", id=camera_id
    )
    assert told == 1
    ((details,),) = await town.sql(
        "SELECT details FROM audit WHERE operation = 'cameras.calibrate' ORDER BY id DESC LIMIT 1"
    )
    assert details["points"] == 8


async def test_a_preset_is_calibrated_by_itself(town: Town, as_: As) -> None:
    camera_id = await put_up(town, kind="ptz")
    await town.sql(
        "INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en) VALUES (:id, 'gate', 'қ', 'в', 'g')",
        id=camera_id,
    )
    body = {**SIZE, "points": marks(town), "preset": "gate"}
    answer = await as_("planner").put(f"/api/cameras/{camera_id}/calibration", json=body)
    assert answer.status_code == 200, answer.text
    own, gate = answer.json()["views"]
    assert (own["calibration"], gate["calibration"], gate["preset"]) == ("none", "good", "gate")
    assert answer.json()["field"] == []  # nobody knows at which preset it stands
    await town.sql("UPDATE camera SET preset = 'gate' WHERE id = :id", id=camera_id)
    assert (await as_("planner").get(f"/api/cameras/{camera_id}/calibration")).json()["field"]
    body["preset"] = "roof"
    refused = await as_("planner").put(f"/api/cameras/{camera_id}/calibration", json=body)
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_preset")


async def test_a_measured_pose_serves_without_points(town: Town, as_: As) -> None:
    camera_id = await put_up(town)
    pose = {"height_m": 7.0, "heading_deg": 10.0, "tilt_deg": 20.0, "hfov_deg": 60.0}
    answer = await as_("administrator").put(f"/api/cameras/{camera_id}/calibration", json={**SIZE, "pose": pose})
    assert answer.status_code == 200, answer.text
    (view,) = answer.json()["views"]
    assert (view["calibration"], view["error_m"], view["points"]) == ("good", None, [])
    assert view["tilt_deg"] == pytest.approx(20, abs=0.01)


async def test_points_that_serve_nothing_say_why(town: Town, as_: As) -> None:
    camera_id = await put_up(town)
    line = [{**mark, "x": 100.0 + 10 * n, "y": 400.0 + 10 * n} for n, mark in enumerate(marks(town))]
    for points, code in (
        (marks(town, 3), "few_points"),
        (line, "line_in_picture"),
        ([marks(town)[0]] * 8, "same_points"),
        (
            [{**line[0], "x": 9.0 * n, "y": 5.0 * n, "lat": line[0]["lat"] + n * 1e-6} for n in range(100)],
            "line_in_picture",
        ),
    ):
        answer = await as_("planner").post(
            f"/api/cameras/{camera_id}/calibration/draft", json={**SIZE, "points": points}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, f"calibration_{code}")
    await town.sql("UPDATE camera SET width_px = 640, height_px = 360 WHERE id = :id", id=camera_id)
    body = {**SIZE, "points": marks(town)}
    answer = await as_("planner").post(f"/api/cameras/{camera_id}/calibration/draft", json=body)
    assert answer.json()["code"] == "calibration_other_size"


async def test_only_planners_commanders_and_administrators_of_the_area_calibrate(town: Town, as_: As) -> None:
    camera_id = await put_up(town)
    body = {**SIZE, "points": marks(town)}
    refused = await as_("dispatcher").put(f"/api/cameras/{camera_id}/calibration", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_role")
    gone = await as_("planner").put("/api/cameras/999999/calibration", json=body)
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_camera")


async def test_a_picture_is_asked_for_waited_for_and_told_with_its_time(
    town: Town, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "WAITED_S", 0.4)
    camera_id = await put_up(town)
    none = await as_("planner").post(f"/api/cameras/{camera_id}/snapshot", headers=WHY)
    assert (none.status_code, none.json()["code"]) == (409, "no_picture_yet")
    at = datetime.now(UTC) + timedelta(hours=1)
    keep = "UPDATE camera_snapshot SET at = :at, jpeg = :jpeg, width_px = 4, height_px = 3 WHERE camera_id = :id"
    await town.sql(keep, at=at, jpeg=b"\xff\xd8picture", id=camera_id)
    answer = await as_("planner").post(f"/api/cameras/{camera_id}/snapshot", headers=WHY)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (base64.b64decode(told["jpeg"]), told["width_px"], told["height_px"]) == (b"\xff\xd8picture", 4, 3)
    assert datetime.fromisoformat(told["at"]) == at and answer.headers["cache-control"] == "no-store"
    unsaid = await as_("planner").post(f"/api/cameras/{camera_id}/snapshot")
    assert unsaid.json()["code"] == "purpose_needed"


async def test_the_list_tells_which_cameras_are_calibrated(town: Town, as_: As) -> None:
    for code in ("C-2", "C-1"):
        await put_up(town, code)
    await town.sql("UPDATE camera SET calibration = 'broken', calibration_error_m = 1.5 WHERE code = 'C-2'")
    told = (await as_("planner").get("/api/calibrations")).json()["cameras"]
    assert [(one["code"], one["calibration"], one["error_m"]) for one in told] == [
        ("C-1", "none", None),
        ("C-2", "broken", 1.5),
    ]
