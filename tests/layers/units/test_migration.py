"""The migration of crews works on a store that is in use."""

from geo_server.door.cluster import Store
from tests.growing import AREA, INCIDENT, SENT, UNIT, grown

ROWS = (
    AREA,
    "INSERT INTO account (name, password_hash, role, area_id) VALUES ('d', 'x', 'dispatcher', 1)",
    UNIT,
    INCIDENT,
    SENT,
    "INSERT INTO dispatch_entry (dispatch_id, status, at, who, means) VALUES (1, 'dispatched', now(), 'x', 'radio')",
)


def test_what_stood_before_stands_after(store: Store) -> None:
    with grown(store, "0009", ROWS) as link:
        assert link.execute("SELECT skills, equipment, task FROM unit").fetchall() == [([], {}, "dispatched")]
        assert link.execute("SELECT taken, late FROM dispatch_entry").fetchall() == [(True, False)]
        assert link.execute("SELECT role, unit_id FROM account").fetchall() == [("dispatcher", None)]
