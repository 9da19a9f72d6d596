"""Which categories may be one thing: by group, by family, and what stands alone."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from geo_server.operations.catalogue import Catalogue, catalogue
from geo_server.operations.kinship import Reach, alike, kinship, reach_of, widest

KNOWN = catalogue()
CATEGORIES = sorted(KNOWN.categories)


def _without(name: str) -> Catalogue:
    return replace(KNOWN, categories={n: row for n, row in KNOWN.categories.items() if n != name})


def _with(name: str, group: str) -> Catalogue:
    row = replace(KNOWN.categories["theft"], name=name, group=group)
    return replace(KNOWN, categories={**KNOWN.categories, name: row})


def test_the_file_names_only_groups_and_categories_that_are_kept() -> None:
    kin = kinship()
    named = set(kin.reach_of_category) | kin.alone | {name for family in kin.families for name in family}
    assert named <= set(CATEGORIES)
    assert set(kin.reach) == {row.group for row in KNOWN.categories.values()} | {"any"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fire", "smoke"), ("fire_dwelling", "fire_highrise"), ("gas", "fire"), ("road_accident", "injury"),
        ("road_accident", "road_accident_minor"), ("water_rescue", "medical"), ("theft", "intrusion"),
        ("cardiac_arrest", "unconscious"), ("fraud", "other"),
    ],
)  # fmt: skip
def test_one_thing_is_reported_as_either(one: str, other: str) -> None:
    assert alike(KNOWN, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("fraud", "road_accident"), ("smoke", "theft"), ("childbirth", "stroke"), ("lift_stuck", "earthquake")],
)
def test_one_thing_is_never_both(one: str, other: str) -> None:
    assert not alike(KNOWN, one, other)


@given(st.sampled_from(CATEGORIES), st.sampled_from(CATEGORIES))
def test_being_alike_is_mutual(one: str, other: str) -> None:
    assert alike(KNOWN, one, other) == alike(KNOWN, other, one) and alike(KNOWN, one, one)


def test_a_category_that_was_added_fits_its_group() -> None:
    known = _with("fire_in_a_tunnel", "fire")
    assert alike(known, "fire_in_a_tunnel", "fire_vehicle") and not alike(known, "fire_in_a_tunnel", "theft")
    assert reach_of(known, "fire_in_a_tunnel") == reach_of(known, "fire")


def test_a_category_that_was_removed_while_in_use_fits_itself_its_families_and_whatever_says_nothing() -> None:
    known = _without("fire_dwelling")
    assert alike(known, "fire_dwelling", "fire_dwelling") and alike(known, "fire_dwelling", "other")
    assert alike(known, "fire_dwelling", "smoke") and not alike(known, "fire_dwelling", "fire_vehicle")
    assert reach_of(known, "fire_dwelling") == Reach(radius_m=300, seconds=1800)


@given(st.sampled_from([*CATEGORIES, "gone"]))
def test_no_reach_goes_beyond_the_widest(category: str) -> None:
    reach = reach_of(KNOWN, category)
    assert 0 < reach.radius_m <= widest().radius_m and 0 < reach.seconds <= widest().seconds
