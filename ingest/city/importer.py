"""Imports any `.osm.pbf` in one transaction: read twice, written by COPY in batches, refused with one sentence."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import osmium
import psycopg
import shapely
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ingest.city import addresses, buildings, frames, landcover, places, roads, survey, tags
from ingest.city.errors import CityRefused, DamagedFile, DiskFull, MissingFile, NoAreas, NoRoads, NoStore
from ingest.city.report import Report
from ingest.city.segments import Segments
from layers import bulk
from layers.addresses import queries as addresses_layer
from layers.addresses.table import address
from layers.areas import queries as areas
from layers.areas.borders import Borders
from layers.buildings import queries as buildings_layer
from layers.buildings.table import building
from layers.bulk import Connection
from layers.cities import queries as cities
from layers.geocoder import filling as geocoder
from layers.landcover import queries as landcover_layer
from layers.landcover.table import landcover as landcover_table
from layers.places import queries as places_layer
from layers.places.table import place
from layers.roads import queries as roads_layer
from layers.roads.table import road
from layers.values import BBox

_TABLES = (road, building, address, place, landcover_table)
_BATCH = 5_000
_IDS_AT_ONCE = 10_000
_BYTES_A_NODE = 16  # of the index of node locations on disk
_NODE_INDEX = "sparse_file_array"  # on disk and in the page cache: a country fits as well as a city
_METRES_A_DEGREE = 111_320.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a file: its city's name, whether it was there already, and the report where it was not."""

    name: str
    already_there: bool
    report: Report


def import_city(
    database_url: str, path: Path, *, name: str | None = None, scratch: Path | None = None, quiet: bool = False
) -> Imported:
    """Import the file under `name` (the file's own by default); working files go to `scratch`, the system's by default.

    One transaction: raises CityRefused, one sentence and nothing changed, where file, disk or store do not allow it.
    """
    frames.check(path)
    city_name, sha256 = name or path.name.removesuffix(".osm.pbf"), _sha256(path)
    try:
        with _connect(database_url) as connection:
            cities.lock(connection)
            known = cities.named(connection, sha256)
            if known is not None:
                return Imported(name=known, already_there=True, report=Report())
            report = _import(connection, path, city_name, sha256, scratch, quiet=quiet)
    except psycopg.errors.DiskFull as error:
        raise DiskFull("the store writes the city") from error
    except psycopg.Error as error:
        raise NoStore(str(error).strip().partition("\n")[0]) from error
    return Imported(name=city_name, already_there=False, report=report)


def _connect(database_url: str) -> Connection:
    return psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://", 1))


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MissingFile(path) from error


def _import(connection: Connection, path: Path, name: str, sha256: str, scratch: Path | None, *, quiet: bool) -> Report:
    started, report = time.monotonic(), Report()
    with _progress(quiet) as progress, _decoding(path), _scratch(scratch, path) as folder:
        first = progress.add_task("Looking where the roads meet", total=None)
        known = survey.read(path, report)
        progress.update(first, total=known.objects, completed=known.objects)
        if not known.roads:
            raise NoRoads(path)
        second = progress.add_task(f"Importing {name}", total=known.objects)
        writer = _Writer(connection, known, report)
        with _own_area(connection):
            for thing in _things(path, folder):
                writer.take(thing)
                progress.advance(second, 0 if thing.is_area() else 1)
            extent = writer.finish()
    if extent is None:
        raise NoRoads(path)
    report.seconds = time.monotonic() - started
    cities.record(connection, name, sha256, report.as_json(), extent)
    cities.gather_statistics(connection)
    geocoder.rebuild(connection)
    return report


def _progress(quiet: bool) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, disable=quiet)


@contextmanager
def _decoding(path: Path) -> Iterator[None]:
    """Turn what pyosmium raises while reading into our own sentence."""
    try:
        yield
    except OSError as error:
        raise DiskFull("the file is read") if error.errno == 28 else DamagedFile(path, str(error)) from error
    except (RuntimeError, osmium.InvalidLocationError) as error:
        full = "No space left" in str(error)
        raise DiskFull("the file is read") if full else DamagedFile(path, "it cannot be decoded") from error


