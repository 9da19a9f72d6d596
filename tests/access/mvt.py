"""A small reader of Mapbox vector tiles (version 2.1): of each layer the ids of its features."""

from collections.abc import Iterator


def ids_in(tile: bytes) -> dict[str, list[int]]:
    """Return the ids of the features in each layer of a tile."""
    found: dict[str, list[int]] = {}
    for number, layer in _fields(tile):
        assert number == 3 and isinstance(layer, bytes)
        parts = list(_fields(layer))
        (name,) = (value.decode() for field, value in parts if field == 1 and isinstance(value, bytes))
        features = [dict(_fields(value)) for field, value in parts if field == 2 and isinstance(value, bytes)]
        found.setdefault(name, []).extend(int(feature[1]) for feature in features)
    return found


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        length, at = _varint(message, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
