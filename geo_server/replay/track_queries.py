"""Where units drove in the past; the store's policies answer with what is seen (decision 10)."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from psycopg.pq.abc import PGresult
from sqlalchemy import text

from geo_server.replay.schema import Span
from layers.database import Session
from layers.tracks.fixes import STORE_EPOCH_US, microseconds
from layers.tracks.queries import by_driver
from layers.values import BBox

LOOK_BACK = timedelta(minutes=10)  # where a unit was at the beginning is not told by an older fix than that
# at in microseconds since 1970 UTC, degrees WGS 84, km/h, degrees clockwise from north
FIXES = np.dtype(
    [("unit_id", "i8"), ("at", "i8"), ("lon", "f8"), ("lat", "f8"), ("speed_kmh", "f4"), ("heading_deg", "f4")]
)

# The last fix before the interval by an index probe a unit, then those in it.
_TRACKS = """
SELECT array_agg(unit_id), array_agg(at), array_agg(ST_X(geom)), array_agg(ST_Y(geom)), array_agg(speed_kmh),
       array_agg(heading_deg) FROM (
    SELECT f.* FROM unnest(%(units)s::bigint[]) AS u(id) CROSS JOIN LATERAL (
        SELECT unit_id, at, geom, speed_kmh, heading_deg FROM track
         WHERE unit_id = u.id AND at > %(early)s AND at <= %(since)s ORDER BY at DESC LIMIT 1) f
    UNION ALL {rest}) every
"""
# Of a span so short that hardly one is left out all of them, in one pass over their pages: fixes lie by the moment they
# came in, and each page holds some of every unit.
_EVERY = """
    SELECT unit_id, at, geom, speed_kmh, heading_deg FROM track
     WHERE unit_id = ANY (%(units)s::bigint[]) AND at > %(since)s AND at < %(until)s
"""
_ONE_A_STEP = """
    SELECT f.* FROM unnest(%(units)s::bigint[]) AS u(id) CROSS JOIN LATERAL (
        SELECT DISTINCT ON (date_bin(%(step)s, at, %(since)s)) unit_id, at, geom, speed_kmh, heading_deg FROM track
         WHERE unit_id = u.id AND at > %(since)s AND at < %(until)s
         ORDER BY date_bin(%(step)s, at, %(since)s), at) f
"""
SHORT_STEP = timedelta(seconds=1)  # units tell where they are once a second at most, nearly always
_UNIT_IDS = """
SELECT unit_id FROM unit_version WHERE during && tstzrange(:since, :until)
UNION SELECT id FROM unit WHERE (changed_at IS NULL OR changed_at < :until)
   AND (retired_at IS NULL OR retired_at > :since) ORDER BY 1
"""
# As the store sends an array of one dimension without nulls: five numbers, then each value after its size.
_ARRAY_HEADER = 20
_FORMS = {"unit_id": ">i8", "at": ">i8", "lon": ">f8", "lat": ">f8", "speed_kmh": ">f4", "heading_deg": ">f4"}


async def fixes(session: Session, span: Span, step: timedelta, box: BBox | None = None) -> NDArray[np.void]:
    """Return where the units drove (`FIXES`), by unit and time: one fix a step, before them the last one before.

    With a box: all of it of each unit that one of these fixes puts there, so that none stops at the border.
    """
    ids = (await session.execute(text(_UNIT_IDS), {"since": span.since, "until": span.until})).scalars()
    asked = {"units": list(ids), "early": span.since - LOOK_BACK, "since": span.since, "until": span.until}
    tracks = _TRACKS.format(rest=_EVERY if step <= SHORT_STEP else _ONE_A_STEP)
    async with by_driver(session) as driver, driver.cursor(binary=True) as cursor:
        await cursor.execute(tracks, {**asked, "step": step}, prepare=False)  # planned for these units and this time
        found = _one_a_step(_read(cursor.pgresult), span, step)
    return found if box is None else found[np.isin(found["unit_id"], found["unit_id"][_inside(found, box)])]


def _read(answer: PGresult | None) -> NDArray[np.void]:
    """Read the columns as they were sent: a hundred thousand rows of Python's own would take longer than the store."""
    sent = [None if answer is None else answer.get_value(0, n) for n in range(len(_FORMS))]
    columns = {
        name: np.frombuffer(values, [("size", ">i4"), ("value", form)], offset=_ARRAY_HEADER)["value"]
        for (name, form), values in zip(_FORMS.items(), sent, strict=True)
        if values is not None
    }
    found = np.empty(len(columns["at"]) if columns else 0, FIXES)
    for name, values in columns.items():
        found[name] = values
    found["at"] += STORE_EPOCH_US
    return found


def _one_a_step(fixes: NDArray[np.void], span: Span, step: timedelta) -> NDArray[np.void]:
    """Put fixes in order by unit and time, and keep of each unit the first one of each step."""
    ordered = fixes[np.lexsort((fixes["at"], fixes["unit_id"]))]
    after_us = ordered["at"] - microseconds(span.since)
    steps = np.where(after_us <= 0, -1, after_us // (step // timedelta(microseconds=1)))
    first = np.ones(len(ordered), np.bool_)
    first[1:] = (np.diff(ordered["unit_id"]) != 0) | (np.diff(steps) != 0)
    kept: NDArray[np.void] = ordered[first]
    return kept


def _inside(fixes: NDArray[np.void], box: BBox) -> NDArray[np.bool_]:
    east_of, west_of = fixes["lon"] >= box.west, fixes["lon"] <= box.east
    across = east_of & west_of if box.west <= box.east else east_of | west_of
    inside: NDArray[np.bool_] = across & (fixes["lat"] >= box.south) & (fixes["lat"] <= box.north)
    return inside
