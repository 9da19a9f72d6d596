"""What waits for a listener is never older than what it was told."""

from typing import Any

from geo_server.live.client import Client
from geo_server.live.scope import Scope
from layers.values import Role
from layers.viewer import Viewer


def client() -> Client:
    async def send(_: Any) -> None: ...

    viewer = Viewer(account_id=1, name="x", role=Role.DISPATCHER, area_id=1, own_area_id=1)
    scope = Scope(area_id=1, areas=frozenset({1}), layers=frozenset({"units"}))
    return Client(send=send, viewer=viewer, token_sha256=b"", scope=scope)


def test_a_frame_that_waits_does_not_bring_back_a_unit_that_left() -> None:
    listener = client()
    listener.show(b"a frame with the unit in it")
    listener.lose(["the unit is gone"])
    assert listener.frame is None and listener.wants_snapshot and list(listener.texts) == ["the unit is gone"]


def test_where_nobody_left_a_waiting_frame_is_kept() -> None:
    listener = client()
    listener.show(b"a frame")
    listener.lose([])
    assert listener.frame == b"a frame" and not listener.wants_snapshot
