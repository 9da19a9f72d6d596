from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import av
import cv2
import numpy as np
import pytest

from ingest import pipeline
from ingest.gate import MotionGate
from ingest.picture import Pixels
from ingest.pipeline import Gate, Step
from ingest.sources.decoded import MOST_PX, Decoded, bounded
from ingest.values import Frame, Image

FORMATS = [
    "yuv420p",
    "yuvj420p",
    "yuv422p",
    "yuv444p",
    "yuv420p10le",
    "yuv422p12le",
    "nv12",
    "gray10le",
    "rgb24",
]


def half_white(width: int = 640, height: int = 360) -> Image:
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2] = 255
    return image


def decoded(image: Image, pixels: str = "yuv420p") -> Decoded:
    return Decoded(av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pixels))


@pytest.mark.parametrize("pixels", FORMATS)
def test_every_pixel_format_and_depth_gives_the_same_image_and_luma(pixels: str) -> None:
    picture = decoded(half_white(), pixels)
    assert np.abs(picture.image().astype(int) - half_white()).max() <= 6  # swscale rounds, twice
    luma = picture.luma(160, 90)
    assert luma.shape == (90, 160) and luma.dtype == np.uint8
    assert luma[:44].min() >= 250 and luma[46:].max() <= 5  # black is 0 and white 255, also of video's 16 to 235


@pytest.mark.parametrize("pixels", [*FORMATS, "yuvj444p"])
@pytest.mark.parametrize("scale", [1, 2])
def test_every_pixel_format_and_depth_gives_the_colours_of_video_that_its_image_has(pixels: str, scale: int) -> None:
    image = half_white(320 * scale, 180 * scale)
    if not pixels.startswith("gray"):
        image[:, : 100 * scale, 0], image[:, 200 * scale :, 2] = 90, 200
    planes, same = (np.stack(one.yuv(320, 180)).astype(int) for one in (decoded(image, pixels), Pixels(image)))
    assert planes.shape == same.shape == (3, 180, 320)
    assert np.quantile(np.abs(planes - same), 0.95) <= 1  # where colours meet they are smoothed
    assert (planes[0].min(), planes[0].max()) == pytest.approx((16, 235), abs=1)


def test_the_image_is_made_once_in_the_size_asked_for_and_like_the_one_resized_afterwards() -> None:
    scene = np.random.default_rng(1).integers(0, 255, (45, 80, 3)).astype(np.uint8).repeat(8, 0).repeat(8, 1)
    picture = decoded(scene)
    small = picture.sized(320, 180)
    assert (small.size_px, small.image().shape) == ((320, 180), (180, 320, 3))
    assert small.image() is small.image() and picture.sized(640, 360) is picture
    after = cv2.resize(picture.image(), (320, 180), interpolation=cv2.INTER_AREA)
    assert np.abs(small.image().astype(int) - after).mean() < 6


def test_many_threads_may_ask_one_frame_at_once_for_different_things() -> None:
    picture = decoded(half_white())
    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(lambda n: picture.sized(64 + n % 4, 36).image(), range(64)))
        lumas = list(pool.map(lambda _: picture.luma(160, 90), range(64)))
        whole = list(pool.map(lambda _: picture.image(), range(64)))
    assert {image.shape for image in images} == {(36, 64 + n, 3) for n in range(4)}
    assert all(np.array_equal(luma, lumas[0]) for luma in lumas)
    assert all(image is whole[0] for image in whole)


def test_a_20_megapixel_frame_works_and_no_copy_of_it_is_larger_than_4k() -> None:
    picture = Decoded(av.VideoFrame(5472, 3648, "yuv420p"))
    width_px, height_px = picture.size_px
    assert width_px * height_px <= MOST_PX and abs(width_px / height_px - 5472 / 3648) < 0.01
    assert picture.image().shape == (height_px, width_px, 3)
    assert picture.sized(640, 480).image().shape == (480, 640, 3)
    assert bounded(1_000_000, 1)[1] == 1


class Blind:
    """A picture that nobody may make a BGR image of."""

    size_px = (640, 360)

    def image(self) -> Image:
        raise AssertionError("an idle camera's image was made")

    def luma(self, width_px: int, height_px: int) -> Image:
        return np.zeros((height_px, width_px), np.uint8)

    def yuv(self, width_px: int, height_px: int) -> Sequence[Image]:
        raise AssertionError("an idle camera's colours were looked at")

    def sized(self, width_px: int, height_px: int) -> "Blind":
        return self


def test_an_idle_camera_costs_no_bgr_image() -> None:
    steps: list[Step] = [pipeline.fit(320, 180), pipeline.look([]), Gate(gate=MotionGate())]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for second in range(3):
        frame = Frame(picture=Blind(), at=start + timedelta(seconds=second), camera_id=1, sequence=second)
        assert pipeline.run(steps, frame) is None


def test_motion_is_told_in_the_pixels_of_the_size_that_rules_are_drawn_in() -> None:
    gate = MotionGate()
    moved = np.zeros((360, 640, 3), np.uint8)
    gate.regions(decoded(moved.copy()).sized(320, 180))
    moved[180:270, 320:480] = 255
    (box,) = gate.regions(decoded(moved).sized(320, 180))
    assert box == pytest.approx((160, 90, 240, 135), abs=6)
