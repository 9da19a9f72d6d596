"""Writes a republic: the bench's city of cameras and houses many times, each in a place of its own, with its areas."""

from sqlalchemy import text

from layers.database import Session

CITIES, HOUSES, A_CITY = 29, 150_000, 6_000
_SIZE = {"wide": 0.296, "high": 0.162, "cities": CITIES}  # degrees at the latitude of Almaty: 24 by 18 km
# In six UTM zones, as far from the middle of each as Almaty, every two degrees of latitude, and as many metres wide.
_SPOTS = """
CREATE TEMPORARY TABLE spot ON COMMIT DROP AS
SELECT n, 1 + n % 6 + 6 * (n / 12) AS oblast, 52.8 + 6 * (n % 6) AS west, 43.18 + 2 * (n / 6) AS south,
       :wide * cos(radians(43.26)) / cos(radians(43.26 + 2 * (n / 6))) AS wide, CAST(:high AS double precision) AS high
  FROM generate_series(0, :cities - 1) n"""
_REPUBLIC = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
VALUES (1, 'KZ', 'к', 'р', 'e', ST_Multi(ST_MakeEnvelope(47, 41, 85, 55, 4326)))"""
_OBLASTS = """
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT area.id, 2, 'KZ-' || oblast, 'к', 'р', 'e', ST_Multi(ST_Expand(ST_SetSRID(ST_Extent(
       ST_MakeEnvelope(west, south, west + wide, south + high)), 4326), 0.5))
  FROM spot CROSS JOIN area GROUP BY oblast, area.id"""
_CITIES = """
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT area.id, 3, area.code || '-' || n, 'к', 'р', 'e',
       ST_Multi(ST_MakeEnvelope(west, south, west + wide, south + high, 4326))
  FROM spot JOIN area ON area.code = 'KZ-' || oblast"""
_DISTRICTS = """
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT area.id, 4, area.code || '-' || x || y, 'к', 'р', 'e', ST_Multi(ST_MakeEnvelope(
       west + x * wide / 2, south + y * high / 2, west + (x + 1) * wide / 2, south + (y + 1) * high / 2, 4326))
  FROM spot JOIN area ON area.code = 'KZ-' || oblast || '-' || n
 CROSS JOIN generate_series(0, 1) x CROSS JOIN generate_series(0, 1) y"""
_HOUSES = """
INSERT INTO building (osm_id, kind, height_m, geom)
SELECT n, 'apartments', 3 * (1 + h % 9), ST_SetSRID(ST_Multi(ST_MakeEnvelope(x, y, x + across, y + 0.0002)), 4326)
  FROM (SELECT :houses * n + h AS n, h, west + wide * (h % 447) / 447 AS x, south + high * (h / 447) / 336 AS y,
               wide / :wide * 0.0003 AS across
          FROM spot CROSS JOIN generate_series(0, :houses - 1) h) at
 ORDER BY n"""  # as imports write them: one city after another, not all of them on each page
_CAMERAS = """
INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, height_m, heading_deg, tilt_deg, hfov_deg,
                    width_px, height_px, range_m, geom, area_id)
SELECT 'B-' || spot.n || '-' || c, 'к', 'р', 'e', 'rtsp://x', 'rtsp', 'fixed', 4 + c % 9, (c * 37) % 360, 8 + c % 15,
       40 + c % 50, 1920, 1080, 120, at.geom, area.id
  FROM (SELECT c, random() AS u, random() AS v FROM generate_series(1, :a_city) c) base CROSS JOIN spot
 CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(west + u * wide, south + v * high), 4326) AS geom) at
  JOIN area ON area.code = 'KZ-' || oblast || '-' || n || '-' || floor(2 * u) || floor(2 * v)
 WHERE spot.n * :a_city + c <= :cameras
 ORDER BY spot.n, c"""


async def write(session: Session, cameras: int) -> None:
    """Write so many cameras, a city full after another, and all the houses; the owner's visit, before any tile is laid.

    What the store does of itself with each row is left out, as the rows know their areas: it would take minutes.
    """
    await session.execute(text("SELECT setseed(0.5)"))
    for write_some in (_SPOTS, _REPUBLIC, _OBLASTS, _CITIES, _DISTRICTS):
        await session.execute(text(write_some), {name: _SIZE[name] for name in _SIZE if f":{name}" in write_some})
    for table in ("building", "camera"):
        await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    await session.execute(text("DROP INDEX building_geom_idx"))
    await session.execute(text(_HOUSES), {"houses": HOUSES, "wide": _SIZE["wide"]})
    await session.execute(text("CREATE INDEX building_geom_idx ON building USING gist (geom)"))
    await session.execute(text(_CAMERAS), {"cameras": cameras, "a_city": A_CITY})
    for table in ("building", "camera"):
        await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        await session.execute(text(f"ANALYZE {table}"))
