"""The store keeps its own promises: policies on every protected table, roles that cannot look past them."""

import psycopg
import pytest

# The ground of the map.
PUBLIC = {"area", "area_version", "landcover", "road", "building", "address", "place", "terrain"}
SEARCHED = {"geocoder_name", "geocoder_house", "geocoder_word"}  # the names on that ground
# Each looks past the policies, and says why.
DEFINERS = {"enter", "settle", "make_track_day", "sent_unit", "keep_task", "erase_personal"} | {
    "enter_crew",
    "take_crew_fixes",
    "set_sent_from",
    "panic_follows",
    "premises_of_crew",
    "may_watch",
    *("keep_camera_added", "keep_camera_changed", "keep_camera_removed"),  # no role of ours writes the history itself
}


@pytest.fixture
def link(database_url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(database_url)


def _names(link: "psycopg.Connection[tuple[object, ...]]", asked: str) -> set[object]:
    return {row[0] for row in link.execute(asked.encode())}


def test_every_table_that_knows_an_area_holds_a_forced_policy(
    link: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    asked = """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relkind IN ('r', 'p') AND a.attname LIKE '%area_id' AND NOT a.attisdropped
                  AND c.relnamespace = 'public'::regnamespace"""
    held = """SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity
                 AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid)"""
    link.execute("SELECT make_track_day('2026-01-01')")
    tables = _names(link, asked)
    assert {"incident", "event", "track", "track_20260101"} <= tables
    assert tables - _names(link, held) == set()


def test_only_the_ground_is_open_to_everyone(link: "psycopg.Connection[tuple[object, ...]]") -> None:
    asked = """SELECT relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
                WHERE polcmd IN ('*', 'r') AND pg_get_expr(polqual, polrelid) = 'true'"""
    ground = {"road_restriction", "closure", "closure_road", "road_speed", "city", *SEARCHED}
    beyond = _names(link, asked) - PUBLIC - ground
    assert beyond == set()


def test_the_server_cannot_bypass_and_owns_nothing(link: "psycopg.Connection[tuple[object, ...]]") -> None:
    asked = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'qyran_%' AND (rolsuper OR rolcreaterole OR rolcreatedb)"
    assert _names(link, asked) == set()
    assert "qyran_server" not in _names(link, "SELECT rolname FROM pg_roles WHERE rolbypassrls")
    owned = "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname LIKE 'qyran_%'"
    assert _names(link, owned) == set()


def test_only_listed_functions_look_past_the_policies(link: "psycopg.Connection[tuple[object, ...]]") -> None:
    asked = """SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
                  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"""
    assert _names(link, asked) == DEFINERS


def test_the_audit_can_only_be_added_to(link: "psycopg.Connection[tuple[object, ...]]") -> None:
    asked = """SELECT privilege_type FROM information_schema.role_table_grants
                WHERE table_name IN ('audit', 'audit_checkpoint') AND grantee LIKE 'qyran_%'"""
    assert _names(link, asked) == {"SELECT", "INSERT"}


def test_no_view_and_no_kept_view_hands_rows_on(link: "psycopg.Connection[tuple[object, ...]]") -> None:
    asked = """SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
                  AND relname NOT IN ('geometry_columns', 'geography_columns')"""
    assert _names(link, asked) == set()


def test_a_table_that_a_migration_protects_is_shown_by_its_rule_alone(
    link: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    link.execute("CREATE TABLE guarded (id bigint, area_id bigint); INSERT INTO guarded VALUES (1, 5), (2, 6)")
    link.execute("SELECT protect('guarded', in_areas_below()); GRANT SELECT ON guarded TO qyran_server")
    link.execute("SET LOCAL ROLE qyran_server")
    assert _names(link, "SELECT id FROM guarded") == set()
    link.execute("SELECT set_config('qyran.below', '{5}', true)")
    assert _names(link, "SELECT id FROM guarded") == {1}
    link.execute("SELECT set_config('qyran.whole', 'on', true)")
    assert _names(link, "SELECT id FROM guarded") == {1, 2}
    link.rollback()
