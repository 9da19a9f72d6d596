"""Vehicles with plates as cameras see them, drawn with known truth: how wide, how aslant, how blurred is chosen."""

import math
import random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Image

LETTERS = "ABCDEFGHJKLMNOPRSTUVWXYZ"
SIZE_PX = (1040, 224)  # 520 x 112 mm (ST RK 986), two pixels a millimetre
SQUARE_PX = (560, 400)  # 280 x 200 mm: of two lines
FINER = 4  # drawn so much finer than it is seen
_INK, _GROUND = (15, 15, 15), (245, 245, 245)


def some_plate(rng: random.Random) -> str:
    """Return a plate of a person in the series of 2012, such as 123ABC02."""
    letters = "".join(rng.choice(LETTERS) for _ in range(3))
    return f"{rng.randrange(1, 1000):03d}{letters}{rng.randrange(1, 21):02d}"


def plate(text: str) -> Image:
    """Draw a plate from the front: the strip with the flag, the number, and behind a line its region."""
    image = np.full((SIZE_PX[1], SIZE_PX[0], 3), _GROUND, np.uint8)
    cv2.rectangle(image, (6, 6), (1033, 217), _INK, 7)
    cv2.rectangle(image, (34, 42), (110, 96), (202, 175, 0), -1)
    cv2.circle(image, (72, 69), 14, (12, 197, 254), -1)
    _write(image, "KZ", 36, 108, 120, 180, 9)
    cv2.line(image, (850, 8), (850, 216), _INK, 6)
    for part, x0, x1 in ((text[:3], 135, 430), (text[3:-2], 480, 825), (text[-2:], 875, 1012)):
        _write(image, part, x0, x1, 38, 186, 20)
    return image


def square(upper: str, lower: str) -> Image:
    """Draw a plate of two lines from the front."""
    image = np.full((SQUARE_PX[1], SQUARE_PX[0], 3), _GROUND, np.uint8)
    cv2.rectangle(image, (6, 6), (SQUARE_PX[0] - 7, SQUARE_PX[1] - 7), _INK, 7)
    for text, top in ((upper, 35), (lower, 215)):
        half = 45 * len(text)
        _write(image, text, SQUARE_PX[0] // 2 - half, SQUARE_PX[0] // 2 + half, top, top + 145, 20)
    return image


def _write(image: Image, text: str, x0: int, x1: int, y0: int, y1: int, thick: int) -> None:
    """Write with round strokes, stretched into a rectangle, as the letters of plates are."""
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 6.0, thick)
    ink = np.zeros((high + 2 * thick, wide + 2 * thick), np.uint8)
    cv2.putText(ink, text, (thick, high + thick), cv2.FONT_HERSHEY_SIMPLEX, 6.0, 255, thick, cv2.LINE_AA)
    x, y, width, height = cv2.boundingRect(ink)
    sized = cv2.resize(ink[y : y + height, x : x + width], (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    share = (sized.astype(np.float32) / 255)[:, :, None]
    spot = image[y0:y1, x0:x1]
    spot[:] = (spot * (1 - share) + np.array(_INK, np.float32) * share).astype(np.uint8)


def vehicle(text: str, width_px: int, rng: random.Random, *, level: float = 0.0) -> Image:
    """Draw the back of a vehicle whose plate is so many pixels wide.

    A stroke parts the lines of a plate that has two: 123/ABC02. `level` from 0 to 1 is how hard it is: turned by up to
    35 % of its width and 6 degrees, blurred, moved by up to 3 px, dark, noisy, compressed.
    """
    wide = width_px * FINER
    size = int(wide * 3.2), int(wide * 2.0)
    drawn = square(*text.split("/")) if "/" in text else plate(text)
    high_px, wide_px = drawn.shape[:2]
    middle = np.array([size[0] * 0.5, size[1] * 0.64], np.float32)
    corners = _corners(wide, wide * high_px / wide_px, rng, level) + middle
    scene = _body(size, rng)
    flat = np.array([[0, 0], [wide_px, 0], [wide_px, high_px], [0, high_px]], np.float32)
    way = cv2.getPerspectiveTransform(flat, corners)
    mask = cv2.warpPerspective(np.full(drawn.shape[:2], 255, np.uint8), way, size)
    scene = np.where(mask[:, :, None] > 127, cv2.warpPerspective(drawn, way, size), scene)
    return _seen(scene, rng, level)


def _corners(wide: float, high: float, rng: random.Random, level: float) -> NDArray[np.float32]:
    yaw, pitch = (rng.uniform(-1, 1) * level for _ in range(2))
    roll = math.radians(rng.uniform(-6, 6) * level)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32) * np.array([wide, high], np.float32) / 2
    corners *= np.array([[1 - 0.16 * yaw], [1 + 0.16 * yaw], [1 + 0.16 * yaw], [1 - 0.16 * yaw]], np.float32)
    corners *= np.array([1 - 0.35 * abs(yaw), 1 - 0.2 * abs(pitch)], np.float32)
    corners[:, 0] += pitch * 0.1 * corners[:, 1]
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]], np.float32)
    return (corners @ turn).astype(np.float32)


def _body(size: tuple[int, int], rng: random.Random) -> Any:
    """Draw what is about a plate: a body, a window, two lamps, a bumper with its slits."""
    width, height = size
    scene = np.full((height, width, 3), [rng.randrange(30, 200) for _ in range(3)], np.uint8)
    cv2.rectangle(scene, (width // 8, height // 20), (width * 7 // 8, height // 3), (45, 40, 38), -1)
    for left in (width // 40, width * 33 // 40):
        cv2.rectangle(scene, (left, height * 2 // 5), (left + width * 3 // 20, height * 11 // 20), (40, 30, 170), -1)
    cv2.rectangle(scene, (0, height * 4 // 5), (width, height), (60, 60, 62), -1)
    for n in range(4):
        cv2.line(scene, (0, height * (82 + 4 * n) // 100), (width, height * (82 + 4 * n) // 100), (30, 30, 30), 6)
    return scene


def _seen(scene: Any, rng: random.Random, level: float) -> Image:
    light = scene.astype(np.float32) * rng.uniform(1 - 0.45 * level, 1.05) + rng.uniform(-15, 15) * level
    light = cv2.GaussianBlur(light, (0, 0), FINER * (0.35 + 0.5 * level * rng.random()))
    moved = int(FINER * level * rng.uniform(0, 3.0))
    if moved > 1:
        light = cv2.blur(light, (moved, 1))
    small = cv2.resize(light, (scene.shape[1] // FINER, scene.shape[0] // FINER), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(rng.randrange(1 << 30)).normal(0, 3 + 7 * level, small.shape)
    told = np.clip(small + noise, 0, 255).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", told, [cv2.IMWRITE_JPEG_QUALITY, int(90 - 35 * level)])[1]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)
