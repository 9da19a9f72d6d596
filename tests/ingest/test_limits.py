import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import limits
from ingest.errors import Refusal
from ingest.limits import TRIES, TRIES_PER_S, Bucket, Strangers, network

steps = st.lists(st.tuples(st.floats(0, 5), st.integers(1, 30)), max_size=60)


@given(steps, st.floats(0.1, 100))
def test_no_more_passes_than_the_bucket_and_its_refills_hold(told: list[tuple[float, int]], rate: float) -> None:
    bucket, full, now, passed = Bucket(), 2 * rate, 0.0, 0.0
    largest = max((cost for _, cost in told), default=0)
    for pause_s, cost in told:
        now += pause_s
        if not bucket.wait_s(cost, rate, full, now):
            passed += cost
    assert passed <= full + now * rate + largest + 1e-6  # one that is larger than the bucket leaves a debt


@given(steps, st.floats(0.1, 100))
def test_whoever_waits_as_long_as_was_told_is_let_in(told: list[tuple[float, int]], rate: float) -> None:
    bucket, now = Bucket(), 0.0
    for pause_s, cost in told:
        now += pause_s
        wait_s = bucket.wait_s(cost, rate, 2 * rate, now)
        now += wait_s
        assert wait_s == 0 or bucket.wait_s(cost, rate, 2 * rate, now) == 0


def test_an_address_that_tries_too_many_keys_is_told_when_to_come_again() -> None:
    strangers = Strangers()
    for _ in range(int(TRIES)):
        strangers.tries("203.0.113.7", 0.0)
    with pytest.raises(Refusal) as told:
        strangers.tries("203.0.113.7", 0.0)
    assert (told.value.code, told.value.status) == ("too_many_tries", 429)
    strangers.tries("203.0.113.8", 0.0)
    strangers.tries("203.0.113.7", float(told.value.details["retry_after_s"]))


def test_good_keys_cost_an_address_nothing() -> None:
    strangers = Strangers()
    for _ in range(int(TRIES) * 3):
        strangers.tries("203.0.113.7", 0.0)
        strangers.forgive("203.0.113.7")


def test_a_flood_from_many_addresses_grows_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 50)
    strangers = Strangers()
    for n in range(1000):
        strangers.tries(f"10.0.{n // 250}.{n % 250}", float(n) / TRIES_PER_S)
    assert len(strangers) == 50


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_stands_for_its_network(address: str, whose: str) -> None:
    assert network(address) == whose
