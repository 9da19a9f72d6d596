"""Every question asked of the names: by words, by one mistyped word, and what is near a place."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from layers.database import Session
from layers.geocoder.schema import Around, Asked, Hit, Nearby
from layers.near import box_around
from layers.values import BBox, LonLat, Title

_CANDIDATES = 60  # of each reading: a name that so many streets of the country bear is told apart by place alone
_HOUSES = 6  # of each street, while the number is still typed
_ALIKE = 0.2  # pg_trgm's share of common trigrams: four letters with one wrong have no more
_WORDS = 40
_REACH_M = 1_000.0

# How well a row fits: how much of its name was typed, whether it is the kind that was said; then whether it lies in the
# areas asked about and how near. The box of the areas chooses candidates, the areas themselves rank them.
_FITS = """(0.4 + 0.6 * least(1, a.letters::real / n.letters))
    * CASE WHEN a.kind <> n.street_kind AND a.kind NOT IN ('house', 'area') THEN 0.9 ELSE 1 END
    + 0.01 * ln(1 + n.houses)"""
_NEAR = """CASE WHEN :near THEN 1 / (1 + 55.6 * sqrt(power((ST_X({geom}) - :lon) * cos(radians(:lat)), 2)
    + power(ST_Y({geom}) - :lat, 2))) ELSE 0 END"""  # a half at 2 km: a degree is 111.2 km
_STANDS = f"(0.6 + CASE WHEN {{inside}} THEN 0.2 ELSE 0 END + 0.2 * {_NEAR})"
_CHOSEN = f"({_FITS}) * {_STANDS.format(inside='n.geom && (SELECT box FROM scope)', geom='n.geom')}"
_NAMES = f"""
SELECT n.*, {_FITS} AS fits FROM geocoder_name n
 WHERE kind <> 'crossing' AND words @@ CAST(a.names AS tsquery) AND (a.house IS NULL OR kind = 'street')
 ORDER BY {_CHOSEN} DESC LIMIT {_CANDIDATES}"""
_CROSSINGS = f"""
SELECT n.*, {_FITS} AS fits FROM geocoder_name n
 WHERE kind = 'crossing' AND words @@ CAST(a.crossing AS tsquery) AND a.house IS NULL
 ORDER BY {_CHOSEN} DESC LIMIT {_CANDIDATES}"""
_SEARCH = f"""
WITH scope AS MATERIALIZED (
    SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4326) AS box FROM area WHERE id = ANY (CAST(:roots AS bigint[]))),
asked AS (
    SELECT * FROM unnest(CAST(:names AS text[]), CAST(:crossings AS text[]), CAST(:letters AS int[]),
        CAST(:houses AS text[]), CAST(:kinds AS text[]), CAST(:corners AS boolean[]))
        a(names, crossing, letters, house, kind, corner)),
fitting AS (
    SELECT n.*, a.house AS asked_house, h.key AS house_key, coalesce(h.address_id, n.address_id) AS at_id,
           n.fits * CASE WHEN a.house IS NULL OR h.key = a.house THEN 1
                         WHEN h.key IS NULL THEN 0.5 ELSE 0.7 - 0.01 * length(h.key) END
                  * CASE WHEN a.corner = (n.kind = 'crossing') THEN 1 ELSE 0.85 END AS fit
      FROM asked a CROSS JOIN LATERAL (({_NAMES}) UNION ALL ({_CROSSINGS})) n
      LEFT JOIN LATERAL (
          SELECT h.key, h.address_id FROM geocoder_house h
           WHERE h.name_id = n.id AND h.key >= a.house AND h.key < a.house || '~'
           ORDER BY length(h.key), h.key LIMIT {_HOUSES}) h ON a.house IS NOT NULL)
