"""How a plate is written: the same letters however they were typed or read. Pure."""

import re

# Cyrillic letters that stand on plates as their Latin likenesses do, and those of the Kazakh and Ukrainian alphabets.
_CYRILLIC = "АВЕКМНОРСТУХІҮҺЗ"
_LATIN = "ABEKMHOPCTYXIYH3"
_LIKENESS = str.maketrans(_CYRILLIC, _LATIN)
SHORTEST, LONGEST = 3, 15
_PLATE = re.compile(f"[A-Z0-9]{{{SHORTEST},{LONGEST}}}")


def normal(written: str) -> str:
    """Return a plate in capital Latin letters and digits alone: spaces, dashes and the like go."""
    return "".join(sign for sign in written.upper().translate(_LIKENESS) if sign.isascii() and sign.isalnum())


def is_plate(text: str) -> bool:
    """Say whether a text that was made normal can be a plate: 3 to 15 letters and digits."""
    return _PLATE.fullmatch(text) is not None


def foreign_signs(written: str) -> str:
    """Return the letters and digits of a text that no plate can hold here, for whoever typed it."""
    upper = written.upper().translate(_LIKENESS)
    return "".join(dict.fromkeys(sign for sign in upper if sign.isalnum() and not sign.isascii()))
