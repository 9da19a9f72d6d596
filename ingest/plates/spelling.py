"""How plates are spelt: ST RK 986-2012, the series of 1993 before it, and any other as it was read. Pure.

The masks: three digits, three letters (a person's) or two (an organisation's) and a region from 01 to 20; F or H, four
digits and a region (a foreign person's or company's, yellow); of 1993 a letter of the region, three digits and three or
two letters. A sign that cannot stand where it was read is taken for its likeness, at a cost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from layers.hotlist.rules import is_plate, normal

# D a digit, L a letter, r a region's letter of 1993, f a foreigner's mark; RR a region from 01 to 20.
MASKS = {
    "person": "DDDLLLRR",
    "organisation": "DDDLLRR",
    "foreign": "fDDDDRR",
    "person_1993": "rDDDLLL",
    "organisation_1993": "rDDDLL",
}
REGIONS = frozenset(f"{n:02d}" for n in range(1, 21))
_REGIONS_1993 = frozenset("ABCDEFHKLMNOPRSTUVWXZ")
_COUNTRY = re.compile("[KXR]?[Z2]$")  # KZ on its strip, as it is read
# The strip read as one sign. Before a person's plate alone, each sign of which stands as it was read: the K123BC02 and
# the K123BC102 of cars from beyond the border are none.
_STRIP = re.compile("(?:[KXR]?[Z2]|[KXR])$")
_DIGITS, _LETTERS = frozenset("0123456789"), frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MAY = {"D": _DIGITS, "R": _DIGITS, "L": _LETTERS, "r": _REGIONS_1993, "f": frozenset("FH")}
# What is hardly told apart in a bad picture. 4 and A, 7 and T are: to take one for the other makes plates out of
# foreign ones.
_LIKE = ("O0", "Q0", "D0", "I1", "L1", "Z2", "S5", "B8", "G6")
MOST_COST = 2.0  # in signs that were taken for their likeness; beyond that what was read is something else
_LOST = 1.2  # the cost of a stroke of the frame before or behind that is left out
# What a frame is read as. No other sign is left out: without its first A the A123BC02 of a car from beyond the border
# would be a plate of this country, and a hit another person's. Of those of 1993 nothing is.
_STROKES = frozenset("I1LJ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelt:
    """A plate, which mask it fits (`free` for none), and what bringing it there cost, from 0."""

    text: str
    kind: str
    cost: float


def spell(read: str) -> Spelt | None:
    """Return the plate that a text most likely is; one that no mask fits as it stands; None where it is none at all."""
    text = normal(read)
    fitted = min(_fitted(text), key=lambda spelt: (spelt.cost, -len(spelt.text)), default=None)
    if fitted is not None and fitted.cost <= MOST_COST:
        return fitted
    return Spelt(text=text, kind="free", cost=0.0) if is_plate(text) else None


def _fitted(text: str) -> Iterator[Spelt]:
    """Try every mask at every place of the text; the country's own sign costs nothing to leave out."""
    for kind, mask in MASKS.items():
        for start in range(len(text) - len(mask) + 1):
            end = start + len(mask)
            found = _repaired(text[start:end], mask)
            strip = _STRIP if kind == "person" and found is not None and not found[1] else _COUNTRY
            lost = strip.sub("", text[:start]) + text[end:]
            if found is not None and _STROKES.issuperset(lost) and (not lost or mask.endswith("RR")):
                yield Spelt(text=found[0], kind=kind, cost=found[1] + _LOST * len(lost))


def _repaired(text: str, mask: str) -> tuple[str, float] | None:
    signs = [_sign(sign, place) for sign, place in zip(text, mask, strict=True)]
    if any(sign is None for sign in signs):
        return None
    whole = "".join(sign[0] for sign in signs if sign)
    if mask.endswith("RR") and whole[-2:] not in REGIONS:
        return None
    return whole, sum(sign[1] for sign in signs if sign)


@lru_cache(maxsize=256)  # of single signs and places: no plate is in it
def _sign(sign: str, place: str) -> tuple[str, float] | None:
    """Return the sign that can stand at such a place for the one read, and the cost; None where none can."""
    may = _MAY[place]
    if sign in may:
        return sign, 0.0
    other = (pair.replace(sign, "") for pair in _LIKE if sign in pair)
    return next(((one, 1.0) for one in other if one in may), None)
