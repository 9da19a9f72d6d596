"""Every question asked of files that are taken into the register of cameras."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
import orjson
from sqlalchemy import Row, Select, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql

from geo_server.register.schema import Checked, Choices, Import, Told
from geo_server.register.table import register_import, register_piece, register_row
from layers.areas.queries import seen_by
from layers.cameras.table import camera
from layers.database import Session
from layers.locks import AdvisoryLock
from layers.viewer import Viewer

Which = Literal["refused", "noted", "twins", "good"]
KEPT_DAYS = 30
MOST_LISTED = 20
_i, _p, _r = register_import.c, register_piece.c, register_row.c


async def begin(session: Session, viewer: Viewer, *, file: str, size: int) -> int:
    """Write down that somebody sends a file for the own area; returns its id. What was left lying long ago goes."""
    old = delete(register_import).where(_i.asked_at < func.now() - text(f"interval '{KEPT_DAYS} days'"))
    await session.execute(old.where(_i.state.not_in(("reading", "writing"))))
    told = {"area_id": viewer.area_id, "file": file, "bytes": size, "asked_by": viewer.name}
    return int((await session.execute(insert(register_import).values(told).returning(_i.id))).scalar_one())


async def find(session: Session, viewer: Viewer, import_id: int, *, hold: bool = False) -> Import | None:
    """Return one import of the viewer's area or below; `hold`: nobody else changes it until the visit ends."""
    asked = select(register_import).where(_i.id == import_id, seen_by(viewer, _i.area_id))
    row = (await session.execute(asked.with_for_update() if hold else asked)).one_or_none()
    return None if row is None else _import(row)


async def of_job(session: Session, job_id: int) -> Import | None:
    """Return the import that a job works at."""
    row = (await session.execute(select(register_import).where(_i.job_id == job_id))).one_or_none()
    return None if row is None else _import(row)


async def latest(session: Session, viewer: Viewer) -> list[Import]:
    """Return the newest imports."""
    asked = select(register_import).where(seen_by(viewer, _i.area_id)).order_by(_i.id.desc()).limit(MOST_LISTED)
    return [_import(row) for row in await session.execute(asked)]


async def write(session: Session, import_id: int, **told: Any) -> None:
    """Write columns of an import."""
    await session.execute(update(register_import).where(_i.id == import_id).values(told))


async def forget(session: Session, import_id: int) -> None:
    """Delete an import with all that was sent and read of it."""
    await session.execute(delete(register_import).where(_i.id == import_id))


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────


async def put_piece(session: Session, one: Import, n: int, piece: bytes) -> None:
    """Keep a piece of the file; the same one sent again takes the place of the one before."""
    told = {"import_id": one.id, "n": n, "area_id": one.area_id, "bytes": piece}
    kept = postgresql.insert(register_piece).values(told)
    await session.execute(kept.on_conflict_do_update(index_elements=["import_id", "n"], set_={"bytes": piece}))


async def sent_bytes(session: Session, import_id: int) -> int:
    """Return how much of a file is here, piece after piece from the first on."""
    asked = text(
        """SELECT coalesce(sum(length(bytes)), 0) FROM (
               SELECT n, bytes, row_number() OVER (ORDER BY n) - 1 AS turn
                 FROM register_piece WHERE import_id = :id) one
            WHERE n = turn"""
    )
    return int((await session.execute(asked, {"id": import_id})).scalar_one())


async def pieces(session: Session, import_id: int) -> AsyncIterator[bytes]:
    """Yield the file, piece after piece."""
    numbers = list((await session.execute(select(_p.n).where(_p.import_id == import_id).order_by(_p.n))).scalars())
    for n in numbers:
        yield (await session.execute(select(_p.bytes).where(_p.import_id == import_id, _p.n == n))).scalar_one()


async def forget_file(session: Session, import_id: int) -> None:
    """Let the file go: it was taken in."""
    await session.execute(delete(register_piece).where(_p.import_id == import_id))


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────
_STAGE = text(
    """INSERT INTO register_row (import_id, area_id, line, told, geom, raw, refused, notes)
       SELECT :import_id, :area_id, line, told::jsonb,
              CASE WHEN lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END,
              CASE WHEN raw IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(raw::jsonb)) END,
              refused::jsonb, notes::jsonb
         FROM unnest(CAST(:lines AS int[]), CAST(:told AS text[]), CAST(:lons AS float8[]), CAST(:lats AS float8[]),
                     CAST(:raws AS text[]), CAST(:refused AS text[]), CAST(:notes AS text[]))
           AS row (line, told, lon, lat, raw, refused, notes)"""
)


async def forget_rows(session: Session, import_id: int) -> None:
    """Forget what was read of a file before."""
    await session.execute(delete(register_row).where(_r.import_id == import_id))


