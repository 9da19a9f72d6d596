"""The tables of plans of cameras, of what counts of their ground, and of forbidden zones."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

forbidden_zone = Table(
    "forbidden_zone",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    area_column(),
    geom_column("POLYGON"),
)
placement = Table(
    "placement",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("job_id", BigInteger, ForeignKey("job.id")),
    Column("question", JSONB, nullable=False),
    Column("epsg", Integer, nullable=False),
    Column("region", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
    Column("cell_m", REAL),
    Column("figures", JSONB),
)


def _of_placement(*, key: bool = False) -> Column[int]:
    whose = ForeignKey("placement.id", ondelete="CASCADE")
    return Column("placement_id", BigInteger, whose, nullable=False, primary_key=key)


placement_camera = Table(
    "placement_camera",
    metadata,
    id_column(),
    _of_placement(),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    *(Column(name, Double, nullable=False) for name in ("height_m", "heading_deg", "tilt_deg", "hfov_deg")),
    *(Column(name, Double, nullable=False) for name in ("price", "adds", "ground_m2")),
    *(Column(name, ARRAY(Text), nullable=False) for name in ("meets", "breaks", "unsure")),
    Column("masks", ARRAY(BigInteger), nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("moved_by", Text),
    geom_column("POINT"),
    Column("seen", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
)
placement_square = Table(
    "placement_square",
    metadata,
    _of_placement(key=True),
    Column("col", Integer, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("cells", LargeBinary, nullable=False),
    Column("weight", LargeBinary, nullable=False),
)
