"""`./qyran cameras`: what is found is listed, and a camera is put up as it tells itself."""

import psycopg
import pytest
from typer.testing import CliRunner

from ingest.onvif import removing
from ingest.onvif.cli import app
from layers.database import INGEST, as_role
from tests.ingest.onvif.simulated import Simulate


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, database_url: str) -> str:
    monkeypatch.setenv("QYRAN_DATABASE_URL", as_role(database_url, INGEST))
    monkeypatch.setenv("QYRAN_DEMO", "true")
    return database_url


def test_a_camera_is_put_up_with_its_streams_once(home: str, simulate: Simulate) -> None:
    simulated = simulate()
    words = ["add", "C-1", "--onvif", simulated.url, "--lon", "76.945", "--lat", "43.238", "--heading", "90"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    with psycopg.connect(home) as link:
        asked = "SELECT url, main_url, kind, onvif_profile, width_px, heading_deg, area_id IS NOT NULL FROM camera"
        row = link.execute(asked).fetchone()
    at = "rtsp://admin:p%26ss@127.0.0.1:8554"
    assert row == (f"{at}/sub", f"{at}/main", "ptz", "main", 640, 90.0, True)
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 1 and "already" in again.stderr


def test_a_camera_s_streams_are_those_that_have_a_picture_also_by_media2(home: str, simulate: Simulate) -> None:
    place = ["--lon", "76.945", "--lat", "43.238"]
    for code, simulated in (("M1", simulate(meta=True)), ("M2", simulate(media2="alone"))):
        done = CliRunner().invoke(app, ["add", code, "--onvif", simulated.url, *place])
        assert done.exit_code == 0, done.output
    with psycopg.connect(home) as link:
        rows = link.execute("SELECT url, main_url FROM camera ORDER BY code").fetchall()
    at = "rtsp://admin:p%26ss@127.0.0.1:8554"
    assert rows == [(f"{at}/sub", f"{at}/main"), (f"{at}/sub2", f"{at}/main2")]


def test_what_does_not_answer_or_is_no_code_is_one_sentence(home: str) -> None:
    place = ["--lon", "76.9", "--lat", "43.2"]
    for words in (["add", "C 1", "--onvif", "http://127.0.0.1:1/"], ["add", "C1", "--onvif", "http://127.0.0.1:1/"]):
        done = CliRunner().invoke(app, [*words, *place])
        assert done.exit_code == 1 and done.stderr.strip().endswith(".") and "Traceback" not in done.stderr


def test_those_that_answer_are_listed(simulate: Simulate) -> None:
    simulated = simulate()
    done = CliRunner().invoke(app, ["discover", "--seconds", "0.5", "--to", f"127.0.0.1:{simulated.ear}"])
    assert done.exit_code == 0 and f"http://127.0.0.1:{simulated.port}/onvif/device_service" in done.stdout
    assert "Gate camera" in done.stdout


def test_a_camera_without_onvif_is_put_up_by_its_address_and_told_what_is_kept_of_it(home: str) -> None:
    place = ["--lon", "76.9", "--lat", "43.2"]
    done = CliRunner().invoke(app, ["add", "M-1", "--url", "http://10.1.1.1/video", "--reader", "mjpeg", *place])
    assert done.exit_code == 0, done.output
    changed = CliRunner().invoke(
        app, ["set", "M-1", "--record", "events", "--retention", "operations", "--life-safety", "--private"]
    )
    assert changed.exit_code == 0 and "record events" in changed.stdout
    with psycopg.connect(home) as link:
        row = link.execute(
            "SELECT reader, url, record, retention, life_safety, enabled, owner_kind FROM camera"
        ).fetchone()
    assert row == ("mjpeg", "http://10.1.1.1/video", "events", "operations", True, True, "private")


def test_by_which_way_the_packets_of_rtsp_come_is_told_in_the_shell(home: str) -> None:
    place = ["--lon", "76.9", "--lat", "43.2"]
    ways: dict[str, list[str]] = {"U-1": ["--transport", "udp"], "T-1": []}
    for code, told in ways.items():
        done = CliRunner().invoke(app, ["add", code, "--url", "rtsp://10.1.1.1/a", *told, *place])
        assert done.exit_code == 0, done.output
    asked = "SELECT transport FROM camera ORDER BY code DESC"
    with psycopg.connect(home, autocommit=True) as link:
        assert link.execute(asked).fetchall() == [("udp",), ("tcp",)]
        for code, way in (("U-1", "tcp"), ("T-1", "udp")):
            done = CliRunner().invoke(app, ["set", code, "--transport", way])
            assert done.exit_code == 0 and f"transport {way}" in done.stdout
        assert link.execute(asked).fetchall() == [("tcp",), ("udp",)]
    assert CliRunner().invoke(app, ["set", "U-1", "--transport", "sctp"]).exit_code == 2


def test_how_a_camera_sees_is_told_in_the_shell_and_tried_before_it_is_kept(home: str) -> None:
    place = ["--lon", "76.9", "--lat", "43.2"]
    CliRunner().invoke(app, ["add", "C1", "--url", "rtsp://10.1.1.1/a", *place, "--tilt", "15"])
    asked = "SELECT height_m, heading_deg, tilt_deg, hfov_deg, distortion, ground, range_m, onvif_pin FROM camera"
    pose = ["--height", "8", "--heading", "30", "--hfov", "69", "--range", "90"]
    more = ["--lens=-0.25", "--ground=0.02,0", "--onvif-pin", "AB:" * 31 + "AB"]
    done = CliRunner().invoke(app, ["set", "C1", *pose, *more])
    assert done.exit_code == 0, done.output
    with psycopg.connect(home) as link:
        link.execute("UPDATE camera SET width_px = 1920, height_px = 1080")
        grades = {"east_grade": 0.02, "north_grade": 0.0}
        told = (8.0, 30.0, 15.0, 69.0, [-0.25, 0, 0, 0, 0], grades, 90.0, "ab" * 32)
        assert link.execute(asked).fetchone() == told
    refused = CliRunner().invoke(app, ["set", "C1", "--ground=3,0"])
    assert refused.exit_code == 1 and "no steeper than 1 in 2" in refused.stderr
    done = CliRunner().invoke(app, ["set", "C1", "--lens", "found", "--onvif-pin", "first"])
    assert done.exit_code == 0, done.output
    with psycopg.connect(home) as link:
        assert link.execute(asked).fetchone() == (*told[:4], None, *told[5:7], None)


def test_where_a_camera_is_can_be_told_anew_and_its_password_is_not_said(home: str) -> None:
    CliRunner().invoke(app, ["add", "C1", "--url", "rtsp://a:old@10.1.1.1/a", "--lon", "76.9", "--lat", "43.2"])
    asked = "SELECT url, main_url FROM camera"
    done = CliRunner().invoke(
        app, ["set", "C1", "--url", "rtsp://a:new@10.1.1.2/s", "--main-url", "rtsp://a:new@10.1.1.2/m"]
    )
    assert done.exit_code == 0, done.output
    assert "url rtsp://10.1.1.2/s, main_url rtsp://10.1.1.2/m" in done.stdout and "new" not in done.output
    with psycopg.connect(home, autocommit=True) as link:
        told = ("rtsp://a:new@10.1.1.2/s", "rtsp://a:new@10.1.1.2/m")
        assert link.execute(asked).fetchone() == told
        for wrong in (["--url", "ftp://x"], ["--main-url", "http://10.1.1.2/m"], ["--url", ""]):
            refused = CliRunner().invoke(app, ["set", "C1", *wrong])
            assert refused.exit_code == 1 and "rtsp://host/name" in refused.stderr
        assert link.execute(asked).fetchone() == told
        assert CliRunner().invoke(app, ["set", "C1", "--main-url", ""]).exit_code == 0
        assert link.execute(asked).fetchone() == (told[0], None)


def test_a_password_by_onvif_is_told_anew_too_and_the_certificate_stays_the_one_that_is_known(home: str) -> None:
    CliRunner().invoke(app, ["add", "C1", "--url", "rtsp://10.1.1.1/a", "--lon", "76.9", "--lat", "43.2"])
    with psycopg.connect(home, autocommit=True) as link:
        link.execute("UPDATE camera SET onvif_url = 'https://a:old@10.1.1.1/', onvif_pin = repeat('ab', 32)")
        done = CliRunner().invoke(app, ["set", "C1", "--onvif", "https://a:new@10.1.1.1/"])
        assert done.exit_code == 0 and "onvif_url https://10.1.1.1/" in done.stdout and "new" not in done.output
        told = ("https://a:new@10.1.1.1/", "ab" * 32, None)
        assert link.execute("SELECT onvif_url, onvif_pin, onvif_fault FROM camera").fetchone() == told
        refused = CliRunner().invoke(app, ["set", "C1", "--onvif", "rtsp://10.1.1.1/"])
        assert refused.exit_code == 1 and "An ONVIF address is" in refused.stderr


@pytest.fixture
def owned(home: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The store as `./qyran` hands it to the shell, and nobody who reads cameras to be waited for."""
    monkeypatch.setenv("QYRAN_DATABASE_URL", home)
    monkeypatch.setattr(removing, "LETS_GO_S", 0.0)
    return home


def test_a_camera_that_nothing_refers_to_is_deleted_with_all_that_was_told_of_it(owned: str) -> None:
    CliRunner().invoke(app, ["add", "C1", "--url", "rtsp://10.1.1.1/a", "--lon", "76.9", "--lat", "43.2"])
    with psycopg.connect(owned, autocommit=True) as link:
        link.execute("INSERT INTO camera_health (camera_id, at, shard) SELECT id, now(), 's' FROM camera")
        done = CliRunner().invoke(app, ["remove", "C1"])
        assert done.exit_code == 0 and "C1 is deleted" in done.stdout, done.output
        assert link.execute("SELECT 1 FROM camera UNION ALL SELECT 1 FROM camera_health").fetchall() == []
    again = CliRunner().invoke(app, ["remove", "C1"])
    assert again.exit_code == 1 and "There is no camera C1" in again.stderr


HISTORY = {
    "events": """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom)
        SELECT 'line_crossing', 'camera:C1', id, now(), 1, 'camera', geom FROM camera""",
    "recordings": """INSERT INTO recording_gap (camera_id, begins_at, reason)
        SELECT id, now(), 'no_footage' FROM camera""",
    "legal holds": """INSERT INTO legal_hold (camera_id, begins_at, ends_at, reason, legal_basis, set_by)
        SELECT id, now() - interval '1 hour', now(), 'a case', 'Request 1', 'd' FROM camera""",
    "exports": """INSERT INTO video_export (asked_by, account_id, area_id, reason, legal_basis, camera_ids, begins_at,
        ends_at) SELECT 'd', 1, (SELECT min(id) FROM area), 'a', 'b', ARRAY[id], now() - interval '1 hour', now()
          FROM camera""",
    "a record of who watched": """INSERT INTO video_view (camera_id, account, kind, masked)
        SELECT id, 'd', 'live', false FROM camera""",
}


@pytest.mark.parametrize("stays", HISTORY)
def test_a_camera_with_a_history_keeps_it_and_is_read_no_more(owned: str, stays: str) -> None:
    place = ["--lon", "76.9", "--lat", "43.2"]
    CliRunner().invoke(app, ["add", "C1", "--url", "rtsp://a:secret@10.1.1.1/a", *place])
    with psycopg.connect(owned, autocommit=True) as link:
        link.execute(HISTORY[stays])
        done = CliRunner().invoke(app, ["remove", "C1"])
        assert done.exit_code == 0 and "switched off for good" in done.stdout and f"has {stays};" in done.stdout
        row = link.execute("SELECT enabled, record, url, main_url, onvif_url FROM camera").fetchone()
        assert row == (False, "none", "", None, None)
        again = CliRunner().invoke(app, ["set", "C1", "--on"])
        assert again.exit_code == 1 and "rtsp://host/name" in again.stderr


def test_a_camera_that_was_being_recorded_is_not_deleted_for_its_recorder_may_still_write_of_it(owned: str) -> None:
    CliRunner().invoke(app, ["add", "C1", "--url", "rtsp://10.1.1.1/a", "--lon", "76.9", "--lat", "43.2"])
    CliRunner().invoke(app, ["set", "C1", "--record", "continuous"])
    assert "may still be written; these stay" in CliRunner().invoke(app, ["remove", "C1"]).stdout
    assert "C1 is deleted" in CliRunner().invoke(app, ["remove", "C1"]).stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "C1", "--lon", "76.9", "--lat", "43.2"], "either --onvif URL or --url URL"),
        (["add", "C1", "--url", "ftp://x", "--lon", "76.9", "--lat", "43.2"], "rtsp://host/name"),
        (["add", "C1", "--url", "x", "--reader", "telepathy", "--lon", "76.9", "--lat", "43.2"], "no reader telepathy"),
        (["set", "C1"], "Nothing was asked for"),
        (["set", "C1", "--off"], "There is no camera C1"),
        (["set", "C1", "--lens", "1,2,x"], "A lens is k1,k2"),
        (["set", "C1", "--ground", "1"], "A ground is its grades"),
        (["set", "C1", "--onvif-pin", "abc"], "64 hexadecimal digits"),
        (["discover", "--to", "127.0.0.1"], "HOST:PORT"),
        (["discover", "--to", "127.0.0.1:99999"], "HOST:PORT"),
    ],
)
def test_what_cannot_be_is_one_sentence(home: str, words: list[str], sentence: str) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1 and sentence in done.stderr and "Traceback" not in done.stderr
