"""What a store that is in use knew of panics, presses and messages stays true when they can be heard."""

from geo_server.door.cluster import Store
from tests.growing import AREA, UNIT, grown

ROWS = (
    AREA,
    UNIT,
    "INSERT INTO panic (unit_id, raised_at, raised_by, acknowledged_at, acknowledged_by)"
    " VALUES (1, now(), 'x', now(), 'y')",
    "INSERT INTO crew_event (unit_id, client_event_id, kind, at, who) VALUES (1, 'e', 'panic', now(), 'x')",
    "INSERT INTO crew_message (unit_id, at, who, from_crew, text)"
    " VALUES (1, now(), 'x', true, 'a'), (1, now(), 'y', false, 'b')",
)


def test_old_messages_of_crews_call_nobody_and_old_panics_and_presses_stay_as_they_were(store: Store) -> None:
    with grown(store, "0019", ROWS) as owner:
        read = owner.execute("SELECT from_crew, read_at IS NOT NULL FROM crew_message ORDER BY id").fetchall()
        assert read == [(True, True), (False, False)]
        assert owner.execute("SELECT heard_before, acknowledged_by FROM panic").fetchall() == [([], "y")]
        assert owner.execute("SELECT taken, late FROM crew_event").fetchall() == [(True, False)]
