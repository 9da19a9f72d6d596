"""What a register should tell of a camera and does not: columns, and the facts without which nobody can judge it."""

from collections.abc import Mapping, Sequence

import numpy as np

from geo_server.planning.compliance.judging import EITHER, Flags, Judged, Verdict, unsure
from geo_server.planning.compliance.known import Known, Source, Why
from geo_server.planning.compliance.words import words
from layers.cameras.installed import Installed
from layers.values import Title

COLUMNS = ("owner", "installed_on", "model", "height_m", "heading_deg", "tilt_deg", "hfov_deg", "width_px")
MODULES = ("person", "plate", "situation")


def gaps(known: Known, judged: Judged, cameras: Sequence[Installed]) -> Mapping[str, Flags]:
    """Return by name which cameras, or views of them, lack it, columns before facts; what nobody lacks is left out."""
    found: dict[str, Flags] = {
        name: np.array([getattr(one, name) is None for one in cameras], np.bool_) for name in COLUMNS
    }
    # Whose camera hangs by agreement alone needs one: art. 1.
    found["contract"] = np.array([one.owner_kind == "private" and one.contract is None for one in cameras], np.bool_)
    found["modules"] = ~np.any([known.cameras.flag(name) for name in MODULES], axis=0)
    for column, rule in enumerate(judged.rules):
        untold = judged.verdicts[:, column] == Verdict.CANNOT_TELL
        fact = known.facts[rule.fact]
        unknown = fact.source == Source.UNKNOWN
        _add(found, rule.fact, untold & unknown & (fact.why == Why.NOT_IN_REGISTER))
        if rule.when:
            neither = ~known.cameras.flag(rule.when) & ~known.cameras.flag(EITHER[rule.when])
            _add(found, "watches", untold & ~unknown & neither)
        if rule.for_:
            _add(found, "functions", untold & ~unknown & unsure(rule, known.cameras))
    return {name: flags for name, flags in found.items() if flags.any()}


def _add(found: dict[str, Flags], name: str, more: Flags) -> None:
    found[name] = found[name] | more if name in found else more


def title_of(gap: str) -> Title:
    """Return what a gap is called."""
    return words().columns.get(gap) or words().facts[gap]
