"""Areas in what somebody types: found by their own name, or said beside a street's («Талгар Абая 5»)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from layers.areas.schema import Area
from layers.geocoder.reading import Reading, Term
from layers.geocoder.schema import FoundArea
from layers.geocoder.spelling import fold
from layers.geocoder.words import cardinal, naming, words_of
from layers.values import Level, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The areas by id, and the ids from each up to the top, itself first."""

    areas: Mapping[int, Area]

    def path(self, area_id: int) -> list[Area]:
        """Return an area and those above it, without the Republic: that is where everything is."""
        found: list[Area] = []
        here = self.areas.get(area_id)
        while here is not None and here.level > Level.REPUBLIC:
            found.append(here)
            here = self.areas.get(here.parent_id or 0)
        return found

    def related(self, one: int, other: int) -> bool:
        """Say whether one of two areas stands above the other, or they are the same."""
        both = [{area.id for area in self.path(id)} or {id} for id in (one, other)]
        return one in both[1] or other in both[0] or any(self._is_top(id) for id in (one, other))

    def _is_top(self, area_id: int) -> bool:
        here = self.areas.get(area_id)
        return here is not None and here.level == Level.REPUBLIC

    def found(self, area_id: int | None) -> FoundArea | None:
        """Return an area as it is told with what lies in it."""
        here = self.areas.get(area_id or 0)
        return None if here is None else FoundArea(id=here.id, name=here.name)

    def told(self, area_id: int | None) -> Title:
        """Return where an area is, from itself upwards: «Медеу ауданы, Алматы қаласы»."""
        names = [area.name for area in self.path(area_id or 0)]
        return Title(
            kk=", ".join(name.kk for name in names),
            ru=", ".join(name.ru for name in names),
            en=", ".join(name.en for name in names),
        )


def tree(areas: Sequence[Area]) -> Tree:
    """Return the areas as a tree."""
    return Tree(areas={area.id: area for area in areas})


@lru_cache(maxsize=5_000)
def _spellings(name: Title) -> tuple[tuple[str, ...], ...]:
    found = dict.fromkeys(naming(words_of(cardinal(fold(text)))) for text in (name.kk, name.ru, name.en))
    return tuple(words for words in found if words)


def named(areas: Sequence[Area], reading: Reading) -> list[tuple[Area, float]]:
    """Return the areas whose name begins as was typed, and how much of it was typed (0 to 1)."""
    if reading.house is not None:
        return []
    own = ((area, [s for s in _spellings(area.name) if _all_fit(reading, s)]) for area in areas)
    return [(area, min(1.0, reading.letters / min(sum(map(len, s)) for s in fits))) for area, fits in own if fits]


def apart(areas: Sequence[Area], reading: Reading) -> list[tuple[Reading, tuple[int, ...]]]:
    """Return the reading without each word that names an area, and those areas: «Алматы Абай» is either's street."""
    if len(reading.terms) < 2:
        return []
    said = ((term, tuple(area.id for area in areas if _is_named(term, area))) for term in reading.terms)
    return [(_without(reading, term), ids) for term, ids in said if ids]


def _without(reading: Reading, left_out: Term) -> Reading:
    return replace(reading, terms=tuple(term for term in reading.terms if term is not left_out))


def _all_fit(reading: Reading, words: tuple[str, ...]) -> bool:
    return all(_fits(term, words) for term in reading.terms)


def _fits(term: Term, words: tuple[str, ...]) -> bool:
    return any((word == term.text if term.whole else word.startswith(term.text)) or word in term.also for word in words)


def _is_named(term: Term, area: Area) -> bool:
    return any(len(words) == 1 and (term.text == words[0] or words[0] in term.also) for words in _spellings(area.name))
