"""A file becomes cameras: the good rows all at once, the others told with their reason, what is there already shown."""

from typing import Any

import pytest

from geo_server.register import queries
from geo_server.register.reading.table import Unreadable
from geo_server.register.taking import Cancelled, write_in
from geo_server.register.working import viewer_of
from layers.areas.scope import visit_as
from layers.cameras import queries as cameras
from layers.cameras import register_queries as register
from layers.cameras.register_schema import Wanted
from layers.database import visit
from tests.geo_server.register.conftest import Sql, Taking, table

pytestmark = pytest.mark.anyio
A1 = "A-1;Абай;43,24;76,95;6,5;90;60;ТОО Глаз"
A2 = "A-2;Сейфуллин;43.25;76.94;;;;"


async def test_good_rows_become_cameras_that_nothing_reads_and_that_never_count_as_down(
    taking: Taking, sql: Sql
) -> None:
    one = await taking.write(await taking.read(table(A1, A2)))
    assert one.state == "done" and (one.counts["added"], one.counts["refused"]) == (2, 0)
    ((told, other),) = [await sql("SELECT * FROM camera ORDER BY code")]
    assert (told.name_kk, told.owner, told.heading_deg, told.hfov_deg) == ("Абай", "ТОО Глаз", 90, 60)
    assert (told.url, told.reader, told.enabled, told.state) == ("", "", False, "unknown")
    assert (other.height_m, other.owner, other.roll_deg, other.range_m) == (None, None, 0, 120)
    async with visit(taking.engine) as session:
        assert await cameras.enabled_ids(session) == set()


async def test_nothing_can_switch_on_a_camera_without_a_stream(taking: Taking, sql: Sql) -> None:
    await taking.write(await taking.read(table(A1)))
    with pytest.raises(Exception, match="camera_read_by_something_check"):
        await sql("UPDATE camera SET enabled = true")


async def test_each_refused_row_is_told_with_its_number_and_reason_and_keeps_no_other_from_being_taken(
    taking: Taking,
) -> None:
    one = await taking.read(
        table(A1, "A-3;;;;;;;", "A-1;again;43.2;76.9;;;;", "A-4;sea;0;0;;;;", "A-5;?;мұнда;сол жақта;;;;")
    )
    refused = {row.line: row.refused["code"] for row in await taking.rows(one, "refused")}
    assert refused == {3: "no_place", 4: "code_twice", 5: "outside", 6: "bad_place"}
    assert [row.raw[0] for row in await taking.rows(one, "refused")] == ["A-3", "A-1", "A-4", "A-5"]
    assert (await taking.write(one)).counts["added"] == 1


async def test_what_lies_in_another_city_is_no_planner_s_to_add(taking: Taking, sql: Sql) -> None:
    one = await taking.read(table("A-1;Астана;51.13;71.43;;;;"))
    assert [row.refused["code"] for row in await taking.rows(one, "refused")] == ["outside"]


async def test_a_camera_of_the_same_code_is_skipped_updated_or_left_as_somebody_decides(
    taking: Taking, sql: Sql
) -> None:
    await taking.write(await taking.read(table(A1)))
    again = await taking.read(table("A-1;Абай 2;43,2401;76,95;7;95;;Другой"))
    assert [(row.twin, row.twin_code) for row in await taking.rows(again, "twins")] == [("code", "A-1")]
    assert (await taking.write(again, "skip")).counts["skipped"] == 1
    again = await taking.read(table("A-1;Абай 2;43,2401;76,95;7;95;;Другой"))
    assert (await taking.write(again, "update")).counts["changed"] == 1
    ((told,),) = [await sql("SELECT *, ST_Y(geom) AS lat FROM camera")]
    assert (told.name_ru, told.owner, told.heading_deg, told.hfov_deg, told.lat) == (
        "Абай 2",
        "Другой",
        95,
        60,
        43.2401,
    )


async def test_a_camera_within_metres_that_looks_the_same_way_is_shown_as_one_that_may_be_there(
    taking: Taking, sql: Sql
) -> None:
    await taking.write(await taking.read(table("A-1;a;43.24;76.95;;350;;")))
    near = "{};b;43.24002;76.95;;{};;"  # 2.2 m north
    one = await taking.read(table(near.format("B-1", 4), near.format("B-2", 90), near.format("B-3", "")))
    assert [(row.code, row.twin) for row in await taking.rows(one, "twins")] == [("B-1", "place"), ("B-3", "place")]
    assert (await taking.write(one, "skip", {2: "add"})).counts["added"] == 2
    assert await sql("SELECT code FROM camera ORDER BY code") == [("A-1",), ("B-1",), ("B-2",)]


async def test_a_row_that_repeats_one_before_it_is_skipped_unless_somebody_adds_it(taking: Taking) -> None:
    rows = ("A-1;a;43.24;76.95;;90;;", "A-2;a;43.24;76.95;;91;;", "A-3;a;43.24;76.95;;200;;")
    one = await taking.read(table(*rows))
    assert [(row.line, row.twin) for row in await taking.rows(one, "twins")] == [(3, "file")]
    assert (await taking.write(one)).counts["added"] == 2


