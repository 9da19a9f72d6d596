import errno
import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.recording.boxes import walk
from ingest.recording.disk import SENTENCES, Disk
from ingest.recording.recovery import begins_at_of, found, recovered, unknown
from ingest.recording.writer import Recorded, Writer, folder_of
from layers.recordings.schema import Recording, Written
from tests.ingest.recording.footage import START, bytes_of, footage, init

CAMERA = Recorded(id=7, code="C-7", retention="public")


class Full(Disk):
    """A disk with so many bytes of room; a write that does not fit is done by half."""

    def __init__(self, room: int) -> None:
        self.left = room

    def write(self, file: int, data: bytes) -> None:
        os.write(file, data[: self.left])
        if len(data) > self.left:
            raise OSError(errno.ENOSPC, "full")
        self.left -= len(data)


def row_of(written: Written) -> Recording:
    return Recording(
        id=1, camera_id=7, code="C-7", path=written.path, begins_at=written.begins_at, ends_at=written.ends_at,
        size=written.size, init_size=written.init_size, codec=written.codec, index=written.index, state="open",
        retention="public",
    )  # fmt: skip


def test_a_file_holds_the_bytes_that_came_behind_their_beginning(tmp_path: Path) -> None:
    pieces = footage(3)
    writer = Writer(tmp_path, CAMERA, Disk())
    for n in range(3):
        (told,) = writer.write(pieces[10 * n : 10 * n + 10]).written
        assert told.sha256 is None and (tmp_path / told.path).stat().st_size == told.size
    (told,) = writer.close().written
    whole = (tmp_path / told.path).read_bytes()
    assert told.path == "C-7/2026/03/01/100000.mp4"
    assert whole == init().data + bytes_of(pieces)
    assert told.sha256 == hashlib.sha256(whole).digest()
    assert [(ms, key) for ms, _, key in told.index] == [(0, 1), (1000, 1), (2000, 1)]
    assert all(whole[offset + 4 : offset + 8] == b"moof" for _, offset, _ in told.index)
    assert told.ends_at == START + timedelta(seconds=3)


def test_a_new_file_begins_at_the_first_key_frame_of_each_five_minutes(tmp_path: Path) -> None:
    writer = Writer(tmp_path, CAMERA, Disk())
    written = writer.write(footage(6, start=START + timedelta(seconds=296.5))).written
    assert [one.path[-10:] for one in written] == ["100456.mp4", "100500.mp4"]
    assert written[0].sha256 is not None and written[1].sha256 is None
    assert written[1].begins_at == START + timedelta(seconds=300.5)


def test_a_stretch_that_tears_a_clock_that_jumps_and_another_picture_begin_a_file_of_their_own(tmp_path: Path) -> None:
    writer = Writer(tmp_path, CAMERA, Disk())
    first = footage(2)
    later = footage(2, start=START + timedelta(seconds=10))
    back = footage(2, start=START + timedelta(seconds=5))
    other = footage(2, start=START + timedelta(seconds=7), of=init(b"other"))
    written = [*writer.write(first + later + back + other).written, *writer.close().written]
    closed = [one for one in written if one.sha256]
    assert [one.begins_at.second for one in closed] == [0, 10, 5, 7]
    assert sorted(file.name for file in tmp_path.rglob("*.mp4")) == [
        "100000.mp4", "100005.mp4", "100007.mp4", "100010.mp4"]  # fmt: skip


def test_a_frame_that_is_late_stays_with_the_pictures_it_belongs_to(tmp_path: Path) -> None:
    writer = Writer(tmp_path, CAMERA, Disk())
    pieces, later = footage(3, key_every=30)[:15], footage(3, start=START + timedelta(seconds=4), key_every=30)[15:]
    (told,) = [*writer.write(pieces).written, *writer.write(later).written][-1:]
    assert (tmp_path / told.path).read_bytes() == init().data + bytes_of(pieces + later)
    far = footage(3, start=START + timedelta(hours=1), key_every=30)[15:]
    assert all(one.ends_at < START + timedelta(minutes=1) for one in writer.write(far).written)


def test_what_comes_before_the_first_key_frame_is_no_recording(tmp_path: Path) -> None:
    writer = Writer(tmp_path, CAMERA, Disk())
    assert writer.write(footage(1)[3:]).written == ()
    (told,) = writer.write(footage(1, start=START + timedelta(seconds=1))).written
    assert told.begins_at == START + timedelta(seconds=1)


