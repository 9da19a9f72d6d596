import pytest

from ingest.sources.playlist import Playlist, Variants, parsed
from ingest.sources.source import SourceError

LIVE = """#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:41
#EXTINF:2.0,
a.ts
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="head.mp4"
#EXTINF:2.0,
b.m4s
"""
MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=90000,RESOLUTION=320x180
tiny.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4000000,RESOLUTION=1920x1080
big.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=700000,RESOLUTION=640x360
right.m3u8
"""


def test_segments_are_numbered_and_know_their_head_and_whether_they_begin_anew() -> None:
    found = parsed(LIVE)
    assert isinstance(found, Playlist)
    assert [(one.url, one.number, one.head_url, one.begins_anew) for one in found.segments] == [
        ("a.ts", 41, None, False),
        ("b.m4s", 42, "head.mp4", True),
    ]
    assert (found.target_s, found.ended) == (2.0, False)
    ended = parsed(LIVE + "#EXT-X-ENDLIST\n")
    assert isinstance(ended, Playlist) and ended.ended


def test_among_variants_the_cheapest_that_shows_enough_is_read() -> None:
    assert parsed(MASTER) == Variants(url="right.m3u8")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html>", "What is there is no playlist."),
        ("", "What is there is no playlist."),
        ('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="file:///x"\na.ts', "The playlist is encrypted, which is not read."),
        ("#EXTM3U\n#EXT-X-BYTERANGE:9@0\na.ts", "The playlist's segments are pieces of files, which is not read."),
        ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=x\n#", "The playlist names no stream."),
    ],
)  # fmt: skip
def test_what_is_not_read_is_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(SourceError) as told:
        parsed(text)
    assert str(told.value) == reason


def test_numbers_that_are_none_do_no_harm() -> None:
    found = parsed("#EXTM3U\n#EXT-X-TARGETDURATION:1e99\n#EXT-X-MEDIA-SEQUENCE:-5\na.ts")
    assert isinstance(found, Playlist) and found.target_s == 6.0 and found.segments[0].number == 0
