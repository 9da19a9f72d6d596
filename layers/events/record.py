"""Writing a new event: the same door for the house's own cameras and for outside detectors."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert
from sqlalchemy.dialects import postgresql

from layers.database import Session
from layers.events.table import event, event_picture
from layers.values import Ellipse, LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPicture:
    """The picture of an event: a JPEG, and the box of what was seen in its pixels (x0, y0, x1, y1).

    `masked_jpeg` is the same with the privacy masks of its camera; None where it had none.
    """

    jpeg: bytes
    width_px: int
    height_px: int
    box: tuple[float, float, float, float] | None = None
    masked_jpeg: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event as it comes in; `source` and `source_event_id` together say whether it came before."""

    kind: str
    source: str
    source_event_id: str | None
    at: datetime
    certainty: float
    place: LonLat
    placed_by: str
    camera_id: int | None = None
    ellipse: Ellipse | None = None
    details: dict[str, Any] = field(default_factory=dict)
    picture: NewPicture | None = None


async def record(session: Session, new: NewEvent) -> int | None:
    """Write an event with its picture and return its id; None where this source has sent it before."""
    once = (
        postgresql.insert(event).values(_row(new)).on_conflict_do_nothing(index_elements=["source", "source_event_id"])
    )
    event_id: int | None = (await session.execute(once.returning(event.c.id))).scalar_one_or_none()
    if event_id is not None and new.picture is not None:
        picture = new.picture
        await session.execute(
            insert(event_picture).values(
                event_id=event_id,
                jpeg=picture.jpeg,
                masked_jpeg=picture.masked_jpeg,
                width_px=picture.width_px,
                height_px=picture.height_px,
                box=list(picture.box) if picture.box else None,
            )
        )
    return event_id


def _row(new: NewEvent) -> dict[str, Any]:
    ellipse = new.ellipse
    return {
        "kind": new.kind,
        "source": new.source,
        "source_event_id": new.source_event_id,
        "camera_id": new.camera_id,
        "at": new.at,
        "certainty": new.certainty,
        "placed_by": new.placed_by,
        "ellipse_major_m": ellipse.major_m if ellipse else None,
        "ellipse_minor_m": ellipse.minor_m if ellipse else None,
        "ellipse_bearing_deg": ellipse.bearing_deg if ellipse else None,
        "details": new.details,
        "geom": func.ST_SetSRID(func.ST_MakePoint(new.place.lon, new.place.lat), 4326),
    }
