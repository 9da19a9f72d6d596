"""What cells say is taken with its unit, what cannot be is left out and said, and no row is lost for it."""

import pytest
import shapely

from geo_server.register.checking import Checker
from geo_server.register.reading.table import Reading, Row
from geo_server.register.schema import Checked, Choices

SCOPE = shapely.box(76.5, 43.0, 77.3, 43.5)


def checked(columns: str, *rows: str, choices: Choices | None = None) -> tuple[list[Checked], dict[str, object]]:
    """Return what became of rows at one place, and what was found, by code."""
    names = ("lat", "lon", *columns.split(";"))
    cells = [("43.24", "76.95", *row.split(";")) for row in rows]
    told = [Row(line=line, cells=one) for line, one in enumerate(cells, 2)]
    reading = Reading(format="csv", columns=names, rows=iter(told), whole=1)
    checker = Checker(reading=reading, choices=choices or Choices(), scope=SCOPE, import_id=7)
    found = checker.check(list(reading.rows))
    return found, {one.code: one.value for one in reading.findings + checker.closing()}


def noted(one: Checked) -> list[tuple[str, str | None]]:
    return [(note.code, note.column) for note in one.notes]


@pytest.mark.parametrize(
    "columns",
    [
        "Дальность ИК-подсветки, м;До объекта наблюдения, м;Фокусное расстояние, мм",
        "ИК жарық қашықтығы;Бақыланатынға дейін, м;Фокус қашықтығы, мм",
        "IR range, m;Distance to target;Focal length",
        "facts.infrared_m;facts.watched_m;facts.focal_mm",
    ],
)
def test_facts_that_compliance_and_night_read_are_known_by_their_words_in_each_language(columns: str) -> None:
    ((one,), found) = checked(columns, "30 м;18,5;4")
    assert one.told["facts"] == {"infrared": 1, "infrared_m": 30, "watched_m": 18.5, "focal_mm": 4}
    assert one.notes == () and "unmapped" not in found


def test_whose_infrared_light_reaches_somewhere_has_one_unless_the_file_says_otherwise() -> None:
    rows = checked("ИК-подсветка;Дальность ИК", "нет;30", ";0", ";")[0]
    assert [one.told.get("facts") for one in rows] == [
        {"infrared": 0, "infrared_m": 30},
        {"infrared": 0, "infrared_m": 0},
        None,
    ]


def test_heights_in_feet_are_turned_by_the_column_s_name_by_the_cell_or_by_choice_and_told_of() -> None:
    rows, found = checked("Height, ft", "10")
    assert (rows[0].told["height_m"], found["feet_by_header"]) == (3.048, "Height, ft")
    rows, found = checked("Height", "10 ft", "3")
    assert [one.told["height_m"] for one in rows] == [3.048, 3]
    assert noted(rows[0]) == [("feet_row", "height_m")] and "feet_by_header" not in found
    rows, found = checked("Height", "10", choices=Choices(height_unit="ft"))
    assert rows[0].told["height_m"] == 3.048 and "feet_by_choice" in found
    rows, found = checked("Height, ft", "10 ft", choices=Choices(height_unit="m"))
    assert rows[0].told["height_m"] == 10 and found == {}


def test_other_lengths_in_feet_are_metres_too() -> None:
    rows, found = checked("Range, feet;IR range", "300;100 ft")
    assert (rows[0].told["range_m"], rows[0].told["facts"]["infrared_m"]) == (91.44, 30.48)
    assert noted(rows[0]) == [("feet_row", "facts.infrared_m")] and found["feet_by_header"] == "Range, feet"


def test_heights_that_look_like_feet_are_said_and_stay_as_they_are() -> None:
    rows, found = checked("Height", *["20"] * 20)
    assert rows[0].told["height_m"] == 20 and found["feet_likely"] == "20"


@pytest.mark.parametrize("angle", ["0", "400", "-60", "180"])
def test_a_field_of_view_that_cannot_be_is_left_empty_and_the_camera_kept(angle: str) -> None:
    ((one,), _) = checked("code;Угол обзора", f"A;{angle}")
    assert one.refused is None and "hfov_deg" not in one.told
    assert noted(one) == [("out_of_bounds", "hfov_deg")]
