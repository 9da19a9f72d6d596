"""The quarter that the bench of cameras writes: houses in a grid, cameras among them, some that turn."""

from sqlalchemy import text

from layers.database import Session
from layers.values import LonLat

MIDDLE = LonLat(lon=76.945, lat=43.238)
_SIDE_DEG = (0.0246, 0.018)  # 2 km each way
_HOUSES = """
INSERT INTO building (osm_id, kind, height_m, geom, area_id)
SELECT x * 100 + y, 'apartments', 3 * (1 + (x * 7 + y * 3) % 9),
       ST_SetSRID(ST_Multi(ST_MakeEnvelope(west, south, west + 0.55 * east, south + 0.55 * north)), 4326),
       (SELECT min(id) FROM area)
  FROM generate_series(0, 49) x, generate_series(0, 49) y,
       LATERAL (SELECT :wide / 50 AS east, :high / 50 AS north) step,
       LATERAL (SELECT :lon - :wide / 2 + x * east AS west, :lat - :high / 2 + y * north AS south) at"""
_CAMERAS = """
INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, height_m, heading_deg, tilt_deg, hfov_deg,
                    width_px, height_px, range_m, state, geom, area_id)
SELECT 'B-' || n, 'к', 'р', 'e', 'rtsp://x', 'rtsp', CASE WHEN n % 10 = 0 THEN 'ptz' ELSE 'fixed' END, 4 + n % 9,
       (n * 37) % 360, 8 + n % 15, 40 + n % 50, 1920, 1080, 120, 'live',
       ST_SetSRID(ST_MakePoint(:lon + (random() - 0.5) * :wide, :lat + (random() - 0.5) * :high), 4326),
       (SELECT min(id) FROM area)
  FROM generate_series(1, :cameras) n"""
_PRESETS = """
INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en, heading_deg, tilt_deg, hfov_deg)
SELECT id, k::text, 'к', 'р', 'e', (k * 45 + id) % 360, 10, 50
  FROM camera, generate_series(1, 8) k WHERE kind = 'ptz'"""
_BARE = """SELECT count(*) FROM camera WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.0015)"""


async def quarter(session: Session, *, cameras: int) -> None:
    """Write it, always the same one."""
    size = {"lon": MIDDLE.lon, "lat": MIDDLE.lat, "wide": _SIDE_DEG[0], "high": _SIDE_DEG[1]}
    await session.execute(text("SELECT setseed(0.5)"))
    await session.execute(text(_HOUSES), size)
    await session.execute(text(_CAMERAS), {**size, "cameras": cameras})
    await session.execute(text(_PRESETS))
    for table in ("building", "camera", "camera_preset"):
        await session.execute(text(f"ANALYZE {table}"))


async def bare(session: Session, place: LonLat) -> int:
    """Count the cameras in a box around a place."""
    asked = {"lon": place.lon, "lat": place.lat}
    return int((await session.execute(text(_BARE), asked)).scalar_one())
