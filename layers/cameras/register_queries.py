"""Everything asked of the register of cameras: its entries, how one is changed, and what became of it."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    any_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.cameras.register_schema import COLUMNS, LACKING, POSE, Changed, Entry, Tallied, Wanted
from layers.cameras.register_table import camera_change
from layers.cameras.table import camera
from layers.database import Session
from layers.values import LonLat, Title
from layers.viewer import Viewer

MOST_NAMED = 200  # owners and classes that a window lists
MOST_CHANGES = 500
_c = camera.c
_WHO = text("SELECT set_config('qyran.who', :who, true)")


async def written_by(session: Session, who: str) -> None:
    """Let the history name who writes, until the visit ends."""
    await session.execute(_WHO, {"who": who})


def _lacks(name: str) -> ColumnElement[bool]:
    return _c[name] == [] if name == "modules" else _c[name].is_(None)


_STREAMS = _c.reader != ""
_version: ColumnElement[str] = func.md5(
    func.jsonb_build_array(*(_c[name] for name in COLUMNS), func.ST_AsText(_c.geom)).cast(Text), type_=Text
)
_LACKS = func.array_to_json(
    func.array_remove(
        func.string_to_array(
            func.concat_ws(",", *(case((_lacks(name), literal(name)), else_=None) for name in LACKING)), ","
        ),
        "",
    )
)
_ENTRY = select(
    _c.id,
    *(_c[name] for name in COLUMNS),
    *(_c[name] for name in ("area_id", "calibration", "enabled", "state")),
    func.ST_X(_c.geom).label("lon"),
    func.ST_Y(_c.geom).label("lat"),
    _STREAMS.label("streams"),
    _LACKS.label("lacks"),
    _version.label("version"),
)


async def entries(
    session: Session, viewer: Viewer, wanted: Wanted, *, most: int, after: tuple[str, int] | None = None
) -> list[Entry]:
    """Return entries by code, those after one's code and id."""
    asked = _of(viewer, wanted, _ENTRY).order_by(_c.code, _c.id).limit(most)
    if after is not None:
        asked = asked.where(func.row(_c.code, _c.id) > func.row(*after))
    return [_entry(row) for row in await session.execute(asked)]


async def every(session: Session, viewer: Viewer, wanted: Wanted, *, at_a_time: int = 5000) -> AsyncIterator[Entry]:
    """Yield all entries, by code, some at a time."""
    after: tuple[str, int] | None = None
    while found := await entries(session, viewer, wanted, most=at_a_time, after=after):
        for one in found:
            yield one
        after = (found[-1].code, found[-1].id)


async def count(session: Session, viewer: Viewer, wanted: Wanted) -> int:
    """Return how many entries there are."""
    return int((await session.execute(_of(viewer, wanted, select(func.count()).select_from(camera)))).scalar_one())


async def find(session: Session, viewer: Viewer, camera_id: int) -> Entry | None:
    """Return one entry that the viewer sees."""
    row = (await session.execute(_of(viewer, Wanted(), _ENTRY).where(_c.id == camera_id))).one_or_none()
    return None if row is None else _entry(row)


async def tallied(session: Session, viewer: Viewer) -> Tallied:
    """Return what the register holds."""
    incomplete, streamless = (func.count().filter(which) for which in (or_(*map(_lacks, LACKING)), ~_STREAMS))
    plain: Any = select(func.count(), incomplete, streamless).select_from(camera)
    whole = (await session.execute(_of(viewer, Wanted(), plain))).one()
    owners, classes = [await _by(session, viewer, name) for name in ("owner", "class")]
    return Tallied(all=whole[0], incomplete=whole[1], streamless=whole[2], owners=owners, classes=classes)


async def _by(session: Session, viewer: Viewer, name: str) -> list[tuple[str, int]]:
    named: Any = select(_c[name], func.count())
    found = _of(viewer, Wanted(), named).where(_c[name].is_not(None))
    most = found.group_by(_c[name]).order_by(func.count().desc(), _c[name]).limit(MOST_NAMED)
    return [(row[0], row[1]) for row in await session.execute(most)]


async def area_at(session: Session, lon: float, lat: float) -> int | None:
    """Return the area that a place would belong to."""
    at = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    return (await session.execute(select(func.area_of(at)))).scalar_one_or_none()


async def facts_told(session: Session) -> list[str]:
    """Return the names of all facts that any entry tells, for the columns of an export."""
    asked = text("SELECT DISTINCT jsonb_object_keys(facts) AS name FROM camera ORDER BY 1")
    return [row.name for row in await session.execute(asked)]


async def change(session: Session, camera_id: int, told: Mapping[str, Any], *, based_on: str | None) -> bool:
    """Write columns of an entry; False where it is another version by now, or the scope may not.

    Raises IntegrityError where another camera has the code.
    """
    values = {name: value for name, value in told.items() if name != "place"}
    if "place" in told:
        values["geom"] = func.ST_SetSRID(func.ST_MakePoint(told["place"].lon, told["place"].lat), 4326)
    mine = update(camera).where(_c.id == camera_id)
    written = await session.execute((mine if based_on is None else mine.where(_version == based_on)).values(values))
    return bool(written.rowcount)


