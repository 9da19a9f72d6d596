"""The rules and masks that a camera had are still its own once people may give it others."""

from typing import LiteralString

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown

CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, rules, masks, geom)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'x', 'file', '[{{"function": "motion"}}]', '[{{"polygon": []}}]', {SPOT})"""


def test_the_server_may_give_rules_and_masks_to_a_camera_that_keeps_those_it_had(store: Store) -> None:
    with grown(store, "0028", [AREA, CAMERA]) as link:
        assert link.execute("SELECT rules, masks FROM camera").fetchone() == (
            [{"function": "motion"}],
            [{"polygon": []}],
        )
        allowed = "SELECT has_column_privilege('qyran_server', 'camera', column_name, 'UPDATE') AS may, column_name"
        columns = link.execute(f"{allowed} FROM information_schema.columns WHERE table_name = 'camera'").fetchall()
        changeable = {column for may, column in columns if may}
        assert {"rules", "masks"} <= changeable
        assert "code" in changeable and "geom" in changeable  # the register may; where a stream is it may not
        assert not changeable & {"url", "main_url", "reader", "enabled", "area_id", "record", "retention"}
