"""What the dispatch bench judges: the slowest act, and that work was done at all."""

from typing import Any

import pytest

from geo_server.bench import Figure
from geo_server.bench.dispatch import _figures
from geo_server.bench.dispatchers import Shift, _told

FAST, SLOW = {"count": 900, "p50": 5.0, "p95": 9.0, "p99": 9.0}, {"count": 40, "p50": 250.0, "p95": 400.0, "p99": 500.0}


def judged(**more: Any) -> dict[str, Figure]:
    told = {
        "rung": 100, "taken": 100, "sent": 100, "busy": 0, "lost": 0, "unseen": 0, "screen": FAST, "empty": FAST,
        "acts": {"status": FAST, "dispatch": FAST}, "reads": {"proposals": SLOW}, **more,
    }  # fmt: skip
    return {figure.name: figure for figure in _figures(told, 0.5)}


def test_the_slowest_act_is_judged_and_readings_are_told_beside_it() -> None:
    assert judged()["dispatch.slowest_act.p95"].holds
    assert judged()["dispatch.read.proposals.p95"].value == 400
    slow = judged(acts={"status": FAST, "dispatch": SLOW})["dispatch.slowest_act.p95"]
    assert (slow.value, slow.holds) == (400, False)
    assert judged(acts={})["dispatch.slowest_act.p95"].holds is False


@pytest.mark.parametrize(("taken", "sent", "failed"), [
    (95, 95, set()), (50, 50, {"dispatch.calls_taken"}), (100, 3, {"dispatch.calls_sent_to"}),
    (0, 0, {"dispatch.calls_taken", "dispatch.calls_sent_to"}),
])  # fmt: skip
def test_a_shift_in_which_little_was_done_does_not_hold(taken: int, sent: int, failed: set[str]) -> None:
    told = judged(taken=taken, sent=sent)
    assert {name for name, figure in told.items() if figure.holds is False} == failed


def test_acts_and_readings_are_told_apart() -> None:
    shift = Shift()
    shift.acts_ms["note"].append(3.0)
    shift.reads_ms["proposals"].append(5.0)
    told = _told(shift, 0, 1)
    assert (list(told["acts"]), list(told["reads"])) == (["note"], ["proposals"])
