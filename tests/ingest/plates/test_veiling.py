"""Of a hit's picture the vehicle alone is sharp; a plate beside it is not read any more."""

import random
from pathlib import Path

import numpy as np

from ingest.measuring.drawn_plates import vehicle
from ingest.plates.reading import open_plates
from ingest.plates.veiling import veiled


def test_the_plate_of_the_car_beside_is_not_read_off_the_picture_of_a_hit(home: Path) -> None:
    reader = open_plates(home)
    wanted, beside = (vehicle(plate, 150, random.Random(3)) for plate in ("123ABC02", "908HKM13"))
    wide = wanted.shape[1]
    scene = np.concatenate([wanted, np.full((wanted.shape[0], 60, 3), 128, np.uint8), beside], axis=1)
    before = reader.read(np.ascontiguousarray(scene[:, wide + 60 :]))
    assert before is not None and before.text == "908HKM13"

    shown = veiled(scene, (0.0, 0.0, float(wide), float(scene.shape[0])))

    hit = reader.read(np.ascontiguousarray(shown[:, :wide]))
    assert hit is not None and hit.text == "123ABC02"
    other = reader.read(np.ascontiguousarray(shown[:, wide + 60 :]))
    assert other is None or other.text != "908HKM13"
    assert np.abs(shown[:, wide + 60 :].astype(int) - beside).max() > 60  # and it is another picture than before


def test_a_box_that_is_none_leaves_nothing_sharp() -> None:
    image = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
    for box in ((0.0, 0.0, 0.0, 0.0), (500.0, 500.0, 600.0, 600.0), (-90.0, -90.0, -10.0, -10.0)):
        assert (veiled(image, box) != image).any(axis=2).mean() > 0.9
