"""The views that cameras are held to outlive a restart, and a calibration makes the one of before void."""

from datetime import UTC, datetime
from typing import LiteralString

import psycopg
import pytest
from sqlalchemy import text, update

from geo_server.door.cluster import Store
from layers.cameras import view_queries
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera
from layers.cameras.views import KeptView
from layers.database import Session
from layers.values import LonLat, Title
from tests.growing import AREA, SPOT, grown

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, geom)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'x', 'rtsp', {SPOT})"""
VIEW: LiteralString = "INSERT INTO camera_view VALUES (1, '', now(), 'a', 'png', 0, 0)"


async def put(session: Session, code: str) -> int:
    title, place = Title(kk="а", ru="б", en="c"), LonLat(lon=76.9, lat=43.2)
    new = NewCamera(code=code, title=title, place=place, url="x", reader="rtsp", settings={})
    return (await put_up(session, [new]))[0]


def view(dx: float) -> KeptView:
    return KeptView(at=AT, stream="a", png=b"png", dx=dx, dy=0.0)


async def test_the_last_view_of_each_preset_is_kept_until_its_rule_is_gone(session: Session) -> None:
    one, two = await put(session, "A"), await put(session, "B")
    await view_queries.keep(session, {(one, ""): view(1), (one, "gate"): view(2)})
    await view_queries.keep(session, {(one, ""): view(3)})
    assert await view_queries.kept(session, [one, two]) == {one: {"": view(3), "gate": view(2)}}
    await view_queries.forget(session, {one: ["gate"], two: []})
    assert await view_queries.kept(session, [one]) == {one: {"gate": view(2)}}
    await view_queries.forget(session, {one: []})
    assert await view_queries.kept(session, [one]) == {}


@pytest.mark.parametrize(("hour", "is_kept"), [(9, True), (11, False)])
async def test_a_view_of_before_the_calibration_is_void(session: Session, hour: int, is_kept: bool) -> None:
    one = await put(session, "A")
    await view_queries.keep(session, {(one, ""): view(0)})
    await session.execute(update(camera).values(calibrated_at=AT.replace(hour=hour)))
    assert bool(await view_queries.kept(session, [one])) == is_kept


def test_the_west_wing_alone_reads_and_writes_views_of_cameras_that_were_there_before(store: Store) -> None:
    with grown(store, "0036", [AREA, CAMERA]) as link:
        link.execute("SET ROLE qyran_ingest")
        assert link.execute(VIEW).rowcount == 1
        link.execute("SET ROLE qyran_server")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), link.transaction():
            link.execute("SELECT png FROM camera_view")
        link.execute("RESET ROLE")
        link.execute("DELETE FROM camera WHERE id = 1")
        assert link.execute("SELECT count(*) FROM camera_view").fetchone() == (0,)


async def test_of_all_roles_the_west_wings_alone_is_granted_anything_of_views(session: Session) -> None:
    """The pictures hold no masks: no role by which a person is served may read them, nor a column of them."""
    asked = """SELECT grantee::regrole::text FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl)
            WHERE c.oid = 'camera_view'::regclass AND grantee <> relowner
        UNION SELECT grantee::regrole::text FROM pg_attribute CROSS JOIN LATERAL aclexplode(attacl)
            WHERE attrelid = 'camera_view'::regclass"""
    assert (await session.execute(text(asked))).scalars().all() == ["qyran_ingest"]
    read_by = """SELECT proname FROM pg_proc WHERE prosecdef AND prosrc ILIKE '%camera_view%'
        UNION SELECT viewname FROM pg_views WHERE definition ILIKE '%camera_view%'"""
    assert (await session.execute(text(read_by))).scalars().all() == []  # nor does the owner lend its eyes
