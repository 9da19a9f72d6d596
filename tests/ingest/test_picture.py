import numpy as np

from ingest.picture import Pixels


def test_an_image_in_memory_is_a_picture_and_only_copied_to_another_size() -> None:
    image = np.full((90, 160, 3), 200, np.uint8)
    picture = Pixels(image)
    assert picture.size_px == (160, 90)
    assert picture.image() is image and picture.sized(160, 90) is picture
    assert picture.sized(80, 45).image().shape == (45, 80, 3)
    assert picture.luma(16, 9).shape == (9, 16) and picture.luma(16, 9).mean() == 200
