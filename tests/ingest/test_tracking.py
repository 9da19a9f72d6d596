from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.tracking import Tracker, Tracking, iou
from ingest.values import Detection, Track

START = datetime(2026, 1, 1, tzinfo=UTC)


def person(x: float, y: float = 100.0, score: float = 0.8, label: str = "person") -> Detection:
    return Detection(label=label, score=score, box=(x, y, x + 30, y + 80))


def follow(tracker: Tracker, frames: list[list[Detection]], step_s: float = 0.2) -> list[tuple[Track, ...]]:
    return [tracker.update(found, START + timedelta(seconds=step_s * i)) for i, found in enumerate(frames)]


def test_a_steady_walker_keeps_one_number_and_is_confirmed_at_the_third_sight() -> None:
    told = follow(Tracker(), [[person(8 * i)] for i in range(20)])
    assert {track.id for tracks in told for track in tracks} == {1}
    assert [tracks[0].confirmed for tracks in told[:4]] == [False, False, True, True]


def test_two_walkers_that_meet_keep_their_numbers() -> None:
    frames = [[person(10 * i), person(300 - 10 * i, 130)] for i in range(30)]
    told = follow(Tracker(), frames)
    ends = {track.id: track.box[0] for track in told[-1]}
    assert ends[1] > 250 and ends[2] < 50


def test_a_weak_box_holds_a_track_and_never_starts_one() -> None:
    assert follow(Tracker(), [[person(10, score=0.25)]] * 5)[-1] == ()
    held = follow(Tracker(), [[person(10)]] * 3 + [[person(10, score=0.25)]] * 10)
    assert held[-1][0].id == 1 and held[-1][0].seen


def test_a_walker_hidden_for_a_second_comes_back_under_the_same_number() -> None:
    frames: list[list[Detection]] = [[person(8 * i)] if i < 10 or i > 14 else [] for i in range(25)]
    assert {track.id for tracks in follow(Tracker(), frames) for track in tracks} == {1}


def test_a_track_expires_by_the_clock_and_not_by_frames() -> None:
    tracker = Tracker()
    follow(tracker, [[person(10)]] * 3)
    tracker.update([], START + timedelta(seconds=60))
    assert len(tracker) == 0


def test_another_label_is_another_track() -> None:
    told = follow(Tracker(), [[person(10)], [person(10, label="car")]])
    assert {track.label for track in told[-1]} == {"person", "car"}


def test_a_van_that_is_now_a_car_and_now_a_truck_is_one_track_by_the_surer_label() -> None:
    found = [person(10 + n, label="truck" if n % 3 else "car", score=0.5) for n in range(12)]
    told = follow(Tracker(), [[one] for one in found])
    assert [(track.id, track.label) for track in told[-1]] == [(1, "truck")]


def test_frames_that_come_rarely_still_meet() -> None:
    told = follow(Tracker(), [[person(25 * i)] for i in range(10)], step_s=0.6)
    assert {track.id for tracks in told for track in tracks} == {1}


def test_a_clock_that_jumps_back_harms_nothing() -> None:
    tracker = Tracker()
    follow(tracker, [[person(10)]] * 3)
    assert tracker.update([person(10)], START - timedelta(hours=1))[0].id == 1


boxes = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(0, 1e3), st.floats(0, 1e3))
odd = st.one_of(boxes, st.just((float("nan"), 0.0, 1.0, 1.0)), st.just((float("inf"), 0.0, 1.0, 1.0)))


@given(frames=st.lists(st.lists(st.tuples(odd, st.floats(0, 1)), max_size=30), max_size=8))
def test_whatever_comes_tracks_are_capped_finite_and_never_share_a_number(
    frames: list[list[tuple[tuple[float, float, float, float], float]]],
) -> None:
    tracker = Tracker(Tracking(most_tracks=10))
    for index, frame in enumerate(frames):
        found = [Detection(label="person", score=s, box=(x, y, x + w, y + h)) for (x, y, w, h), s in frame]
        tracks = tracker.update(found, START + timedelta(seconds=0.2 * index))
        assert len(tracks) <= 10
        assert len({track.id for track in tracks}) == len(tracks)
        assert all(np.isfinite(track.box).all() for track in tracks)


def test_overlap_is_intersection_over_union() -> None:
    left, right = np.array([[0, 0, 10, 10.0]]), np.array([[5, 0, 15, 10.0], [20, 20, 30, 30.0]])
    assert np.allclose(iou(left, right), [[1 / 3, 0]])
