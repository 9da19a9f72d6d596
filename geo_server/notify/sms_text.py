"""A text as short messages carry it (3GPP TS 23.038, 23.040): its alphabet, its parts, and what did not fit."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_BEYOND = {"^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65}
_SEPTETS = {letter: bytes([at]) for at, letter in enumerate(_BASIC) if letter != "\x1b"}
_SEPTETS |= {letter: bytes([0x1B, at]) for letter, at in _BEYOND.items()}
GSM, UCS2 = 0, 8  # data_coding
_ROOM = {GSM: (160, 153), UCS2: (140, 134)}  # septets, octets: in one message, in each of several


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts in the order they are sent, each with the header that joins it to the others where there are several.

    `text` is what they say, the beginning of what was to be said where it was `cut`.
    """

    coding: int
    parts: tuple[bytes, ...]
    text: str
    cut: bool

    @property
    def joined(self) -> bool:
        """Say whether the parts begin with a header."""
        return len(self.parts) > 1


def parts_of(text: str, most: int) -> Parts:
    """Return a text in at most so many parts; Kazakh and Russian take UCS-2: 70 letters in one, 67 in each of several.

    No letter is torn between two parts.
    """
    coding = GSM if all(letter in _SEPTETS for letter in text) else UCS2
    letters = [_SEPTETS[c] if coding == GSM else c.encode("utf-16-be", "replace") for c in text]
    alone, each = _ROOM[coding]
    chunks = list(_chunks(letters, alone if most == 1 or sum(map(len, letters)) <= alone else each))
    kept = chunks[:most]
    said = text[: sum(map(len, kept))]
    octets = [b"".join(chunk) for chunk in kept] or [b""]
    if len(octets) > 1:
        header = bytes([5, 0, 3, secrets.randbelow(256), len(octets)])
        octets = [header + bytes([n]) + part for n, part in enumerate(octets, start=1)]
    return Parts(coding=coding, parts=tuple(octets), text=said, cut=len(chunks) > most)


def _chunks(letters: list[bytes], room: int) -> Iterator[list[bytes]]:
    chunk, used = list[bytes](), 0
    for letter in letters:
        if used + len(letter) > room:
            yield chunk
            chunk, used = [], 0
        chunk.append(letter)
        used += len(letter)
    if chunk:
        yield chunk
