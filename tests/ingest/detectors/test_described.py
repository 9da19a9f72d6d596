"""What the server accepts of a rule, by the schemas that functions are described with, cameras can use."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.operations.rule_checking import rule_faults
from ingest.detectors import plate_read
from ingest.detectors.described import schema
from ingest.detectors.detector import FunctionEntry
from ingest.detectors.register import FUNCTIONS
from ingest.detectors.rule import function_of
from ingest.values import Placed
from layers.values import Ellipse, LonLat
from tests.ingest.surroundings import AMONG

ON_THE_GROUND = Placed(
    place=LonLat(lon=76.94, lat=43.24),
    ellipse=Ellipse(major_m=1, minor_m=1, bearing_deg=0),
    placed_by="control_points",
)
EDGES = (-1, 0, 0.1, 0.2, 1, 2, 2.0, 4, 6, 10, 21, 100, 256, 1e6, 1e12, 1e300, 10**400, 0.5)
WITHIN = ((20, 30), (700, 20), (690, 500), (30, 540), (5.0, 300))
BEYOND = ((0, 0), (0.0, 0), (5, 700), (-3.5, 9), (768, 576), (1e300, 0), (0, 10**400))
# of what is drawn at random few shapes lie in the picture: most points do
POINTS = st.sampled_from(WITHIN * 4 + BEYOND).map(list)
VALUES = {
    "number": st.sampled_from(EDGES),
    "integer": st.sampled_from(EDGES),
    "boolean": st.booleans(),
    "null": st.none(),
    "string": st.sampled_from(("", "car", "any")),
}


def near(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values about the limits of a schema, within and beyond."""
    if "anyOf" in shape:
        return st.one_of([near(one) for one in shape["anyOf"]])
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    if shape["type"] != "array":
        return VALUES[shape["type"]]
    inner = shape["items"] or shape["prefixItems"][0]
    most = shape.get("maxItems", 4)
    return st.lists(POINTS if inner.get("type") == "array" else near(inner), min_size=min(most, 1), max_size=most)


def settings_of(entry: FunctionEntry) -> st.SearchStrategy[dict[str, Any]]:
    """Return settings of a function: what it requires, and of the others one or two."""
    (shape,) = schema(entry.settings)["$defs"].values()
    needed, known = set(shape["required"]), shape["properties"]
    some = st.sets(st.sampled_from(sorted(known)), max_size=2)
    return some.flatmap(lambda names: st.fixed_dictionaries({name: near(known[name]) for name in names | needed}))


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.name)
def test_settings_that_the_server_accepts_a_camera_builds(
    entry: FunctionEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plate_read, "open_plates", lambda home: None)
    built: list[dict[str, Any]] = []
    among = replace(AMONG, place=lambda _: ON_THE_GROUND)

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(settings_of(entry))
    def holds(told: dict[str, Any]) -> None:
        rule = {"function": entry.name, "settings": told}
        if not rule_faults([rule], []):
            function_of(rule, among)
            built.append(told)

    holds()
    assert len(built) > 9
