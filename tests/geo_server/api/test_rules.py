"""What cameras look for: anybody signed in learns what there is, who plans gives a camera its rules."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import Request

from geo_server.access.current import any_session
from geo_server.access.schema import OpenSession
from tests.geo_server.api.conftest import Town
from tests.geo_server.api.test_cameras import put_up

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
RULES = [{"function": "line_crossing", "settings": {"line": [[0, 0], [100, 100]]}, "name": "The gate"}]
MASKS = [{"polygon": [[0, 0], [100, 0], [100, 100]], "kind": "analysis", "why": "a screen"}]


async def test_what_cameras_can_look_for_is_told_with_its_card_and_no_trace_in_the_audit(town: Town, as_: As) -> None:
    asked = "SELECT count(*) FROM audit"
    before = await town.sql(asked)
    told = (await as_("crew").get("/api/video/functions")).json()
    assert told["rule"]["$defs"]["Rule"]["required"] == ["function"]
    line = next(one for one in told["functions"] if one["name"] == "line_crossing")
    assert line["settings"]["$defs"]["LineCrossing"]["required"] == ["line"]
    assert line["onvif"] == "tns1:RuleEngine/LineDetector/Crossed" and line["card"]["needs"]["ru"]
    assert await town.sql(asked) == before


async def test_a_planner_gives_a_camera_rules_and_masks_and_the_bell_rings(town: Town, as_: As) -> None:
    camera = await put_up(town, "c-ruled", 40)
    answer = await as_("planner").put(f"/api/cameras/{camera}/rules", json={"rules": RULES, "masks": MASKS})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["rules"], answer.json()["masks"]) == (RULES, MASKS)
    assert await town.sql("SELECT rules, masks FROM camera WHERE id = :id", id=camera) == [(RULES, MASKS)]
    assert await town.sql("SELECT 1 FROM change WHERE layer = 'cameras' AND feature_id = :id", id=camera)
    again = await as_("planner").put(f"/api/cameras/{camera}/rules", json={"rules": []})
    assert (again.json()["rules"], again.json()["masks"]) == ([], MASKS)


async def test_rules_that_cannot_be_are_refused_one_sentence_a_fault_and_nothing_is_written(
    town: Town, as_: As
) -> None:
    camera = await put_up(town, "c-wrong", 40)
    wrong = [{"function": "line_crossing"}, {"function": "teleport"}]
    answer = await as_("planner").put(f"/api/cameras/{camera}/rules", json={"rules": wrong})
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_rules")
    faults = answer.json()["details"]["faults"]
    assert [fault["where"] for fault in faults] == ["rules[0].settings", "rules[1].function"]
    assert all(fault["problem"][language] for fault in faults for language in ("kk", "ru", "en"))
    assert await town.sql("SELECT rules FROM camera WHERE id = :id", id=camera) == [([],)]


async def test_rules_made_from_what_somebody_changed_meanwhile_are_refused_and_lose_nothing(
    town: Town, as_: As
) -> None:
    camera = await put_up(town, "c-twice", 40)
    path = f"/api/cameras/{camera}/rules"
    seen = (await as_("planner").get(f"/api/cameras/{camera}")).json()["rules_version"]
    first = await as_("planner").put(path, json={"rules": RULES, "based_on": seen})
    assert first.status_code == 200, first.text
    late = await as_("administrator").put(path, json={"rules": [], "masks": MASKS, "based_on": seen})
    assert (late.status_code, late.json()["code"]) == (409, "rules_changed")
    assert await town.sql("SELECT rules, masks FROM camera WHERE id = :id", id=camera) == [(RULES, [])]
    again = await as_("administrator").put(path, json={"rules": [], "based_on": first.json()["rules_version"]})
    assert again.json()["rules_version"] == seen, "the same rules and masks are the same version"


async def test_a_planner_to_whom_cameras_are_shown_masked_adds_masks_and_bares_nothing(town: Town, as_: As) -> None:
    camera = await put_up(town, "c-masked", 40)
    path = f"/api/cameras/{camera}/rules"
    windows = {"polygon": [[0, 0], [90, 0], [90, 90]], "kind": "privacy", "why": "windows"}
    assert (await as_("planner").put(path, json={"rules": [], "masks": [windows]})).status_code == 200
    bare: tuple[list[object], ...] = (
        [],
        [{**windows, "kind": "analysis"}],
        [{**windows, "polygon": [[0, 0], [9, 0], [9, 9]]}],
    )
    for masks in bare:
        answer = await as_("planner").put(path, json={"rules": [], "masks": masks})
        assert (answer.status_code, answer.json()["code"]) == (403, "masks_stay"), masks
    more = [*MASKS, {**windows, "why": "a flat"}]
    assert (await as_("planner").put(path, json={"rules": RULES, "masks": more})).json()["masks"] == more
    assert (await as_("administrator").put(path, json={"rules": [], "masks": []})).json()["masks"] == []


async def turns_to(town: Town, camera: int, *presets: str) -> None:
    asked = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en)
        VALUES (:camera, :token, 'к', 'в', 'v') RETURNING id"""
    for token in presets:
        await town.sql(asked, camera=camera, token=token)


