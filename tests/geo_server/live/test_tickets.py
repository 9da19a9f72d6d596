from geo_server.live import tickets
from geo_server.live.tickets import KEPT, LASTS_S, Tickets

MINE, YOURS = b"m" * 32, b"y" * 32


class Clock:
    """A clock in hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_ticket_is_good_once() -> None:
    kept = Tickets()
    ticket = kept.issue(MINE)
    assert kept.redeem(ticket, MINE) is True
    assert kept.redeem(ticket, MINE) is False


def test_a_ticket_of_another_session_is_refused_and_used_up() -> None:
    kept = Tickets()
    ticket = kept.issue(MINE)
    assert kept.redeem(ticket, YOURS) is False
    assert kept.redeem(ticket, MINE) is False


def test_a_ticket_is_good_for_half_a_minute() -> None:
    clock = Clock()
    kept = Tickets(clock=clock)
    early, late = kept.issue(MINE), kept.issue(MINE)
    clock.now += LASTS_S - 1
    assert kept.redeem(early, MINE) is True
    clock.now += 1
    assert kept.redeem(late, MINE) is False


def test_a_ticket_that_was_never_handed_out_is_refused() -> None:
    assert Tickets().redeem("", MINE) is False
    assert Tickets().redeem("x" * 10_000, b"") is False


def test_those_who_ask_without_end_fill_no_memory() -> None:
    clock = Clock()
    kept = Tickets(clock=clock)
    first = kept.issue(MINE)
    last = [kept.issue(MINE) for _ in range(KEPT)][-1]
    assert len(kept._kept) == tickets.KEPT
    assert kept.redeem(first, MINE) is False and kept.redeem(last, MINE) is True
    clock.now += LASTS_S
    kept.issue(MINE)
    assert len(kept._kept) == 1
