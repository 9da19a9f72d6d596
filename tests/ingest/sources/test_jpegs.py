import time

import cv2
import numpy as np
import pytest

from ingest.sources.jpegs import MOST_BYTES, START, Jpegs, NoPictures, size_px


def jpeg(width: int = 64, height: int = 48, seed: int = 1, *, progressive: bool = False) -> bytes:
    image = np.random.default_rng(seed).integers(0, 255, (height, width, 3)).astype(np.uint8)
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)])[1].tobytes()


def with_thumbnail(picture: bytes, thumbnail: bytes) -> bytes:
    inner = b"Exif\x00\x00" + thumbnail
    return picture[:2] + b"\xff\xe1" + (len(inner) + 2).to_bytes(2, "big") + inner + picture[2:]


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_every_whole_picture_is_found_among_garbage_however_it_comes_in_pieces(size: int) -> None:
    pictures = [jpeg(), jpeg(80, 60, 2), with_thumbnail(jpeg(96, 72, 3), jpeg(16, 12, 4))]
    pictures.append(jpeg(32, 24, progressive=True))
    flow = b"--b\r\nContent-Length: 9\r\n\r\n\xff\xd8\x00\xff\xff\xd8\xff".join([b"", *pictures, b"\x00\xff\xd8"])
    jpegs = Jpegs()
    found = [one for i in range(0, len(flow), size) for one in jpegs.feed(flow[i : i + size])]
    assert found == pictures
    assert [size_px(one) for one in found] == [(64, 48), (80, 60), (96, 72), (32, 24)]


def test_a_picture_that_never_ends_does_not_fill_the_memory() -> None:
    jpegs, head = Jpegs(), jpeg()[:-2]
    assert list(jpegs.feed(head)) == []
    for _ in range(MOST_BYTES // 2**20 + 2):
        list(jpegs.feed(bytes(2**20)))
    assert list(jpegs.feed(jpeg(80, 60))) == [jpeg(80, 60)]


def test_what_is_no_jpeg_has_no_size() -> None:
    assert [size_px(one) for one in (b"", b"GIF89a", b"\xff\xd8\xff", jpeg()[:20])] == [None] * 4


def entangled(starts: int, segments: int) -> bytes:
    """Beginnings of pictures, each of which leads to the same long chain of empty segments that ends nowhere."""
    heads = b"".join(START + b"\xe0" + (6 * (starts - n) - 4).to_bytes(2, "big") for n in range(starts))
    return heads + b"\xff\xe0\x00\x02" * segments + b"nowhere"


@pytest.mark.parametrize("bytes_", [entangled(2_000, 20_000), START + b"\xff" * 1_000_000], ids=["chains", "filling"])
def test_bytes_that_are_made_to_keep_the_finder_busy_are_given_up(bytes_: bytes) -> None:
    began = time.process_time()
    with pytest.raises(NoPictures):
        list(Jpegs().feed(bytes_))
    assert time.process_time() - began < 1.0


def test_the_size_of_what_is_made_of_empty_segments_alone_is_not_looked_for_without_end() -> None:
    began = time.process_time()
    assert size_px(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 2_000_000) is None
    assert time.process_time() - began < 0.2
