import gzip
import tracemalloc

import httpx
import pytest

from ingest.sources.http import body
from ingest.sources.source import SourceError


def packed(data: bytes, encoding: str) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=httpx.ByteStream(data))


def test_a_packed_body_is_unpacked_no_further_than_it_may_be_large() -> None:
    assert body(packed(gzip.compress(b"a list"), "gzip"), most_bytes=2**20, most_s=9) == b"a list"
    bomb = gzip.compress(bytes(2**25))
    tracemalloc.start()
    with pytest.raises(SourceError, match="more than a stream's part"):
        body(packed(bomb, "gzip"), most_bytes=2**20, most_s=9)
    assert tracemalloc.get_traced_memory()[1] < 2**23
    tracemalloc.stop()
    with pytest.raises(SourceError, match="cannot be read"):
        body(packed(gzip.compress(bomb), "gzip, gzip"), most_bytes=2**20, most_s=9)
