"""A crew whose incident was merged, split or moved is told anew, and what told it of the former is withdrawn."""

import pytest

from geo_server.notify import notices
from layers.areas.scope import visit_as
from layers.dispatches import queries as dispatches
from layers.incidents import lineage_queries as lineage
from layers.values import LonLat
from tests.geo_server.notify.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_a_crew_under_way_is_told_where_to_and_has_not_answered_that_by_driving(desk: Desk) -> None:
    first = await desk.sent()
    await desk.delivery.look()
    # As the acts write it: `advance` had said "en route" before anything moved.
    await desk.sql("UPDATE dispatch SET status = 'enroute' WHERE id = :id", id=desk.dispatch_id)
    async with visit_as(desk.server, desk.viewer) as session:
        there = LonLat(lon=desk.incident.place.lon + 0.001, lat=desk.incident.place.lat)
        await lineage.move(session, desk.incident.id, there, address="Абай 30", who="somebody", reason="Other side")
        sent = await dispatches.by_ids(session, desk.viewer, [desk.dispatch_id])
        (again,) = await notices.redirected(session, desk.viewer, desk.incident, sent)
    await desk.delivery.look()
    assert (await desk.told(first)).ended_how == "redirected"
    told = await desk.told(again)
    assert (told.state, len(told.notices)) == ("open", 1)
