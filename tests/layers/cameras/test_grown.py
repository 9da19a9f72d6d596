"""Cameras that stood before streams, lenses and recordings were told of them go on as they were."""

from typing import LiteralString

import pytest
from psycopg.errors import CheckViolation

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown

CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, geom)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'rtsp://192.168.1.2/sub', 'rtsp', {SPOT})"""


def test_a_camera_of_before_is_read_as_before_and_records_nothing(store: Store) -> None:
    with grown(store, "0027", [AREA, CAMERA]) as link:
        row = link.execute(
            "SELECT url, main_url, transport, fps_limit, life_safety, masks, calibration, record FROM camera"
        ).fetchone()
        assert row == ("rtsp://192.168.1.2/sub", None, "tcp", 5.0, False, [], "none", "none")


def test_a_camera_of_before_is_found_by_the_places_in_its_range(store: Store) -> None:
    with grown(store, "0028", [AREA, CAMERA, "UPDATE camera SET range_m = 100"]) as link:
        asked = """SELECT reach && ST_SetSRID(ST_MakePoint(76 + 0.00123, 43), 4326),
            reach && ST_SetSRID(ST_MakePoint(76, 43 + 0.0008), 4326),
            reach && ST_SetSRID(ST_MakePoint(76.0013, 43), 4326) FROM camera"""
        row = link.execute(asked).fetchone()  # 99.9 and 89 m away, and 105.7
        assert row == (True, True, False)


def test_a_camera_of_before_is_the_state_s_and_stirs_coverage_from_then_on(store: Store) -> None:
    with grown(store, "0044", [AREA, CAMERA]) as link:
        assert link.execute("SELECT owner_kind FROM camera").fetchone() == ("state",)
        link.execute(
            f"""INSERT INTO coverage_tile (epsg, col, row, geom, stirred_at)
                VALUES (32643, 1, 1, ST_Expand({SPOT}, 0.01), NULL)"""
        )
        link.execute("UPDATE camera SET heading_deg = 90")
        assert link.execute("SELECT stirred_at IS NOT NULL FROM coverage_tile").fetchone() == (True,)


def test_of_a_camera_of_before_the_register_knows_nothing_and_takes_no_words_of_its_own(store: Store) -> None:
    with grown(store, "0045", [AREA, CAMERA]) as link:
        row = link.execute("SELECT owner, contract, pole, modules, watches, facts FROM camera").fetchone()
        assert row == (None, None, None, [], [], {})
        with pytest.raises(CheckViolation):
            link.execute("UPDATE camera SET modules = '{faces}'")


def test_what_becomes_of_a_camera_of_before_is_told_and_never_where_its_stream_is(store: Store) -> None:
    with grown(store, "0046", [AREA, CAMERA]) as link:
        link.execute("UPDATE camera SET url = 'rtsp://admin:secret@10.0.0.1/', owner = 'X', fps = 5, state = 'live'")
        link.execute("UPDATE camera SET state = 'down'")
        link.execute("DELETE FROM camera")
        told = link.execute("SELECT act, who, area_id, changed FROM camera_change ORDER BY id").fetchall()
        who = link.execute("SELECT session_user::text").fetchone()
        assert who is not None
        assert told == [
            ("changed", who[0], 1, {"owner": [None, "X"], "address": [None, None]}),
            ("removed", who[0], 1, {}),
        ]


def test_a_camera_that_nothing_reads_is_not_switched_on(store: Store) -> None:
    with grown(store, "0046", [AREA, CAMERA]) as link, pytest.raises(CheckViolation):
        link.execute("UPDATE camera SET reader = ''")
