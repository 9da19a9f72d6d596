"""Outlines as maps hold them, torn, nested, doubled or without a height, hide what they should and stop nobody."""

import math

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_server.bench.exactly import exactly
from geo_server.planning.ground import Ground
from geo_server.planning.reckoning import houses_of
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.views import Views
from layers.cameras.blocking import STOREY_M, UNKNOWN_M
from layers.coverage.schema import House
from tests.geo_server.planning.viewsheds.scenes import views, walls

BOWTIE = Polygon([(-20, 20), (20, 40), (20, 20), (-20, 40)])


def area(one: Views, *buildings: tuple[BaseGeometry, float]) -> float:
    return float(seen_by(one, walls(*buildings)).areas_m2()[0])


def test_an_outline_that_crosses_itself_hides_as_its_two_halves_do() -> None:
    halves = shapely.get_parts(shapely.make_valid(BOWTIE))
    assert area(views(), (BOWTIE, 9.0)) == pytest.approx(area(views(), *((one, 9.0) for one in halves)), rel=1e-6)
    assert area(views(), (BOWTIE, 9.0)) < 0.9 * area(views())


@pytest.mark.parametrize(
    "built",
    [
        [(box(-20, 20, 20, 40), 3.0), (box(-5, 25, 5, 35), 9.0)],
        [(box(-20, 20, 20, 40), 3.0), (box(-20, 20, 20, 40), 3.0)],
        [(box(-20, 20, 5, 40), 3.0), (box(-5, 30, 20, 50), 4.5)],
        [(box(-20, 20, 20, 40).difference(box(-10, 25, 10, 35)), 3.0), (box(-5, 28, 5, 32), 4.0)],
    ],
    ids=["a tower in its podium", "drawn twice", "over each other", "a shed in a yard"],
)
@pytest.mark.parametrize("eye_m", [4.0, 6.0, 12.0])
def test_nested_and_doubled_outlines_hide_what_exact_geometry_says(
    built: list[tuple[Polygon, float]], eye_m: float
) -> None:
    one = views(eye_m=eye_m, hfov_deg=100.0)
    assert area(one, *built) == pytest.approx(exactly(one, built).area, rel=0.01)


@pytest.mark.parametrize(
    ("outline", "kind"),
    [(Polygon(), "empty"), (Polygon([(-5, 20), (5, 20), (-5, 20)]), "flat"), (MultiPolygon(), "of no parts")],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_no_area_hides_nothing(outline: BaseGeometry, kind: str) -> None:
    assert area(views(), (outline, 9.0)) == pytest.approx(area(views())), kind


@pytest.mark.parametrize(
    ("height_m", "levels", "top_m"),
    [(12.5, 3.0, 12.5), (None, 3.0, 3 * STOREY_M), (None, None, UNKNOWN_M), (0.0, None, UNKNOWN_M)],
    ids=["measured", "by its storeys", "unknown", "nought is no height"],
)
def test_a_building_without_a_height_is_taken_for_a_usual_one(
    height_m: float | None, levels: float | None, top_m: float
) -> None:
    outline = shapely.to_wkb(box(76.94, 43.24, 76.941, 43.241))
    found = houses_of([House(wkb=outline, height_m=height_m, levels=levels)], Ground.around(76.94, 43.24))
    assert found.tops_m.tolist() == [top_m]


def test_torn_outlines_of_the_store_are_mended_before_anything_is_reckoned() -> None:
    torn = shapely.transform(BOWTIE, lambda xy: xy / 100_000 + np.array([76.94, 43.24]))
    found = houses_of([House(wkb=shapely.to_wkb(torn), height_m=9.0, levels=None)], Ground.around(76.94, 43.24))
    assert shapely.is_valid(found.outlines).all() and math.isclose(found.tops_m[0], 9.0)
