"""Which kind a file is, by what it holds: its name says nothing that a sender could not make up."""

import zipfile
from pathlib import Path

from geo_server.register.reading import packed
from geo_server.register.reading.table import Format, Reading, Unreadable

_SQLITE = b"SQLite format 3\x00"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SHP = b"\x00\x00\x27\x0a"
_PBF = b"OSMHeader"
_OTHERS = (
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"MZ",
    b"Rar!",
    b"7z\xbc",
    b"\x1f\x8b",
)


def kind_of(path: Path) -> Format:
    """Return what kind a file is; raises Unreadable where it is none that is read."""
    with path.open("rb") as file:
        seen = file.read(4096)
    if not seen.strip():
        raise Unreadable("empty_file")
    if seen.startswith(_ZIP):
        return _packed(path)
    if seen.startswith(_SHP):
        raise Unreadable("shp_alone")
    text = seen.removeprefix(b"\xef\xbb\xbf").lstrip()
    told: tuple[tuple[bool, Format], ...] = (
        (seen.startswith(_SQLITE), "gpkg"),
        (_PBF in seen[:64], "osm"),
        (text.startswith(b"<") and b"<osm" in text, "osm"),
        (text.startswith(b"{"), "geojson"),
    )
    found = next((kind for is_so, kind in told if is_so), None)
    if found is None and (seen.startswith(_OTHERS) or text.startswith(b"<")):
        raise Unreadable("unreadable")
    return found or "csv"


def _packed(path: Path) -> Format:
    with packed.opened(path) as zipped:
        names = [name.lower() for name in zipped.namelist()]
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.endswith(".shp") for name in names):
        return "shp"
    raise Unreadable("unreadable")


def read(path: Path, folder: Path) -> Reading:
    """Begin to read a file; what is packed is unpacked into the folder, which is the caller's to remove.

    Raises Unreadable, also while its rows are read.
    """
    kind = kind_of(path)
    # what reads a kind is loaded when one comes: GDAL, openpyxl and osmium take a second together
    if kind == "csv":
        from geo_server.register.reading import csvs

        return csvs.read(path)
    if kind == "xlsx":
        from geo_server.register.reading import sheets

        return sheets.read(path)
    if kind == "osm":
        from geo_server.register.reading import osm

        with path.open("rb") as file:
            return osm.read(path, "pbf" if _PBF in file.read(64) else "osm")
    from geo_server.register.reading import shapes

    return shapes.read(path.absolute(), kind, folder)


def pack_shape(path: Path, to: Path) -> Path:
    """Put a Shapefile that lies beside its parts into one ZIP, as it is sent; raises Unreadable where parts lack."""
    parts = [path.with_suffix(ending) for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg")]
    here = [part for part in parts if part.exists()]
    if len([one for one in here if one.suffix in (".shp", ".shx", ".dbf")]) < 3:
        raise Unreadable("shp_alone")
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as zipped:
        for part in here:
            zipped.write(part, f"shape{part.suffix}")
    return to
