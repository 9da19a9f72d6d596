"""The frames of a vehicle vote on its plate; narrow plates have no voice, and a vehicle that has gone is forgotten."""

from datetime import UTC, datetime, timedelta

from ingest.plates.voting import MOST_TEXTS, Decided, Read, Vote, gone, is_ripe

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def voted(*reads: tuple[str, float, float]) -> Vote:
    vote = Vote(at=NOW)
    for text, certainty, width_px in reads:
        vote.tries += 1
        vote.add(Read(text=text, certainty=certainty, width_px=width_px), least_px=60)
    return vote


def test_most_of_the_weight_decides_and_its_share_is_in_the_certainty() -> None:
    outcome = voted(("123ABC02", 0.9, 150), ("123ABC02", 0.9, 150), ("128ABC02", 0.9, 150)).outcome()
    assert outcome is not None and (outcome.text, outcome.reads) == ("123ABC02", 3)
    assert 0.55 < outcome.certainty < 0.65


def test_a_wide_plate_outweighs_a_narrow_one() -> None:
    outcome = voted(("128ABC02", 0.9, 70), ("123ABC02", 0.9, 150)).outcome()
    assert outcome is not None and outcome.text == "123ABC02"


def test_a_plate_narrower_than_the_least_is_not_trusted() -> None:
    assert voted(("123ABC02", 0.99, 59.9), ("123ABC02", 0.99, float("nan"))).outcome() is None


def test_a_vote_is_ripe_when_frames_agree_or_when_it_was_tried_often_enough() -> None:
    assert not is_ripe(voted(*[("123ABC02", 0.9, 150)] * 2), frames=3)
    assert is_ripe(voted(*[("123ABC02", 0.9, 150)] * 3), frames=3)
    apart = [(f"12{n}ABC02", 0.9, 150.0) for n in range(8)]
    assert not is_ripe(voted(*apart), frames=3)
    assert is_ripe(voted(*apart, ("129ABC02", 0.9, 150)), frames=3)


def test_a_vehicle_read_as_a_thousand_plates_takes_no_more_memory_than_one_read_as_a_few() -> None:
    vote = voted(*[(f"{n:03d}ABC02", 0.9, 150.0) for n in range(1000)])
    assert len(vote.weights) == len(vote.sums) == len(vote.counts) == MOST_TEXTS


def test_who_was_not_met_for_a_while_has_gone_and_so_has_everyone_when_the_clock_jumps() -> None:
    votes = {1: Vote(at=NOW), 2: Vote(at=NOW + timedelta(seconds=3))}
    assert list(gone(votes, NOW + timedelta(seconds=3))) == [1]
    assert list(gone(votes, NOW - timedelta(days=1))) == [1, 2]


def test_neither_a_read_nor_a_vote_nor_a_decision_shows_its_plate() -> None:
    vote = voted(("123ABC02", 0.9, 150))
    told = (
        Read(text="123ABC02", certainty=1, width_px=1),
        vote,
        Decided(text="123ABC02", certainty=1, reads=1, width_px=160.0),
    )
    assert not any("123ABC02" in repr(one) for one in told)
