"""What was found of tiles is written in the place of what was: many tiles in one message, a statement a table."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import TextClause, text

from layers.asking import ask_each
from layers.coverage.schema import Reckoned, Stirred
from layers.coverage.table import LOST
from layers.database import Session

Found = tuple[Stirred, Reckoned]
Types = dict[str, str]  # of the columns, by their names

_COVERAGE: Types = {"tile_id": "bigint", "area_id": "bigint", "purpose": "text", "cameras": "smallint", "geom": "bytea"}
_GAP: Types = {
    "tile_id": "bigint", "area_id": "bigint", "purpose": "text", "ground_m2": "real", "streets_m": "real",
    "incidents": "integer", "accidents": "integer", "places": "integer", "schools": "integer", "addresses": "integer",
    "weight": "real", "worth": "real", "crowds": "text[]", "categories": "text[]", "hours": "smallint[]",
    "expected": "real[]", "geom": "bytea",
}  # fmt: skip
_SHARE: Types = {
    "tile_id": "bigint", "area_id": "bigint", "purpose": "text", "measure": "text", "whole": "double precision",
    "seen": "double precision", "twice": "double precision", "private": "double precision",
    "night": "double precision", "night_unknown": "double precision",
}  # fmt: skip
_LOST: Types = {
    "tile_id": "bigint", "area_id": "bigint", "purpose": "text", "by": "text", "names": "text[]",
    **dict.fromkeys(LOST, "real[]"),
}  # fmt: skip
_UNSEEING: Types = {"camera_id": "bigint", "reason": "text"}
_TILE: Types = {"id": "bigint", "stirred_at": "timestamptz", "job_id": "bigint"}
_TERRAIN: Types = {"terrain": "text"}


def _told(types: Types) -> str:
    """Return a table of columns that are told as arrays; what is an array itself comes as its literal."""
    plain = {name: "text" if kind.endswith("[]") else kind for name, kind in types.items()}
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in plain.items())
    return f"unnest({arrays}) AS told({', '.join(types)})"


def _put(table: str, types: Types) -> TextClause:
    read = {"geom": "ST_GeomFromWKB(geom, 4326)"} | {
        name: f"CAST({name} AS {kind})" for name, kind in types.items() if kind.endswith("[]")
    }
    values = ", ".join(read.get(name, name) for name in types)
    return text(f"INSERT INTO {table} ({', '.join(types)}) SELECT {values} FROM {_told(types)}")


_TABLES = {"coverage": _COVERAGE, "gap": _GAP, "coverage_share": _SHARE, "coverage_lost": _LOST}
_HOLD = text("SELECT id FROM coverage_tile WHERE id = ANY(:tiles) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED")
_EMPTY = [text(f"DELETE FROM {table} WHERE tile_id = ANY(:tiles)") for table in _TABLES]
_PUT_COVERAGE, _PUT_GAPS, _PUT_SHARES, _PUT_LOST = (_put(table, types) for table, types in _TABLES.items())
_SEE_AGAIN = text("DELETE FROM camera_unseeing WHERE camera_id = ANY(:cameras)")
_PUT_UNSEEING = text(f"""
INSERT INTO camera_unseeing (camera_id, reason)
SELECT camera.id, told.reason FROM {_told(_UNSEEING)} JOIN camera ON camera.id = told.camera_id
    ON CONFLICT DO NOTHING""")  # one may have been taken away meanwhile
_DONE = text(f"""
UPDATE coverage_tile
   SET reckoned_at = clock_timestamp(), stirred_at = nullif(coverage_tile.stirred_at, told.stirred_at),
       job_id = nullif(coverage_tile.job_id, told.job_id), terrain = told.terrain
  FROM {_told(_TILE | _TERRAIN)} WHERE coverage_tile.id = told.id""")


async def write(session: Session, found: Sequence[Found]) -> None:
    """Put what was found in the place of what was; a tile waits on where it was stirred again meanwhile.

    One that somebody is stirring just now is passed over: it waits on anyhow, and whoever holds it may be about to ask
    for another of these; each would wait for the other.
    """
    (rows,) = await ask_each(session, (_HOLD, {"tiles": sorted(tile.id for tile, _ in found)}))
    held = {row.id for row in rows}
    found = [one for one in found if one[0].id in held]
    tiles = [tile.id for tile, _ in found]
    asked = sorted({camera for _, one in found for camera in one.asked})
    unseeing = {camera: reason for _, one in found for camera, reason in one.unseeing.items()}
    await ask_each(
        session,
        *((empty, {"tiles": tiles}) for empty in _EMPTY),
        (_PUT_COVERAGE, _columns(_COVERAGE, (_rows(tile, one.coverage) for tile, one in found))),
        (_PUT_GAPS, _columns(_GAP, (_rows(tile, one.gaps) for tile, one in found))),
        (_PUT_SHARES, _columns(_SHARE, (_rows(tile, one.shares) for tile, one in found))),
        (_PUT_LOST, _columns(_LOST, (_rows(tile, one.lost) for tile, one in found))),
        (_SEE_AGAIN, {"cameras": asked}),
        (_PUT_UNSEEING, {"camera_id": list(unseeing), "reason": list(unseeing.values())}),
        (_DONE, {"terrain": [one.terrain for _, one in found]} | _of_tiles([tile for tile, _ in found])),
    )


def _of_tiles(tiles: Sequence[Stirred]) -> dict[str, list[Any]]:
    return {name: [getattr(tile, name) for tile in tiles] for name in _TILE}


def _rows(tile: Stirred, rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"tile_id": tile.id, **row} for row in rows]


def _columns(types: Types, rows: Iterable[list[dict[str, Any]]]) -> dict[str, list[Any]]:
    every = [row for some in rows for row in some]
    return {
        name: [_literal(row[name]) if kind.endswith("[]") else row[name] for row in every]
        for name, kind in types.items()
    }


def _literal(values: Sequence[Any]) -> str:
    """Return an array as PostgreSQL writes it: an array of such would have to be a rectangle."""
    return "{" + ",".join(_quoted(one) if isinstance(one, str) else repr(one) for one in values) + "}"


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
