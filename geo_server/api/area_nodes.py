"""The areas that an answer names, each asked for once."""

from collections.abc import Collection

from geo_server.api.models.grants import AreaNode
from layers.areas import queries as areas
from layers.database import Session


async def area_nodes(session: Session, ids: Collection[int]) -> dict[int, AreaNode]:
    """Return these areas as they are answered with, by id."""
    return {area_id: AreaNode.model_validate(await areas.find(session, area_id)) for area_id in set(ids)}