async def changes(session: Session, viewer: Viewer, camera_id: int, *, most: int = MOST_CHANGES) -> list[Changed]:
    """Return what became of a camera, newest first."""
    told = [camera_change.c[name] for name in ("id", "at", "who", "act", "changed")]
    asked = select(*told).where(camera_change.c.camera_id == camera_id)
    newest = asked.order_by(camera_change.c.id.desc()).limit(most)
    return [Changed(**row._mapping) for row in await session.execute(newest)]


def _of(viewer: Viewer, wanted: Wanted, asked: Select[Any]) -> Select[Any]:
    asked = asked.where(seen_by(viewer, _c.area_id))
    if wanted.text:
        held = f"%{_escaped(wanted.text)}%"
        names = ("code", "name_kk", "name_ru", "name_en", "owner", "model", "pole", "contract")
        asked = asked.where(or_(*(_c[name].ilike(held) for name in names)))
    if wanted.owner is not None:
        asked = asked.where(_c.owner == wanted.owner)
    if wanted.class_ is not None:
        asked = asked.where(_c["class"] == wanted.class_)
    if wanted.area_id is not None:
        inside: Any = literal(wanted.area_id) == any_(area.c.path)
        asked = asked.where(_c.area_id.in_(select(area.c.id).where(inside)))
    if wanted.lacks:
        asked = asked.where(or_(*(_lacks(name) for name in wanted.lacks)))
    return asked


def _escaped(sought: str) -> str:
    return sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _entry(row: Row[Any]) -> Entry:
    told = dict(row._mapping)
    name = Title(kk=told.pop("name_kk"), ru=told.pop("name_ru"), en=told.pop("name_en"))
    place = LonLat(lon=told.pop("lon"), lat=told.pop("lat"))
    return Entry(name=name, place=place, class_=told.pop("class"), **told)


# ── rows of an import become cameras ────────────────────────────────────────────────────────────────────────────
def _column(name: str) -> str:
    return f'"{name}"'


_ALWAYS = {"kind": "'fixed'", "owner_kind": "'state'", "roll_deg": "0", "range_m": "120", "modules": "'{}'"}
_ALWAYS |= {"watches": "'{}'", "facts": "'{}'"}
_NEW = ", ".join(f"coalesce(p.{_column(n)}, {_ALWAYS[n]})" if n in _ALWAYS else f"p.{_column(n)}" for n in COLUMNS)
_MADE_OF = "register_row r CROSS JOIN LATERAL jsonb_populate_record(NULL::camera, r.told) p"
_ADD = text(
    f"""INSERT INTO camera ({", ".join(map(_column, COLUMNS))}, enabled, geom)
        SELECT {_NEW}, false, r.geom FROM {_MADE_OF}
         WHERE r.import_id = :import_id AND r.line BETWEEN :first AND :last AND r.refused IS NULL
           AND (r.twin IS NULL OR (r.decision = 'add' AND r.twin <> 'code'))
         ORDER BY r.line
        ON CONFLICT (code) DO NOTHING RETURNING id, code"""
)
_TAKEN = text(
    """UPDATE register_row r SET refused = jsonb_build_object(
              'code', 'code_taken', 'column', 'code', 'value', r.told ->> 'code')
        WHERE r.import_id = :import_id AND r.line BETWEEN :first AND :last AND r.refused IS NULL
          AND (r.twin IS NULL OR (r.decision = 'add' AND r.twin <> 'code'))
          AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:codes AS text[])) AS made (code)
                           WHERE made.code = r.told ->> 'code')"""
)


def _updated(name: str) -> str:
    """Say what a column becomes: what the row tells, if anything; how a calibrated camera hangs stays."""
    new = f"p.{_column(name)}"
    if name == "facts":
        return "facts = c.facts || coalesce(p.facts, '{}')"
    if name in ("name_kk", "name_ru", "name_en"):  # where the file names nothing, its code stands for the name
        new = f"CASE WHEN r.told ? 'named' THEN {new} END"
    kept = f"c.{_column(name)}"
    if name in POSE:
        return f"{_column(name)} = CASE WHEN c.calibration = 'none' THEN coalesce({new}, {kept}) ELSE {kept} END"
    return f"{_column(name)} = coalesce({new}, {kept})"


_SET = ", ".join(_updated(name) for name in COLUMNS if name != "code")
_UPDATE = text(
    f"""UPDATE camera c SET {_SET},
            geom = CASE WHEN r.twin = 'code' AND c.kind NOT IN ('drone', 'body') THEN r.geom ELSE c.geom END
          FROM (SELECT DISTINCT ON (twin_id) * FROM register_row
                 WHERE import_id = :import_id AND line BETWEEN :first AND :last AND refused IS NULL
                   AND decision = 'update' AND twin_id IS NOT NULL ORDER BY twin_id, line) r
         CROSS JOIN LATERAL jsonb_populate_record(NULL::camera, r.told) p
         WHERE c.id = r.twin_id RETURNING c.id"""
)


async def take_in(session: Session, import_id: int, first: int, last: int) -> tuple[list[int], list[int]]:
    """Write an import's rows between two lines as cameras; return the ids that were added, and that were changed.

    Rows whose code another camera has by now, perhaps one that is not seen, are marked as refused.
    """
    part = {"import_id": import_id, "first": first, "last": last}
    changed = list((await session.execute(_UPDATE, part)).scalars())
    added = (await session.execute(_ADD, part)).all()
    await session.execute(_TAKEN, part | {"codes": [row.code for row in added]})
    return [row.id for row in added], changed
