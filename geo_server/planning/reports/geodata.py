"""Coverage as files for other systems: GeoPackage and GeoParquet 1.1, whole, in lon lat degrees WGS 84.

What of each row leaves the house is what the layers' own collections give: these are read page by page.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import orjson
import pyarrow as pa
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyarrow import parquet

from geo_server.planning.reports import queries
from geo_server.planning.reports.gathering import Step
from geo_server.planning.reports.schema import MEASURES
from layers import features
from layers.areas import queries as areas
from layers.cameras.layer import LAYER as CAMERAS
from layers.coverage import queries as coverage
from layers.coverage.layer import LAYER as COVERAGE
from layers.database import Session
from layers.gaps.layer import LAYER as GAPS
from layers.layer import Layer
from layers.viewer import Viewer

LAYERS: tuple[Layer, ...] = (COVERAGE, GAPS, CAMERAS)
SHARES = "areas"
PAGE = 5_000
_POINT = frozenset({CAMERAS.name})
_KINDS: Mapping[type, pa.DataType] = {
    int: pa.int64(), float: pa.float64(), str: pa.string(), bool: pa.bool_(), datetime: pa.timestamp("us", "UTC")
}  # fmt: skip
_BOX = pa.struct([(side, pa.float64()) for side in ("xmin", "ymin", "xmax", "ymax")])
_SHARE_COLUMNS = {f"{measure}_{part}": float for measure in MEASURES for part in ("whole", "seen", "twice", "private")}
_AREA_COLUMNS: Mapping[str, type] = {
    "id": int, "code": str, "level": int, "parent_id": int, "name_kk": str, "name_ru": str, "name_en": str,
    "purpose": str, **_SHARE_COLUMNS,
}  # fmt: skip
Columns = Mapping[str, type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of one layer: the type of each column, its values, and the shapes as WKB."""

    layer: str
    columns: Columns
    rows: Sequence[Mapping[str, Any]]
    shapes: Sequence[bytes | None]


class Sink(Protocol):
    """Where batches are written to."""

    def take(self, batch: Batch) -> None:
        """Write some rows."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *_: object) -> None:
        """End the file."""


async def batches(session: Session, viewer: Viewer, purposes: Iterable[str], step: Step) -> AsyncIterator[Batch]:
    """Yield all rows of the coverage, the gaps, the cameras and the shares of the areas that the viewer sees."""
    for layer in LAYERS:
        after, first = None, True
        while first or after is not None:
            asked = features.Asked(after=after, limit=PAGE)
            page = await features.page(session, layer, viewer, asked)
            yield _of_features(layer, page.features)
            await step()
            after, first = page.next, False
    yield await _of_areas(session, viewer, purposes)
    await step()


async def steps(session: Session, viewer: Viewer) -> int:
    """Return how many batches there will be, as far as that is worth counting."""
    counted = [await features.count(session, layer, viewer, features.Asked()) for layer in LAYERS]
    return 1 + sum(max(1, -(-(features.COUNTED_UP_TO if n is None else n) // PAGE)) for n in counted)


def _of_features(layer: Layer, found: Sequence[features.Feature]) -> Batch:
    shapes: Any = shapely.to_wkb(shapely.from_geojson([one.geometry for one in found])) if found else []
    columns = {"id": int, "area_id": int, **{name: _kind(layer, name) for name in layer.fields}}
    rows = [{"id": one.id, "area_id": one.area_id, **one.properties} for one in found]
    return Batch(layer=layer.name, columns=columns, rows=rows, shapes=list(shapes))


def _kind(layer: Layer, name: str) -> type:
    kind: type = layer.column(name).type.python_type
    return kind if kind in _KINDS else str


async def _of_areas(session: Session, viewer: Viewer, purposes: Iterable[str]) -> Batch:
    """Return a row for each area and purpose, with what is measured of it."""
    borders = await queries.area_shapes(session, viewer)
    tree = {one.id: one for one in await areas.below(session, viewer.area_id)}
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for purpose in purposes:
        for share in await coverage.shares(session, viewer, purpose):
            area = tree.get(share.area_id)
            if area is None or area.id not in borders:
                continue
            about = {"id": area.id, "code": area.code, "level": int(area.level), "parent_id": area.parent_id}
            names = {f"name_{language}": getattr(area.name, language) for language in ("kk", "ru", "en")}
            row = rows.setdefault((purpose, area.id), {**about, **names, "purpose": purpose})
            parts = ("whole", "seen", "twice", "private")
            row |= {f"{share.measure}_{part}": getattr(share, part) for part in parts}
    shapes = [borders[area_id] for _, area_id in rows]
    return Batch(layer=SHARES, columns=_AREA_COLUMNS, rows=list(rows.values()), shapes=shapes)


# ── GeoPackage ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class GeoPackage:
    """One layer a table, as QGIS reads it."""

    path: Path

    def take(self, batch: Batch) -> None:
        """Write some rows."""
        columns = {name: kind for name, kind in batch.columns.items() if name != "id"}
        values = [_array([row.get(name) for row in batch.rows], kind) for name, kind in columns.items()]
        ids = _array([row["id"] for row in batch.rows], int)
        fields = ["qyran_id", *columns]
        pyogrio.raw.write(
            str(self.path),
            geometry=np.array(batch.shapes, dtype=object),
            field_data=[ids[0], *(one for one, _ in values)],
            field_mask=[ids[1], *(mask for _, mask in values)],
            fields=fields,
            layer=batch.layer,
            driver="GPKG",
            geometry_type="Point" if batch.layer in _POINT else "MultiPolygon",
            promote_to_multi=batch.layer not in _POINT,
            crs="EPSG:4326",
            append=self.path.exists() and batch.layer in pyogrio.list_layers(str(self.path))[:, 0],
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the file; each write ended it already."""


