"""Places typed as numbers."""

import pytest

from layers.geocoder.coordinates import readings

HERE = (76.945, 43.238)


@pytest.mark.parametrize(
    "text",
    [
        "43.238, 76.945", "43.238 76.945", "43,238 76,945", "43.238,76.945", " 43.238; 76.945 ", "43.238°, 76.945°",
        "43°14'16.8\"N 76°56'42\"E", "43°14′16.8″ с.ш. 76°56′42″ в.д.", "N43 14.28 E76 56.7", "43.238 N 76.945 E",
        "76.945 E, 43.238 N", "43.238 с.е. 76.945 ш.б.", "43°14'16.8\" 76°56'42\"",
    ],
)  # fmt: skip
def test_coordinates_are_read_in_every_common_writing(text: str) -> None:
    first = readings(text)[0]
    assert (first.lon, first.lat) == pytest.approx(HERE)


def test_the_other_order_is_the_second_reading() -> None:
    assert [(place.lon, place.lat) for place in readings("76.945, 43.238")] == [(43.238, 76.945), HERE]


def test_south_and_west_are_below_zero() -> None:
    (place,) = readings("33°30'S 70°36'W")
    assert (place.lon, place.lat) == (-70.6, -33.5)


@pytest.mark.parametrize(
    "text",
    [
        "", "12", "12 15", "12/3", "Абая 12.5", "91.5, 200.5", "43.2", "43°70' 76°10'", "43.1 N 76.1 N", "1.1 2.2 3.3",
        "°", "nan, nan",
    ],
)  # fmt: skip
def test_what_is_no_place_on_the_globe_is_no_coordinates(text: str) -> None:
    assert readings(text) == ()
