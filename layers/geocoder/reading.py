"""What somebody may mean by what they typed: names to look for, perhaps a house, perhaps a crossing."""

import re
from dataclasses import dataclass, replace

from layers.geocoder.houses import Numbered, houses_in, without_inside
from layers.geocoder.spelling import fold
from layers.geocoder.words import asked, cardinal, kind_of, says_corner, words_of

_MOST_WORDS = 8
_BETWEEN = re.compile(r"[a-z.]\s*(?:[/\\&+]|\s-\s|--)\s*[a-z]")
_VOWEL = re.compile(r"[aeiou]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word that is looked for as the beginning of a word, and whole words that do as well."""

    text: str
    also: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a query. `house` is a key of `houses.house_key`; `corner` says that a crossing was meant."""

    terms: tuple[Term, ...]
    house: str | None = None
    kind: str | None = None
    corner: bool = False

    @property
    def letters(self) -> int:
        """Return how many letters name."""
        return sum(len(term.text) for term in self.terms)


def read(text: str) -> tuple[Reading, ...]:
    """Return the ways to read a query, the likeliest first; none where it holds no letter and no digit."""
    key = cardinal(without_inside(fold(text)))
    numbered = houses_in(key)
    housed = [_with_house(key, house) for house in _likely(numbered)]
    plain = _reading(key) if not any(house.marked for house in numbered) or None in housed else None
    return tuple(dict.fromkeys(one for one in (*housed, plain) if one is not None and one.terms))


def _likely(numbered: list[Numbered]) -> list[Numbered]:
    """The house is what is marked as one, else the last number, else the first, as in «12 Abay Ave»."""
    marked = [one for one in numbered if one.marked]
    return marked[:1] or ([numbered[-1], numbered[0]] if numbered else [])


def _with_house(key: str, house: Numbered) -> Reading | None:
    rest = f"{key[: house.begins]} , {key[house.ends :]}"
    return replace(_reading(rest), house=house.key) if asked(words_of(rest)) else None


def _reading(key: str) -> Reading:
    """Where kinds are all that is said, the last begins a name: «ул пер» is on its way to Первомайская."""
    words = words_of(key)
    names = (asked(words) or words[-1:])[:_MOST_WORDS]
    terms = tuple(term_of(word, last=i == len(names)) for i, word in enumerate(names, 1))
    return Reading(terms=terms, kind=kind_of(words), corner=says_corner(words) or _BETWEEN.search(key) is not None)


def term_of(word: str, *, last: bool) -> Term:
    """Return how a word is looked for: a number whole unless it is still typed, a name also without its case ending.

    «Абая», «Абаю» and «Абае» are all Абай: what a Russian ending leaves of a name in й ends in `i`.
    """
    if word[0].isdigit():
        return Term(text=word, whole=not last)
    if len(word) < 4 or not _VOWEL.search(word):
        return Term(text=word)
    stems = dict.fromkeys((word[:-1], f"{word[:-1].rstrip('i')}i"))
    return Term(text=word, also=tuple(stem for stem in stems if stem != word))


def tsquery(reading: Reading, weight: str = "") -> str:
    """Return the reading as PostgreSQL's tsquery; keys hold letters and digits alone, so nothing needs quoting."""
    return " & ".join(_any_of(term, weight) for term in reading.terms)


def crossing_tsquery(reading: Reading) -> str:
    """Return the same for a crossing: its streets' words stand with weights A and B, and each street must be named."""
    either = [" | ".join(_any_of(term, side) for term in reading.terms) for side in ("A", "B")]
    return f"{tsquery(reading, 'AB')} & ({either[0]}) & ({either[1]})"


def relaxed_tsquery(reading: Reading) -> str:
    """Return the question for names that lack one of several words: somebody typed one too many."""
    terms = reading.terms
    rest = [replace(reading, terms=terms[:i] + terms[i + 1 :]) for i in range(len(terms))]
    return " | ".join(f"({tsquery(one)})" for one in rest)


def _any_of(term: Term, weight: str) -> str:
    first = f"{term.text}:{weight}" if term.whole else f"{term.text}:*{weight}"
    found = [first, *(f"{word}:{weight}" for word in term.also)]
    return f"({' | '.join(one.removesuffix(':') for one in found)})"