async def test_a_planner_bares_no_view_of_a_turning_camera_by_its_first_mask_nor_moves_a_mask_to_another(
    town: Town, as_: As
) -> None:
    camera = await put_up(town, "c-turning", 40)
    await town.sql("UPDATE camera SET kind = 'ptz' WHERE id = :id RETURNING 1", id=camera)
    await turns_to(town, camera, "gate", "yard")
    path, gate = f"/api/cameras/{camera}/rules", {**MASKS[0], "kind": "privacy", "preset": "gate"}
    assert (await as_("planner").put(path, json={"rules": [], "masks": [gate]})).json()["masks"] == [gate]
    yard = {**gate, "preset": "yard"}
    for masks in ([gate, yard], [yard]):  # whoever must not see is shown nothing of the yard as long as it has none
        answer = await as_("planner").put(path, json={"rules": [], "masks": masks})
        assert (answer.status_code, answer.json()["code"]) == (403, "masks_stay"), masks
    both = [gate, {**gate, "polygon": [[0, 0], [9, 0], [9, 9]]}]
    assert (await as_("planner").put(path, json={"rules": [], "masks": both})).status_code == 200
    assert (await as_("administrator").put(path, json={"rules": [], "masks": [gate, yard]})).status_code == 200


async def test_a_picture_that_was_taken_before_a_mask_was_drawn_is_shown_to_nobody_any_more(
    town: Town, as_: As
) -> None:
    camera = await put_up(town, "c-pictured", 40)
    await town.sql(
        """INSERT INTO camera_snapshot (camera_id, asked_by, at, jpeg, width_px, height_px)
            VALUES (:id, 'test', now(), 'x', 4, 3) RETURNING 1""",
        id=camera,
    )
    path, kept = f"/api/cameras/{camera}/rules", "SELECT count(*) FROM camera_snapshot WHERE camera_id = :id"
    assert (await as_("planner").put(path, json={"rules": RULES, "masks": []})).status_code == 200
    assert await town.sql(kept, id=camera) == [(1,)], "its masks are the same"
    assert (await as_("planner").put(path, json={"rules": RULES, "masks": MASKS})).status_code == 200
    assert await town.sql(kept, id=camera) == [(0,)]


async def test_a_camera_that_is_seen_by_a_grant_alone_is_given_no_rules_and_that_is_said(town: Town, as_: As) -> None:
    camera = await put_up(town, "c-granted", 40)
    codes = "SELECT id FROM area WHERE code IN ('KZ-75-MED', :code) ORDER BY code = 'KZ-75-MED' DESC"
    (home,), (other,) = await town.sql(codes, code=await other_district(town))
    await town.sql("UPDATE camera SET area_id = :other WHERE id = :id RETURNING 1", other=other, id=camera)
    grant = {"kind": "area", "area_id": other, "to_area_id": home, "reason": "a festival", "hours": 2}
    assert (await as_("commander").post("/api/grants", json=grant)).status_code in (200, 201)
    signed_in = town.app.dependency_overrides[any_session]

    def granted(request: Request) -> OpenSession:
        session: OpenSession = signed_in(request)
        return replace(session, also_areas=(other,))

    town.app.dependency_overrides[any_session] = granted
    assert (await as_("local administrator").get(f"/api/cameras/{camera}")).status_code == 200
    answer = await as_("local administrator").put(f"/api/cameras/{camera}/rules", json={"rules": RULES})
    assert (answer.status_code, answer.json()["code"]) == (403, "camera_not_yours"), answer.text
    assert await town.sql("SELECT rules FROM camera WHERE id = :id", id=camera) == [([],)]


