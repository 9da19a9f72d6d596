"""What a route asks for to have ways: the roads as they stand now."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from geo_server.routing.roads import RoadsNow

_NO_ROADS = RoadsNow()  # answers in straight lines, flagged, where the app was wired without roads


async def current_roads(connection: HTTPConnection) -> RoadsNow:
    """Return the app's roads."""
    roads = getattr(connection.app.state, "roads", _NO_ROADS)
    assert isinstance(roads, RoadsNow)
    return roads


CurrentRoads = Annotated[RoadsNow, Depends(current_roads)]
