"""What a gap's things are worth, in incidents (`data/weights.json`), and which are accidents (`data/history.json`)."""

from functools import cache
from pathlib import Path

import msgspec

DATA = Path(__file__).parents[3] / "data"


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many incidents one accident, crowded place or school near by counts as much as."""

    worth: dict[str, float]


class _Past(msgspec.Struct, frozen=True, kw_only=True):
    accidents: frozenset[str]


@cache
def weights() -> Weights:
    """Return them as the file tells."""
    return msgspec.json.decode((DATA / "weights.json").read_bytes(), type=Weights)


@cache
def accidents() -> frozenset[str]:
    """Return the categories that are accidents, as where a card looks back."""
    return msgspec.json.decode((DATA / "history.json").read_bytes(), type=_Past).accidents
