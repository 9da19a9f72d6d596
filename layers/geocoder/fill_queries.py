"""The questions and commands that write the names anew: psycopg, synchronous, inside their caller's one transaction."""

from collections.abc import Iterable, Sequence

from psycopg import sql

from layers.bulk import Connection, copy_into
from layers.geocoder.rows import Named, NewName, Part, Said
from layers.geocoder.table import geocoder_name

_CELL_DEG = 0.005  # some 400 to 550 m: what of a street lies in one is taken together
_APART_DEG = 0.02  # some 2 km: a street of that name beyond a longer gap is another street
_CROSSING_DEG = 0.0015  # some 150 m: where two streets of two carriageways meet in four nodes is one crossing
_TEMPORARY = ("street_said", "house_said", "street_member", "street_cell", "street_part", "street_pass")


# The variant of a street's name as one text, which a hash join can compare; IS NOT DISTINCT FROM it cannot.
_ADDRESS_SAYS = "concat(street, chr(31), street_kk, chr(31), street_ru, chr(31), street_en)"
_ROAD_SAYS = "concat(name, chr(31), name_kk, chr(31), name_ru, chr(31), name_en)"
_SAID = f"""
SELECT {_ADDRESS_SAYS}, min(street), min(street_kk), min(street_ru), min(street_en) FROM address GROUP BY 1
UNION
SELECT {_ROAD_SAYS}, min(name), min(name_kk), min(name_ru), min(name_en) FROM road WHERE name IS NOT NULL GROUP BY 1
ORDER BY 1"""
# One number a cell and one a part: over several columns that go together the planner expects next to no rows, and then
# walks half a million of them again for each.
_MEMBERS = f"""
CREATE TEMP TABLE street_member ON COMMIT DROP AS
SELECT *, (grp::bigint << 34)
          + ((floor(lon / {_CELL_DEG})::bigint + 65536) << 17) + floor(lat / {_CELL_DEG})::bigint + 65536 AS cell
  FROM (
    SELECT s.grp, s.variant, a.id AS address_id, NULL::bigint AS road_id, ST_X(geom) AS lon, ST_Y(geom) AS lat
      FROM address a JOIN street_said s ON s.said = {_ADDRESS_SAYS}
    UNION ALL
    SELECT s.grp, s.variant, NULL, r.id, ST_X(middle), ST_Y(middle)
      FROM road r CROSS JOIN LATERAL ST_LineInterpolatePoint(geom, 0.5) middle
      JOIN street_said s ON s.said = {_ROAD_SAYS} WHERE r.name IS NOT NULL) member"""
_CELLS = f"""
CREATE TEMP TABLE street_cell ON COMMIT DROP AS
SELECT cell, dense_rank() OVER (ORDER BY grp, part) AS part FROM (
    SELECT cell, grp, ST_ClusterDBSCAN(ST_MakePoint(lon, lat), {_APART_DEG}, 1) OVER (PARTITION BY grp) AS part
      FROM (SELECT cell, grp, avg(lon) AS lon, avg(lat) AS lat FROM street_member GROUP BY cell, grp) middle) parted"""
_PARTS = """
CREATE TEMP TABLE street_part ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('geocoder_name', 'id')) AS id, * FROM (
    SELECT part, count(address_id) AS houses,
           min(lon) AS west, min(lat) AS south, max(lon) AS east, max(lat) AS north, avg(lon) AS lon, avg(lat) AS lat
      FROM street_member JOIN street_cell USING (cell) GROUP BY part) part"""
_BELONGS = "street_member m JOIN street_cell c USING (cell) JOIN street_part p USING (part)"
_TOLD_PARTS = f"""
WITH variants AS (
    SELECT id, array_agg(variant ORDER BY many DESC, variant) AS variants
      FROM (SELECT p.id, m.variant, count(*) AS many FROM {_BELONGS} GROUP BY 1, 2) counted GROUP BY id),
middle AS (
    SELECT DISTINCT ON (p.id) p.id, m.lon, m.lat, m.address_id, m.road_id FROM {_BELONGS}
     ORDER BY p.id, (m.lon - p.lon) ^ 2 + (m.lat - p.lat) ^ 2, m.road_id, m.address_id)
SELECT p.id, v.variants, p.houses, p.west, p.south, p.east, p.north, m.lon, m.lat, m.address_id, m.road_id
  FROM street_part p JOIN variants v USING (id) JOIN middle m USING (id) ORDER BY p.id"""
_HOUSES = f"""
INSERT INTO geocoder_house (name_id, key, address_id)
SELECT p.id, h.key, a.id
  FROM {_BELONGS} JOIN geocoder_name n ON n.id = p.id
  JOIN address a ON a.id = m.address_id JOIN house_said h ON h.house = a.house
 WHERE h.key <> ''"""
# A part of one street that meets a part of another in a node of the road graph: their crossing.
_PASSES = f"""
CREATE TEMP TABLE street_pass ON COMMIT DROP AS
SELECT p.id, m.grp, r.node, r.geom, r.id AS road_id
  FROM {_BELONGS} JOIN geocoder_name n ON n.id = p.id
  JOIN (SELECT id, from_node AS node, ST_StartPoint(geom) AS geom FROM road
        UNION ALL SELECT id, to_node, ST_EndPoint(geom) FROM road) r ON r.id = m.road_id"""