@contextmanager
def _scratch(scratch: Path | None, path: Path) -> Iterator[Path]:
    """Give a folder for the index of nodes; a node takes about 16 bytes there and no fewer than 2 in the file."""
    needed = path.stat().st_size // 2 * _BYTES_A_NODE
    with tempfile.TemporaryDirectory(prefix="qyran-city-", dir=scratch) as folder:
        if shutil.disk_usage(folder).free < needed:
            raise DiskFull("the file is read")
        yield Path(folder)


@contextmanager
def _own_area(connection: Connection) -> Iterator[None]:
    """Fill `area_id` ourselves for the length of the block."""
    for table in _TABLES:
        bulk.let_writer_set_area(connection, table)
    yield
    for table in _TABLES:
        bulk.let_trigger_set_area(connection, table)


def _things(path: Path, folder: Path) -> Iterator[Any]:
    """Yield nodes, ways with their locations, and areas, each with a tag that the map may want."""
    relevant = osmium.filter.KeyFilter(*survey.RELEVANT)
    reader = osmium.FileProcessor(str(path)).with_locations(f"{_NODE_INDEX},{folder / 'nodes'}")
    return iter(reader.with_areas(osmium.filter.KeyFilter(*survey.RELEVANT)).with_filter(relevant))


class _Batch(Generic[T]):
    """Rows of one table on their way to the store, with the areas they lie in."""

    def __init__(self, write: Callable[[Connection, Sequence[T], Sequence[int]], None], writer: "_Writer") -> None:
        self._write, self._writer, self._rows, self._geoms = write, writer, list[T](), list[str]()

    def add(self, row: T, geom: str) -> None:
        self._rows.append(row)
        self._geoms.append(geom)
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._write(self._writer.connection, self._rows, self._writer.placed(self._geoms))
            self._rows, self._geoms = [], []


