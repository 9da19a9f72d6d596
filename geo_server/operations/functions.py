"""The functions of cameras as data tells of them: what each is called, takes, needs, misses, and what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from layers.values import Title

DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a function needs and misses, the norm it follows, and its figures as they were measured."""

    needs: Title
    misses: Title
    norm: str | None
    measured: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A function: whether it looks at tracks or at the picture, the JSON schema of its settings, its card."""

    name: str
    title: Title
    looks: str
    unblinking: bool
    category: str | None
    onvif: str | None
    settings: Mapping[str, Any]
    card: Card | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """All functions by their names, and the JSON schemas of a rule and of a mask."""

    rule: Mapping[str, Any]
    mask: Mapping[str, Any]
    functions: Mapping[str, Known]


@cache
def functions(folder: Path = DATA) -> Functions:
    """Read once what there is. Raises ValueError or KeyError where a file is wrong."""
    told = orjson.loads((folder / "functions.json").read_bytes())
    known = {name: _known(name, row, folder / "detectors") for name, row in told["functions"].items()}
    return Functions(rule=told["rule"], mask=told["mask"], functions=known)


def _known(name: str, row: Mapping[str, Any], cards: Path) -> Known:
    return Known(
        name=name,
        title=Title(**row["title"]),
        looks=row["looks"],
        unblinking=row["unblinking"],
        category=row["category"],
        onvif=row["onvif"],
        settings=row["settings"],
        card=_card(cards / f"{name}.json"),
    )


def _card(file: Path) -> Card | None:
    if not file.is_file():
        return None
    row = orjson.loads(file.read_bytes())
    needs, misses = Title(**row["needs"]), Title(**row["misses"])
    return Card(needs=needs, misses=misses, norm=row["norm"], measured=tuple(row["measured"]))