_EMPTY: Mapping[type, Any] = {int: 0, float: np.nan, bool: False, datetime: np.datetime64("NaT")}


def _array(values: Sequence[Any], kind: type) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return values as GDAL takes them, and which are missing."""
    missing = np.array([one is None for one in values], dtype=bool)
    if kind is datetime:
        told = [
            np.datetime64("NaT") if one is None else np.datetime64(one.replace(tzinfo=None), "ms") for one in values
        ]
        return np.array(told, dtype="datetime64[ms]"), None
    if kind in (int, float, bool):
        dtype = {int: np.int64, float: np.float64, bool: np.bool_}[kind]
        return np.array([_EMPTY[kind] if one is None else one for one in values], dtype=dtype), missing
    return np.array([one if one is None else str(one) for one in values], dtype=object), None


# ── GeoParquet ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class GeoParquet:
    """One table of all layers: the column `layer` tells them apart, and each row has what its layer has."""

    path: Path
    columns: Columns
    _writer: parquet.ParquetWriter | None = None
    _bounds: tuple[float, ...] | None = None

    def take(self, batch: Batch) -> None:
        """Write some rows."""
        if not batch.rows:
            return
        found = shapely.from_wkb(list(batch.shapes))
        bounds = shapely.bounds(found)
        self._widen(shapely.total_bounds(found))
        arrays = {"layer": pa.array([batch.layer] * len(batch.rows), pa.string())}
        for name, kind in self.columns.items():
            arrays[name] = pa.array([row.get(name) for row in batch.rows], _KINDS[kind])
        arrays["geometry"] = pa.array(list(batch.shapes), pa.binary())
        sides = [pa.array(bounds[:, n]) for n in range(4)]
        arrays["bbox"] = pa.StructArray.from_arrays(sides, fields=list(_BOX))
        self._writer_of().write_table(pa.table(arrays, schema=self._schema()))

    def _widen(self, bounds: NDArray[np.float64]) -> None:
        old = self._bounds or tuple(bounds)
        least, most = np.minimum(old[:2], bounds[:2]), np.maximum(old[2:], bounds[2:])
        self._bounds = (*least.tolist(), *most.tolist())

    def _schema(self) -> pa.Schema:
        plain = [("layer", pa.string()), *((name, _KINDS[kind]) for name, kind in self.columns.items())]
        return pa.schema([*plain, ("geometry", pa.binary()), ("bbox", _BOX)])

    def _writer_of(self) -> parquet.ParquetWriter:
        if self._writer is None:
            self._writer = parquet.ParquetWriter(
                self.path,
                self._schema(),
                compression="zstd",
                store_schema=False,  # else readers would see its metadata, and not what the file's end adds
            )
        return self._writer

    def _about(self) -> bytes:
        """Return the file's metadata (GeoParquet 1.1.0); without a `crs` it is OGC:CRS84."""
        column: dict[str, Any] = {
            "encoding": "WKB",
            "geometry_types": ["Point", "Polygon", "MultiPolygon"],
            "covering": {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}},
        }
        if self._bounds is not None:
            column["bbox"] = list(self._bounds)
        told = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        return orjson.dumps(told)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the file with what it holds."""
        writer = self._writer_of()
        writer.add_key_value_metadata({"geo": self._about()})
        writer.close()


def all_columns() -> Columns:
    """Return the columns of every layer together."""
    found: dict[str, type] = {"id": int, "area_id": int}
    for layer in LAYERS:
        found |= {name: _kind(layer, name) for name in layer.fields}
    return found | dict(_AREA_COLUMNS)


SINKS: Mapping[str, Callable[[Path], Sink]] = {
    "gpkg": GeoPackage,
    "parquet": lambda path: GeoParquet(path, all_columns()),
}
