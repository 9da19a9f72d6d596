"""The picture of a hit: the vehicle as it is, and of all others, whom nobody looks for, no plate that can be read."""

import cv2
import numpy as np

from ingest.values import Box, Image

BLOCK_PX = 24  # what lies outside is told by one colour for so many pixels each way: a plate is 20 px high or more
AROUND = 0.05  # how much of its size the vehicle's box is widened


def veiled(image: Image, box: Box) -> Image:
    """Return a picture of which only what lies in and about a box is left sharp."""
    height, width = image.shape[:2]
    block = max(BLOCK_PX, width // 60)
    small = cv2.resize(image, (max(1, width // block), max(1, height // block)), interpolation=cv2.INTER_AREA)
    coarse = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    x0, y0, x1, y1 = box
    by_x, by_y = AROUND * (x1 - x0), AROUND * (y1 - y0)
    rows = slice(max(0, int(y0 - by_y)), max(0, int(y1 + by_y)))
    columns = slice(max(0, int(x0 - by_x)), max(0, int(x1 + by_x)))
    coarse[rows, columns] = image[rows, columns]
    return coarse
