import math
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.checks import AHEAD_S, OLDEST_S, UNKNOWN_UNIT, checked, moment, off_the_globe, out_of_time
from ingest.errors import ERRORS

NOW_S = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
GOOD = (NOW_S, 76.9, 43.2, 40.0, 90.0)
floats = st.floats(allow_nan=True, allow_infinity=True)


def code_of(*told: float, unit: int = 1) -> str | None:
    fixes, bad = checked([unit], np.array([told]), NOW_S)
    assert len(fixes) + len(bad) == 1
    return bad[0][1] if bad else None


@given(st.lists(st.tuples(st.integers(-1, 3), floats, floats, floats, floats, floats), max_size=20))
def test_every_fix_is_either_taken_or_told_and_what_is_taken_is_sound(rows: list[tuple[float, ...]]) -> None:
    told = np.array([row[1:] for row in rows], np.float64).reshape(-1, 5)
    fixes, bad = checked([int(row[0]) for row in rows], told, NOW_S)
    assert len(fixes) + len(bad) == len(rows)
    assert all(ERRORS[code][0] == 400 for _, code in bad)
    assert (np.abs(fixes["lon"]) <= 180).all() and (np.abs(fixes["lat"]) <= 90).all()
    assert (fixes["unit_id"] != UNKNOWN_UNIT).all()
    assert (fixes["heading_deg"] < 360).all() and (fixes["speed_kmh"] <= 1000).all()
    assert (fixes["at"] <= (NOW_S + AHEAD_S) * 1e6).all() and (fixes["at"] >= (NOW_S - OLDEST_S) * 1e6).all()


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (0, NOW_S + 61, "from_the_future"),
        (0, NOW_S + 59, None),
        (0, NOW_S - OLDEST_S - 1, "too_old"),
        (0, math.nan, "bad_time"),
        (0, math.inf, "bad_time"),
        (1, math.nan, "not_finite"),
        (1, 180.0, None),
        (1, 180.0001, "off_the_globe"),
        (2, -math.inf, "not_finite"),
        (2, -90.0, None),
        (2, -90.0001, "off_the_globe"),
        (3, -0.1, "bad_speed"),
        (3, 1000.1, "bad_speed"),
        (4, 360.0, None),
        (4, 361.0, "bad_heading"),
        (4, math.nan, "not_finite"),
    ],
)
def test_each_limit_has_its_code(place: int, value: float, code: str | None) -> None:
    told = list(GOOD)
    told[place] = value
    assert code_of(*told) == code


def test_a_device_that_nobody_carries_is_told() -> None:
    assert code_of(*GOOD, unit=UNKNOWN_UNIT) == "unknown_device"


def test_a_taken_fix_is_what_was_told() -> None:
    fixes, _ = checked([7], np.array([(NOW_S + 0.25, 76.9, 43.2, 40.5, 360.0)]), NOW_S)
    assert fixes[0].tolist() == (7, round((NOW_S + 0.25) * 1e6), round(NOW_S * 1e6), 76.9, 43.2, 40.5, 0.0, 0)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.integers(-23, 23))
def test_iso_text_and_seconds_are_the_same_moment(local: datetime, hours: int) -> None:
    at = local.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert moment(at.isoformat()) == pytest.approx(at.timestamp(), abs=1e-5)
    assert moment(local.isoformat()) == pytest.approx(local.replace(tzinfo=UTC).timestamp(), abs=1e-5)


@given(st.text())
def test_no_text_breaks_the_reading_of_a_time(text: str) -> None:
    assert isinstance(moment(text), float)


def test_a_number_that_no_clock_tells_is_no_moment() -> None:
    assert math.isnan(moment(10**400)) and math.isnan(moment(-(10**400)))


@given(floats, floats)
def test_a_place_is_on_the_globe_or_told(lon: float, lat: float) -> None:
    good = off_the_globe(lon, lat) is None
    assert good == (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90)


def test_times_of_events_keep_the_same_limits() -> None:
    limits = (0, AHEAD_S + 1, -OLDEST_S - 1, math.nan)
    told = [out_of_time(NOW_S + off, NOW_S) for off in limits]
    assert told == [None, "from_the_future", "too_old", "bad_time"]
