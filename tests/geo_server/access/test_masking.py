"""What is masked keeps what helps to tell two callers apart, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_server.access.masking import masked_name, masked_phone, without_caller


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+7 701 234 56 12", "+7 7** *** ** 12"),
        ("8(701)2345612", "+7 7** *** ** 12"),
        ("112", "***"),
        ("+44 20 7946 0958", "**********58"),
        (None, None),
    ],
)
def test_a_phone_keeps_its_last_two_digits(phone: str | None, masked: str | None) -> None:
    assert masked_phone(phone) == masked


@given(st.text(alphabet="0123456789+-() ", max_size=40))
def test_no_masked_phone_shows_more_than_four_of_its_digits(phone: str) -> None:
    masked = masked_phone(phone)
    assert masked is not None and sum(letter.isdigit() for letter in masked) <= 4


@given(st.text(min_size=1, max_size=60))
def test_a_masked_name_is_as_long_for_everyone(name: str) -> None:
    masked = masked_name(name)
    assert masked is not None and len(masked) <= 4 and masked.endswith("•••")


def test_an_events_details_are_told_without_who_called() -> None:
    details = {"caller": {"phone": "1"}, "caller_phone": "1", "caller_name": "x", "phone": "1", "description": "fire"}
    assert without_caller(details) == {"description": "fire"}
