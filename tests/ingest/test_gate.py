import numpy as np

from ingest.detectors.plane import area_px2
from ingest.gate import MotionGate
from ingest.picture import Pixels


def test_a_still_picture_has_no_moving_region() -> None:
    gate = MotionGate()
    image = np.full((576, 768, 3), 90, np.uint8)
    assert [gate.regions(Pixels(image)) for _ in range(5)] == [()] * 5


def test_something_that_appears_is_one_region_where_it_is() -> None:
    gate = MotionGate()
    image = np.full((576, 768, 3), 90, np.uint8)
    gate.regions(Pixels(image))
    moved = image.copy()
    moved[300:380, 200:240] = 250
    (box,) = gate.regions(Pixels(moved))
    assert box[0] <= 200 and box[1] <= 300 and box[2] >= 240 and box[3] >= 380
    assert area_px2(box) < 4 * 80 * 40


def test_noise_everywhere_costs_no_more_than_a_crowd() -> None:
    gate = MotionGate()
    rng = np.random.default_rng(1)
    gate.regions(Pixels(np.zeros((576, 768, 3), np.uint8)))
    noise = np.kron(rng.integers(0, 2, (48, 64)), np.ones((12, 12)))[..., None] * np.full(3, 255)
    assert len(gate.regions(Pixels(noise.astype(np.uint8)))) <= 32
