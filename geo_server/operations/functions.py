"""The functions of cameras as data tells of them: what each is called, takes, needs, misses, and what was measured."""

from collections.abc import Iterator, Mapping, Sequence
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
    """A function: whether it looks at tracks or at the picture, the JSON schema of its settings, its card.

    `goes_with` names each setting that counts only where another one has a value: that value, and what stands there
    where nothing is said.
    """

    name: str
    title: Title
    looks: str
    unblinking: bool
    category: str | None
    onvif: str | None
    settings: Mapping[str, Any]
    card: Card | None
    goes_with: Mapping[str, Mapping[str, tuple[Any, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """All functions by their names, the JSON schemas of a rule and of a mask, the labels of the house's model."""

    labels: frozenset[str]
    rule: Mapping[str, Any]
    mask: Mapping[str, Any]
    functions: Mapping[str, Known]


@cache
def functions(folder: Path = DATA) -> Functions:
    """Read once what there is. Raises ValueError or KeyError where a file is wrong."""
    told = orjson.loads((folder / "functions.json").read_bytes())
    known = {name: _known(name, row, folder / "detectors") for name, row in told["functions"].items()}
    return Functions(labels=frozenset(told["labels"]), rule=told["rule"], mask=told["mask"], functions=known)


def labels(home: Path) -> frozenset[str]:
    """Return what models tell apart: that of the house, and those whose cards lie in HOME/models."""
    cards = (_labels(card) for card in (home / "models").glob("*.json"))
    return functions().labels.union(*cards)


def _labels(card: Path) -> Sequence[str]:
    """Return what a model tells; nothing where its card cannot be used, which the cameras say."""
    try:
        told = orjson.loads(card.read_bytes())
        found = told.get("wanted") or told["labels"]
    except (OSError, ValueError, KeyError, AttributeError):
        return ()
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else ()


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
        goes_with=dict(_goes_with(row["settings"])),
    )


def _goes_with(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, tuple[Any, Any]]]]:
    properties = schema["$defs"][schema["$ref"].rpartition("/")[2]]["properties"]
    for name, told in properties.items():
        if "goes_with" in told:
            needs = told["goes_with"].items()
            yield name, {other: (value, properties[other].get("default")) for other, value in needs}


def _card(file: Path) -> Card | None:
    if not file.is_file():
        return None
    row = orjson.loads(file.read_bytes())
    needs, misses = Title(**row["needs"]), Title(**row["misses"])
    return Card(needs=needs, misses=misses, norm=row["norm"], measured=tuple(row["measured"]))