_CROSSINGS = f"""
WITH passes AS (SELECT DISTINCT ON (id, node) id, node, grp, road_id, geom FROM street_pass ORDER BY id, node, road_id),
meets AS (
    SELECT a.id AS one, b.id AS other, a.geom, a.road_id
      FROM passes a JOIN passes b USING (node)
      JOIN geocoder_name x ON x.id = a.id JOIN geocoder_name y ON y.id = b.id
     WHERE a.grp <> b.grp AND (x.title_ru, a.id) < (y.title_ru, b.id)),
parted AS (SELECT *, ST_ClusterDBSCAN(geom, {_CROSSING_DEG}, 1) OVER (PARTITION BY one, other) AS part FROM meets),
crossing AS (
    SELECT one, other, ST_Centroid(ST_Collect(geom)) AS geom, min(road_id) AS road_id
      FROM parted GROUP BY one, other, part)
INSERT INTO geocoder_name (kind, title_kk, title_ru, title_en, words, letters, road_id, geom)
SELECT 'crossing',
       a.title_kk || ' – ' || b.title_kk, a.title_ru || ' – ' || b.title_ru, a.title_en || ' – ' || b.title_en,
       setweight(a.words, 'A') || setweight(b.words, 'B'), a.letters + b.letters, c.road_id, c.geom
  FROM crossing c JOIN geocoder_name a ON a.id = c.one JOIN geocoder_name b ON b.id = c.other"""
_PLACES = """
SELECT min(a.id), p.id, coalesce(name, name_ru, name_kk, name_en), name_kk, name_ru, name_en, ST_X(p.geom), ST_Y(p.geom)
  FROM place p LEFT JOIN address a USING (osm_id)
 WHERE coalesce(name, name_ru, name_kk, name_en) IS NOT NULL GROUP BY p.id ORDER BY p.id"""
_COMMON_NAMES = """
SELECT a.id, NULL, common_name, NULL, NULL, NULL, ST_X(geom), ST_Y(geom) FROM address a
 WHERE common_name IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM place p
                    WHERE p.osm_id = a.osm_id AND a.common_name IN (p.name, p.name_kk, p.name_ru, p.name_en))
 ORDER BY a.id"""
_WORDS = """
INSERT INTO geocoder_word
SELECT word FROM ts_stat('SELECT words FROM geocoder_name WHERE kind <> ''crossing''') WHERE word ~ '^[a-z]{3,}$'"""


def clear(connection: Connection) -> None:
    """Take every name away; who searches meanwhile still sees the old ones."""
    for table in ("geocoder_house", "geocoder_word", "geocoder_name"):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    for table in _TEMPORARY:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(table)))


def streets_said(connection: Connection) -> list[tuple[str, Said]]:
    """Return every variant of every street's name, once, with the one text by which rows find it again."""
    return [(key, Said(*said)) for key, *said in connection.execute(_SAID)]


def houses_said(connection: Connection) -> list[str]:
    """Return every house number, once."""
    return [row[0] for row in connection.execute("SELECT DISTINCT house FROM address")]


def write_streets_said(connection: Connection, rows: Iterable[tuple[str, int, int]]) -> None:
    """Tell which street (a number) each variant (text and number) is of."""
    connection.execute("CREATE TEMP TABLE street_said (said text, grp int, variant int) ON COMMIT DROP")
    _copy(connection, "COPY street_said FROM STDIN", rows)
    connection.execute("ANALYZE street_said")


def write_houses_said(connection: Connection, rows: Iterable[tuple[str, str]]) -> None:
    """Tell the key of each house number."""
    connection.execute("CREATE TEMP TABLE house_said (house text, key text) ON COMMIT DROP")
    _copy(connection, "COPY house_said FROM STDIN", rows)
    connection.execute("ANALYZE house_said")


def parts(connection: Connection) -> list[Part]:
    """Take the streets apart where the same name stands in several towns; each part's id is its name's from now on."""
    for step in (_MEMBERS, "ANALYZE street_member", _CELLS, "ANALYZE street_cell", _PARTS, "ANALYZE street_part"):
        connection.execute(step.encode())
    return [
        Part(
            id=id,
            variants=tuple(variants),
            houses=houses,
            box=(w, s, e, n),
            lon=lon,
            lat=lat,
            address_id=address_id,
            road_id=road_id,
        )
        for id, variants, houses, w, s, e, n, lon, lat, address_id, road_id in connection.execute(_TOLD_PARTS)
    ]


def places(connection: Connection) -> list[Named]:
    """Return the places that have a name, each with the address of the same object where there is one."""
    return _named(connection, _PLACES)


def common_names(connection: Connection) -> list[Named]:
    """Return the common names of addresses that are no place of that name."""
    return _named(connection, _COMMON_NAMES)


def _named(connection: Connection, asked: str) -> list[Named]:
    return [Named(a, p, Said(*said), lon, lat) for a, p, *said, lon, lat in connection.execute(asked.encode())]


def write_names(connection: Connection, rows: Iterable[NewName]) -> None:
    """Write names by COPY."""
    copy_into(connection, geocoder_name, NewName._fields, rows)


def take_ids(connection: Connection, count: int) -> list[int]:
    """Reserve `count` ids of names."""
    taken = "SELECT nextval(pg_get_serial_sequence('geocoder_name', 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in connection.execute(taken, [count])]


def write_houses_crossings_and_words(connection: Connection) -> None:
    """Write what follows from the streets that are written, and tell the planner what there is now."""
    connection.execute("ANALYZE geocoder_name")
    last = "ANALYZE geocoder_name, geocoder_house, geocoder_word"
    for step in (_HOUSES, _PASSES, "ANALYZE street_pass", _CROSSINGS, _WORDS, last):
        connection.execute(step.encode())


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
