"""Writes every name anew from addresses, roads and places, inside its caller's transaction."""

from collections.abc import Iterable, Sequence

from layers.bulk import Connection
from layers.geocoder import fill_queries as ask
from layers.geocoder.houses import house_key
from layers.geocoder.rows import Named, NewName, Part, Said
from layers.geocoder.spelling import fold
from layers.geocoder.words import cardinal, kind_of, naming, words_of

Words = tuple[str, ...]
_LONGEST_TITLE = 200


def rebuild(connection: Connection) -> int:
    """Write the names anew and return how many houses, streets, places and common names were folded.

    The caller commits; until then whoever searches finds the old names. Raises psycopg.Error with the transaction
    broken where the store does not allow it.
    """
    ask.clear(connection)
    known = ask.streets_said(connection)
    said = [variant for _, variant in known]
    groups = same_street(said)
    ask.write_streets_said(connection, ((key, groups[n], n) for n, (key, _) in enumerate(known)))
    houses = ask.houses_said(connection)
    ask.write_houses_said(connection, ((house, house_key(house)) for house in houses))
    parts = ask.parts(connection)
    ask.write_names(connection, (row for row in (_street(part, said) for part in parts) if row is not None))
    places, common = ask.places(connection), ask.common_names(connection)
    _write_named(connection, "place", places)
    _write_named(connection, "common_name", common)
    ask.write_houses_crossings_and_words(connection)
    return len(houses) + len(parts) + len(places) + len(common)


def same_street(said: Sequence[Said]) -> list[int]:
    """Return a number for each variant, the same for those of one street: they share a name in some language.

    A name in another language that is a number alone («1-я улица») is shared by too many to say anything.
    """
    leader, by_name = list(range(len(said))), dict[tuple[str | None, Words], int]()

    def root(n: int) -> int:
        while leader[n] != n:
            leader[n] = n = leader[leader[n]]
        return n

    for n, variant in enumerate(said):
        for text in dict.fromkeys(text for text in variant if text):
            words = _words(text)
            name = (kind_of(words), naming(words))
            if text == variant.plain or any(not word[0].isdigit() for word in name[1]):
                leader[root(n)] = root(by_name.setdefault(name, n))
    return [root(n) for n in range(len(said))]


def _words(text: str) -> Words:
    return words_of(cardinal(fold(text)))


def _spellings(said: Iterable[Said]) -> list[Words]:
    found = dict.fromkeys(naming(_words(text)) for variant in said for text in variant if text)
    return [words for words in found if words]


def tsvector(spellings: Iterable[Words]) -> str:
    """Return the spellings as the text of a tsvector, each word once; keys need no quoting."""
    return " ".join(f"{word}:{n}" for n, word in enumerate(dict.fromkeys(w for words in spellings for w in words), 1))


def _letters(spellings: Iterable[Words]) -> int:
    return min(sum(map(len, words)) for words in spellings)


def _street(part: Part, said: Sequence[Said]) -> NewName | None:
    variants = [said[n] for n in part.variants]
    kinds = (kind_of(_words(text)) for variant in variants for text in variant if text)
    row = _name(part.id, "street", variants, part.lon, part.lat)
    if row is None:
        return None
    west, south, east, north = part.box
    return row._replace(
        street_kind=next((kind for kind in kinds if kind), None),
        houses=part.houses,
        address_id=part.address_id,
        road_id=part.road_id,
        west=west,
        south=south,
        east=east,
        north=north,
    )


def _name(id: int, kind: str, said: Sequence[Said], lon: float, lat: float) -> NewName | None:
    """Return the row, its title in each language from the first that says it; None where nothing of it is a letter."""
    spellings = _spellings(said)
    if not spellings:
        return None
    plain = said[0].plain
    kk, ru, en = (
        next((text for one in said if (text := getattr(one, tongue))), plain)[:_LONGEST_TITLE]
        for tongue in ("kk", "ru", "en")
    )
    return NewName(
        id=id,
        kind=kind,
        title_kk=kk,
        title_ru=ru,
        title_en=en,
        street_kind=None,
        words=tsvector(spellings),
        letters=_letters(spellings),
        houses=0,
        address_id=None,
        road_id=None,
        place_id=None,
        west=None,
        south=None,
        east=None,
        north=None,
        geom=f"SRID=4326;POINT({lon!r} {lat!r})",
    )


def _write_named(connection: Connection, kind: str, found: Sequence[Named]) -> None:
    ids = ask.take_ids(connection, len(found))
    rows = (_of_named(id, kind, one) for id, one in zip(ids, found, strict=True))
    ask.write_names(connection, (row for row in rows if row is not None))


def _of_named(id: int, kind: str, one: Named) -> NewName | None:
    row = _name(id, kind, [one.said], one.lon, one.lat)
    return None if row is None else row._replace(address_id=one.address_id, place_id=one.place_id)
