import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ingest
from ingest.__main__ import ROOMS, app

ROOT = Path(ingest.__file__).parent.parent


def test_every_command_is_listed() -> None:
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0
    for name in ("serve", "footage", "areas", "bench-positions", "bench-detect", "calibrate", *ROOMS):
        assert name in told.output


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_brings_its_own_commands(room: str) -> None:
    told = CliRunner().invoke(app, [room, "--help"])
    assert told.exit_code == 0
    assert "Commands" in told.output


def test_naming_no_room_loads_no_video() -> None:
    asked = "import sys, ingest.__main__; print(sorted({'cv2', 'av', 'onnxruntime', 'osmium'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
