from ingest.measuring.clip import Truth
from ingest.measuring.scoring import Run, score

TRUTHS = (Truth(since_s=10, until_s=20), Truth(since_s=50, until_s=60))


def run(*told_s: float, truths: tuple[Truth, ...] = TRUTHS, seconds: float = 86.4) -> Run:
    return Run(on="a plan", truths=truths, told_s=told_s, frames=432, seconds=seconds)


def test_what_is_told_within_a_truth_is_found_and_its_delay_is_from_the_beginning() -> None:
    figures = score([run(12.5)])
    assert (figures["n"], figures["recall"], figures["delay_p95_s"], figures["false_alarms"]) == (2, 0.5, 2.5, 0)


def test_a_truth_told_twice_is_one_find_and_no_false_alarm() -> None:
    assert score([run(12, 13)])["recall"] == 0.5
    assert score([run(12, 13)])["false_alarms"] == 0


def test_what_is_told_beside_every_truth_is_false_and_counted_by_the_day() -> None:
    figures = score([run(30, 55)])
    assert (figures["false_alarms"], figures["false_alarms_per_camera_day"]) == (1, 1000.0)


def test_no_false_alarm_in_little_footage_promises_little() -> None:
    short, long = (score([run(truths=(), seconds=s)])["at_most_per_camera_day"] for s in (86.4, 864_000))
    assert (short, long) == (2996, 0)  # three by the rule of three, over a thousandth of a day


def test_without_truths_there_is_no_recall_and_clips_add_up() -> None:
    figures = score([run(truths=()), run(truths=())])
    assert (figures["recall"], figures["delay_p95_s"], figures["frames"], figures["seconds"]) == (
        None,
        None,
        864,
        172.8,
    )
