"""What belonged to another incident before it was merged, split or merged back; lines of the record tell it.

Both incidents have a line that names what went: whoever sees one of the two is told. A line's own incident is where
it went from, unless the line says so: `merged_in` and `split_from` name it as `of`, `unmerged` as `from`.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import text

from geo_server.replay.schema import Move, Span
from geo_server.replay.standing import moved_once
from layers.database import Session

_MOVES = """
SELECT of.what, CAST(gone.id AS bigint) AS id, (date_part('epoch', e.at) * 1000)::bigint AS until,
       coalesce(CAST(coalesce(e.details -> 'of', e.details -> 'from') ->> 'id' AS bigint), e.incident_id) AS incident_id
  FROM incident_entry e
 CROSS JOIN (VALUES ('event', 'events'), ('call', 'calls'), ('dispatch', 'dispatches')) AS of(what, listed)
 CROSS JOIN LATERAL jsonb_array_elements_text(e.details -> of.listed) AS gone(id)
 WHERE e.kind IN ('merged', 'merged_in', 'unmerged', 'split', 'split_from') AND e.at > :since ORDER BY e.at, e.id
"""


async def moves(session: Session, span: Span) -> dict[tuple[str, int], Sequence[Move]]:
    """Return the moves since an interval began, up to now, of each thing the earliest first; by `what` and id."""
    found = defaultdict[tuple[str, int], list[Move]](list)
    for row in (await session.execute(text(_MOVES), {"since": span.since})).mappings():
        found[row["what"], row["id"]].append(Move(**row))
    return {thing: moved_once(told) for thing, told in found.items()}
