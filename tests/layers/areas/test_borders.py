"""Many shapes at once get the areas that the store gives them one by one."""

import numpy as np
import psycopg
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.areas import queries as areas
from layers.areas.borders import Borders

SPOT = st.tuples(st.floats(76.5, 77.4), st.floats(42.9, 43.9))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(SPOT, min_size=2, max_size=4, unique=True), min_size=1, max_size=8))
def test_a_shape_gets_the_area_that_the_store_would_give_it(
    database_url: str, lines: list[list[tuple[float, float]]]
) -> None:
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    with psycopg.connect(database_url) as connection:
        found = areas.borders_for_import(connection).of_shapes(shapes).tolist()
        asked = "SELECT area_of(ST_GeomFromText(%s, 4326))"
        told = [connection.execute(asked, (shapely.to_wkt(s, rounding_precision=-1),)).fetchone() for s in shapes]
    assert [(area_id,) for area_id in found] == told


def test_without_a_republic_nothing_can_be_placed() -> None:
    with pytest.raises(LookupError, match="no areas yet"):
        Borders([])