SELECT CASE WHEN n.house_key IS NULL THEN n.kind ELSE 'address' END AS kind, n.title_kk, n.title_ru, n.title_en,
       ad.house, ad.common_name, ad.street, ad.street_kk, ad.street_ru, ad.street_en, n.house_key IS NOT NULL AS housed,
       ST_X(g.geom) AS lon, ST_Y(g.geom) AS lat, n.west, n.south, n.east, n.north, ar.id AS area_id, n.at_id,
       n.fit * {_STANDS.format(inside="coalesce(ar.path && CAST(:roots AS bigint[]), false)", geom="g.geom")} AS score
  FROM fitting n
  LEFT JOIN address ad ON ad.id = n.at_id
  LEFT JOIN road ro ON ro.id = n.road_id
  LEFT JOIN place pl ON pl.id = n.place_id
  LEFT JOIN area ar ON ar.id = coalesce(pl.area_id, ad.area_id, ro.area_id)
  CROSS JOIN LATERAL (SELECT CASE WHEN n.house_key IS NULL THEN n.geom ELSE ad.geom END AS geom) g
 WHERE (NOT :only OR ar.path && CAST(:roots AS bigint[])) AND g.geom IS NOT NULL
 ORDER BY score DESC, n.id, n.house_key LIMIT :limit"""
_WORDS_LIKE = """
SELECT asked.word AS typed, known.word FROM unnest(CAST(:typed AS text[])) asked(word) CROSS JOIN LATERAL (
    SELECT word FROM geocoder_word w WHERE w.word % asked.word
     ORDER BY similarity(w.word, asked.word) DESC, word LIMIT :most) known"""
_AREA_SHAPES = """
SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat, ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east,
       ST_YMax(geom) AS north
  FROM area CROSS JOIN LATERAL ST_PointOnSurface(geom) p WHERE id = ANY (CAST(:ids AS bigint[]))"""
_AREAS_AT = """
SELECT (SELECT id FROM area WHERE geom && here AND closed_at IS NULL AND ST_Covers(geom, here)
         ORDER BY level DESC LIMIT 1) AS area_id
  FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY p(lon, lat, n)
 CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS here) point ORDER BY n"""
# The index is asked in degrees, which are not of one length both ways: more than one, then by metres over the ground.
_NEAREST = """
(SELECT 'address' AS kind, street_kk AS kk, street_ru AS ru, street_en AS en, street AS plain, house, common_name,
        id AS address_id, ST_X(geom) AS lon, ST_Y(geom) AS lat, ST_DistanceSphere(geom, here) AS away_m
   FROM (SELECT a.*, here FROM address a, at WHERE a.geom && box ORDER BY a.geom <-> here LIMIT 50) near
  ORDER BY away_m, id LIMIT 1)
UNION ALL
(SELECT 'street', name_kk, name_ru, name_en, name, NULL, NULL, NULL,
        ST_X(foot), ST_Y(foot), ST_DistanceSphere(foot, here)
   FROM (SELECT r.*, here, ST_ClosestPoint(r.geom, here) AS foot FROM road r, at
          WHERE r.name IS NOT NULL AND r.geom && box ORDER BY r.geom <-> here LIMIT 50) near
  ORDER BY 11, id LIMIT 1)
UNION ALL
(SELECT 'crossing', title_kk, title_ru, title_en, title_ru, NULL, NULL, NULL,
        ST_X(geom), ST_Y(geom), ST_DistanceSphere(geom, here)
   FROM (SELECT n.*, here FROM geocoder_name n, at
          WHERE n.kind = 'crossing' AND n.geom && box ORDER BY n.geom <-> here LIMIT 50) near
  ORDER BY 11, id LIMIT 1)"""
_AROUND = f"""
WITH at AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS here,
                   ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box)
