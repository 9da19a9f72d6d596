"""One camera by every rule: what is known and where from, whether it is met, why none can tell, what would mend it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from geo_server.planning.compliance.known import Known, Source, Why
from geo_server.planning.compliance.mends import Broken, Mend, mend
from geo_server.planning.compliance.reports import Assessed
from geo_server.planning.compliance.rules import Rule
from geo_server.planning.compliance.words import filled, shown, words
from layers.cameras.installed import Installed
from layers.values import Title

VerdictName = Literal["not_asked", "meets", "breaks", "cannot_tell"]
SourceName = Literal["unknown", "measured", "register", "derived"]
NAMES: dict[int, VerdictName] = {0: "not_asked", 1: "meets", 2: "breaks", 3: "cannot_tell"}
SOURCES: dict[int, SourceName] = {0: "unknown", 1: "measured", 2: "register", 3: "derived"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What comes of one rule for one camera; `value` in the rule's unit, `shown` as people read it.

    `preset` is the one of a camera that turns at which that comes, where it is not the same at all of them.
    """

    rule: Rule
    verdict: VerdictName
    value: float | None
    shown: Title | None
    source: SourceName
    at_most: bool
    preset: Title | None
    because: Title | None
    mend: Mend | None


def findings(found: Assessed, camera: int, *, only: VerdictName | None = None) -> Iterator[Finding]:
    """Yield what comes of each rule that is asked of a camera, by its number, in the order of the articles.

    Those of one verdict `only`, where that is told.
    """
    for column, rule in enumerate(found.judged.rules):
        verdict = NAMES[int(found.judged.verdicts[camera, column])]
        if verdict == only or (only is None and verdict != "not_asked"):
            yield _finding(found, rule, camera, column, verdict)


def _finding(found: Assessed, rule: Rule, camera: int, column: int, verdict: VerdictName) -> Finding:
    known, row, off = found.known, int(found.at[camera, column]), float(found.judged.off[camera, column])
    fact = known.facts[rule.fact]
    value = float(fact.value[row])
    nothing = bool(np.isnan(value))
    preset = _preset(found, rule, camera, row)
    why = because(known, rule, found.views[row], row) if verdict == "cannot_tell" else None
    what = mend(_broken(known, rule, row, value, off)) if verdict == "breaks" else None
    return Finding(
        rule=rule,
        verdict=verdict,
        value=None if nothing else value,
        shown=None if nothing else shown(value, rule.unit),
        source=SOURCES[int(fact.source[row])],
        at_most=_at_most(known, rule, row),
        preset=preset,
        because=None if why is None else _at_preset(preset, why),
        mend=None if what is None else replace(what, title=_at_preset(preset, what.title)),
    )


def _preset(found: Assessed, rule: Rule, camera: int, row: int) -> Title | None:
    """Return the preset that a verdict is of, where it is not the same at all of them."""
    at, fact = found.views[row].at, found.known.facts[rule.fact]
    if at is None:
        return None
    after = found.starts[camera + 1] if camera + 1 < len(found.starts) else len(found.views)
    same = all(len(np.unique(part[found.starts[camera] : after])) == 1 for part in (fact.value, fact.why))
    return None if same else at.name


def _at_preset(preset: Title | None, what: Title) -> Title:
    return what if preset is None else filled(words().at_preset, preset=preset, what=what)


def _at_most(known: Known, rule: Rule, row: int) -> bool:
    flags = known.cameras.at_most.get(rule.fact)
    return flags is not None and bool(flags[row])


def because(known: Known, rule: Rule, camera: Installed, row: int) -> Title:
    """Return why it cannot be told."""
    fact, said = known.facts[rule.fact], words().because
    if fact.source[row] == Source.UNKNOWN:
        why = Why(int(fact.why[row])).name.lower()
        return filled(said[why], what=words().facts[rule.fact], range=round(camera.range_m))
    if _at_most(known, rule, row):
        return filled(said["at_most"], value=shown(float(fact.value[row]), rule.unit))
    if rule.when and not known.cameras.flag(rule.when)[row]:
        return filled(said["watches"], what=words().watches[rule.when])
    return said["functions"]


def _broken(known: Known, rule: Rule, row: int, value: float, off: float) -> Broken:
    optics = known.optics
    return Broken(
        rule=rule,
        value=value,
        off=off,
        hfov_deg=_told(optics.hfov_deg[row]),
        width_px=_told(optics.width_px[row]),
        focal_mm=_told(known.focal_mm[row]),
        ground_m=_told(known.plate_ground_m[row]),
        zone_m=_told(known.facts["zone_width_m"].value[row]),
        fixed=not np.isnan(optics.watched_m[row]),
    )


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
