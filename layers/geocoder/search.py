"""From what somebody types to places, the likeliest first: read it, ask for it, and read it again more kindly."""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace

from layers.areas import queries as area_queries
from layers.areas.schema import Area
from layers.database import Session
from layers.geocoder import coordinates, queries
from layers.geocoder.named_areas import Tree, apart, named, tree
from layers.geocoder.reading import Reading, Term, crossing_tsquery, read, relaxed_tsquery, tsquery
from layers.geocoder.schema import Asked, Found, Hit
from layers.geocoder.spelling import other_layout, slips
from layers.near import apart_m
from layers.values import LonLat, Title
from layers.viewer import Viewer

_SAME_M = 150.0  # a building and its entrance bear one address
_AREAS = 3
_OWN_AREA, _OTHER_AREA = 0.75, 0.5  # as names stand that lie near, and that lie far away
_TURNED, _CORRECTED, _RELAXED = 0.95, 0.8, 0.6  # what a kinder reading is worth
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_SPARE = 10  # rows asked beyond the limit, because some are the same place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """Readings that are asked together, and what they are worth; `only` in these areas where they are said."""

    readings: tuple[Reading, ...]
    asked: tuple[Asked, ...]
    worth: float = 1.0
    areas: tuple[int, ...] = ()


async def search(session: Session, viewer: Viewer, text: str, *, near: LonLat | None, limit: int) -> list[Found]:
    """Return what somebody may mean by a text, the likeliest first, `limit` at most; none where nothing is like it.

    The viewer's areas and what is near to `near` stand first; nothing is hidden, the ground is public (decision 6).
    """
    areas = await area_queries.every(session)
    known, numbers = tree(areas), coordinates.readings(text)
    if numbers:
        return (await _numbered(session, known, numbers))[:limit]
    async for attempt in _attempts(session, text, areas):
        roots = attempt.areas or (viewer.area_id, *viewer.also_areas)
        hits = await queries.search(
            session, attempt.asked, roots, near=near, only=bool(attempt.areas), limit=limit + _SPARE
        )
        found = [_found(hit, known, attempt.worth) for hit in hits]
        found += [] if attempt.areas else await _areas(session, viewer, known, attempt)
        if found:
            return _distinct(sorted(found, key=lambda one: -one.score))[:limit]
    return []


async def _attempts(session: Session, text: str, areas: Sequence[Area]) -> AsyncIterator[_Attempt]:
    """Yield the text as it stands, with its areas apart, on the other layout, with slips mended, with a word less."""
    readings = read(text)
    if not readings:
        return
    yield _attempt(readings)
    placed = [found for reading in readings for found in apart(areas, reading)]
    if placed:
        yield _attempt([reading for reading, _ in placed], areas=tuple({id for _, ids in placed for id in ids}))
    turned, mended = read(other_layout(text) or ""), await _mended(session, readings)
    kinder = [_attempt(one, worth) for one, worth in ((turned, _TURNED), (mended, _CORRECTED)) if one]
    for attempt in reversed(kinder) if _CYRILLIC.search(text) else kinder:  # Latin letters come of the wrong layout
        yield attempt
    longer = [reading for reading in mended or readings if len(reading.terms) > 1]
    if longer:
        yield _Attempt(readings=(), asked=tuple(_asked(one, relaxed_tsquery(one)) for one in longer), worth=_RELAXED)


def _attempt(readings: Iterable[Reading], worth: float = 1.0, areas: tuple[int, ...] = ()) -> _Attempt:
    given = tuple(readings)
    return _Attempt(readings=given, asked=tuple(map(_asked, given)), worth=worth, areas=areas)


def _asked(reading: Reading, names: str | None = None) -> Asked:
    several = len(reading.terms) > 1 and reading.house is None and names is None
    return Asked(
        names=names or tsquery(reading),
        crossing=crossing_tsquery(reading) if several else None,
        letters=reading.letters,
        house=reading.house,
        kind=reading.kind,
        corner=reading.corner,
    )