async def other_district(town: Town) -> str:
    asked = "SELECT min(code) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED'"
    ((code,),) = await town.sql(asked)
    return str(code)


async def test_a_text_that_cannot_be_stored_is_refused(town: Town, as_: As) -> None:
    camera = await put_up(town, "c-text", 40)
    for name in ("\x00", "\ud800"):
        body = json.dumps({"rules": [{**RULES[0], "name": name}]}).encode()
        answer = await as_("planner").put(f"/api/cameras/{camera}/rules", content=body)
        assert 400 <= answer.status_code < 500, answer.text


async def test_a_camera_is_shown_without_its_address_and_to_whom_it_is_not_shown_it_is_not_there(
    town: Town, as_: As
) -> None:
    camera = await put_up(town, "c-shown", 40)
    await town.sql("UPDATE camera SET main_url = 'rtsp://u:secret@x', onvif_url = 'http://u:secret@x' RETURNING 1")
    answer = await as_("dispatcher").get(f"/api/cameras/{camera}")
    assert answer.json()["code"] == "c-shown" and answer.json()["rules"] == []
    assert "url" not in answer.text and "secret" not in answer.text and "rtsp" not in answer.text
    assert (await as_("stranger").get(f"/api/cameras/{camera}")).status_code == 404
    assert (await as_("crew").get(f"/api/cameras/{camera}")).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("dispatcher", 403), ("stranger", 404), ("administrator", 200)])
async def test_who_may_not_give_rules_gives_none(town: Town, as_: As, who: str, status: int) -> None:
    camera = await put_up(town, f"c-{who}", 40)
    path = f"/api/cameras/{camera}/rules"
    if who == "stranger":  # a planner of another district would see no such camera
        assert (await as_(who).get(f"/api/cameras/{camera}")).status_code == status
    else:
        assert (await as_(who).put(path, json={"rules": RULES})).status_code == status


async def test_the_server_may_write_nothing_else_of_a_camera(town: Town) -> None:
    asked = """SELECT column_name FROM information_schema.column_privileges
        WHERE table_name = 'camera' AND grantee = 'qyran_server' AND privilege_type = 'UPDATE' ORDER BY 1"""
    changeable = {column for (column,) in await town.sql(asked)}
    assert {"masks", "rules", "calibration"} <= changeable
    assert not changeable & {"url", "main_url", "onvif_url", "reader", "enabled", "area_id", "record", "state"}


async def test_a_rule_that_its_camera_could_never_use_is_refused_and_the_setting_is_named(
    town: Town, as_: As, tmp_path: Path
) -> None:
    camera = await put_up(town, "c-fits", 40)
    await town.sql("UPDATE camera SET width_px = 640, height_px = 360 WHERE id = :id RETURNING 1", id=camera)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "own.card.json").write_text('{"labels": ["helmet"]}')
    (tmp_path / "models" / "broken.card.json").write_text("[")
    zone = {"function": "zone_motion", "settings": {"zone": [[0, 0], [9, 0], [9, 9]], "labels": ["helmet", "car"]}}
    line = {"function": "line_crossing", "settings": {"line": [[700, 0], [700, 300]], "labels": ["dragon"]}}
    path = f"/api/cameras/{camera}/rules"
    answer = await as_("planner").put(path, json={"rules": [zone, {**line, "preset": "1"}]})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "wrong_rules")
    assert [fault["where"] for fault in told["details"]["faults"]] == [
        "rules[1].preset", "rules[1].settings.line", "rules[1].settings.labels[0]",
    ]  # fmt: skip
    assert (await as_("planner").put(path, json={"rules": [zone]})).status_code == 200
