"""Whether cameras hang by the rules: counted, listed, one by every rule, and as files; each within what one sees."""

import io
import json
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncEngine

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
ROW = {
    "height_m": 8.0, "heading_deg": 0.0, "tilt_deg": 12.0, "hfov_deg": 30.0, "width_px": 1920, "pixels_high": 1080,
    "kind": "fixed", "owner": None, "owner_kind": "state", "installed_on": None, "modules": "{}", "watches": "{}",
    "facts": "{}", "rules": "[]", "state": "live", "masks": "[]",
}  # fmt: skip


class Town(Protocol):
    engine: AsyncEngine

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def hang(town: Town, code: str, *, east_m: float = 10.0, **more: Any) -> int:
    """Hang a camera 100 m south of the middle, which looks north along a street."""
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, height_m, heading_deg, tilt_deg,
            hfov_deg, width_px, height_px, owner, owner_kind, installed_on, modules, watches, facts, rules, state,
            masks, geom)
        VALUES (:code, 'қ', 'к', 'c', 'x', 'video_file', :kind, :height_m, :heading_deg, :tilt_deg, :hfov_deg,
            :width_px, :pixels_high, :owner, :owner_kind, CAST(CAST(:installed_on AS text) AS date),
            CAST(:modules AS text[]), CAST(:watches AS text[]), CAST(:facts AS jsonb),
            CAST(:rules AS jsonb), :state, CAST(:masks AS jsonb),
            ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    (row,) = await town.sql(asked, **{**ROW, "code": code, **town.at(east_m, -100), **more})
    return int(row.id)


async def card(as_: As, camera_id: int) -> dict[str, Any]:
    answer = await as_("planner").get(f"/api/compliance/cameras/{camera_id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told | {"by": {one["rule"]["name"]: one for one in told["findings"]}}


async def test_a_plate_camera_is_judged_by_its_register_by_geometry_and_by_the_street_it_looks_along(
    town: Town, as_: As
) -> None:
    told = await card(as_, await hang(town, "P", modules="{plate}", watches="{road}", facts='{"infrared": 0}'))
    by = told["by"]
    assert (by["road_height"]["verdict"], by["road_height"]["source"]) == ("meets", "register")
    assert (by["plate_vertical"]["verdict"], by["plate_vertical"]["source"]) == ("meets", "derived")
    assert by["plate_vertical"]["value"] == pytest.approx(12.0)
    assert by["plate_horizontal"]["value"] == pytest.approx(0.0, abs=0.5), "the street runs north"
    broken = by["plate_width"]
    assert broken["verdict"] == "breaks" and broken["value"] < 150
    assert broken["mend"]["what"] == "longer_lens" and "instead of 30°" in broken["mend"]["title"]["en"]
    assert "вместо 30°" in broken["mend"]["title"]["ru"] and "30° орнына" in broken["mend"]["title"]["kk"]
    assert by["plate_infrared"]["mend"]["title"]["en"] == "put up infrared light"
    assert by["plate_wide_range"]["verdict"] == "cannot_tell"
    assert by["plate_wide_range"]["because"]["en"] == "the register does not tell: wide dynamic range"
    assert {"wide_dynamic_range", "owner", "installed_on"} <= {one["name"] for one in told["gaps"]}
    assert told["camera"]["verdict"] == "breaks" and told["norm"]["kk"] == "Алматы 213"


async def test_a_camera_that_hangs_too_low_is_told_by_how_much_to_raise_it(town: Town, as_: As) -> None:
    rules = json.dumps([{"function": "crowd_gathering", "settings": {}}])
    by = (await card(as_, await hang(town, "S", height_m=3.15, tilt_deg=82.0, rules=rules)))["by"]
    assert by["crowd_height"]["mend"] == {
        "what": "raise",
        "by": 0.9,
        "title": {"kk": "0,9 м көтеру", "ru": "поднять на 0,9 м", "en": "raise by 0.9 m"},
    }
    assert by["situation_tilt"]["mend"]["title"]["en"] == "tilt by −7°: further up"


async def test_events_tell_how_it_shakes_and_what_covers_it_unless_somebody_rejected_them(town: Town, as_: As) -> None:
    shaking = json.dumps([{"function": "camera_shaking", "settings": {"limit_percent": 1.0}}])
    one, other, quiet = [await hang(town, code, rules=shaking, modules="{person}") for code in ("A", "B", "C")]
    asleep = await hang(town, "D", rules=shaking, state="down")
    event = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, state, decided_at, decided_by,
            reason, details, geom)
        SELECT CAST(:kind AS text), 'camera:x', :camera, now(), 0.8, 'camera', CAST(:state AS text), now(), 'д', 'x',
            CAST(:details AS jsonb), geom FROM camera WHERE id = :camera"""
    for camera, kind, state, details in (
        (one, "camera_shaking", "confirmed", {"swing_percent": 1.5}),
        (one, "camera_tampering", "confirmed", {"how": "covered"}),
        (one, "camera_shaking", "confirmed", {"swing_percent": "much"}),
        (other, "camera_shaking", "rejected", {"swing_percent": 9}),
    ):
        await town.sql(event, kind=kind, camera=camera, state=state, details=json.dumps(details))
    by = (await card(as_, one))["by"]
    assert (by["steady"]["verdict"], by["steady"]["source"], by["steady"]["value"]) == ("breaks", "measured", 0.015)
    assert by["steady"]["mend"]["title"]["ru"] == "закрепить: дрожание 1,5 %, допустимо до 1 %"
    assert by["open_view"]["verdict"] == "breaks"
    for calm in (other, quiet):
        by = (await card(as_, calm))["by"]
        assert (by["steady"]["verdict"], by["steady"]["at_most"]) == ("meets", True)
        assert by["person_steady"]["because"]["en"] == "all that is known is that it is 1 % at most"
        assert by["open_view"]["verdict"] == "cannot_tell"
    assert (await card(as_, asleep))["by"]["steady"]["because"]["en"].startswith("the camera delivers no picture")


async def test_a_picture_that_goes_dark_is_covered_by_day_and_has_no_light_by_night(town: Town, as_: As) -> None:
    event = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, details, geom)
        SELECT 'camera_tampering', 'camera:x', id, CAST(CAST(:at AS text) AS timestamptz), 0.8, 'camera',
            '{"how": "dark"}', geom FROM camera WHERE id = :camera"""
    noon, night = [await hang(town, code, modules="{situation}") for code in ("N", "D")]
    await town.sql(event, camera=noon, at="2026-01-01T07:00:00Z")
    await town.sql(event, camera=night, at="2026-01-01T20:00:00Z")
    by_day, by_night = (await card(as_, noon))["by"], (await card(as_, night))["by"]
    assert (by_day["open_view"]["verdict"], by_day["light_at_night"]["verdict"]) == ("breaks", "cannot_tell")
    assert (by_night["open_view"]["verdict"], by_night["light_at_night"]["verdict"]) == ("cannot_tell", "breaks")
    assert by_night["light_at_night"]["source"] == "measured"


async def test_a_camera_that_turns_is_judged_at_each_preset_that_is_known(town: Town, as_: As) -> None:
    rules = json.dumps([{"function": "crowd_gathering", "settings": {}}])
    turning = await hang(town, "T", kind="ptz", rules=rules, tilt_deg=85.0)
    preset = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en, heading_deg, tilt_deg, hfov_deg,
            calibration) VALUES (:camera, :token, 'Қақпа', 'Ворота', 'Gate', 10, CAST(:tilt AS real), 40, :state)"""
    for token, tilt, state in (("1", 30.0, "none"), ("2", 80.0, "good"), ("3", 89.0, "broken"), ("4", None, "none")):
        await town.sql(preset, camera=turning, token=token, tilt=tilt, state=state)
    found = (await card(as_, turning))["by"]["situation_tilt"]
    assert (found["verdict"], found["value"], found["preset"]["ru"]) == ("breaks", 80.0, "Ворота")
    assert found["mend"]["title"]["kk"].startswith("«Қақпа» дайын көрінісінде: ")
    fixed = await hang(town, "F", rules=rules, tilt_deg=85.0)
    await town.sql(preset, camera=fixed, token="1", tilt=30.0, state="none")
    assert (await card(as_, fixed))["by"]["situation_tilt"]["value"] == 85.0, "what does not turn is judged as it hangs"


async def test_what_was_seen_in_practice_counts_before_what_geometry_says(town: Town, as_: As) -> None:
    crossing = json.dumps([{"function": "line_crossing", "settings": {"line": [[900, 700], [1000, 700]]}}])
    camera = await hang(town, "M", rules=crossing)
    assert (await card(as_, camera))["by"]["moving_size"]["source"] == "derived"
    for side in (10, 20, 30):
        await town.sql(
            """WITH seen AS (INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom)
                    SELECT 'line_crossing', 'camera:M', id, now(), 0.8, 'camera', geom FROM camera WHERE id = :camera
                    RETURNING id)
               INSERT INTO event_picture (event_id, jpeg, width_px, height_px, box)
               SELECT id, 'x', 960, 540, ARRAY[100, 100, 100 + :side, 100 + :side]::real[] FROM seen""",
            camera=camera, side=side,
        )  # fmt: skip
    found = (await card(as_, camera))["by"]["moving_size"]
    assert (found["source"], found["value"], found["verdict"]) == ("measured", 400.0, "meets"), "of the whole picture"


async def test_a_report_counts_by_area_up_the_tree_by_owner_and_by_the_year_of_the_deadline(
    town: Town, as_: As
) -> None:
    mall: dict[str, Any] = {"owner": "Mall", "owner_kind": "private"}
    await hang(town, "1", **mall, installed_on="2020-05-01", modules="{person}", height_m=1.0)
    await hang(town, "2", **mall, installed_on="2024-05-01", modules="{person}", height_m=2.2)
    await hang(town, "3", installed_on="2019-05-01")
    await hang(town, "4", kind="drone")
    told = (await as_("planner").get("/api/compliance")).json()
    assert told["counts"]["cameras"] == 3 and told["counts"]["breaks"] == 2, "a drone hangs nowhere"
    levels = {one["level"]: one["counts"]["cameras"] for one in told["areas"]}
    assert levels[1] == levels[2] == levels[4] == 3
    owners = {one["owner"]: one["counts"]["cameras"] for one in told["owners"]}
    assert owners == {"Mall": 2, None: 1}
    years = {(one["year"], one["why"]): one["counts"]["cameras"] for one in told["years"]}
    assert years == {(2026, "older_private"): 1, (2024, "installed"): 1, (None, "older_state"): 1}
    height = next(one for one in told["rules"] if one["rule"]["name"] == "person_height")
    assert height["counts"] == {"cameras": 3, "meets": 1, "breaks": 1, "cannot_tell": 0, "not_asked": 1}
    assert {one["name"]: one["cameras"] for one in told["gaps"]}["owner"] == 1
    only = (await as_("planner").get("/api/compliance", params={"owner": ""})).json()
    assert only["counts"]["cameras"] == 1


async def test_cameras_are_listed_by_rule_and_verdict_a_page_at_a_time(town: Town, as_: As) -> None:
    for n in range(3):
        await hang(town, f"L{n}", owner=f"o{n}", modules="{person}", height_m=1.0 + n)
    planner = as_("planner")
    asked = {"rule": "person_height", "verdict": "breaks"}
    assert [one["code"] for one in (await planner.get("/api/compliance/cameras", params=asked)).json()["cameras"]] == [
        "L0"
    ]
    first = (await planner.get("/api/compliance/cameras", params={"limit": 2})).json()
    assert (first["total"], first["next"]) == (3, 2) and first["cameras"][0]["code"] == "L0"
    rest = (await planner.get("/api/compliance/cameras", params={"limit": 2, "past": 2})).json()
    assert (len(rest["cameras"]), rest["next"]) == (1, None)
    owned = (await planner.get("/api/compliance/cameras", params={"owner": "o2"})).json()
    assert [one["code"] for one in owned["cameras"]] == ["L2"]
    refused = await planner.get("/api/compliance/cameras", params={"rule": "beauty"})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_rule")


async def test_nobody_reads_of_cameras_beside_their_own_area(town: Town, as_: As) -> None:
    camera = await hang(town, "Q")
    await town.sql("UPDATE camera SET area_id = (SELECT max(id) FROM area WHERE level = 4) WHERE id = :id", id=camera)
    local = as_("local commander")
    own = (await local.get("/api/compliance")).json()
    assert own["counts"]["cameras"] == 0
    assert (await local.get(f"/api/compliance/cameras/{camera}")).json()["code"] == "no_such_camera"
    assert (await local.get("/api/compliance", params={"area_id": 1})).json()["code"] == "no_such_area"
    assert (await as_("dispatcher").get("/api/compliance")).status_code == 403
    for path in ("", "/cameras", "/export"):
        assert (await as_("crew").get(f"/api/compliance{path}")).status_code == 403


async def test_the_report_goes_out_as_a_table_and_as_a_workbook_in_which_nothing_is_a_formula(
    town: Town, as_: As
) -> None:
    await hang(town, "=1+1", owner="=HYPERLINK(1)", modules="{person}", height_m=1.0)
    planner = as_("planner")
    for table in ("areas", "owners", "years", "rules", "gaps", "cameras", "mends"):
        asked = {"format": "csv", "table": table, "language": "ru"}
        answer = await planner.get("/api/compliance/export", params=asked)
        assert answer.status_code == 200 and answer.text.startswith("\ufeff"), answer.text
        assert "\n=" not in answer.text and ",=" not in answer.text
    assert "поднять на 0,8 м" in answer.text
    book = await planner.get("/api/compliance/export", params={"language": "kk"})
    sheets = load_workbook(io.BytesIO(book.content), read_only=True)
    assert sheets.sheetnames == ["areas", "owners", "years", "rules", "gaps", "cameras", "mends"]
    owner = list(sheets["owners"].values)[1][0]
    assert owner == "'=HYPERLINK(1)"
    written = await town.sql("SELECT details FROM audit WHERE operation = 'compliance.export' ORDER BY id")
    assert written[-1].details == {"format": "xlsx", "table": "areas", "cameras": 1}
