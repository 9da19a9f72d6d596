"""The tables of what can be searched for; `filling` writes them anew from addresses, roads and places."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from layers.database import metadata
from layers.geometry import geom_column, id_column

geocoder_name = Table(
    "geocoder_name",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),  # street | crossing | place | common_name
    Column("title_kk", Text, nullable=False),
    Column("title_ru", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("street_kind", Text),
    Column("words", TSVECTOR, nullable=False),
    Column("letters", SmallInteger, nullable=False),
    Column("houses", Integer, nullable=False, server_default="0"),
    Column("address_id", BigInteger),
    Column("road_id", BigInteger),
    Column("place_id", BigInteger),
    *(Column(side, Double) for side in ("west", "south", "east", "north")),
    geom_column("POINT"),
)
geocoder_house = Table(
    "geocoder_house",
    metadata,
    Column("name_id", BigInteger, nullable=False),
    Column("key", Text(collation="C"), nullable=False),
    Column("address_id", BigInteger, nullable=False),
    Index("geocoder_house_name_id_key_idx", "name_id", "key"),
)
geocoder_word = Table("geocoder_word", metadata, Column("word", Text(collation="C"), primary_key=True))
