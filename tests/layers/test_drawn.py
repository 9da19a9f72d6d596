"""Style filters become SQL where they can, and draw everything where they cannot."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from layers.drawn import drawn_at
from layers.layer import TileLook
from layers.register import BY_NAME

ROADS = BY_NAME["roads"]


def sql(z: int, *style: dict[str, Any], max_zoom: int = 15) -> str:
    look = replace(TileLook(style=()), style=style, max_zoom=max_zoom)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    compiled = drawn_at(ROADS, look, z).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)


def test_a_style_layer_counts_only_in_its_zooms() -> None:
    style = {"minzoom": 12, "maxzoom": 14}
    assert sql(10, style) == "false"
    assert sql(11, style) == "false"
    assert sql(12, style) == "true"
    assert sql(14, style) == "false"


def test_the_deepest_tile_is_drawn_at_every_zoom_beyond() -> None:
    assert sql(14, {"minzoom": 16}, max_zoom=14) == "true"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (["==", ["get", "class"], "primary"], "road.class = 'primary'"),
        (["in", ["get", "class"], ["literal", ["a", "b"]]], "road.class IN ('a', 'b')"),
        (["!", ["in", ["get", "class"], ["literal", ["a"]]]], "(road.class NOT IN ('a'))"),
        (["any", ["==", ["get", "class"], "a"], [">=", ["zoom"], 14]], "road.class = 'a'"),
    ],
)
def test_a_filter_becomes_sql(expression: list[Any], expected: str) -> None:
    assert sql(10, {"filter": expression}) == expected


@pytest.mark.parametrize("strange", [["match", 1], ["==", ["get", "nothing"], 1], [], ["in", "x", "y"], 7])
def test_what_cannot_be_judged_is_drawn(strange: Any) -> None:
    assert sql(10, {"filter": strange}) == "true"
