"""The tables of coverage: tiles of ground, what of them is seen, each area's share, and cameras nobody can reckon."""

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
)

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

coverage_tile = Table(
    "coverage_tile",
    metadata,
    id_column(),
    Column("epsg", Integer, nullable=False),
    Column("col", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    geom_column("POLYGON"),
    Column("stirred_at", DateTime(timezone=True), server_default=func.clock_timestamp()),  # triggers say it
    Column("stirred_by", BigInteger, server_default=func.txid_current()),  # a transaction stirs a tile once
    Column("reckoned_at", DateTime(timezone=True)),
    Column("job_id", BigInteger),  # jobs are a room of geo_server
    Column("terrain", Text, nullable=False, server_default="none"),  # whether the height of the ground was counted
)


def _tile_column() -> Column[int]:
    return Column("tile_id", BigInteger, ForeignKey("coverage_tile.id", ondelete="CASCADE"), nullable=False)


coverage = Table(
    "coverage",
    metadata,
    id_column(),
    _tile_column(),
    Column("purpose", Text, nullable=False),
    Column("cameras", SmallInteger, nullable=False),  # 1, or 2 for two and more
    geom_column("MULTIPOLYGON"),
    area_column(),
)
coverage_share = Table(
    "coverage_share",
    metadata,
    Column("tile_id", BigInteger, ForeignKey("coverage_tile.id", ondelete="CASCADE"), primary_key=True),
    Column("area_id", BigInteger, ForeignKey("area.id"), primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("whole", Double, nullable=False),
    Column("seen", Double, nullable=False),
    Column("twice", Double, nullable=False),
    Column("private", Double, nullable=False),
    Column("night", Double, nullable=False, server_default="0"),
    Column("night_unknown", Double, nullable=False, server_default="0"),
)
LOST = ("ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses")
coverage_lost = Table(  # what nobody sees any more where one of `names` fails: arrays as long as those
    "coverage_lost",
    metadata,
    Column("tile_id", BigInteger, ForeignKey("coverage_tile.id", ondelete="CASCADE"), primary_key=True),
    Column("area_id", BigInteger, ForeignKey("area.id"), primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("by", Text, primary_key=True),
    Column("names", ARRAY(Text), nullable=False),
    *(Column(name, ARRAY(REAL), nullable=False) for name in LOST),
)
camera_unseeing = Table(
    "camera_unseeing",
    metadata,
    Column("camera_id", BigInteger, ForeignKey("camera.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
)
