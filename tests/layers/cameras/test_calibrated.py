"""Cameras and presets that stood before people calibrated them go on, and who was only granted a look changes none."""

from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown

CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, geom, control_points)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'rtsp://192.168.1.2/sub', 'rtsp', {SPOT}, '[{{"x": 1}}]')"""
PRESET: LiteralString = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en)
    VALUES (1, 'gate', 'а', 'б', 'c')"""


POINTS: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, geom, control_points)
    VALUES (2, 'C-2', 'а', 'б', 'c', 'x', 'rtsp', {SPOT}, '[{{}}, {{}}, {{}}, {{}}]')"""


def test_a_calibration_of_before_stays_and_belongs_to_nobody(store: Store) -> None:
    with grown(store, "0028", [AREA, CAMERA, PRESET, POINTS]) as link:
        states = "SELECT calibration FROM camera ORDER BY id"
        assert link.execute(states).fetchall() == [("none",), ("good",)]
        asked = "SELECT calibration, calibrated_by, calibrated_at FROM camera_preset"
        assert link.execute(asked).fetchone() == ("none", None, None)
        assert link.execute("SELECT control_points FROM camera WHERE id = 1").fetchone() == ([{"x": 1}],)
        assert link.execute("SELECT count(*) FROM camera_snapshot").fetchone() == (0,)


@pytest.mark.parametrize(("below", "changed"), [("(SELECT array_agg(id) FROM area)", 1), ("'{}'::bigint[]", 0)])
def test_who_sees_a_camera_by_a_grant_calibrates_it_not(store: Store, below: LiteralString, changed: int) -> None:
    with grown(store, "0028", [AREA, CAMERA, PRESET]) as link:
        areas = "SELECT set_config('qyran.areas', (SELECT array_agg(id) FROM area)::text, false)"
        link.execute(areas)
        link.execute("SELECT set_config('qyran.below', (" + below + ")::text, false)")
        link.execute("SET ROLE qyran_server")
        assert link.execute("SELECT count(*) FROM camera").fetchone() == (1,)
        for table in ("camera", "camera_preset"):
            done = link.execute(f"UPDATE {table} SET calibration = 'good'".encode())
            assert done.rowcount == changed


def test_the_server_writes_no_camera_s_address_and_no_picture(store: Store) -> None:
    with grown(store, "0028", [AREA, CAMERA]) as link:
        link.execute("SET ROLE qyran_server")
        for forbidden in ("UPDATE camera SET url = 'x'", "UPDATE camera_snapshot SET jpeg = 'x'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), link.transaction():
                link.execute(forbidden.encode())


def test_what_points_found_before_is_no_more_taken_as_known_and_who_turned_is_told(store: Store) -> None:
    six = "'[{}, {}, {}, {}, {}, {}]'"
    rows: list[LiteralString] = [
        AREA,
        CAMERA,
        PRESET,
        POINTS,
        f"UPDATE camera SET control_points = {six}, calibrated_at = now(), kind = 'ptz', roll_deg = 3 WHERE id = 1",
        f"UPDATE camera_preset SET control_points = {six}, calibrated_at = now()",
        "INSERT INTO camera_command (camera_id, kind, asked_by, asked_rank) VALUES (1, 'preset', 'd', 1)",
    ]
    with grown(store, "0036", rows) as link:
        asked = "SELECT hfov_found, turned, onvif_pin, onvif_fault FROM camera ORDER BY id"
        assert link.execute(asked).fetchall() == [(True, True, None, None), (False, False, None, None)]
        assert link.execute("SELECT hfov_found, roll_deg FROM camera_preset").fetchall() == [(True, 3.0)]
