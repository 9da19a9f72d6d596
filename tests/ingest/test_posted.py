import os
import threading
import time
from pathlib import Path

from ingest.posted import OLDEST_S, folder_of, leave, sweep, take


def test_the_latest_picture_is_taken_once(tmp_path: Path) -> None:
    assert take(tmp_path, 7) is None
    leave(tmp_path, 7, b"one")
    leave(tmp_path, 7, b"two")
    leave(tmp_path, 8, b"other")
    assert [take(tmp_path, 7), take(tmp_path, 7), take(tmp_path, 8)] == [b"two", None, b"other"]
    assert list(folder_of(tmp_path).iterdir()) == []


def test_a_picture_that_nobody_took_in_time_is_no_longer_what_the_camera_sees(tmp_path: Path) -> None:
    leave(tmp_path, 7, b"old")
    long_ago = time.time() - OLDEST_S - 1
    os.utime(folder_of(tmp_path) / "7.jpg", (long_ago, long_ago))
    assert take(tmp_path, 7) is None and not list(folder_of(tmp_path).iterdir())


def test_what_a_door_left_half_written_is_swept_and_never_taken(tmp_path: Path) -> None:
    (folder_of(tmp_path) / "7.ab.part").write_bytes(b"half")
    assert take(tmp_path, 7) is None
    sweep(tmp_path)
    assert list(folder_of(tmp_path).iterdir()) == []


def test_a_picture_is_whole_however_fast_others_replace_it(tmp_path: Path) -> None:
    pictures = [bytes([n]) * 100_000 for n in range(4)]
    stop = threading.Event()

    def post() -> None:
        while not stop.is_set():
            for one in pictures:
                leave(tmp_path, 7, one)

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    taken = [one for _ in range(300) if (one := take(tmp_path, 7)) is not None]
    stop.set()
    for thread in threads:
        thread.join()
    assert taken and set(taken) <= set(pictures)
