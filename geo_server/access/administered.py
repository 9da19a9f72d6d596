"""What is administered belongs to an area: the one entered, or one below it, that has not closed."""

from geo_server.errors import Refusal
from layers.areas import queries as areas
from layers.database import Session
from layers.viewer import Viewer


async def check_area(session: Session, viewer: Viewer, area_id: int) -> None:
    """Raise Refusal `outside_your_area` or `area_closed` where the viewer may not put anything there."""
    area = await areas.find(session, area_id)
    if area is None or not await areas.stands_below(session, area_id, viewer.area_id):
        raise Refusal("outside_your_area")
    if area.closed_at is not None:
        raise Refusal("area_closed")