SELECT * FROM ({_NEAREST}) found WHERE away_m <= :reach_m"""


async def search(
    session: Session, asked: Sequence[Asked], roots: Sequence[int], *, near: LonLat | None, only: bool, limit: int
) -> list[Hit]:
    """Return what fits any of the readings, the best first.

    What lies in one of the areas `roots` or below it stands before the rest, with `only` alone; what is nearer to
    `near` stands before what is farther.
    """
    columns = {
        "names": [one.names for one in asked],
        "crossings": [one.crossing for one in asked],
        "letters": [one.letters for one in asked],
        "houses": [one.house for one in asked],
        "kinds": [one.kind for one in asked],
        "corners": [one.corner for one in asked],
    }
    where = {"near": near is not None, "lon": near.lon if near else 0.0, "lat": near.lat if near else 0.0}
    rest = {"roots": list(roots), "only": only, "limit": limit}
    return [_hit(row) for row in await session.execute(text(_SEARCH), columns | where | rest)]


async def words_like(session: Session, typed: Sequence[str]) -> dict[str, list[str]]:
    """Return for each word that was typed the words of names that are most like it, by their trigrams."""
    await session.execute(
        text("SELECT set_config('pg_trgm.similarity_threshold', :least, true)"), {"least": str(_ALIKE)}
    )
    found: dict[str, list[str]] = {}
    for row in await session.execute(text(_WORDS_LIKE), {"typed": list(typed), "most": _WORDS}):
        found.setdefault(row.typed, []).append(row.word)
    return found


async def area_shapes(session: Session, ids: Sequence[int]) -> dict[int, tuple[LonLat, BBox]]:
    """Return of each area a place within it and its box."""
    found = await session.execute(text(_AREA_SHAPES), {"ids": list(ids)})
    return {row.id: (LonLat(lon=row.lon, lat=row.lat), _box(row)) for row in found}


async def areas_at(session: Session, places: Sequence[LonLat]) -> list[int | None]:
    """Return the smallest area that covers each place, None where none does."""
    asked = {"lon": [place.lon for place in places], "lat": [place.lat for place in places]}
    return [row.area_id for row in await session.execute(text(_AREAS_AT), asked)]


async def around(session: Session, place: LonLat) -> Around:
    """Return the address, the street and the crossing nearest to a place, each within a kilometre."""
    box = box_around(place, _REACH_M)
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    asked = {"lon": place.lon, "lat": place.lat, "reach_m": _REACH_M, **sides}
    found = {row.kind: _nearby(row) for row in await session.execute(text(_AROUND), asked)}
    return Around(address=found.get("address"), street=found.get("street"), crossing=found.get("crossing"))


def _hit(row: Any) -> Hit:
    street = None if row.street is None else _title(row.street_kk, row.street_ru, row.street_en, row.street)
    kind = row.kind
    return Hit(
        kind=kind,
        title=Title(kk=row.title_kk, ru=row.title_ru, en=row.title_en),
        house=row.house,
        common_name=row.common_name,
        street=street,
        place=LonLat(lon=row.lon, lat=row.lat),
        extent=_box(row) if kind == "street" and row.west is not None else None,
        score=row.score,
        area_id=row.area_id,
        address_id=row.at_id if kind in ("address", "place", "common_name") else None,
    )


def _nearby(row: Any) -> Nearby:
    street = _title(row.kk, row.ru, row.en, row.plain)
    return Nearby(
        kind=row.kind,
        title=street if row.house is None else housed(street, row.house),
        place=LonLat(lon=row.lon, lat=row.lat),
        away_m=row.away_m,
        address_id=row.address_id,
        common_name=row.common_name,
    )


def housed(street: Title, house: str) -> Title:
    """Return an address as each language writes it."""
    return Title(kk=f"{street.kk}, {house}", ru=f"{street.ru}, {house}", en=f"{street.en}, {house}")


def _title(kk: str | None, ru: str | None, en: str | None, plain: str) -> Title:
    return Title(kk=kk or plain, ru=ru or plain, en=en or plain)


def _box(row: Any) -> BBox:
    return BBox(west=row.west, south=row.south, east=row.east, north=row.north)
