"""What a gap's things are worth, in incidents, and which incidents are accidents: `data/weights.json`."""

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).parents[3] / "data" / "weights.json"


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many incidents one accident, crowded place or school near by counts as much as; accidents by category."""

    worth: dict[str, float]
    accidents: frozenset[str]


@cache
def weights() -> Weights:
    """Return them as the file tells."""
    return msgspec.json.decode(FILE.read_bytes(), type=Weights)
