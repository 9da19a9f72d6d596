"""What a request asks for is read strictly."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_server.api.asked import bbox_of, check_crs, span_of
from geo_server.errors import Refusal
from layers.values import BBox


def test_a_box_with_heights_is_the_box_without_them() -> None:
    assert bbox_of("1,2,0,3,4,9") == bbox_of("1,2,3,4") == BBox(west=1, south=2, east=3, north=4)


def test_a_box_may_cross_the_antimeridian() -> None:
    assert bbox_of("170,-10,-170,10") == BBox(west=170, south=-10, east=-170, north=10)


def test_a_day_is_as_long_as_it_is() -> None:
    begins, ends = span_of("2026-01-01")
    assert begins == datetime(2026, 1, 1, tzinfo=UTC)
    assert ends == datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)


def test_an_interval_may_be_open_on_one_side() -> None:
    at = datetime(2026, 1, 1, 7, tzinfo=UTC)
    assert span_of("2026-01-01T12:00:00+05:00/..") == (at, None)
    assert span_of("/2026-01-01T07:00:00Z") == (None, at)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (bbox_of, span_of):
        try:
            read(text)
        except Refusal as refused:
            assert refused.status == 400


def test_a_question_may_name_the_one_system_of_coordinates_there_is() -> None:
    check_crs(None, "http://www.opengis.net/def/crs/OGC/1.3/CRS84")  # GDAL does, in every question
    with pytest.raises(Refusal, match="unknown_crs"):
        check_crs("http://www.opengis.net/def/crs/EPSG/0/4326")
