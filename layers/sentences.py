"""The sentences of refusals: data/errors/<door>/*.json, one file a room, read once at start."""

from functools import cache
from pathlib import Path

import msgspec

from layers.values import Title

ERRORS = Path(__file__).parents[1] / "data" / "errors"


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One refusal: its HTTP status, and what is said in three languages."""

    status: int
    kk: str
    ru: str
    en: str


@cache
def sentences(door: str) -> dict[str, tuple[int, Title]]:
    """Return status and sentence of each code of a door, `server` or `ingest`.

    Raises ValueError where a code stands twice, msgspec.ValidationError where an entry lacks a language.
    """
    table: dict[str, tuple[int, Title]] = {}
    for file in sorted((ERRORS / door).glob("*.json")):
        for code, said in msgspec.json.decode(file.read_bytes(), type=dict[str, Sentence]).items():
            if code in table:
                raise ValueError(f"{file.name} gives {code} a second sentence")
            table[code] = (said.status, Title(kk=said.kk, ru=said.ru, en=said.en))
    return table
