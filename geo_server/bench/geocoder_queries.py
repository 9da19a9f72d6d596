"""The towns that the geocoder's bench writes: streets that cross, houses along them, common names and places."""

from collections.abc import Sequence

import psycopg
from sqlalchemy import text

from layers.database import Session
from layers.values import LonLat

_STEP_DEG = 0.002  # between one street and the next
_EACH_CROSSES = 4  # streets on either side that a street meets
_MADE = """
CREATE TEMP TABLE made AS
SELECT town, street, street % half AS nth, street >= half AS upright, town_lon AS lon, town_lat AS lat,
       (CAST(:names AS text[]))[1 + (town * 577 + street) % cardinality(CAST(:names AS text[]))] AS name
  FROM generate_series(0, :towns - 1) town, generate_series(0, :streets - 1) street,
       LATERAL (SELECT :streets / 2 AS half, 52 + (town % 5) * 6 AS town_lon, 43 + (town / 5) * 2.5 AS town_lat) at"""
# House h of a street lies between the places where it meets the streets before and after its own number.
_ADDRESSES = """
INSERT INTO address (osm_id, street, street_kk, street_ru, street_en, house, common_name, geom, area_id)
SELECT (town * 1000 + street) * 100 + h, name || ' көшесі', name || ' көшесі', 'улица ' || name, NULL, h::text,
       CASE WHEN h = 7 AND street % 2 = 0 THEN 'ТД ' || name END,
       ST_SetSRID(CASE WHEN upright THEN ST_MakePoint(lon + nth * :step, lat + (nth + (h - 20) * 0.2) * :step)
                       ELSE ST_MakePoint(lon + (nth + (h - 20) * 0.2) * :step, lat + nth * :step) END, 4326),
       (SELECT min(id) FROM area)
  FROM made, generate_series(1, :houses) h"""
_ROADS = """
INSERT INTO road (osm_id, class, name, name_kk, name_ru, from_node, to_node, speed_kmh, length_m, geom, area_id)
SELECT town * 1000 + street, 'residential', name || ' көшесі', name || ' көшесі', 'улица ' || name,
       CASE WHEN upright THEN (town * 1000 + at) * 1000 + nth ELSE (town * 1000 + nth) * 1000 + at END,
       CASE WHEN upright THEN (town * 1000 + at + 1) * 1000 + nth ELSE (town * 1000 + nth) * 1000 + at + 1 END, 40, 200,
       ST_SetSRID(CASE WHEN upright THEN ST_MakeLine(
                           ST_MakePoint(lon + nth * :step, lat + at * :step),
                           ST_MakePoint(lon + nth * :step, lat + (at + 1) * :step))
                       ELSE ST_MakeLine(
                           ST_MakePoint(lon + at * :step, lat + nth * :step),
                           ST_MakePoint(lon + (at + 1) * :step, lat + nth * :step)) END, 4326),
       (SELECT min(id) FROM area)
  FROM made, generate_series(nth - :crosses, nth + :crosses - 1) at WHERE at >= 0 AND at < :streets / 2 - 1"""
_PLACES = """
INSERT INTO place (osm_id, kind, name, name_kk, name_ru, geom, area_id)
SELECT -town * 1000 - street, 'school', '№' || street || ' мектеп', '№' || street || ' мектеп', 'Школа № ' || street,
       ST_SetSRID(ST_MakePoint(lon + nth * :step, lat + nth * :step), 4326), (SELECT min(id) FROM area)
  FROM made WHERE street % 4 = 0"""


async def towns(session: Session, names: Sequence[str], *, towns: int, streets: int, houses: int) -> None:
    """Write towns of so many streets each, half of them upright, with so many houses each; always the same ones."""
    size = {"towns": towns, "streets": streets, "houses": houses, "step": _STEP_DEG, "crosses": _EACH_CROSSES}
    tables = ("address", "road", "place")
    for table in tables:  # every row belongs to one area, so the trigger that finds it is spared
        await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER set_area"))
    await session.execute(text(_MADE), {"names": list(names), "towns": towns, "streets": streets})
    for step in (_ADDRESSES, _ROADS, _PLACES):
        await session.execute(text(step), {name: value for name, value in size.items() if f":{name}" in step})
    for table in tables:
        await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER set_area"))
    await session.execute(text("ANALYZE address, road, place"))


def name_of(names: Sequence[str], town: int, street: int) -> str:
    """Return the name of a street of a town, both counted from 0."""
    return names[(town * 577 + street) % len(names)]


def middle(town: int) -> LonLat:
    """Return a place within the town, counted from 0."""
    return LonLat(lon=52 + (town % 5) * 6 + 0.3, lat=43 + (town // 5) * 2.5 + 0.3)


def settle(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Leave the store as it is long after an import; the connection commits by itself."""
    connection.execute("VACUUM (ANALYZE) geocoder_name, geocoder_house, geocoder_word, address, road, place, area")


async def one_address(session: Session, id: int) -> object:
    """Return an address by its id: the quickest question there is."""
    return (
        await session.execute(text("SELECT id, street, house FROM address WHERE id = :id"), {"id": id})
    ).one_or_none()
