"""Rows on their way from the ground to the names: what the store tells, and what is written."""

from dataclasses import dataclass
from typing import NamedTuple


class Said(NamedTuple):
    """A street's name as rows give it: by itself, and in each language."""

    plain: str
    kk: str | None
    ru: str | None
    en: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A street in one town: the variants of its name (numbers of `Said`, the most used first) and where it is."""

    id: int
    variants: tuple[int, ...]
    houses: int
    box: tuple[float, float, float, float]
    lon: float
    lat: float
    address_id: int | None
    road_id: int | None


class Named(NamedTuple):
    """A place or a common name: its source's ids, its spellings, and where it is."""

    address_id: int | None
    place_id: int | None
    said: Said
    lon: float
    lat: float


class NewName(NamedTuple):
    """A row of `geocoder_name`, `words` is a tsvector's text, `geom` is EWKT."""

    id: int
    kind: str
    title_kk: str
    title_ru: str
    title_en: str
    street_kind: str | None
    words: str
    letters: int
    houses: int
    address_id: int | None
    road_id: int | None
    place_id: int | None
    west: float | None
    south: float | None
    east: float | None
    north: float | None
    geom: str
