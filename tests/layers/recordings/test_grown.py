"""Cameras and tickets that stood before recordings stay as they were."""

from typing import LiteralString

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown

CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, record, geom)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'rtsp://192.168.1.2/sub', 'rtsp', 'continuous', {SPOT})"""
TICKET: LiteralString = """INSERT INTO video_ticket (token_sha256, kind, camera_id, account_id, account, session_id,
    watermark, masked) VALUES (sha256('x'), 'live', 1, 1, 'desk', 1, 'desk', false)"""


def test_a_camera_that_was_to_be_recorded_has_nothing_yet_and_a_ticket_is_for_the_camera_alone(store: Store) -> None:
    with grown(store, "0032", [AREA, CAMERA, TICKET]) as link:
        assert link.execute("SELECT kind, camera_id, event_id, export_id FROM video_ticket").fetchall() == [
            ("live", 1, None, None)
        ]
        assert link.execute("SELECT count(*) FROM recording").fetchone() == (0,)


def test_an_export_that_was_deleted_before_has_a_moment_for_it_and_one_that_is_there_has_none(store: Store) -> None:
    export: LiteralString = """INSERT INTO video_export (asked_by, account_id, area_id, reason, legal_basis, camera_ids,
        begins_at, ends_at, state) SELECT 'desk', 1, area_id, 'r', 'b', ARRAY[1], now() - interval '1 h', now(), one
        FROM camera, unnest(ARRAY['ready', 'deleted']) one"""
    with grown(store, "0036", [AREA, CAMERA, export]) as link:
        told = link.execute(
            "SELECT state, deleted_at IS NULL, told_at IS NULL FROM video_export ORDER BY id"
        ).fetchall()
    assert told == [("ready", True, True), ("deleted", False, True)]
