"""Cameras out of the store, judged: the act around what is pure."""

import asyncio
from collections.abc import Sequence

from geo_server.planning.compliance.known import spots
from geo_server.planning.compliance.reports import Assessed, assessed, viewed
from layers.cameras import installed_queries as cameras
from layers.cameras.installed import Installed
from layers.database import Session
from layers.values import LonLat
from layers.viewer import Viewer


async def assess(
    session: Session,
    viewer: Viewer | None,
    *,
    area_id: int | None = None,
    owner: str | None = None,
    camera_id: int | None = None,
) -> Assessed:
    """Judge the cameras of the viewer, None for all, or some of them; the server answers others meanwhile."""
    found = await cameras.installed(session, viewer, area_id=area_id, owner=owner, camera_id=camera_id)
    practice = await cameras.practice(session, viewer)
    streets = await cameras.streets(session, await asyncio.to_thread(_spots, found))
    return await asyncio.to_thread(assessed, found, practice, streets)


def _spots(found: Sequence[Installed]) -> dict[int, LonLat]:
    views, _ = viewed(found)
    return spots(views)
