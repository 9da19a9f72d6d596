"""The pure folding of spellings: one word in Kazakh, Russian or Latin letters, well or badly typed, is one key.

A key is made of a-z and 0-9 alone. Kazakh letters fall on their Russian neighbours, which is how they are typed on a
keyboard without them (ә/а, ғ/г, қ/к, ң/н, ө/о, ү ұ/у, һ/х, і ы/и); Latin ones on what they stand for in ISO 9:1995,
GOST 7.79-2000 system B, BGN/PCGN 1947 and 1979, and the Kazakh Latin alphabets of 2018 and 2021. In a key `c` is ч,
`x` ш and щ, `j` ж, `h` х: one sound, one letter, so that counting letters counts slips of the pen.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST = 200  # letters of a query; nobody types more to find a place

# Cyrillic goes to capitals, which the Latin rules then pass over.
_CYRILLIC = {
    **dict(zip("аәбвгғдеёэєжзиійыїклмнңоөпрстуұүўфхһчшщцґ", "AABVGGDEEEEJZIIIIIKLMNNOOPRSTUUUUFHHCXXSG", strict=True)),
    "қ": "K",
    "ю": "IU",
    "я": "IA",
    "ъ": "",
    "ь": "",
}
_ALIKE = dict(zip("abcehikmoptxy", "авсенікмортху", strict=True))  # Latin letters that look like Cyrillic ones
_LATIN = {
    "shch": "x",
    "sch": "x",
    "sh": "x",
    "ş": "x",
    "š": "x",
    "ś": "x",
    "ŝ": "x",
    "tch": "c",
    "ch": "c",
    "ç": "c",
    "č": "c",
    "ć": "c",
    "zh": "j",
    "ž": "j",
    "kh": "h",
    "gh": "g",
    "ph": "f",
    "ck": "k",
    "c": "s",
    "q": "k",
    "w": "u",
    "ı": "i",
    "ñ": "n",
    "ğ": "g",
    "ð": "d",
    "yo": "e",
    "ye": "e",
    "ya": "ia",
    "yu": "iu",
    "y": "i",
}
_LATIN_RULE = re.compile(
    r"(?P<soft>(?<=[aeiouyäáâöóüúū])j(?![aeiouyäáâöóüúūı]))"  # Abaj is Абай, Jambyl is Жамбыл
    rf"|(?P<known>{'|'.join(sorted(_LATIN, key=len, reverse=True))})"
    r"|(?P<first>(?<![a-z])x)|(?P<x>x)"
)
_MIXED = re.compile(r"(?=\w*[Ѐ-ӿ])(?=\w*[a-z])\w+")
_DOUBLED = re.compile(r"([a-z])\1+")
_JOINED = (("xc", "x"), ("tc", "c"), ("ts", "s"), ("tz", "s"), ("dj", "j"), ("ng", "n"))
_UNSAID = str.maketrans("", "", "'’‘`´ʼʹʺ\u00ad\u0301")  # soft signs, apostrophes, soft hyphens, stress

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_KAZAKH_DIGITS = dict(zip("234589-=0", "әіңғүұөһқ", strict=True))  # where the Kazakh layout has its own letters
_ON_RUSSIAN, _ON_QWERTY = str.maketrans(_QWERTY, _RUSSIAN), str.maketrans(_RUSSIAN, _QWERTY)
_INSIDE_A_WORD = re.compile(r"(?<=[a-zа-яё,.;'\[\]`])[234589=0]|[0](?=[a-z])")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return the text's key: words of a-z, numbers, and between them what was written there, all else a blank."""
    given = unicodedata.normalize("NFC", text[:LONGEST].lower().translate(_UNSAID))
    given = _MIXED.sub(lambda word: "".join(_ALIKE.get(letter, letter) for letter in word[0]), given)
    given = "".join(_CYRILLIC.get(letter, letter) for letter in given)
    latin = _plain(_LATIN_RULE.sub(_sounded, given)).lower()
    for pair, one in _JOINED:
        latin = latin.replace(pair, one)
    return _DOUBLED.sub(r"\1", latin)


def _sounded(found: re.Match[str]) -> str:
    if found["known"]:
        return _LATIN[found["known"]]
    return {"soft": "i", "first": "h", "x": "ks"}[found.lastgroup or ""]


def _plain(text: str) -> str:
    """Return the text without accents, a blank for whatever is neither ASCII nor a letter with one."""
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "-" if letter in "–—‐‑−" else " " for letter in bare)


def other_layout(text: str) -> str | None:
    """Return what the same keys type on the other keyboard layout: `f,fq` is абай; None where no letter changes.

    On the Kazakh layout the digits of the upper row are letters; they are read so inside a word alone.
    """
    given = text[:LONGEST].lower()
    if re.search(r"[а-яё]", given):
        turned = given.translate(_ON_QWERTY)
    else:
        turned = _INSIDE_A_WORD.sub(lambda digit: _KAZAKH_DIGITS[digit[0]], given).translate(_ON_RUSSIAN)
    return turned if re.search(r"[a-z]|[а-яё]", given) and turned != given else None


def edits(left: str, right: str) -> int:
    """Return how many letters must be put in, left out, changed or swapped with the next (Damerau's distance)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row, above = row, [i], before
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]


def slips(typed: str, word: str) -> int | None:
    """Return the slips between what was typed so far and a word that it may begin, None where they are too many.

    Four letters bear one slip, six bear two: with more, anything is like anything.
    """
    borne = 0 if len(typed) < 3 else 1 if len(typed) < 6 else 2
    least = min(edits(typed, word[: len(typed) + more]) for more in (-1, 0, 1)) if len(word) > len(typed) else None
    found = edits(typed, word) if least is None else min(edits(typed, word), least + 1)
    return found if found <= borne else None
