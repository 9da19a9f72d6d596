"""What the tests of readers share."""

from ipaddress import ip_address

import pytest

from ingest.sources import networks
from ingest.sources.networks import Networks


@pytest.fixture
def public_here(monkeypatch: pytest.MonkeyPatch) -> Networks:
    """Networks in a world where 127.0.0.1 is a public address and every other is private."""
    monkeypatch.setattr(networks, "_is_public", lambda address: address == ip_address("127.0.0.1"), raising=False)
    return Networks(loopback=True)
