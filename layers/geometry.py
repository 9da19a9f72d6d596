"""Columns and values that hold a place."""

from typing import Any, Literal

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, ForeignKey, Identity

Shape = Literal["POINT", "LINESTRING", "POLYGON", "MULTIPOLYGON"]


def id_column() -> Column[int]:
    """Return the identity every table has."""
    return Column("id", BigInteger, Identity(), primary_key=True)


def geom_column(shape: Shape) -> Column[Any]:
    """Return the `geom` column, EPSG:4326; its index, where the layer wants one, stands in the migration."""
    return Column("geom", Geometry(shape, srid=4326, spatial_index=False), nullable=False)


def area_column() -> Column[int]:
    """Return the area a row belongs to by its place; a trigger fills it at write (migration 0001)."""
    return Column("area_id", BigInteger, ForeignKey("area.id"))
