"""What the store itself holds of the hotlist: grounds, an end, a scope, and no hit without an entry that stands."""

from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from layers.database import INGEST, SERVER, as_role
from tests.growing import AREA, SPOT, grown

ENTRY: LiteralString = """INSERT INTO hotlist_entry (plate, kind, legal_basis, owner, area_id, ends_at, created_by)
    SELECT '123ABC02', 'stolen', 'ERDR 1', 'Medeu', id, now() + interval '1 day', 'x' FROM area WHERE code = 'KZ'"""
HIT: LiteralString = f"""INSERT INTO event (kind, source, at, certainty, placed_by, details, geom)
    SELECT 'plate_hit', 'camera:C', now(), 0.9, 'camera', jsonb_build_object('entry', id, 'plate', plate), {SPOT}
    FROM hotlist_entry"""
EVENT: LiteralString = f"""INSERT INTO event (kind, source, at, certainty, placed_by, geom)
    VALUES ('line_crossing', 'camera:C', now(), 0.9, 'camera', {SPOT})"""


def test_a_store_in_use_grows_a_hotlist_and_keeps_its_events(store: Store) -> None:
    with grown(store, "0028", [AREA, EVENT]) as link:
        assert link.execute("SELECT count(*) FROM event").fetchone() == (1,)
        assert link.execute("SELECT count(*) FROM hotlist_entry").fetchone() == (0,)


@pytest.mark.parametrize(
    "change",
    [
        "legal_basis = ' '",
        "owner = ''",
        "plate = '123 abc'",
        "plate = 'AB'",
        "kind = 'any'",
        "ends_at = NULL",
        "ends_at = begins_at",
        "ends_at = begins_at + interval '367 days'",
        "ended_at = now()",
        "area_id = NULL",
    ],
)
def test_an_entry_without_grounds_owner_area_or_end_cannot_be(database_url: str, change: LiteralString) -> None:
    with psycopg.connect(database_url) as link:
        link.execute(ENTRY)
        with pytest.raises(psycopg.IntegrityError):
            link.execute(f"UPDATE hotlist_entry SET {change}".encode())


@pytest.mark.parametrize(
    ("change", "written"),
    [
        ("note = ''", 1),
        ("ended_at = now(), ended_by = 'x'", 0),
        ("begins_at = now() - interval '2 days', ends_at = now()", 0),
        ("begins_at = now() + interval '1 hour'", 0),
    ],
    ids=["stands", "ended", "over", "to come"],
)
def test_a_hit_is_written_only_while_its_entry_stands(database_url: str, change: LiteralString, written: int) -> None:
    with psycopg.connect(database_url) as link:
        link.execute(ENTRY)
        link.execute(f"UPDATE hotlist_entry SET {change}".encode())
        assert link.execute(HIT).rowcount == written


@pytest.mark.parametrize("details", ["{}", '{"entry": 1}', '{"entry": "x", "plate": "777XYZ05"}'])
def test_no_plate_is_written_as_a_hit_without_an_entry_for_it(database_url: str, details: LiteralString) -> None:
    with psycopg.connect(database_url) as link:
        link.execute(ENTRY)
        other = HIT.replace("jsonb_build_object('entry', id, 'plate', plate)", f"'{details}'::jsonb")
        assert link.execute(other.encode()).rowcount == 0


@pytest.mark.parametrize(
    "asked",
    [
        "UPDATE hotlist_entry SET plate = '777XYZ05'",
        "UPDATE hotlist_entry SET ends_at = now() + interval '300 days'",
        "UPDATE hotlist_entry SET legal_basis = 'other'",
        "DELETE FROM hotlist_entry",
    ],
)
def test_the_server_rewrites_no_entry(database_url: str, asked: LiteralString) -> None:
    with psycopg.connect(as_role(database_url, SERVER)) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(asked)


def test_the_west_wing_only_reads_the_list(database_url: str) -> None:
    with psycopg.connect(as_role(database_url, INGEST)) as link:
        link.execute("SELECT * FROM hotlist_entry")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute(ENTRY)
