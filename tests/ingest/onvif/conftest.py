"""Simulated ONVIF cameras, each a process of its own."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.ingest.onvif.simulated import Simulate, Simulated, simulated


@pytest.fixture
def simulate() -> Iterator[Simulate]:
    with ExitStack() as stack:

        def start(**told: Any) -> Simulated:
            return stack.enter_context(simulated(**told))

        yield start
