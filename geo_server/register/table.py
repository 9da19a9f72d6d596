"""The tables of files that are taken into the register of cameras."""

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from layers.database import metadata
from layers.geometry import id_column


def _area() -> Column[int]:
    return Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False)


_of_import = ForeignKey("register_import.id", ondelete="CASCADE")
register_import = Table(
    "register_import",
    metadata,
    id_column(),
    _area(),
    Column("job_id", BigInteger, ForeignKey("job.id")),
    Column("file", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("state", Text, nullable=False, server_default="sending"),
    Column("format", Text),
    Column("columns", JSONB, nullable=False, server_default="[]"),
    Column("sample", JSONB, nullable=False, server_default="[]"),
    Column("choices", JSONB, nullable=False, server_default="{}"),
    Column("findings", JSONB, nullable=False, server_default="[]"),
    Column("counts", JSONB, nullable=False, server_default="{}"),
    Column("fault", JSONB(none_as_null=True)),
)
register_piece = Table(
    "register_piece",
    metadata,
    Column("import_id", BigInteger, _of_import, primary_key=True),
    Column("n", Integer, primary_key=True),
    _area(),
    Column("bytes", LargeBinary, nullable=False),
)
register_row = Table(
    "register_row",
    metadata,
    Column("import_id", BigInteger, ForeignKey("register_import.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True),
    _area(),
    Column("told", JSONB, nullable=False),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),
    Column("raw", ARRAY(Text)),
    Column("refused", JSONB(none_as_null=True)),
    Column("notes", JSONB(none_as_null=True)),
    Column("twin_id", BigInteger),
    Column("twin", Text),
    Column("decision", Text),
)
