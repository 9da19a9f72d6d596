"""Does a new event belong to an open incident, or does it open one? A proposal: a person confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_server.operations.catalogue import Catalogue
from geo_server.operations.duplicates import Likeness, Report
from geo_server.operations.kinship import reach_of
from layers.values import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The event belongs to this incident."""

    likeness: Likeness

    @property
    def reason(self) -> Title:
        """Return why."""
        return self.likeness.because


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The event opens an incident of this category."""

    category: str
    reason: Title


def triage(known: Catalogue, category: str, report: Report, alike: Sequence[Likeness]) -> Join | Open:
    """Return what to propose: to join the likeliest of the incidents it may be about, or to open one."""
    if alike:
        return Join(likeness=alike[0])
    return Open(category=category, reason=_nothing_near(known, category, report))


def _nothing_near(known: Catalogue, category: str, report: Report) -> Title:
    reach = reach_of(known, category)
    metres, minutes = round(reach.radius_m + report.radius_m), round(reach.seconds / 60)
    return Title(
        kk=f"{metres} м және {minutes} мин ішінде сәйкес ашық оқыс оқиға жоқ.",
        ru=f"В пределах {metres} м и {minutes} мин нет подходящего открытого происшествия.",
        en=f"No fitting open incident within {metres} m and {minutes} min.",
    )
