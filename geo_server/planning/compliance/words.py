"""The words of compliance, `data/compliance.json`: facts, sources, why nothing can be told, and what would mend it."""

from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from layers.values import Title

FILE = Path(__file__).parents[3] / "data" / "compliance.json"
Titles = dict[str, Title]


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Titles by name, in three languages, some with {figures}; and the two days of art. 6."""

    norm: Title
    newly_installed_from: date
    older_private_until: date
    facts: Titles
    columns: Titles
    sources: Titles
    because: Titles
    watches: Titles
    mends: Titles
    at_preset: Title
    units: Titles
    answers: Titles
    deadlines: Titles


@cache
def words() -> Words:
    """Return them all."""
    return msgspec.json.decode(FILE.read_bytes(), type=Words)


def filled(template: Title, **figures: float | str | Title) -> Title:
    """Return a title with its figures, each as its language writes it: a decimal comma in Kazakh and Russian."""
    return Title(**{language: _in(language, template, figures) for language in ("kk", "ru", "en")})


def shown(value: float, unit: str) -> Title:
    """Return a fact with its unit: shares in per cent, a yes and a no in words."""
    if unit == "yes":
        return words().answers["yes" if value else "no"]
    if unit == "s" and 0 < value < 1:
        return filled(_PLAIN, n=f"1/{1 / value:.0f}", unit=words().units["s"])
    return filled(
        _PLAIN if unit != "deg" else _CLOSE,
        n=rounded(100 * value if unit == "share" else value),
        unit=words().units[unit],
    )


def rounded(value: float) -> float:
    """Return a figure as exactly as anybody reads it: three digits, whole ones whole."""
    return float(f"{value:.3g}") if abs(value) < 1000 else float(round(value))


_PLAIN = Title(kk="{n} {unit}", ru="{n} {unit}", en="{n} {unit}")
_CLOSE = Title(kk="{n}{unit}", ru="{n}{unit}", en="{n}{unit}")


def _in(language: str, template: Title, figures: dict[str, float | str | Title]) -> str:
    told = {name: _figure(language, value) for name, value in figures.items()}
    text: str = getattr(template, language)
    return text.format_map(told)


def _figure(language: str, value: float | str | Title) -> str:
    if isinstance(value, Title):
        return str(getattr(value, language))
    if isinstance(value, str):
        return value
    text = f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
    return text if language == "en" else text.replace(".", ",")
