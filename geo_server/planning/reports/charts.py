"""Charts as inline SVG: bars of shares, what two cameras see darker; their figures stand beside them as text."""

from collections.abc import Sequence
from html import escape

from geo_server.planning.reports import look
from geo_server.planning.reports.schema import MEASURES, AreaTold, Told
from geo_server.planning.reports.words import percent, say
from geo_server.planning.reports.words import title as titled
from layers.coverage.schema import AreaShare

MOST_BARS = 30
_ROW, _LABEL, _BAR, _WIDTH = 26, 270, 380, 740


def of_measures(told: Told) -> str:
    """Return how much of each measure is seen in the whole area."""
    if not told.areas:
        return ""
    language, own = told.wanted.language, told.areas[0]
    rows = [(say(name, language), own.shares[name]) for name in MEASURES if name in own.shares]
    return _bars(say("chart", language), [(name, one) for name, one in rows if one.whole > 0])


def of_areas(told: Told) -> str:
    """Return how much of the ground of each area right below is seen, the least first."""
    language = told.wanted.language
    below = [one for one in told.areas if one.area.parent_id == told.area.id and "ground_m2" in one.shares]
    worst = sorted(below, key=_seen)[:MOST_BARS]
    rows = [(titled(one.area.name, language), one.shares["ground_m2"]) for one in worst]
    return _bars(say("chart_areas", language), rows)


def _seen(one: AreaTold) -> float:
    ground = one.shares["ground_m2"]
    return ground.seen / ground.whole if ground.whole else 0.0


def _bars(title: str, rows: Sequence[tuple[str, AreaShare]]) -> str:
    if not rows:
        return ""
    bars = "".join(_bar(n * _ROW, name, one) for n, (name, one) in enumerate(rows))
    box = f'viewBox="0 0 {_WIDTH} {len(rows) * _ROW}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{escape(title)}" {box}>'
    return f"<figure><figcaption>{escape(title)}</figcaption>{head}{bars}</svg></figure>"


def _bar(y: int, name: str, one: AreaShare) -> str:
    seen, twice = (_BAR * part / one.whole if one.whole else 0.0 for part in (one.seen, one.twice))
    middle = y + _ROW / 2 + 4
    return (
        f'<text x="{_LABEL - 10}" y="{middle}" text-anchor="end" font-size="13">{escape(_short(name))}</text>'
        f'<rect x="{_LABEL}" y="{y + 5}" width="{_BAR}" height="{_ROW - 10}" fill="#e6e6e3"/>'
        f'<rect x="{_LABEL}" y="{y + 5}" width="{seen:.1f}" height="{_ROW - 10}" fill="{look.ONE}"/>'
        f'<rect x="{_LABEL}" y="{y + 5}" width="{twice:.1f}" height="{_ROW - 10}" fill="{look.MORE}"/>'
        f'<text x="{_LABEL + _BAR + 8}" y="{middle}" font-size="13">{percent(one.seen, one.whole)}</text>'
    )


def _short(name: str) -> str:
    return name if len(name) <= 34 else f"{name[:33]}…"
