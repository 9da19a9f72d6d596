"""Simulated ONVIF cameras, each a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.onvif.simulated import Simulate, Simulated

LOGIN = {"user": "admin", "password": "p&ss"}


@pytest.fixture
def simulate() -> Iterator[Simulate]:
    with ExitStack() as stack:

        def start(**told: Any) -> Simulated:
            command = [sys.executable, str(Path(__file__).with_name("simulator.py")), json.dumps(LOGIN | told)]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            stack.callback(process.kill)
            assert process.stdout is not None
            return Simulated(**json.loads(process.stdout.readline()))

        yield start
