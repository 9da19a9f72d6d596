"""What an OGC API – Features request asks for, read strictly: wrong is refused, never guessed."""

import math
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import Request

from geo_server.api.geojson import CRS84
from geo_server.errors import Refusal
from layers.values import BBox

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|z|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def only(*names: str) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that refuses a query parameter of any other name (OGC API – Features 7.6)."""

    async def check(request: Request) -> None:
        for name in request.query_params:
            if name not in names:
                raise Refusal("unknown_parameter", name=name[:60])

    return check


def check_crs(*asked: str | None) -> None:
    """Take the one system of coordinates there is, lon lat WGS 84; raises Refusal `unknown_crs` of any other.

    GDAL, and QGIS with it, names the system of each collection in every question (OGC API – Features, part 2).
    """
    for name in asked:
        if name not in (None, CRS84):
            raise Refusal("unknown_crs", known=CRS84)


def bbox_of(text: str | None) -> BBox | None:
    """Read `west,south,east,north` (or with heights, which are passed over); raises Refusal `bad_bbox`."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise Refusal("bad_bbox") from error
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise Refusal("bad_bbox")
    west, south, east, north = numbers
    on_globe = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
    if not on_globe:
        raise Refusal("bad_bbox")
    return BBox(west=west, south=south, east=east, north=north)


def span_of(text: str | None) -> tuple[datetime | None, datetime | None]:
    """Read an instant or `from/to`, either side open by `..` or nothing; raises Refusal `bad_datetime`."""
    if text is None:
        return None, None
    sides = text.split("/")
    if len(sides) == 1:
        instant = _instant(sides[0], end=False)
        return instant, _instant(sides[0], end=True)
    if len(sides) != 2 or (sides[0] in ("", "..") and sides[1] in ("", "..")):
        raise Refusal("bad_datetime")
    begins = None if sides[0] in ("", "..") else _instant(sides[0], end=False)
    ends = None if sides[1] in ("", "..") else _instant(sides[1], end=True)
    if begins and ends and begins > ends:
        raise Refusal("bad_datetime")
    return begins, ends


def _instant(text: str, *, end: bool) -> datetime:
    if _DATE.fullmatch(text):  # a day is as long as it is
        text += "T23:59:59.999999Z" if end else "T00:00:00Z"
    if not _RFC3339.fullmatch(text):
        raise Refusal("bad_datetime")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal("bad_datetime") from error
