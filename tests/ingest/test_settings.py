import os
import subprocess
import sys
from pathlib import Path

import pytest

import ingest
from ingest.settings import WrongSettings, settings_for


def test_the_demo_is_refused_where_others_could_reach_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QYRAN_DEMO", "1")
    monkeypatch.setenv("QYRAN_HOST", "0.0.0.0")
    with pytest.raises(WrongSettings, match="loopback only"):
        settings_for(tmp_path)


@pytest.mark.parametrize("command", [["serve"], ["demo", "live"]])
def test_a_command_shows_one_sentence_for_a_wrong_setting(command: list[str]) -> None:
    root = Path(ingest.__file__).parent.parent
    called = [sys.executable, "-m", "ingest", *command]
    environment = os.environ | {"QYRAN_DEMO": "maybe"}
    done = subprocess.run(called, cwd=root, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("QYRAN_DEMO is wrong")