async def test_how_a_calibrated_camera_hangs_is_no_file_s_to_change(taking: Taking, sql: Sql) -> None:
    await taking.write(await taking.read(table(A1)))
    await sql("UPDATE camera SET calibration = 'good'")
    one = await taking.read(table("A-1;Абай;43,24;76,95;9;10;20;Другой"))
    assert [note["code"] for row in await taking.rows(one, "noted") for note in row.notes] == ["pose_kept"]
    await taking.write(one, "update")
    ((told,),) = [await sql("SELECT * FROM camera")]
    assert (told.height_m, told.heading_deg, told.owner) == (6.5, 90, "Другой")


async def test_a_code_that_another_area_s_camera_has_is_refused_and_changes_nothing_there(
    taking: Taking, sql: Sql
) -> None:
    await sql(
        """INSERT INTO camera (code, name_kk, name_ru, name_en, enabled, geom)
           VALUES ('A-1', 'x', 'x', 'x', false, ST_SetSRID(ST_MakePoint(71.43, 51.13), 4326))"""
    )
    one = await taking.write(await taking.read(table(A1, A2)), "update")
    assert (one.counts["added"], one.counts["refused"]) == (1, 1)
    assert [row.refused["code"] for row in await taking.rows(one, "refused")] == ["code_taken"]


async def test_a_camera_inside_a_building_is_kept_and_told(taking: Taking, sql: Sql) -> None:
    await sql(
        """INSERT INTO building (osm_id, kind, height_m, geom) VALUES (1, 'house', 9,
           ST_Multi(ST_Expand(ST_SetSRID(ST_MakePoint(76.95, 43.24), 4326), 0.0002)))"""
    )
    one = await taking.read(table(A1, "A-2;roof;43.24;76.95;9.5;270;;"))
    noted = {row.code: [note["code"] for note in row.notes] for row in await taking.rows(one, "noted")}
    assert noted == {"A-1": ["inside_building"]}
    assert (await taking.write(one)).counts["added"] == 2


async def test_a_writing_that_is_called_off_leaves_nothing_half_done(taking: Taking, sql: Sql) -> None:
    one = await taking.read(table(A1, A2))

    async def called_off(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        await write_in(taking.engine, viewer_of(one), one, called_off)
    assert await sql("SELECT count(*) FROM camera") == [(0,)]
    assert (await taking.write(one)).counts["added"] == 2


async def test_another_mapping_reads_the_same_file_anew(taking: Taking) -> None:
    content = b"x1;x2;x3\n76.95;43.24;A-9\n"
    with pytest.raises(Unreadable, match="needs_place"):
        await taking.read(content)
    one = await taking.read(content, mapping={"x1": "lon", "x2": "lat", "x3": "code"})
    assert [row.code for row in await taking.rows(one, "good")] == ["A-9"]


async def test_the_register_lists_what_is_incomplete_by_area_and_by_words(taking: Taking) -> None:
    await taking.write(await taking.read(table(A1, A2)))
    async with visit_as(taking.engine, taking.viewer) as session:

        async def codes(**wanted: Any) -> list[str]:
            found = await register.entries(session, taking.viewer, Wanted(**wanted), most=10)
            return [one.code for one in found]

        assert await codes() == ["A-1", "A-2"]
        assert await codes(lacks=("owner",)) == ["A-2"] and await codes(text="сейф") == ["A-2"]
        assert await codes(owner="ТОО Глаз") == ["A-1"] and await codes(text="100%") == []
        told = await register.tallied(session, taking.viewer)
        assert (told.all, told.incomplete, told.streamless, told.owners) == (2, 2, 2, [("ТОО Глаз", 1)])
        (first, *_) = await register.entries(session, taking.viewer, Wanted(), most=1)
        assert first.lacks == ["contract", "class", "model", "modules", "installed_on"]


async def test_the_history_names_who_took_a_camera_in_and_who_changed_what(taking: Taking, sql: Sql) -> None:
    await taking.write(await taking.read(table(A1)))
    await sql("UPDATE camera SET url = 'rtsp://admin:secret@10.0.0.1/x', owner = 'Другой'")
    async with visit_as(taking.engine, taking.viewer) as session:
        ((camera_id,),) = await sql("SELECT id FROM camera")
        newest, first = await register.changes(session, taking.viewer, camera_id)
    assert (first.act, first.who) == ("added", "planner")
    assert newest.changed == {"owner": ["ТОО Глаз", "Другой"], "address": [None, None]}
    assert await sql("SELECT count(*) FROM camera_change WHERE changed::text LIKE '%secret%'") == [(0,)]


async def test_a_change_based_on_an_older_version_is_not_written(taking: Taking) -> None:
    await taking.write(await taking.read(table(A1)))
    async with visit_as(taking.engine, taking.viewer) as session:
        (one,) = await register.entries(session, taking.viewer, Wanted(), most=2)
        assert await register.change(session, one.id, {"owner": "X", "class": "II"}, based_on=one.version)
        assert not await register.change(session, one.id, {"owner": "Y"}, based_on=one.version)
        (now,) = await register.entries(session, taking.viewer, Wanted(owner="X"), most=2)
        assert now.class_ == "II"
        assert await queries.latest(session, taking.viewer) != []
