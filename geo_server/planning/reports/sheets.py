"""The tables of a report as rows of text: shares up the tree, ranked gaps, cameras nobody can reckon."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_server.planning.reports.schema import MEASURES, AreaTold, Told
from geo_server.planning.reports.words import count, number, percent, say
from geo_server.planning.reports.words import title as titled
from layers.gaps.queries import RankedGap

MOST_AREAS = 400
_COUNTED = ("schools", "places", "incidents", "addresses")
_M2_PER_HA = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its title, what is said before it and instead of it where it is empty, its columns and its rows.

    `indents` is how far below the top each row stands in the tree, where it does.
    """

    title: str
    about: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    indents: Sequence[int] = ()


def shares(told: Told) -> Sheet:
    """Return the shares of the area and of all below it, each below its parent."""
    language = told.wanted.language
    ordered = in_order(told.areas)[:MOST_AREAS]
    rows = [(titled(one.area.name, language), *_percents(one)) for one, _ in ordered]
    heads = tuple(say(name, language) for name in ("area", *MEASURES))
    about = say("shares_about", language) if rows else ""
    return Sheet(title=say("shares", language), about=about, heads=heads, rows=rows, indents=[n for _, n in ordered])


def gaps(told: Told) -> Sheet:
    """Return the gaps that weigh most, with the reasons why."""
    language, whole = told.wanted.language, told.layers["gaps"].whole
    heads = tuple(say(name, language) for name in ("where", "why", "size", "weight", "place"))
    about = say("gaps_about", language, n=len(told.gaps), whole=number(whole, language))
    rows = [_gap(told, one) for one in told.gaps]
    return Sheet(title=say("gaps", language), about=about if rows else say("no_gaps", language), heads=heads, rows=rows)


def unseeing(told: Told) -> Sheet:
    """Return the cameras that nobody can reckon."""
    language = told.wanted.language
    heads = tuple(say(name, language) for name in ("camera", "name", "reason"))
    rows = [(one.code, one.name, say(one.reason, language)) for one in told.unseeing]
    about = say("unseeing_about", language, n=len(rows), whole=number(told.unseeing_whole, language))
    return Sheet(
        title=say("unseeing", language), about=about if rows else say("no_unseeing", language), heads=heads, rows=rows
    )


def left_out(told: Told) -> list[str]:
    """Return what the pictures leave out or simplify, a sentence each; nothing where they hold all."""
    language, found = told.wanted.language, list[str]()
    for name, drawn in told.layers.items():
        word = f"layer_{name}" if name in ("coverage", "gaps", "cameras", "areas") else name
        layer, n = say(word, language), len(drawn.shapes)
        if n < drawn.whole and name != "areas":  # of an area where nothing was reckoned there is nothing to draw
            told_n = {"n": number(n, language), "whole": number(drawn.whole, language)}
            found.append(say("left_shapes", language, layer=layer, **told_n))
        if drawn.within_m:
            found.append(say("left_within", language, layer=layer, m=number(drawn.within_m, language)))
    return [*found, say("left_files", language)] if found else []


def in_order(areas: Sequence[AreaTold]) -> list[tuple[AreaTold, int]]:
    """Return the areas each right after its parent, with how far below the top each stands."""
    here = {one.area.id for one in areas}
    below: dict[int | None, list[AreaTold]] = {}
    for one in areas:
        below.setdefault(one.area.parent_id if one.area.parent_id in here else None, []).append(one)

    def walked(parent: int | None, depth: int) -> list[tuple[AreaTold, int]]:
        return [row for one in below.get(parent, ()) for row in ((one, depth), *walked(one.area.id, depth + 1))]

    return walked(None, 0)


def reasons(gap: RankedGap, told: Told) -> str:
    """Return what of a gap matters, in words; nothing of what there is none of."""
    language = told.wanted.language
    counted = [count(f"gap_{name}", getattr(gap, name), language) for name in _COUNTED if getattr(gap, name) > 0]
    streets = [count("gap_streets", round(gap.streets_m), language)] if gap.streets_m >= 1 else []
    return ", ".join([*counted, *streets]) or say("gap_empty", language)


def _gap(told: Told, one: RankedGap) -> tuple[str, ...]:
    language = told.wanted.language
    where = say("no_address", language) if one.nearest is None else titled(one.nearest, language)
    place = f"{one.place.lat:.5f}, {one.place.lon:.5f}"
    size = number(one.ground_m2 / _M2_PER_HA, language, 2)
    return where, reasons(one, told), size, number(one.weight, language, 1), place


def _percents(one: AreaTold) -> list[str]:
    found = [one.shares.get(name) for name in MEASURES]
    return [
        "—" if share is None or share.whole <= 0 else _both(share.seen, share.twice, share.whole) for share in found
    ]


def _both(seen: float, twice: float, whole: float) -> str:
    return f"{percent(seen, whole)} ({percent(twice, whole)})"
