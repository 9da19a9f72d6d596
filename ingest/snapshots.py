"""The one picture of a camera that somebody asked for, in the size points are clicked in, its privacy masks black."""

from typing import cast

import cv2
import msgspec
import numpy as np

from ingest.values import CameraNow, Frame, Image, Point
from layers.cameras.calibration_queries import Snapshot
from layers.cameras.queries import CameraRow
from layers.video.hiding import hiding

STANDS = CameraNow()
WIDEST_PX, JPEG_QUALITY = 2560, 90


class _Mask(msgspec.Struct):
    polygon: list[Point]
    kind: str = "analysis"


def taken(frame: Frame, row: CameraRow, now: CameraNow = STANDS) -> Snapshot:
    """Return a frame as a picture to show; msgspec.ValidationError for masks that cannot be read: it is not shown.

    Of a camera that turns and has no masks for where it stands, all is black.
    """
    masks, sized = _hiding(row, now), _sized(frame.image, row)
    image = np.zeros_like(sized) if masks is None else _painted(sized, masks)
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
    height, width = image.shape[:2]
    return Snapshot(at=frame.at, jpeg=jpeg, width_px=width, height_px=height, preset=_preset(now) if masks else None)


def hidden(image: Image, row: CameraRow, now: CameraNow = STANDS) -> Image | None:
    """Return a frame's picture with what people must not see black; None where the camera hides nothing.

    msgspec.ValidationError for masks that cannot be read.
    """
    masks = _hiding(row, now)
    if masks is None:
        return np.zeros_like(image)
    return _painted(image, masks, image.shape[1] / _size_px(image, row)[0]) if masks else None


def _hiding(row: CameraRow, now: CameraNow) -> list[_Mask] | None:
    masks = hiding(row.masks, turns=row.kind == "ptz", preset=_preset(now))
    return None if masks is None else msgspec.convert(masks, list[_Mask])


def _preset(now: CameraNow) -> str | None:
    return None if now.moving or now.broken else now.preset


def _size_px(image: Image, row: CameraRow) -> tuple[int, int]:
    """Return width and height of the picture that masks and points are drawn in."""
    if row.width_px and row.height_px:
        return row.width_px, row.height_px
    share = min(1.0, WIDEST_PX / image.shape[1])
    return round(image.shape[1] * share), round(image.shape[0] * share)


def _sized(image: Image, row: CameraRow) -> Image:
    width, height = _size_px(image, row)
    if image.shape[:2] == (height, width):
        return image
    return cast(Image, cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))


def _painted(image: Image, masks: list[_Mask], scale: float = 1.0) -> Image:
    private = [np.array(mask.polygon, np.float64) for mask in masks if mask.kind == "privacy" and len(mask.polygon) > 2]
    if not private:
        return image
    painted = image.copy()
    for polygon in private:
        corners = np.clip(np.rint(np.nan_to_num(polygon) * scale), -30_000, 30_000)
        cv2.fillPoly(painted, [corners.astype(np.int32)], (0, 0, 0))
    return painted
