"""The migration that lets units be retired works on a store that is in use."""

from geo_server.door.cluster import Store
from tests.growing import AREA, INCIDENT, SENT, UNIT, grown


def test_what_stood_before_stands_after_and_a_retired_units_sign_is_free(store: Store) -> None:
    with grown(store, "0019", (AREA, UNIT, INCIDENT, SENT)) as link:
        assert link.execute("SELECT call_sign, task, retired_at FROM unit").fetchall() == [("U", "dispatched", None)]
        link.execute("UPDATE dispatch SET status = 'clear'")
        link.execute("UPDATE unit SET retired_at = now()")
        link.execute("""INSERT INTO unit (id, call_sign, device, service, kind, home_area_id)
            VALUES (2, 'U', 'U', 'police', 'car', 1)""")
        assert link.execute("SELECT count(*) FROM unit WHERE call_sign = 'U'").fetchall() == [(2,)]
