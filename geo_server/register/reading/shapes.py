"""GeoJSON, GeoPackage and Shapefile by GDAL, which is let at these three kinds of local files and nothing else.

What a user sends must not make it read other files or the network: each other driver is switched off, the path is one
of our own, and nothing in a GeoPackage is computed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from geo_server.register.reading import packed
from geo_server.register.reading.table import (
    LAT,
    LON,
    MOST_COLUMNS,
    Cells,
    Finding,
    Format,
    Reading,
    Row,
    Unreadable,
)

DRIVERS = {"geojson": "GeoJSON", "gpkg": "GPKG", "shp": "ESRI Shapefile"}
BATCH = 5000
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@contextmanager
def _gdal() -> Iterator[Any]:
    """Yield pyogrio with our three drivers alone: GDALG, VRT and some others read whatever their file names.

    GDAL looks at OGR_SKIP each time that its drivers are registered, and knows no list of those that may stay.
    """
    from pyogrio import _ogr  # here, for whoever imports this module reads no such file yet

    others = [name for name in pyogrio.list_drivers() if name not in DRIVERS.values()]
    _skip(_ogr, ",".join(others))
    try:
        if set(pyogrio.list_drivers()) != set(DRIVERS.values()):
            raise RuntimeError("GDAL lets other drivers stay")
        yield pyogrio
    finally:
        _skip(_ogr, None)


def _skip(ogr: Any, names: str | None) -> None:
    pyogrio.set_gdal_config_options({"OGR_SKIP": names, "GDAL_HTTP_MAX_RETRY": "0" if names else None})
    ogr._register_drivers()


def read(path: Path, kind: Format, folder: Path) -> Reading:
    """Begin to read a file of a kind that was told by its content; raises Unreadable. Unpacks into the folder."""
    encoding: str | None = None
    if kind == "shp":
        path, encoding = _unpacked(path, folder)
    layer = None
    if kind == "gpkg":
        layer = _layer_of(path)
    try:
        return _begun(path, kind, layer, encoding)
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - GDAL's own faults have no common base, and its words name our paths
        raise Unreadable("damaged", value=type(error).__name__) from None


def _begun(path: Path, kind: Format, layer: str | None, encoding: str | None) -> Reading:
    with _gdal() as gdal:
        told = gdal.read_info(_guarded(path), layer=layer, encoding=encoding, force_feature_count=True)
    if told["driver"] != DRIVERS[kind]:
        raise Unreadable("unreadable")
    names = [str(name) for name in told["fields"]]
    if len(names) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", value=len(names))
    if not told["geometry_name"] and told["geometry_type"] is None:
        raise Unreadable("no_layer")
    reading = Reading(format=kind, columns=(*names, LON, LAT), rows=iter(()), whole=max(int(told["features"]), 1))
    reading.crs, reading.georeferenced = told["crs"], True
    if encoding is not None:
        reading.findings.append(Finding(code="encoding", value=encoding))
    if layer is not None:
        reading.findings.append(Finding(code="layer", value=layer[:100]))
    reading.rows = _rows(reading, path, layer, encoding)
    return reading


def _guarded(path: Path) -> Path:
    """Return a path that GDAL takes for a plain file; AssertionError where it is anything else."""
    assert path.is_absolute() and path.is_file() and not str(path).startswith("/vsi")
    return path


def _rows(reading: Reading, path: Path, layer: str | None, encoding: str | None) -> Iterator[Row]:
    told = {"layer": layer, "encoding": encoding, "use_pyarrow": True, "batch_size": BATCH}
    try:
        with _gdal() as gdal, gdal.open_arrow(_guarded(path), **told) as (meta, batches):
            names = [str(name) for name in meta["fields"]]
            shape = meta["geometry_name"] or "wkb_geometry"
            for batch in batches:
                yield from _of_batch(reading, batch, names, shape)
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - see `read`
        raise Unreadable("damaged", value=type(error).__name__) from None


def _of_batch(reading: Reading, batch: Any, names: list[str], shape: str) -> Iterator[Row]:
    columns = [[_text(value) for value in batch.column(name).to_pylist()] for name in names]
    shapes = shapely.from_wkb(batch.column(shape).to_pylist(), on_invalid="ignore")
    lons, lats, wrong = places_of(shapes)
    for i in range(batch.num_rows):
        reading.at += 1
        cells: Cells = (*(column[i] for column in columns), lons[i], lats[i])
        yield Row(line=reading.at, cells=cells, wrong=wrong[i])


def places_of(shapes: Any) -> tuple[list[str], list[str], list[tuple[str, str] | None]]:
    """Return the place of each point, as text; of what is no point why it has none. One of several points is one."""
    kinds = shapely.get_type_id(shapes)
    single = (kinds == 4) & (shapely.get_num_geometries(shapes) == 1)
    points = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    good = (shapely.get_type_id(points) == 0) & ~shapely.is_empty(points)
    xs, ys = shapely.get_x(np.where(good, points, None)), shapely.get_y(np.where(good, points, None))
    lons = [repr(float(x)) if ok else "" for x, ok in zip(xs, good, strict=True)]
    lats = [repr(float(y)) if ok else "" for y, ok in zip(ys, good, strict=True)]
    wrong = [None if ok else _why(one) for one, ok in zip(shapes, good, strict=True)]
    return lons, lats, wrong


def _why(shape: Any) -> tuple[str, str]:
    return ("no_place", "") if shape is None or shape.is_empty else ("no_point", shape.geom_type)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, bytes):
        return ""
    return str(value).strip().replace("\x00", "")


# ── Shapefile ───────────────────────────────────────────────────────────────────────────────────────────────────


def _unpacked(path: Path, folder: Path) -> tuple[Path, str]:
    """Unpack the one Shapefile of a ZIP under names of our own; return it, and the letters of its table."""
    with packed.opened(path) as zipped:
        found = {one.filename: one for one in zipped.infolist() if one.filename.lower().endswith(_PARTS)}
        shapes = [name for name in found if name.lower().endswith(".shp") and "__MACOSX" not in name]
        if len(shapes) != 1:
            raise Unreadable("several_in_zip", value=len(shapes))
        stem = shapes[0][:-4].lower()
        for name, part in found.items():
            if name[:-4].lower() == stem:
                packed.unpack(zipped, part, folder / f"shape{name[-4:].lower()}")
    if not (folder / "shape.dbf").exists() or not (folder / "shape.shx").exists():
        raise Unreadable("shp_alone")
    return folder / "shape.shp", _letters(folder)


def _letters(folder: Path) -> str:
    """Return how the texts of a table are kept: as its .cpg says, else UTF-8 where that reads, else Windows-1251."""
    told = folder / "shape.cpg"
    said = told.read_text("ascii", "replace").strip().upper().replace("ANSI ", "CP") if told.exists() else ""
    said = {"1251": "CP1251", "65001": "UTF-8", "UTF8": "UTF-8", "WINDOWS-1251": "CP1251"}.get(said, said)
    if said in ("UTF-8", "CP1251", "CP1252", "CP866", "ISO-8859-1", "ISO-8859-5"):
        return said
    with (folder / "shape.dbf").open("rb") as table:
        texts = table.read(2_000_000)
    try:
        texts.decode("ascii")
    except UnicodeDecodeError:
        texts = texts[32:]
    sample = bytes(byte for byte in texts if byte >= 32 or byte in (9, 10, 13))
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return "CP1251"
    return "UTF-8"


# ── GeoPackage ──────────────────────────────────────────────────────────────────────────────────────────────────


def _layer_of(path: Path) -> str:
    """Return the layer of points that has most columns; raises Unreadable where there is none, or where a view or a
    virtual table would have something else read (GDAL's VirtualOGR opens any file)."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as link:
            link.execute("PRAGMA trusted_schema = OFF")
            strange = link.execute(
                """SELECT name FROM sqlite_master WHERE type = 'view' AND name NOT LIKE 'st\\_%' ESCAPE '\\'
                       AND name NOT LIKE 'vector\\_%' ESCAPE '\\'
                   UNION ALL SELECT name FROM sqlite_master
                    WHERE sql LIKE '%virtual%table%' AND sql NOT LIKE '%using%rtree%'
                   LIMIT 1"""
            ).fetchone()
            if strange:
                raise Unreadable("virtual", value=str(strange[0])[:100])
            layers = link.execute(
                """SELECT g.table_name, (SELECT count(*) FROM pragma_table_info(g.table_name))
                     FROM gpkg_geometry_columns g JOIN gpkg_contents c ON c.table_name = g.table_name
                     JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table'
                    WHERE c.data_type = 'features'
                    ORDER BY upper(g.geometry_type_name) LIKE '%POINT%' DESC, 2 DESC, 1 LIMIT 1"""
            ).fetchall()
    except sqlite3.Error as error:
        raise Unreadable("damaged", value=type(error).__name__) from None
    if not layers:
        raise Unreadable("no_layer")
    return str(layers[0][0])
