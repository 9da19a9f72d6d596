import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from ingest.picture import Pixels
from ingest.sources.source import Mailbox, Reading, SourceError, SourceSettings
from ingest.values import Frame
from layers.cameras.reasons import Reason


def frame(number: int) -> Frame:
    return Frame(picture=Pixels(np.zeros((4, 4, 3), np.uint8)), at=datetime.now(UTC), camera_id=1, sequence=number)


def test_the_latest_frame_wins_and_the_others_are_counted() -> None:
    mailbox = Mailbox()
    for number in range(5):
        mailbox.put(frame(number))
    taken = mailbox.take()
    assert taken is not None and taken.sequence == 4
    assert mailbox.take() is None
    assert mailbox.dropped == 4


def settings(home: Path) -> SourceSettings:
    return SourceSettings(camera_id=1, url="x", home=home, backoff_s=(0.01, 0.02))


def test_a_reader_that_fails_tries_again_and_says_why_until_a_frame_comes(tmp_path: Path) -> None:
    tries: list[int] = []
    healths = []

    def read(reading: Reading) -> None:
        tries.append(1)
        healths.append(reading.health())
        if len(tries) < 3:
            raise SourceError("no_answer", seconds=8)
        reading.show(frame(1).picture)
        healths.append(reading.health())
        reading.stopping.set()

    reading = Reading(settings(tmp_path), read)
    reading.start()
    assert reading.stopping.wait(10)
    reading.stop()
    assert [h.state for h in healths] == ["unknown", "down", "down", "live"]
    assert healths[2].reason == "The camera did not answer within 8 s."


def test_a_surprise_does_not_end_the_thread(tmp_path: Path) -> None:
    tries: list[int] = []

    def read(reading: Reading) -> None:
        tries.append(1)
        if len(tries) > 1:
            reading.stopping.set()
        raise ZeroDivisionError

    reading = Reading(settings(tmp_path), read)
    reading.start()
    assert reading.stopping.wait(10)
    reading.stop()
    assert reading.health().reason == "The camera could not be read (ZeroDivisionError)."


def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Reading, list[float]]:
    """A reading whose clocks, the one that never goes back and the one on the wall, the test sets."""
    now_s = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    return Reading(settings(tmp_path), lambda _: None), now_s


def test_a_clock_on_the_wall_that_is_set_back_keeps_no_silent_camera_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, now_s = told(tmp_path, monkeypatch)
    reading.lives(datetime.now(UTC) + timedelta(hours=1))
    assert reading.health().state == "live"
    now_s[0] += 7
    assert (reading.health().state, reading.health().why) == ("stale", (Reason("silent", {"seconds": 7}),))


def test_after_an_hour_away_a_camera_tells_its_frames_a_second_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, now_s = told(tmp_path, monkeypatch)
    for _ in range(2):
        reading.begins()
        for _ in range(3):
            now_s[0] += 0.2
            reading.lives(datetime.now(UTC))
        assert reading.health().fps == pytest.approx(5)
        now_s[0] += 3600


def test_a_streams_clock_that_goes_astray_is_told_and_one_that_drifts_as_quartz_does_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, now_s = told(tmp_path, monkeypatch)
    reading.begins()
    stream_s = 0.0
    for _ in range(3):  # three days at 200 ppm
        reading.timed(stream_s)
        reading.lives(datetime.now(UTC))
        assert reading.health().why == ()
        now_s[0] += 86_400
        stream_s += 86_400 * 1.0002
    reading.timed(stream_s - 3600)
    reading.lives(datetime.now(UTC))
    assert [one.code for one in reading.health().why] == ["clock"] and reading.health().state == "live"
