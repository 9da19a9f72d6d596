"""A purpose is an incident or a reason in words; anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_server.access.purpose import Purpose, purpose_of
from geo_server.errors import Refusal


def test_an_incident_or_a_reason_is_read() -> None:
    assert purpose_of(None) is None
    assert purpose_of("incident:12") == Purpose(incident_id=12)
    assert purpose_of("reason:%D0%B7%D0%B0%D0%BF%D1%80%D0%BE%D1%81%20%20MIA") == Purpose(reason="запрос MIA")
    assert Purpose(reason="запрос MIA").as_json() == {"reason": "запрос MIA"}


@given(st.text(max_size=400))
def test_whatever_is_said_is_a_purpose_or_one_refusal(header: str) -> None:
    try:
        found = purpose_of(header)
    except Refusal as refusal:
        assert refusal.code == "bad_purpose"
    else:
        assert found is not None and (found.incident_id is None) != (found.reason is None)


@pytest.mark.parametrize(
    "header", ["incident:", "incident:-1", "incident:9999999999999999999", "reason:    ", "reason:ab"]
)
def test_what_says_nothing_is_refused(header: str) -> None:
    with pytest.raises(Refusal):
        purpose_of(header)