def test_two_files_of_one_second_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for _ in range(2):
        writer = Writer(tmp_path, CAMERA, Disk())
        writer.write(footage(1))
        writer.close()
    assert sorted(file.name for file in tmp_path.rglob("*.mp4")) == ["100000-1.mp4", "100000.mp4"]


def test_a_full_disk_ends_the_file_at_its_last_whole_second_and_says_so(tmp_path: Path) -> None:
    disk = Full(len(init().data) + len(bytes_of(footage(2))) + 50)
    writer = Writer(tmp_path, CAMERA, disk)
    pieces = footage(4)
    assert writer.write(pieces[:20]).trouble is None
    outcome = writer.write(pieces[20:30])
    assert outcome.trouble is not None and outcome.trouble.reason == "disk_full"
    assert outcome.trouble.sentence == "The disk of the recordings is full."
    (told,) = outcome.written
    whole = (tmp_path / told.path).read_bytes()
    assert whole == init().data + bytes_of(pieces[:20]) and told.sha256 == hashlib.sha256(whole).digest()
    disk.left = 10**6
    (again,) = writer.write(pieces[30:]).written
    assert again.begins_at == START + timedelta(seconds=3) and again.sha256 is None


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_thing_that_hinders_a_recording_is_said_in_the_windows(language: str) -> None:
    words = json.loads((Path(__file__).parents[3] / "data" / "words" / f"{language}.json").read_text())
    said = {name.rpartition(".")[2] for name in words if name.startswith("archive.hinders.")}
    assert said == {*SENTENCES, "unheard"}  # of a recorder that is silent the server tells


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EROFS, "read_only"), (errno.ENOENT, "no_folder"), (errno.EIO, "disk_fault"), (errno.EDQUOT, "disk_full")],
)
def test_every_fault_of_a_disk_is_one_sentence(tmp_path: Path, number: int, reason: str) -> None:
    class Faulty(Disk):
        def create(self, path: Path) -> int:
            raise OSError(number, "no")

    outcome = Writer(tmp_path, CAMERA, Faulty()).write(footage(1))
    assert outcome.trouble is not None and outcome.trouble.reason == reason
    assert outcome.trouble.sentence.endswith(".") and outcome.written == ()


def test_a_file_that_stood_open_is_cut_at_its_last_whole_fragment(tmp_path: Path) -> None:
    writer = Writer(tmp_path, CAMERA, Disk())
    pieces = footage(3)
    (told,) = writer.write(pieces).written
    path = tmp_path / told.path
    path.write_bytes(path.read_bytes() + bytes_of(footage(1, decode_s=3))[:-30])
    closed = recovered(tmp_path, row_of(told), Disk())
    assert closed is not None and closed.size == path.stat().st_size > told.size
    assert closed.ends_at == START + timedelta(seconds=3.9)
    assert closed.index[: len(told.index)] == told.index
    assert closed.sha256 == hashlib.sha256(path.read_bytes()).digest()
    with path.open("rb") as opened:
        assert len(walk(opened).parts) == 39


def test_a_file_in_which_nothing_is_whole_leaves_nothing_behind(tmp_path: Path) -> None:
    (told,) = Writer(tmp_path, CAMERA, Disk()).write(footage(1)).written
    path = tmp_path / told.path
    path.write_bytes(path.read_bytes()[: told.init_size + 20])
    assert recovered(tmp_path, row_of(told), Disk()) is None and not path.exists()
    assert recovered(tmp_path, row_of(told), Disk()) is None


def test_a_file_that_no_row_knows_is_found_by_its_name(tmp_path: Path) -> None:
    (told,) = Writer(tmp_path, CAMERA, Disk()).write(footage(2)).written
    (path,) = unknown(tmp_path, CAMERA, [], START + timedelta(hours=1))
    closed = found(tmp_path, path, CAMERA, Disk())
    assert closed and (closed.path, closed.begins_at, closed.codec) == (told.path, START, "avc1.640028")
    assert unknown(tmp_path, CAMERA, [told.path], START) == []
    assert begins_at_of("C-7/2026/13/01/100000.mp4") is None


def test_a_code_never_leads_out_of_the_folder() -> None:
    assert folder_of("C-7", 7) == "C-7"
    assert folder_of("../../etc", 7) == "_.._etc~7" and folder_of("камера 1", 8) == "_______1~8"
    assert folder_of("..", 9) == "camera~9"


def test_garbage_is_walked_without_a_fault(tmp_path: Path) -> None:
    for data in (b"", b"\0" * 100, b"\xff" * 100, os.urandom(5000), init().data[:20]):
        file = tmp_path / "x"
        file.write_bytes(data)
        with file.open("rb") as opened:
            assert walk(opened).parts == ()
