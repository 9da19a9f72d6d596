import os
import subprocess
import sys

import pytest

from geo_server.door.steps import ROOT
from geo_server.door.trouble import Trouble
from geo_server.settings import settings_told


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"QYRAN_DEMO": "maybe"}, "QYRAN_DEMO is wrong"),
        ({"QYRAN_DEMO": "1", "QYRAN_HOST": "0.0.0.0"}, "loopback only"),
        ({"QYRAN_PORT": "secret"}, "QYRAN_PORT is wrong"),
        ({"QYRAN_PANIC_UNHEARD_S": "-1"}, "QYRAN_PANIC_UNHEARD_S is wrong"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_repeats_no_value(
    told: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Trouble, match=sentence) as trouble:
        settings_told()
    assert "secret" not in str(trouble.value) and "\n" not in str(trouble.value)


def test_a_command_shows_no_traceback_for_a_wrong_setting() -> None:
    command = [sys.executable, "-m", "geo_server", "serve"]
    environment = os.environ | {"QYRAN_DEMO": "maybe"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "QYRAN_DEMO is wrong" in done.stderr and "Traceback" not in done.stderr