async def _mended(session: Session, readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings with the words of names that each of theirs may be a slip of; none where there are none."""
    typed = {term.text for reading in readings for term in reading.terms if term.text.isalpha()}
    like = await queries.words_like(session, sorted(typed))
    meant = {word: closest(word, words) for word, words in like.items()}
    mended = (
        replace(one, terms=tuple(_with(term, meant.get(term.text, ())) for term in one.terms)) for one in readings
    )
    return [reading for reading in mended if reading not in readings]


def closest(typed: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return those of the words that were typed with the fewest slips."""
    counted = [(count, word) for word in words if (count := slips(typed, word)) is not None]
    fewest = min((count for count, _ in counted), default=0)
    return tuple(word for count, word in counted if count == fewest)


def _with(term: Term, words: Iterable[str]) -> Term:
    return replace(term, also=tuple(dict.fromkeys((*term.also, *words))))


async def _areas(session: Session, viewer: Viewer, known: Tree, attempt: _Attempt) -> list[Found]:
    fits = {area.id: share for one in attempt.readings for area, share in named(tuple(known.areas.values()), one)}
    scores = {id: (0.4 + 0.6 * share) * _stands(known, viewer, id) for id, share in fits.items()}
    best = sorted(scores, key=lambda id: (-scores[id], known.areas[id].level, id))[:_AREAS]
    shapes = await queries.area_shapes(session, best) if best else {}
    return [
        Found(
            kind="area",
            title=known.areas[id].name,
            detail=known.told(known.areas[id].parent_id),
            place=place,
            score=_score(scores[id] * attempt.worth),
            extent=box,
            area=known.found(id),
        )
        for id, (place, box) in shapes.items()
    ]


def _stands(known: Tree, viewer: Viewer, area_id: int) -> float:
    """An area below or above the viewer's own is meant before one elsewhere."""
    return _OWN_AREA if known.related(viewer.area_id, area_id) else _OTHER_AREA


async def _numbered(session: Session, known: Tree, places: Sequence[LonLat]) -> list[Found]:
    """Return the places of coordinates; a second reading only where the first lies outside of all areas."""
    at = await queries.areas_at(session, places)
    told = [one for one in zip(places, at, strict=True) if one[1] is not None]
    return [
        Found(
            kind="coordinates",
            title=_same(f"{place.lat:.6f}, {place.lon:.6f}"),
            detail=known.told(area_id),
            place=place,
            score=1.0,
            area=known.found(area_id),
        )
        for place, area_id in (*told, (places[0], None))[:1]
    ]


def _found(hit: Hit, known: Tree, worth: float) -> Found:
    street = None if hit.street is None or hit.house is None else queries.housed(hit.street, hit.house)
    address = hit.kind == "address" and street is not None
    also = _same(hit.common_name or "") if address else street if hit.address_id is not None else None
    return Found(
        kind=hit.kind,
        title=street if address and street is not None else hit.title,
        detail=_joined(also, known.told(hit.area_id)),
        place=hit.place,
        score=_score(hit.score * worth),
        extent=hit.extent,
        area=known.found(hit.area_id),
        address_id=hit.address_id,
    )


def _score(value: float) -> float:
    return round(min(1.0, value), 4)


def _same(text: str) -> Title:
    return Title(kk=text, ru=text, en=text)


def _joined(first: Title | None, then: Title) -> Title:
    both = [one for one in (first, then) if one is not None]
    kk, ru, en = (", ".join(text for one in both if (text := getattr(one, tongue))) for tongue in ("kk", "ru", "en"))
    return Title(kk=kk, ru=ru, en=en)


def _distinct(found: Iterable[Found]) -> list[Found]:
    """Leave out what bears the title of a better one and stands where that stands."""
    kept: list[Found] = []
    for one in found:
        if not any(one.title == other.title and apart_m(one.place, other.place) < _SAME_M for other in kept):
            kept.append(one)
    return kept
