"""Files of terrain as grids: SRTM `.hgt` (NASA, SRTM Topo: 1201 or 3601 heights a side, big-endian) and Esri ASCII."""

import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo_server.errors import Refusal
from layers.terrain.schema import VOID, Kind, TerrainGrid

Floats = NDArray[np.float64]
SIDES = (1201, 3601)
PIECE = 256  # steps along a piece; two that lie side by side share their heights there
MOST_CELLS = 50_000_000
LEAST_M, MOST_M = -500.0, 9000.0
ESRI_VOID = -9999.0  # where a file does not say
_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_WORDS = {"ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "nodata_value"}


def grids_of(file: Path) -> list[TerrainGrid]:
    """Return what a file tells of the ground, cut small; raises Refusal with the sentence of what is wrong with it."""
    read = {".hgt": _srtm, ".asc": _esri}.get(file.suffix.lower())
    if read is None:
        raise Refusal("terrain_strange_file", file=file.name)
    try:
        body = file.read_bytes()
    except OSError:
        raise Refusal("terrain_no_file", file=str(file)) from None
    heights, west, south, step = read(file.name, body)
    _check(file.name, heights, (west, south), step)
    return list(_pieces(heights, west, south, step))


def _srtm(name: str, body: bytes) -> tuple[Floats, float, float, float]:
    """Return heights, NaN where unknown and the rows to the north, and the place of the first one."""
    corner = _NAME.match(name)
    if corner is None:
        raise Refusal("terrain_bad_name", file=name)
    side = next((one for one in SIDES if len(body) == 2 * one * one), None)
    if side is None:
        raise Refusal("terrain_bad_size", file=name, bytes=len(body))
    told = np.frombuffer(body, ">i2").reshape(side, side)[::-1].astype(np.float64)
    up, north, right, east = corner.groups()
    lat, lon = float(north) * (1 if up in "Nn" else -1), float(east) * (1 if right in "Ee" else -1)
    return np.where(told == VOID, np.nan, told), lon, lat, 1.0 / (side - 1)


def _esri(name: str, body: bytes) -> tuple[Floats, float, float, float]:
    """Return the same of an Esri ASCII grid, whose heights are those of the middles of cells."""
    head, rest = _head(name, body.decode("latin-1"))
    columns, rows, step = int(head["ncols"]), int(head["nrows"]), head["cellsize"]
    if columns * rows > MOST_CELLS:
        raise Refusal("terrain_too_large", file=name, cells=columns * rows, most=MOST_CELLS)
    told = _numbers(rest)
    if told is None or len(told) != columns * rows or np.isinf(told).any():
        raise Refusal("terrain_bad_heights", file=name, wanted=columns * rows)
    heights = np.where(told == head.get("nodata_value", ESRI_VOID), np.nan, told).reshape(rows, columns)[::-1]
    west, south = (
        head[f"{axis}llcenter"] if f"{axis}llcenter" in head else head[f"{axis}llcorner"] + step / 2 for axis in "xy"
    )
    return heights, west, south, step


def _head(name: str, text: str) -> tuple[Mapping[str, float], str]:
    head: dict[str, float] = {}
    while (found := re.match(r"\s*([A-Za-z_]+)\s+(\S+)[ \t]*\r?\n", text)) and found[1].lower() in _WORDS:
        try:
            head[found[1].lower()] = float(found[2])
        except ValueError:
            raise Refusal("terrain_bad_header", file=name) from None
        text = text[found.end() :]
    whole = {"ncols", "nrows", "cellsize"} <= head.keys()
    placed = all(f"{axis}llcorner" in head or f"{axis}llcenter" in head for axis in "xy")
    if not (whole and placed and _counts(head["ncols"]) and _counts(head["nrows"]) and 0 < head["cellsize"] < np.inf):
        raise Refusal("terrain_bad_header", file=name)
    return head, text


def _counts(told: float) -> bool:
    return 2 <= told < 1e9 and told == int(told)


def _numbers(text: str) -> Floats | None:
    """Return the numbers of a text; None where something else stands in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return np.fromstring(text.strip(), np.float64, sep=" ")
    except (ValueError, DeprecationWarning):
        return None


def _check(name: str, heights: Floats, corner: tuple[float, float], step: float) -> None:
    """See that a grid lies on the globe and is as high as ground is."""
    (rows, columns), (west, south) = heights.shape, corner
    if not (west >= -180.5 and west + columns * step <= 181 and south >= -90.5 and south + rows * step <= 91):
        raise Refusal("terrain_not_degrees", file=name)
    known = heights[~np.isnan(heights)]
    if not len(known):
        raise Refusal("terrain_no_heights", file=name)
    least, most = float(known.min()), float(known.max())
    if not (least >= LEAST_M and most <= MOST_M):
        raise Refusal("terrain_off_earth", file=name, least=round(least), most=round(most))


def _pieces(heights: Floats, west: float, south: float, step: float) -> Iterator[TerrainGrid]:
    """Yield small grids that lie edge on edge, less those of which nothing is known."""
    kind: Kind = "int16" if bool(np.all(np.isnan(heights) | (heights == np.round(heights)))) else "float32"
    rows, columns = heights.shape
    for row in range(0, rows - 1, PIECE):
        for column in range(0, columns - 1, PIECE):
            part = heights[row : row + PIECE + 1, column : column + PIECE + 1]
            if np.isnan(part).all():
                continue
            yield TerrainGrid(
                west=west + column * step,
                south=south + row * step,
                step_lon=step,
                step_lat=step,
                columns=part.shape[1],
                rows=part.shape[0],
                kind=kind,
                heights=_as_kept(part, kind),
            )


def _as_kept(part: Floats, kind: Kind) -> bytes:
    if kind == "int16":
        return np.nan_to_num(part, nan=VOID).astype("<i2").tobytes()
    return part.astype("<f4").tobytes()
