import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.detectors.small import BLOCK_PX, Glass, blocks, regions
from ingest.values import Image


def picture(width: int, height: int, value: int = 0) -> Image:
    return np.full((height, width, 3), value, np.uint8)


@given(width=st.integers(1, 2000), height=st.integers(1, 1200))
def test_a_picture_of_any_size_becomes_one_of_about_320_pixels_whose_boxes_lie_in_the_frame(
    width: int, height: int
) -> None:
    small, new = Glass().look(picture(width, height))
    assert new and small.image.shape[:2] == small.open.shape and (small.image.shape[1] <= 480 or height < 7)
    x0, y0, x1, y1 = small.whole
    assert (x0, y0) == (0, 0) and width - small.shrink < x1 <= width and height - small.shrink < y1 <= height


def test_what_is_masked_is_grey_also_where_masks_lie_over_each_other_and_the_frame_stays_as_it_was() -> None:
    left, over = ((0, 0), (320, 0), (320, 360), (0, 360)), ((200, 0), (400, 0), (400, 360), (200, 360))
    image = picture(640, 360)
    small, _ = Glass((left, over)).look(image)
    assert (small.image[90, [50, 120, 180, 250]] == [[128] * 3, [128] * 3, [128] * 3, [0] * 3]).all()
    assert not image.any()
    assert not small.open_blocks[:, :20].any() and small.open_blocks[:, 30:].all()


@pytest.mark.parametrize("far", [1e6, -1e9, 1e300])
def test_a_mask_whose_corners_lie_far_outside_is_drawn_as_far_as_the_picture_goes(far: float) -> None:
    small, _ = Glass(((((-abs(far), -abs(far)), (abs(far), -abs(far)), (abs(far), 180.0), (-abs(far), 180.0))),)).look(
        picture(640, 360)
    )
    assert not small.open[:80].any() and small.open[100:].all()


def test_another_size_of_frames_is_told_so_that_memories_are_dropped() -> None:
    glass = Glass()
    news = [glass.look(picture(*size))[1] for size in ((640, 360), (640, 360), (1280, 720), (1280, 720), (640, 360))]
    assert news == [True, False, True, False, True]


def test_a_block_is_the_mean_of_its_pixels() -> None:
    values = np.zeros((2 * BLOCK_PX + 3, 3 * BLOCK_PX), np.uint8)
    values[:BLOCK_PX, :BLOCK_PX] = 200
    assert blocks(values).tolist() == [[200, 0, 0], [0, 0, 0]]


def test_regions_come_biggest_first_and_small_ones_not_at_all() -> None:
    mask = np.zeros((10, 10), bool)
    mask[0:2, 0:2] = mask[5:9, 5:9] = mask[0, 9] = True
    found = list(regions(mask, least=2))
    assert [(one.x, one.y, one.width, one.height, one.cells) for one in found] == [(5, 5, 4, 4, 16), (0, 0, 2, 2, 4)]
