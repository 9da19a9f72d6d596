from datetime import timedelta

from ingest.recording.ring import Ring
from tests.ingest.recording.footage import START, footage, init


def test_a_ring_keeps_the_last_seconds_in_whole_groups() -> None:
    ring = Ring(keep_s=5)
    ring.put(footage(20))
    cut = ring.cut(START, START + timedelta(seconds=60))
    assert cut is not None and cut.ends_at == START + timedelta(seconds=20)
    assert timedelta(seconds=5) <= cut.ends_at - cut.begins_at <= timedelta(seconds=7)


def test_a_ring_never_grows_beyond_its_bytes() -> None:
    ring = Ring(keep_s=100, most_bytes=20_000)
    ring.put(footage(60, size=400))
    assert 0 < ring.size <= 20_000
    ring.put(footage(60, size=400, key_every=10**6))
    assert ring.size <= 20_000


def test_a_cut_begins_at_the_key_frame_before_and_plays_alone() -> None:
    ring = Ring(keep_s=60)
    ring.put(footage(20))
    cut = ring.cut(START + timedelta(seconds=4.5), START + timedelta(seconds=8))
    assert cut is not None and cut.begins_at == START + timedelta(seconds=4)
    assert cut.ends_at == START + timedelta(seconds=8)
    assert cut.data.startswith(init().data) and len(cut.fragments) == 40


def test_nothing_is_cut_where_nothing_was() -> None:
    ring = Ring(keep_s=60)
    assert ring.cut(START, START + timedelta(seconds=1)) is None
    ring.put(footage(5))
    assert ring.cut(START - timedelta(seconds=9), START) is None
    assert ring.cut(START + timedelta(seconds=5), START + timedelta(seconds=9)) is None