async def stage(session: Session, one: Import, rows: Sequence[Checked]) -> None:
    """Keep rows that were checked, and as they were: what refuses one may be found later."""
    told = {
        "lines": [row.line for row in rows],
        "told": [_json(row.told) for row in rows],
        "lons": [row.lon for row in rows],
        "lats": [row.lat for row in rows],
        "raws": [_json(list(row.raw)) for row in rows],
        "refused": [_json(row.refused.plain()) if row.refused else None for row in rows],
        "notes": [_json([note.plain() for note in row.notes]) if row.notes else None for row in rows],
    }
    await session.execute(_STAGE, {"import_id": one.id, "area_id": one.area_id, **told})


def _json(value: object) -> str:
    return orjson.dumps(value).decode().replace("\\u0000", "")


_COUNTS = text(
    """SELECT count(*) AS rows, count(*) FILTER (WHERE refused IS NOT NULL) AS refused,
              count(*) FILTER (WHERE refused IS NULL) AS good,
              count(*) FILTER (WHERE refused IS NULL AND notes IS NOT NULL) AS noted,
              count(*) FILTER (WHERE refused IS NULL AND twin IN ('code', 'place')) AS twins,
              count(*) FILTER (WHERE refused IS NULL AND twin = 'file') AS twins_in_file,
              coalesce(max(line), 0) AS last
         FROM register_row WHERE import_id = :id"""
)


async def counts(session: Session, import_id: int) -> dict[str, int]:
    """Return how many rows came out how."""
    return dict((await session.execute(_COUNTS, {"id": import_id})).one()._mapping)


async def decide(session: Session, import_id: int, rest: str, rows: Mapping[int, str]) -> None:
    """Write what becomes of rows that may be there already: those named as they are, the others all alike."""
    twins = update(register_row).where(_r.import_id == import_id, _r.twin.is_not(None))
    await session.execute(twins.values(decision=rest))
    for decision in ("skip", "update", "add"):
        lines = [line for line, one in rows.items() if one == decision]
        if lines:
            await session.execute(twins.where(_r.line.in_(lines)).values(decision=decision))
    # a row cannot be written over another of its file, nor a second camera have the same code
    await session.execute(twins.where(_r.twin == "file", _r.decision == "update").values(decision="skip"))
    await session.execute(twins.where(_r.twin == "code", _r.decision == "add").values(decision="skip"))


async def rows(session: Session, import_id: int, which: Which, *, after: int = 0, most: int) -> list[Told]:
    """Return rows of an import, by their numbers."""
    asked = _rows().where(_r.import_id == import_id, _r.line > after).order_by(_r.line).limit(most)
    kinds = {
        "refused": _r.refused.is_not(None),
        "noted": _r.refused.is_(None) & _r.notes.is_not(None),
        "twins": _r.refused.is_(None) & _r.twin.is_not(None),
        "good": _r.refused.is_(None),
    }
    return [_told(row) for row in await session.execute(asked.where(kinds[which]))]


async def forget_taken(session: Session, import_id: int) -> None:
    """Forget the rows that were written; those that were refused stay, to be told."""
    await session.execute(delete(register_row).where(_r.import_id == import_id, _r.refused.is_(None)))


async def may_work(session: Session) -> bool:
    """Say whether this process takes files in until its connection ends; of several one does."""
    asked = text("SELECT pg_try_advisory_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.REGISTER})).scalar_one())


async def shape_of(session: Session, area_id: int) -> bytes:
    """Return the outline of an area, WKB in degrees."""
    asked = text("SELECT ST_AsBinary(geom) FROM area WHERE id = :id")
    return bytes((await session.execute(asked, {"id": area_id})).scalar_one())


def choices_of(one: Import) -> Choices:
    """Return what somebody chose of an import."""
    return msgspec.convert(one.choices, Choices)


def _rows() -> Select[Any]:
    plain = [_r[name] for name in ("line", "raw", "refused", "notes", "twin", "twin_id", "decision")]
    texts = [_r.told[name].astext.label(name) for name in ("code", "name_ru")]
    place = [func.ST_X(_r.geom).label("lon"), func.ST_Y(_r.geom).label("lat")]
    heading = _r.told["heading_deg"].as_float().label("heading_deg")
    joined = register_row.outerjoin(camera, camera.c.id == _r.twin_id)
    return select(*plain, *texts, *place, heading, camera.c.code.label("twin_code")).select_from(joined)


def _told(row: Row[Any]) -> Told:
    plain = ("line", "code", "lon", "lat", "heading_deg", "raw", "refused", "twin", "twin_id", "twin_code", "decision")
    return Told(name=row.name_ru, notes=row.notes or [], **{name: getattr(row, name) for name in plain})


def _import(row: Row[Any]) -> Import:
    return Import(**{name: getattr(row, name) for name in Import.__dataclass_fields__})
