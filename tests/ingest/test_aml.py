from datetime import UTC, datetime

import pytest

from ingest.aml import read
from layers.calls.places import PlacedBy
from layers.values import LonLat

MESSAGE = (
    'A"ML=1;lt=+43.23801;lg=+076.94512;rd=24;top=20261101080510;lc=90;pm=G;'
    "si=401011234567890;ei=356938035643809;mcc=401;mnc=01;ml=128"
)


def test_a_handsets_message_gives_place_radius_confidence_and_time() -> None:
    told = read(MESSAGE)
    assert told.place == LonLat(lon=76.94512, lat=43.23801)
    assert (told.radius_m, told.confidence_pct, told.by) == (24, 90, PlacedBy.AML)
    assert told.at == datetime(2026, 11, 1, 8, 5, 10, tzinfo=UTC)


def test_a_handset_that_knows_no_radius_still_has_a_place() -> None:
    told = read(MESSAGE.replace("rd=24", "rd=N").replace("lc=90;", ""))
    assert (told.radius_m, told.confidence_pct) == (None, None)


@pytest.mark.parametrize(
    "message",
    ["", "hello", 'A"ML=1;', MESSAGE.replace("pm=G", "pm=N"), MESSAGE.replace("+43.23801", "north"),
     MESSAGE.replace("20261101080510", "20261332080510"), MESSAGE.replace("lg=", "gl="), MESSAGE * 50],
)  # fmt: skip
def test_what_tells_no_place_is_no_place(message: str) -> None:
    with pytest.raises(ValueError):
        read(message)
