"""What rows of an import are to each other, to the cameras of the store, and to buildings: what no row tells of itself.

Of rows written just now the store knows no numbers, takes a million of them for one, and would try all pairs. So they
are laid out in tables of this visit alone, of which it is told what they hold; and far, as rows may be many, step by
step, each of which does as much work as there are rows, whatever stands where.
"""

import math
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from layers.cameras.register_schema import POSE
from layers.database import Session

AT_A_TIME = 50_000  # rows
LEAST_M = 0.01  # nearer than this two places are one
_M_PER_DEG = 111_195.08
_ALMOST = 0.999  # of a cell's side: whatever stands in one cell is near, whatever is rounded

Telling = Callable[[int, int], Awaitable[None]]  # done, of how much; raises what calls it off


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `by_part`: it is asked of some rows at a time, of those between the lines `first` and `last`."""

    asked: str
    by_part: bool = False


_LAID = (
    """CREATE TEMP TABLE sent (line int, code text, heading float8, height_m float8, poses boolean, geom geometry)
           ON COMMIT DROP""",
    """CREATE TEMP TABLE standing (line int, heading float8, geom geometry, col bigint, row bigint, leads boolean)
           ON COMMIT DROP""",
    """CREATE TEMP TABLE found (line int, refused jsonb, twin text, twin_id bigint, note text) ON COMMIT DROP""",
)
_STEPS = (
    Step("""INSERT INTO sent
            SELECT line, told ->> 'code', (told ->> 'heading_deg')::float8, (told ->> 'height_m')::float8,
                   told ?| CAST(:pose AS text[]), geom
              FROM register_row WHERE import_id = :id AND refused IS NULL"""),
    Step("ANALYZE sent"),
    # a code twice in the file: the first has it
    Step("""WITH again AS (SELECT line, min(line) OVER (PARTITION BY code) AS first FROM sent),
                 gone AS (DELETE FROM sent s USING again a WHERE a.line = s.line AND a.first < a.line
                          RETURNING a.line, a.first)
            INSERT INTO found (line, refused) SELECT line, jsonb_build_object(
                   'code', 'code_twice', 'column', 'code', 'value', first::text) FROM gone"""),
    # borders may lie otherwise than one area's own outline: what would be another's is not written
    Step(
        """WITH gone AS (
               DELETE FROM sent s USING area mine
                WHERE mine.id = :area AND s.line BETWEEN :first AND :last
                  AND EXISTS (SELECT 1 FROM area a WHERE a.level >= mine.level AND NOT mine.id = ANY (a.path)
                                 AND a.geom && s.geom AND ST_Covers(a.geom, s.geom))
                  AND NOT area_of(s.geom) = ANY (ARRAY(SELECT id FROM area WHERE :area = ANY (path)))
               RETURNING s.line, s.geom)
           INSERT INTO found (line, refused) SELECT line, jsonb_build_object('code', 'outside', 'value',
                  round(ST_Y(geom)::numeric, 6) || ', ' || round(ST_X(geom)::numeric, 6)) FROM gone""",
        by_part=True,
    ),
    # a camera of that code
    Step("""INSERT INTO found (line, twin, twin_id)
            SELECT s.line, 'code', c.id FROM sent s JOIN camera c ON c.code = s.code"""),
    Step("ANALYZE found"),
    # a camera within reach that looks the same way, the nearest
    Step(
        """INSERT INTO found (line, twin, twin_id)
           SELECT s.line, 'place', t.id FROM sent s CROSS JOIN LATERAL (
                  SELECT c.id FROM camera c
                   WHERE c.geom && ST_Expand(s.geom, :near_lon, :near_lat)
                     AND ST_DistanceSphere(c.geom, s.geom) <= :near_m
                     AND (c.heading_deg IS NULL OR s.heading IS NULL
                          OR abs(mod((c.heading_deg - s.heading + 540)::numeric, 360) - 180) <= 15)
                   ORDER BY ST_DistanceSphere(c.geom, s.geom), c.id LIMIT 1) t
            WHERE s.line BETWEEN :first AND :last
              AND NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line AND f.twin IS NOT NULL)""",
        by_part=True,
    ),
    # a row of the file before this one, both of which tell the same heading: rows of one cell that look within 15
    # degrees are near each other, so that the first of them alone has to meet those of the cells around
    Step("""INSERT INTO standing SELECT line, heading, geom, col, row, row_number() OVER (
                   PARTITION BY col, row, floor(heading / 15) ORDER BY line) = 1
              FROM (SELECT s.*, floor(ST_X(geom) / :cell_lon)::bigint AS col,
                           floor(ST_Y(geom) / :cell_lat)::bigint AS row
                      FROM sent s WHERE heading IS NOT NULL
                       AND NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line AND f.twin IS NOT NULL)) placed"""),
    Step("ANALYZE standing"),
    Step("INSERT INTO found (line, twin) SELECT line, 'file' FROM standing WHERE NOT leads"),
    Step("""INSERT INTO found (line, twin)
            SELECT DISTINCT n.line, 'file' FROM standing n
              CROSS JOIN generate_series(-CAST(:cols AS bigint), :cols) a CROSS JOIN generate_series(-2::bigint, 2) b
               JOIN standing o ON o.col = n.col + a AND o.row = n.row + b AND o.line < n.line
             WHERE n.leads AND ST_DistanceSphere(o.geom, n.geom) <= :near_m
               AND abs(mod((o.heading - n.heading + 540)::numeric, 360) - 180) <= 15"""),
    # more than a metre inside of a building, and not known to hang above its roof
    Step(
        """INSERT INTO found (line, note) SELECT line, 'inside_building' FROM sent s
            WHERE line BETWEEN :first AND :last
              AND EXISTS (SELECT 1 FROM building b WHERE b.geom && s.geom AND ST_Contains(b.geom, s.geom)
                   AND ST_DistanceSphere(ST_ClosestPoint(ST_Boundary(b.geom), s.geom), s.geom) > 1
                   AND NOT coalesce(s.height_m >= b.height_m, false))""",
        by_part=True,
    ),
    Step("""INSERT INTO found (line, note) SELECT s.line, 'pose_kept'
              FROM found f JOIN sent s ON s.line = f.line JOIN camera c ON c.id = f.twin_id
             WHERE s.poses AND c.calibration <> 'none'"""),
    Step("ANALYZE found"),
    Step(
        """UPDATE register_row r SET refused = f.refused, twin = f.twin, twin_id = f.twin_id,
                  notes = CASE WHEN f.notes IS NULL THEN r.notes ELSE coalesce(r.notes, '[]') || f.notes END
             FROM (SELECT line, min(twin) AS twin, min(twin_id) AS twin_id,
                          (array_agg(refused) FILTER (WHERE refused IS NOT NULL))[1] AS refused,
                          jsonb_agg(jsonb_build_object('code', note)) FILTER (WHERE note IS NOT NULL) AS notes
                     FROM found WHERE line BETWEEN :first AND :last GROUP BY line) f
            WHERE r.import_id = :id AND r.line BETWEEN :first AND :last AND r.line = f.line""",
        by_part=True,
    ),
)


async def compare(
    session: Session, import_id: int, *, area_id: int, near_m: float, south: float, north: float, tell: Telling
) -> None:
    """Write what is found to the rows; of those refused by now nothing is asked.

    `near_m`: so near, metres, a camera may be the same; the area of the import lies between `south` and `north`.
    """
    told = _cells(max(near_m, LEAST_M), south, north) | {"id": import_id, "area": area_id, "pose": list(POSE)}
    for asked in _LAID:
        await session.execute(text(asked))
    last = (await session.execute(_LAST, told)).scalar_one()
    parts = [{"first": first, "last": first + AT_A_TIME - 1} for first in range(0, last + 1, AT_A_TIME)]
    questions = list(_questions(parts))
    for done, (asked, part) in enumerate(questions):
        await tell(done, len(questions))
        await session.execute(text(asked), told | part)


_LAST = text("SELECT coalesce(max(line), 0) FROM register_row WHERE import_id = :id")


def _questions(parts: list[dict[str, int]]) -> Iterator[tuple[str, dict[str, int]]]:
    for step in _STEPS:
        for part in parts if step.by_part else [{}]:
            yield step.asked, part


def _cells(near_m: float, south: float, north: float) -> dict[str, Any]:
    """Return how wide near is, degrees, and cells no two places of which are farther from each other than that."""
    far = max(abs(south), abs(north))
    mild = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    widest, narrowest = (max(0.01, math.cos(math.radians(lat))) for lat in (mild, far))
    near_lat, side = near_m / _M_PER_DEG, _ALMOST * near_m / math.sqrt(2) / _M_PER_DEG
    cells = {"cell_lat": side, "cell_lon": side / widest}
    near = {"near_m": near_m, "near_lat": near_lat, "near_lon": near_lat / narrowest}
    return cells | near | {"cols": math.ceil(near["near_lon"] / cells["cell_lon"])}
