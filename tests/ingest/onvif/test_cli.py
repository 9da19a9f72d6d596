"""`./qyran cameras`: what is found is listed, and a camera is put up as it tells itself."""

import psycopg
import pytest
from typer.testing import CliRunner

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
        app, ["set", "M-1", "--record", "events", "--retention", "operations", "--life-safety"]
    )
    assert changed.exit_code == 0 and "record events" in changed.stdout
    with psycopg.connect(home) as link:
        row = link.execute("SELECT reader, url, record, retention, life_safety, enabled FROM camera").fetchone()
    assert row == ("mjpeg", "http://10.1.1.1/video", "events", "operations", True, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "C1", "--lon", "76.9", "--lat", "43.2"], "either --onvif URL or --url URL"),
        (["add", "C1", "--url", "ftp://x", "--lon", "76.9", "--lat", "43.2"], "rtsp://host/name"),
        (["add", "C1", "--url", "x", "--reader", "telepathy", "--lon", "76.9", "--lat", "43.2"], "no reader telepathy"),
        (["set", "C1"], "Nothing was asked for"),
        (["set", "C1", "--off"], "There is no camera C1"),
    ],
)
def test_what_cannot_be_is_one_sentence(home: str, words: list[str], sentence: str) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1 and sentence in done.stderr and "Traceback" not in done.stderr
