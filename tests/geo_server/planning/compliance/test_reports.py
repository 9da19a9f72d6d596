"""Counts up the tree, by owner and by year; what a register lacks; tables that say so in the language asked for."""

import csv
import io
from datetime import date

import pytest

from geo_server.planning.compliance.deadlines import Deadline, deadline
from geo_server.planning.compliance.reports import Counts, assessed, by_area, by_owner, by_rule, by_year
from geo_server.planning.compliance.tables import TABLES, Report, one_csv
from geo_server.record.schema import Language
from layers.areas.schema import Area
from layers.values import Level, Title
from tests.geo_server.planning.compliance.scenes import NAME, camera

TREE = [
    Area(id=1, parent_id=None, level=Level.REPUBLIC, code="KZ", name=NAME, approximate=False),
    Area(id=2, parent_id=1, level=Level.OBLAST, code="KZ-75", name=NAME, approximate=False),
    Area(id=3, parent_id=1, level=Level.OBLAST, code="KZ-71", name=NAME, approximate=False),
]
LOW = camera(id=1, area_id=2, owner="A", modules=["person"], height_m=1.0, installed_on=date(2024, 3, 1))
HIGH = camera(id=2, area_id=3, owner="A", modules=["person"], height_m=2.2, owner_kind="private")
STRAY = camera(id=3, area_id=None)


def test_an_area_counts_all_below_it_and_a_camera_of_no_area_counts_in_none() -> None:
    told = {area.code: counts.cameras for area, counts in by_area(assessed([LOW, HIGH, STRAY], {}), TREE)}
    assert told == {"KZ": 2, "KZ-75": 1, "KZ-71": 1}
    below = {area.code for area, _ in by_area(assessed([LOW, HIGH], {}), TREE[1:2])}
    assert below == {"KZ-75"}, "of a tree that begins lower nothing above is told"


def test_an_owner_is_told_as_state_and_as_private_and_nobody_as_nobody() -> None:
    told = [key for key, _ in by_owner(assessed([LOW, HIGH, STRAY], {}))]
    assert told == [("A", "private"), ("A", "state"), (None, "state")]


def test_every_camera_is_counted_once_by_each_rule() -> None:
    for _, counts in by_rule(assessed([LOW, HIGH, STRAY], {})):
        assert counts.meets + counts.breaks + counts.cannot_tell + counts.not_asked == counts.cameras == 3
    assert Counts.of(assessed([], {}).worst).cameras == 0


@pytest.mark.parametrize(
    ("installed_on", "owner_kind", "expected"),
    [
        (date(2023, 1, 30), "state", Deadline(day=date(2023, 1, 30), why="installed")),
        (date(2023, 1, 29), "private", Deadline(day=date(2026, 1, 1), why="older_private")),
        (date(2023, 1, 29), "state", Deadline(day=None, why="older_state")),
        (None, "private", Deadline(day=None, why="unknown")),
    ],
)
def test_new_cameras_comply_at_once_and_older_private_ones_until_2026(
    installed_on: date | None, owner_kind: str, expected: Deadline
) -> None:
    assert deadline(installed_on, owner_kind) == expected


def test_years_come_in_their_order_and_what_has_none_last() -> None:
    assert [key for key, _ in by_year(assessed([HIGH, LOW], {}))] == [(2024, "installed"), (None, "unknown")]


def test_a_register_lacks_the_columns_and_the_facts_without_which_nobody_can_judge() -> None:
    found = assessed([camera(model="X", owner="A", modules=["person"], owner_kind="private")], {})
    assert set(found.gaps) == {
        "installed_on", "contract", "even_light", "light_into_lens", "view_covered", "moving_regions_masked",
        "aside_deg", "towards_camera", "watches", "shutter_s",
    }  # fmt: skip
    nothing = assessed([camera(hfov_deg=None, tilt_deg=None)], {}).gaps
    assert {"hfov_deg", "tilt_deg", "modules"} <= set(nothing) and "face_px" not in nothing


def test_tables_are_in_the_language_asked_for_and_hold_what_would_mend() -> None:
    low = camera(code="Қ-1", name=Title(kk="Базар", ru="Рынок", en="Market"), modules=["person"], height_m=1.0)
    found = assessed([low], {})
    said: dict[Language, str] = {"kk": "0,8 м көтеру", "ru": "поднять на 0,8 м", "en": "raise by 0.8 m"}
    for language, mend in said.items():
        told = Report(found=found, tree=TREE, language=language)
        rows = {name: list(csv.DictReader(io.StringIO(one_csv(told, name).decode("utf-8-sig")))) for name in TABLES}
        assert mend in {row["mend"] for row in rows["mends"]}
        assert rows["cameras"][0]["verdict"] == "breaks" and "person_height" in rows["cameras"][0]["breaks"]
        assert len(rows["rules"]) == 36 and rows["gaps"]
