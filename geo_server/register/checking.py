"""Rows become cameras, or are refused with the reason (pure): values with their units, places within the area."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo_server.register import headings, values
from geo_server.register.fields import Field
from geo_server.register.reading.table import Finding, Reading, Row, Unreadable
from geo_server.register.schema import Checked, Choices, Remark

Floats = NDArray[np.float64]
LONGEST_CODE, LONGEST_TEXT = 100, 500
FEET_FROM, FEET_TO = 13.0, 60.0  # a median between these: cameras hang 3 to 10 m high, or 10 to 33 feet
ENOUGH_HEIGHTS, MOST_HEIGHTS = 20, 100_000
_PLACES = ("lon", "lat", "place")


def transformer_of(crs: str) -> pyproj.Transformer | None:
    """Return what turns places of a system into WGS 84, x before y; None where they are that already.

    Raises Unreadable where there is no such system.
    """
    try:
        known = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise Unreadable("bad_crs", value=crs[:60]) from None
    if known.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True) or known.to_epsg() == 4979:
        return None
    return pyproj.Transformer.from_crs(known, 4326, always_xy=True)


@dataclass(slots=True, kw_only=True)
class Checker:
    """Checks the rows of one file. `scope` is the area entered: what lies outside of it is refused.

    Raises Unreadable, while it is made or with the first rows, where nothing tells the place or its system.
    """

    reading: Reading
    choices: Choices
    scope: shapely.Geometry
    import_id: int
    mapping: dict[int, str] = field(init=False)
    found: Counter[str] = field(default_factory=Counter)
    heights: list[float] = field(default_factory=list)
    _turn: Callable[[Floats, Floats], tuple[Floats, Floats]] | None = None
    _fields: Mapping[str, Field] = field(default_factory=headings.by_name)
    _settled: bool = False
    _feet: frozenset[str] = frozenset()  # fields whose whole column is in feet

    def __post_init__(self) -> None:
        """Settle which column is what."""
        self.mapping = mapping_of(self.reading, self.choices)
        if not headings.needed(list(self.mapping.values())):
            raise Unreadable("needs_place")
        self._settle_feet()
        shapely.prepare(self.scope)

    def _settle_feet(self) -> None:
        """Find the columns whose names say feet; of heights what was chosen is surer."""
        named = {name: self.reading.columns[at] for at, name in self.mapping.items() if name.endswith("_m")}
        feet = {name: column for name, column in named.items() if headings.in_feet(column)}
        if self.choices.height_unit != "auto":
            feet.pop("height_m", None)
        if feet:
            self.reading.findings.append(Finding(code="feet_by_header", value=", ".join(feet.values())[:400]))
        chosen = {"height_m"} if self.choices.height_unit == "ft" and "height_m" in named else set()
        if chosen:
            self.reading.findings.append(Finding(code="feet_by_choice"))
        self._feet = frozenset(feet.keys() | chosen)

    def check(self, rows: Sequence[Row]) -> list[Checked]:
        """Return each row as it came out, in their order."""
        told = [dict(self._cells(row)) for row in rows]
        pairs = [self._pair(one) if row.wrong is None else None for row, one in zip(rows, told, strict=True)]
        xs = np.array([np.nan if pair is None else pair[0] for pair in pairs])
        ys = np.array([np.nan if pair is None else pair[1] for pair in pairs])
        self._settle_system(xs, ys)
        lon, lat, swapped, inside = self._placed(xs, ys)
        return [
            self._checked(row, one, (lon[i], lat[i]), swapped=bool(swapped[i]), inside=bool(inside[i]))
            for i, (row, one) in enumerate(zip(rows, told, strict=True))
        ]

    def closing(self) -> list[Finding]:
        """Return what only the whole file tells."""
        found = []
        if len(self.heights) >= ENOUGH_HEIGHTS and self.choices.height_unit == "auto" and "height_m" not in self._feet:
            median = float(np.median(self.heights))
            if FEET_FROM <= median <= FEET_TO:
                found.append(Finding(code="feet_likely", value=f"{median:g}"))
        if self.found["swapped"]:
            found.append(Finding(code="swapped", value=self.found["swapped"]))
        left = [name for at, name in enumerate(self.reading.columns) if at not in self.mapping]
        if left:
            found.append(Finding(code="unmapped", value=", ".join(left)[:400]))
        return found

    # ── places ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _cells(self, row: Row) -> Iterator[tuple[str, str]]:
        for at, name in self.mapping.items():
            if at < len(row.cells) and not values.is_nothing(row.cells[at]):
                yield name, _fused(row.cells[at])

    def _pair(self, told: dict[str, str]) -> tuple[float, float] | None:
        """Return x and y as they stand; one cell of both tells the latitude first, as people say it."""
        if "place" in told and ("lon" not in told or "lat" not in told):
            pair = values.pair_of(told["place"])
            if pair is None:
                return None
            return pair if told["place"].lstrip().upper().startswith(("POINT", "SRID")) else (pair[1], pair[0])
        x, y = (values.degrees_of(told.get(name, "")) for name in ("lon", "lat"))
        return None if x is None or y is None else (x, y)

    def _settle_system(self, xs: Floats, ys: Floats) -> None:
        """Decide, with the first places, which system they are in; raises Unreadable `needs_crs`."""
        known = ~np.isnan(xs)
        if self._settled or not known.any():
            return
        self._settled = True
        crs = self.choices.crs or self.reading.crs
        if crs is None:
            degrees = (np.abs(xs[known]) <= 180) & (np.abs(ys[known]) <= 180)
            if degrees.mean() < 0.5:
                raise Unreadable("needs_crs")
            if self.reading.georeferenced:
                self.reading.findings.append(Finding(code="no_crs"))
            return
        turning = transformer_of(crs)
        if turning is not None:
            self._turn = turning.transform
            self.reading.findings.append(Finding(code="crs", value=crs[:60]))

    def _placed(self, xs: Floats, ys: Floats) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
        """Return degrees, which were turned around, and which lie in the area."""
        lon, lat = self._in_degrees(xs, ys)
        inside = self._inside(lon, lat)
        if self.choices.axes == "as_is":
            return lon, lat, np.zeros(len(xs), np.bool_), inside
        other_lon, other_lat = self._in_degrees(ys, xs)
        other_inside = self._inside(other_lon, other_lat)
        turned = other_inside & ~inside if self.choices.axes == "auto" else np.ones(len(xs), np.bool_)
        self.found["swapped"] += int(turned.sum())
        placed = (np.where(turned, other_lon, lon), np.where(turned, other_lat, lat))
        return *placed, turned, np.where(turned, other_inside, inside)

    def _in_degrees(self, xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
        if self._turn is None:
            return xs, ys
        lon, lat = self._turn(xs, ys)
        return np.where(np.isfinite(lon), lon, np.nan), np.where(np.isfinite(lat), lat, np.nan)

    def _inside(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = shapely.contains_xy(self.scope, lon, lat)
        return found

    # ── one row ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _checked(
        self, row: Row, told: dict[str, str], place: tuple[float, float], *, swapped: bool, inside: bool
    ) -> Checked:
        notes: list[Remark] = []
        refused = self._refused(row, told, place, inside=inside)
        if swapped and refused is None:
            notes.append(Remark(code="swapped_row", value=_spoken(place)))
        columns = {} if refused else self._columns(row, told, notes)
        lon, lat = (None, None) if refused else (round(place[0], 8), round(place[1], 8))
        return Checked(
            line=row.line, told=columns, lon=lon, lat=lat, raw=row.cells, refused=refused, notes=tuple(notes)
        )

    def _refused(self, row: Row, told: dict[str, str], place: tuple[float, float], *, inside: bool) -> Remark | None:
        if row.wrong is not None:
            return Remark(code=row.wrong[0], value=row.wrong[1])
        if not any(name in told for name in _PLACES):
            return Remark(code="no_place")
        if np.isnan(place).any() or abs(place[0]) > 180 or abs(place[1]) > 90:
            return Remark(code="bad_place", value="; ".join(told[name] for name in _PLACES if name in told))
        if not inside:
            return Remark(code="outside", value=_spoken(place))
        return Remark(code="code_long") if len(told.get("code", "")) > LONGEST_CODE else None

    def _columns(self, row: Row, told: dict[str, str], notes: list[Remark]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, text in told.items():
            if name not in _PLACES:
                self._take(self._fields[name], text, found, notes)
        if "infrared_m" in found.get("facts", {}):  # whose light reaches somewhere has one
            found["facts"].setdefault("infrared", int(found["facts"]["infrared_m"] > 0))
        if "code" not in found:
            found["code"] = f"R{self.import_id}-{row.line}"
            if "code" in self.mapping.values():
                notes.append(Remark(code="code_made", value=found["code"]))
        return found | _names(found)

    def _take(self, one: Field, text: str, found: dict[str, Any], notes: list[Remark]) -> None:
        """Put what a cell says under its column; what cannot be is left out and said."""
        value, remark = self._value(one, text)
        if remark is not None:
            notes.append(Remark(code=remark, column=one.name, value=text))
        if value is None:
            return
        if one.name.startswith("facts."):
            found.setdefault("facts", {})[one.name.removeprefix("facts.")] = value
        elif one.name == "resolution":
            found.setdefault("width_px", value[0])
            found.setdefault("height_px", value[1])
        else:
            found[one.name] = value

    def _value(self, one: Field, text: str) -> tuple[Any, str | None]:
        """Return what a cell comes to, None for nothing, and the code of what is to be said of it."""
        if one.name == "resolution":
            size = values.size_of(text)
            good = size is not None and all(16 <= side <= 20_000 for side in size)
            return (size, None) if good else (None, "unknown_word")
        match one.kind:
            case "text":
                return (text, None) if len(text) <= LONGEST_TEXT else (text[:LONGEST_TEXT], "too_long")
            case "number":
                return self._number(one, text)
            case "date":
                day = values.date_of(text)
                return (None, "not_a_date") if day is None else (day.isoformat(), None)
            case "choice":
                word = values.choice_of(one.name, text)
                return word, None if word else "unknown_word"
            case "choices":
                words, strange = values.choices_of(one.name, text)
                return words or None, "unknown_word" if strange else None
            case "yes":
                said = values.yes_of(text)
                return said, "unknown_word" if said is None else None

    def _number(self, one: Field, text: str) -> tuple[float | int | None, str | None]:
        if one.name == "heading_deg":
            heading = values.heading_of(text)
            found = None if heading is None else (heading % 360 if -360 <= heading <= 720 else heading, False)
        else:
            found = values.number_of(text)
        if found is None:
            return None, "not_a_number"
        value, remark = found[0], None
        if one.name.endswith("_m"):
            value, remark = self._metres(one.name, *found)
        if not (one.least is None or one.least <= value) or not (one.most is None or value <= one.most):
            return None, "out_of_bounds"
        if one.unit == "px":
            return round(value), remark
        return (round(value, 3) % 360 if one.name == "heading_deg" else round(value, 4)), remark

    def _metres(self, name: str, value: float, says_feet: bool) -> tuple[float, str | None]:
        if name in self._feet:
            return value * values.FOOT_M, None
        is_height = name == "height_m"
        if says_feet and not (is_height and self.choices.height_unit == "m"):
            return value * values.FOOT_M, "feet_row"
        if is_height and len(self.heights) < MOST_HEIGHTS:
            self.heights.append(value)
        return value, None


def mapping_of(reading: Reading, choices: Choices) -> dict[int, str]:
    """Return the field of each column that is taken; raises Unreadable `bad_field` where a choice cannot be."""
    if choices.mapping is None:
        if reading.format == "osm":
            from geo_server.register.reading.osm import MAPPING

            return {at: MAPPING[name] for at, name in enumerate(reading.columns) if name in MAPPING}
        guessed = headings.guessed(reading.columns, cut=reading.format == "shp")
        return _by_geometry(reading, guessed) if reading.georeferenced else guessed
    chosen = {at: choices.mapping[name] for at, name in enumerate(reading.columns) if choices.mapping.get(name)}
    wrong = headings.unknown(chosen)
    if wrong is not None:
        raise Unreadable("bad_field", column=wrong)
    return chosen


def _by_geometry(reading: Reading, guessed: dict[int, str]) -> dict[int, str]:
    """Let geometries tell the place, and no column beside them."""
    count = len(reading.columns)
    others = {at: name for at, name in guessed.items() if name not in _PLACES}
    return others | {count - 2: "lon", count - 1: "lat"}


def _names(found: dict[str, Any]) -> dict[str, Any]:
    """Return a name in each language: what is told in any stands for those it is not told in."""
    told = [found.get(name) for name in ("name", "name_ru", "name_kk", "name_en")]
    whole = next((name for name in told if name), found["code"])
    found.pop("name", None)
    named = {"named": True} if any(told) else {}  # no column of a camera: an update overwrites no name with a code
    return named | {name: found.get(name) or whole for name in ("name_kk", "name_ru", "name_en")}


def _fused(cell: str) -> str:
    """Return a cell as it was before an export made sure that nobody's program takes it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _spoken(place: tuple[float, float]) -> str:
    return f"{place[1]:.6f}, {place[0]:.6f}"
