"""The map as a picture of its own: SVG that prints, drawn from the store's own ground."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.reports import look
from geo_server.planning.reports.detail import M_PER_DEG
from geo_server.planning.reports.schema import CLASSES, Language, Shape, Told
from geo_server.planning.reports.words import number, say
from layers.values import BBox

WIDTH, TALLEST = 1000.0, 1100.0
STRAYS_PX = 0.8
SMALLEST_PX = 2.0  # of what is filled, square pixels: what is smaller would be read by nobody, and paper takes long
ALL_STREETS = 0.15  # pixels to a metre from which the lesser streets are drawn too
MARGIN = 0.03  # of the box, around it
_ROUND_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A flat sheet over a box: pixels from its north-west corner, `px_per_m` of them to a metre in its middle."""

    west: float
    north: float
    px_per_lon: float
    px_per_lat: float
    width: float
    height: float

    @property
    def px_per_m(self) -> float:
        """Return pixels to a metre."""
        return self.px_per_lat / M_PER_DEG

    def lay(self, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places as pixels."""
        return np.column_stack(
            [(lon_lat[:, 0] - self.west) * self.px_per_lon, (self.north - lon_lat[:, 1]) * self.px_per_lat]
        )


def paper_over(bbox: BBox) -> Paper:
    """Return the sheet that shows a box with a margin, no taller than a page."""
    squeeze = math.cos(math.radians((bbox.south + bbox.north) / 2))
    high = max(bbox.north - bbox.south, 0.001) * (1 + 2 * MARGIN)
    wide = max(bbox.east - bbox.west, high / squeeze / 1.4, 0.001) * (1 + 2 * MARGIN)
    px_per_lat = min(WIDTH / (wide * squeeze), TALLEST / high)
    wide = WIDTH / (px_per_lat * squeeze)
    middle = (bbox.west + bbox.east) / 2, (bbox.south + bbox.north) / 2
    return Paper(
        west=middle[0] - wide / 2,
        north=middle[1] + high / 2,
        px_per_lon=px_per_lat * squeeze,
        px_per_lat=px_per_lat,
        width=WIDTH,
        height=high * px_per_lat,
    )


def picture(told: Told) -> str:
    """Return the map as SVG; what is too small to be read is not drawn."""
    paper, layers = paper_over(told.bbox), told.layers
    seen, gaps, cameras = (layers[name].shapes for name in ("coverage", "gaps", "cameras"))
    parts = [f'<rect width="{paper.width:.0f}" height="{paper.height:.0f}" fill="{look.BACKGROUND}"/>']
    for kind in ("green", "water"):
        parts.append(_filled(paper, _of(layers["landcover"].shapes, "kind", kind), look.GROUND[kind]))
    parts.append(_streets(paper, layers["streets"].shapes))
    parts.append(_filled(paper, layers["buildings"].shapes, look.GROUND["building"]))
    parts += [_filled(paper, _of(seen, "cameras", n), colour, 0.6) for n, colour in ((1, look.ONE), (2, look.MORE))]
    for colour in look.GAPS:
        parts.append(_filled(paper, [one for one in gaps if look.of_weight(one.told["weight"]) == colour], colour, 0.6))
    parts.append(_drawn(paper, layers["areas"].shapes, look.BORDER, 1.4))
    parts.append(_dots(paper, cameras))
    parts.append(_scale(paper, told))
    box = f'viewBox="0 0 {paper.width:.0f} {paper.height:.0f}"'
    label = escape(f"{say('map', told.wanted.language)}: {getattr(told.area.name, told.wanted.language)}")
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" {box}>{"".join(parts)}</svg>'


def _of(shapes: Iterable[Shape], name: str, value: object) -> list[Shape]:
    return [one for one in shapes if one.told[name] == value]


def _filled(paper: Paper, shapes: Sequence[Shape], colour: str, opacity: float = 1.0) -> str:
    path = _path(paper, shapes)
    return path and f'<path d="{path}" fill="{colour}" fill-opacity="{opacity}" fill-rule="evenodd"/>'


def _drawn(paper: Paper, shapes: Sequence[Shape], colour: str, width: float) -> str:
    path = _path(paper, shapes)
    return path and f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'


def _streets(paper: Paper, shapes: Sequence[Shape]) -> str:
    """Return the streets, light with a darker edge; from afar the great ones alone."""
    near = paper.px_per_m >= ALL_STREETS
    path = _path(paper, [one for one in shapes if near or one.told["class"] in CLASSES])
    width = min(max(paper.px_per_m * 8, 0.6), 6.0)
    lines = ((look.GROUND["edge"], width + 1.2), (look.GROUND["street"], width))
    drawn = (f'<use href="#streets" stroke="{colour}" stroke-width="{wide:.1f}"/>' for colour, wide in lines)
    return path and f'<defs><path id="streets" d="{path}" fill="none"/></defs>{"".join(drawn)}'


def _dots(paper: Paper, cameras: Sequence[Shape]) -> str:
    if not cameras:
        return ""
    places = paper.lay(shapely.get_coordinates(shapely.from_wkb([one.wkb for one in cameras])))
    radius = 2.6 if len(cameras) < 500 else 1.4
    dots = []
    for blind, colour in ((False, look.CAMERA), (True, look.UNSEEING)):
        at = places[[(one.told["reason"] is not None) is blind for one in cameras]]
        path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in np.unique(at.round(1), axis=0))
        dots.append(f'<path d="{path}" stroke="{colour}" stroke-width="{2 * radius}" stroke-linecap="round"/>')
    return "".join(dots)


def _scale(paper: Paper, told: Told) -> str:
    """Return a bar of a round length, some fifth of the width."""
    length_m = next((one for one in reversed(_ROUND_M) if one * paper.px_per_m <= paper.width / 4), _ROUND_M[0])
    x, y, px = 16.0, paper.height - 16.0, length_m * paper.px_per_m
    text = _length(length_m, told.wanted.language)
    halo = 'fill="#111" stroke="#fff" stroke-width="3" paint-order="stroke"'
    return (
        f'<path d="M{x} {y - 6}v6h{px:.1f}v-6" fill="none" stroke="#111" stroke-width="1.5"/>'
        f'<text x="{x}" y="{y - 10}" font-size="15" {halo}>{text}</text>'
    )


def _length(metres: float, language: Language) -> str:
    short, long = ("m", "km") if language == "en" else ("м", "км")
    return f"{number(metres, language)} {short}" if metres < 1000 else f"{number(metres / 1000, language)} {long}"


def _path(paper: Paper, shapes: Sequence[Shape]) -> str:
    if not shapes:
        return ""
    found = shapely.transform(shapely.from_wkb([one.wkb for one in shapes]), paper.lay)
    plain = shapely.simplify(shapely.get_parts(found), STRAYS_PX, preserve_topology=False)
    return "".join(_outline(one) for one in plain)


def _outline(shape: shapely.Geometry) -> str:
    if isinstance(shape, shapely.Polygon):
        rings = [shape.exterior, *shape.interiors] if shape.area >= SMALLEST_PX else []
        return "".join(f"{_line(ring)}Z" for ring in rings if not ring.is_empty)
    if isinstance(shape, shapely.LineString):
        return _line(shape)
    return "".join(_outline(part) for part in shapely.get_parts(shape))


def _line(line: shapely.LineString) -> str:
    places = [f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line)]
    return f"M{'L'.join(places)}" if len(places) > 1 else ""
