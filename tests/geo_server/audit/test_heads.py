"""The copy of the checkpoints outside the store survives a crash in the middle of a line, and two writers."""

from datetime import UTC, datetime
from pathlib import Path

from geo_server.audit.heads import Heads
from geo_server.audit.schema import Checkpoint


def checkpoint(seq: int) -> Checkpoint:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Checkpoint(seq=seq, at=at, epoch=1, from_xid=0, to_xid=9, leaves=0, root=b"r", before=b"b", signature=b"s")


def seqs(heads: Heads) -> list[int]:
    return [head.seq for head in heads.read(heads.size() or 0)]


def test_lines_are_added_and_the_last_is_known(tmp_path: Path) -> None:
    heads = Heads(tmp_path / "audit/heads.jsonl")
    assert heads.last() is None and heads.size() is None
    heads.append([checkpoint(1), checkpoint(2)], after=None)
    last = heads.last()
    assert last is not None and (last.seq, last.hash) == (2, checkpoint(2).hash.hex())
    heads.append([checkpoint(3)], after=last)
    assert seqs(heads) == [1, 2, 3]


def test_what_another_process_added_meanwhile_is_not_added_again(tmp_path: Path) -> None:
    heads = Heads(tmp_path / "heads.jsonl")
    heads.append([checkpoint(1)], after=None)
    heads.append([checkpoint(1)], after=None)
    assert seqs(heads) == [1]


def test_half_a_line_is_overwritten(tmp_path: Path) -> None:
    heads = Heads(tmp_path / "heads.jsonl")
    heads.append([checkpoint(1)], after=None)
    with heads.file.open("ab") as file:
        file.write(b'{"seq":2,"at":"20')
    assert seqs(heads) == [1]
    heads.append([checkpoint(2)], after=heads.last())
    assert seqs(heads) == [1, 2]


def test_a_line_that_cannot_be_read_is_number_nought(tmp_path: Path) -> None:
    heads = Heads(tmp_path / "heads.jsonl")
    heads.file.write_bytes(b'{"seq":"x"}\n[]\nnot json \xff\n')
    assert seqs(heads) == [0, 0, 0]
    last = heads.last()
    assert last is not None and last.seq == 0


def test_only_what_stood_there_at_the_beginning_is_read(tmp_path: Path) -> None:
    heads = Heads(tmp_path / "heads.jsonl")
    heads.append([checkpoint(1)], after=None)
    size = heads.size() or 0
    heads.append([checkpoint(2)], after=heads.last())
    assert [head.seq for head in heads.read(size)] == [1]