class _Writer:
    """Takes what the file holds, thing by thing, and writes it in batches."""

    def __init__(self, connection: Connection, known: survey.Survey, report: Report) -> None:
        self.connection, self._known, self._report = connection, known, report
        self._borders, self._wkb = _borders(connection), osmium.geom.WKBFactory()
        self._boxes: list[tuple[float, float, float, float]] = []
        self._segments = Segments(known.junctions, known.turn_ways, self._ids(), report)
        self._roads = _Batch(roads_layer.write, self)
        self._buildings = _Batch(buildings_layer.write, self)
        self._addresses = _Batch(addresses_layer.write, self)
        self._places = _Batch(places_layer.write, self)
        self._landcover = _Batch(landcover_layer.write, self)

    def _ids(self) -> Iterator[int]:
        while True:
            yield from roads_layer.take_ids(self.connection, _IDS_AT_ONCE)

    def placed(self, geoms: Sequence[str]) -> list[int]:
        """Return the areas of the shapes, and let the extent grow around them."""
        shapes = shapely.from_wkb(np.array(geoms, dtype=object))
        self._boxes.append(tuple(shapely.total_bounds(shapes)))
        area_ids: list[int] = self._borders.of_shapes(shapes).tolist()
        return area_ids

    def take(self, thing: Any) -> None:
        """Write what the map wants of a node, a way or an area."""
        if thing.is_node():
            self._point(tags.of(thing), thing.id, self._wkb.create_point(thing.location))
        elif thing.is_way():
            self._way(thing)
        elif thing.is_area():
            self._area(thing)

    def _way(self, way: Any) -> None:
        if "highway" in way.tags:
            for segment in self._segments.of(way):
                self._roads.add(segment, segment.geom)
                self._report.take("road segments")
            self._tunnel(way)
        elif "waterway" in way.tags and not way.is_closed():
            self._running_water(way)
        elif "building" in way.tags and not way.is_closed():
            self._report.skip("building", "its outline is not closed")

    def _tunnel(self, way: Any) -> None:
        given = tags.of(way)
        if roads.why_not_driven(given) is not None:
            return
        spots = [(n.location.lon, n.location.lat) for n in way.nodes if n.location.valid()]
        for spot in places.tunnel(given, way.id, spots):
            self._places.add(spot, spot.geom)
            self._report.take(f"places: {spot.kind}")

    def _running_water(self, way: Any) -> None:
        given = tags.of(way)
        width_m = landcover.line_width_m(given)
        spots = [(n.location.lon, n.location.lat) for n in way.nodes if n.location.valid()]
        if width_m is None or len(spots) < 2:
            self._report.skip("running water", "under ground, or no river, canal or stream")
            return
        row = landcover.read({**given, "natural": "water"}, way.id, _widened(spots, width_m))
        if row is not None:
            self._landcover.add(row, row.geom)
            self._report.take("land cover")

    def _area(self, area: Any) -> None:
        given, osm_id = tags.of(area), area.orig_id()
        if "highway" in given and "building" not in given:
            return
        try:
            outline = self._wkb.create_multipolygon(area)
        except RuntimeError:
            self._report.skip("area", "its outline is broken")
            return
        self._outline(given, osm_id, outline)
        if places.kind(given) or "addr:housenumber" in given:
            inside = shapely.point_on_surface(shapely.from_wkb(outline))
            self._point(given, osm_id, shapely.to_wkb(inside, hex=True))

    def _outline(self, given: tags.Tags, osm_id: int, outline: str) -> None:
        new_building = buildings.read(given, osm_id, outline)
        if new_building is not None:
            self._buildings.add(new_building, outline)
            self._report.take("buildings")
        elif (patch := landcover.read(given, osm_id, outline)) is not None:
            self._landcover.add(patch, outline)
            self._report.take("land cover")
        elif use := given.get("landuse"):
            self._report.skip("land cover", f"not drawn: landuse={use}")

    def _point(self, given: tags.Tags, osm_id: int, point: str) -> None:
        new_place = places.read(given, osm_id, point)
        if new_place is not None:
            self._places.add(new_place, point)
            self._report.take(f"places: {new_place.kind}")
        if "addr:housenumber" in given or "addr:street" in given:
            found = addresses.read(given, osm_id, point, self._known.streets)
            if isinstance(found, str):
                self._report.skip("address", found)
            else:
                self._addresses.add(found, point)
                self._report.take("addresses")

    def finish(self) -> BBox | None:
        """Write what is left and the turn restrictions; return the extent, None where nothing came of any road."""
        for batch in (self._roads, self._buildings, self._addresses, self._places, self._landcover):
            batch.flush()
        turns = list(self._segments.restrictions(self._known.turns))
        roads_layer.write_restrictions(self.connection, turns)
        self._report.take("turn restrictions", len(turns))
        if not self._report.imported["road segments"]:
            return None
        boxes = np.array(self._boxes)
        (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
        return BBox(west=west, south=south, east=east, north=north)


def _widened(spots: Sequence[tuple[float, float]], width_m: float) -> str:
    """Return the line as a MultiPolygon of that width (WKB in hex), reckoned in a plane true at its middle."""
    line = np.array(spots)
    scale = np.array([_METRES_A_DEGREE * np.cos(np.radians(line[:, 1].mean())), _METRES_A_DEGREE])
    band = shapely.buffer(shapely.linestrings(line * scale), width_m / 2, quad_segs=2)
    in_degrees = shapely.transform(band, lambda xy: xy / scale)
    return str(shapely.to_wkb(shapely.multipolygons(shapely.get_parts(in_degrees)), hex=True))


__all__ = ["CityRefused", "Imported", "import_city"]


def _borders(connection: Connection) -> Borders:
    try:
        return areas.borders_for_import(connection)
    except LookupError:
        raise NoAreas from None
