from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.footage.fragments import Fragment, Init
from ingest.footage.subscription import Subscription
from ingest.recording import keeping
from ingest.recording.disk import Disk
from ingest.recording.keeping import Keeping
from ingest.recording.ledger import GapEnds, Ledger
from layers.recordings.queries import Chosen
from layers.recordings.schema import Gap
from tests.ingest.recording.footage import START, footage, init

INIT = Init(data=init().data, codec="avc1.640028", width=1, height=1, take=1)


class Fed:
    """A feed by hand."""

    def subscribe(self, *, most_bytes: int) -> Subscription:
        self.to = Subscription(self, lambda: None, 4000)  # type: ignore[arg-type]
        return self.to

    def leave(self, _: Subscription) -> None:
        pass

    def health(self) -> None:
        pass

    def bring(self, seconds: float, at_s: float, *, size: int = 100) -> None:
        for n, (_, one) in enumerate(footage(seconds, start=START + timedelta(seconds=at_s), size=size)):
            part = Fragment(data=one.data, at=one.at, key=one.key, duration_s=one.duration_s, sequence=n, take=1)
            self.to.offer(INIT, part)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Keeping]:
    chosen = Chosen(id=7, code="C-7", mode="continuous", retention="public")
    fed: Any = Fed()
    ledger = Ledger(tmp_path, Disk())
    yield Keeping(chosen=chosen, folder=tmp_path, feed=fed, ledger=ledger, disk=Disk(), ring_s=60, now=lambda: START)


def test_what_a_slow_disk_lost_is_a_gap_also_where_nothing_came_just_then(kept: Keeping) -> None:
    fed: Any = kept.feed
    fed.bring(1, 0)
    kept.turn()
    kept.ledger.gaps.clear()
    fed.bring(1.9, 1, size=1000)  # more than may wait: all of it goes, up to a key frame that does not come
    kept.turn()
    assert fed.to.lost and kept.ledger.gaps == []
    fed.bring(1, 4)
    kept.turn()
    (gap,) = kept.ledger.gaps
    assert isinstance(gap, Gap) and gap.reason == "too_slow"
    assert (gap.begins_at, gap.ends_at) == (START + timedelta(seconds=1), START + timedelta(seconds=4))


def test_a_camera_that_is_recorded_no_more_leaves_no_gap_open(kept: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "QUIET_S", -1.0)
    kept.turn()
    assert [type(one) for one in kept.ledger.gaps] == [Gap]
    kept.give_up()
    assert kept.ledger.gaps[1:] == [GapEnds(camera_id=7, at=START)]
