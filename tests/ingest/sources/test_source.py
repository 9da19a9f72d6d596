from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.picture import Pixels
from ingest.sources.source import Mailbox, Reading, SourceError, SourceSettings
from ingest.values import Frame


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
