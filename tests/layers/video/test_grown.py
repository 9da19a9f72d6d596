"""Views that stood before their tickets could go know what they were of."""

from typing import LiteralString

from geo_server.door.cluster import Store
from tests.growing import AREA, grown
from tests.layers.recordings.test_grown import CAMERA

TICKET: LiteralString = """INSERT INTO video_ticket (id, token_sha256, kind, camera_id, account_id, account, session_id,
    watermark, masked, begins_at, until) OVERRIDING SYSTEM VALUE VALUES (5, sha256('x'), 'playback', 1, 1, 'desk', 1,
    'desk', true, '2026-03-01 10:00Z', '2026-03-01 11:00Z')"""
VIEW: LiteralString = "INSERT INTO video_view (ticket_id, camera_id, account, bytes) VALUES (5, 1, 'desk', 7)"


def test_a_view_of_before_says_of_what_it_was_when_its_ticket_goes(store: Store) -> None:
    with grown(store, "0042", [AREA, CAMERA, TICKET, VIEW]) as link:
        link.execute("DELETE FROM video_ticket")
        seen = link.execute(
            "SELECT ticket_id, kind, masked, until - begins_at = '1 h', bytes FROM video_view"
        ).fetchall()
    assert seen == [(None, "playback", True, True, 7)]
