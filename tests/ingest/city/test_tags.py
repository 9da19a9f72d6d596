import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.city import addresses, buildings, landcover, places
from ingest.city.addresses import StreetNames
from ingest.city.tags import length_m, number


@pytest.mark.parametrize(
    ("value", "metres"),
    [("12", 12.0), ("12.5 m", 12.5), ("12,5", 12.5), ("40 ft", 12.192), ("12'6\"", 3.81), ("high", None), (None, None)],
)
def test_a_length_is_read_in_metres_and_feet(value: str | None, metres: float | None) -> None:
    assert length_m(value) == (None if metres is None else pytest.approx(metres))


@given(st.text(max_size=12))
def test_a_number_is_finite_or_none(value: str) -> None:
    found = number(value)
    assert found is None or abs(found) < float("inf")


def test_a_list_of_levels_gives_the_highest() -> None:
    assert number("5;9") == 9


@given(height=st.text(max_size=8), levels=st.text(max_size=8))
def test_a_building_never_gets_an_impossible_height(height: str, levels: str) -> None:
    found = buildings.read({"building": "yes", "height": height, "building:levels": levels}, 1, "")
    assert found is not None
    assert found.height_m is None or 0 < found.height_m <= 1_000
    assert found.levels is None or 0 < found.levels <= 250


def test_what_is_tagged_as_no_building_is_none() -> None:
    assert buildings.read({"building": "no"}, 1, "") is None


def test_an_address_takes_its_streets_names_from_the_street() -> None:
    streets = {"Абай даңғылы": StreetNames(kk="Абай даңғылы", ru="проспект Абая", en="Abai Avenue")}
    found = addresses.read({"addr:street": "Абай даңғылы", "addr:housenumber": "10А"}, 1, "", streets)
    assert not isinstance(found, str)
    assert (found.street_ru, found.street_en, found.house) == ("проспект Абая", "Abai Avenue", "10А")


def test_half_an_address_says_what_is_missing() -> None:
    assert addresses.read({"addr:housenumber": "10"}, 1, "", {}) == "a house number without a street"
    assert addresses.read({"addr:street": "Abai"}, 1, "", {}) == "a street without a house number"


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "police"}, "police"),
        ({"amenity": "fire_station"}, "fire_station"),
        ({"emergency": "fire_hydrant"}, "hydrant"),
        ({"amenity": "kindergarten"}, "kindergarten"),
        ({"amenity": "fuel"}, "fuel"),
        ({"amenity": "cafe"}, None),
    ],
)
def test_the_places_of_the_services_are_known(tags: dict[str, str], kind: str | None) -> None:
    assert places.kind(tags) == kind


def test_a_tunnel_is_met_along_its_whole_length() -> None:
    line = [(76.9, 43.2), (76.904, 43.2)]  # about 450 m by degrees
    spots = places.tunnel({"highway": "primary", "tunnel": "yes", "name": "Т"}, 7, line)
    assert [(spot.kind, spot.name) for spot in spots] == [("tunnel", "Т")] * 4
    for other in ({}, {"tunnel": "no"}, {"tunnel": "building_passage"}):
        assert places.tunnel({"highway": "primary"} | other, 7, line) == []


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"natural": "water"}, "water"),
        ({"leisure": "park"}, "green"),
        ({"landuse": "industrial"}, "industrial"),
        ({"landuse": "retail"}, "commercial"),
        ({"natural": "coastline"}, None),
    ],
)
def test_land_is_water_green_or_used(tags: dict[str, str], kind: str | None) -> None:
    assert landcover.kind(tags) == kind


def test_running_water_has_a_width_unless_it_runs_under_ground() -> None:
    assert landcover.line_width_m({"waterway": "river", "width": "30 m"}) == 30
    assert landcover.line_width_m({"waterway": "stream"}) == 3
    assert landcover.line_width_m({"waterway": "river", "tunnel": "culvert"}) is None
