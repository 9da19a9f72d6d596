"""How many cameras meet, break or cannot be told to meet the rules: by rule, owner, area and year of the deadline."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.compliance.deadlines import Deadline, Grounds, deadline
from geo_server.planning.compliance.gaps import gaps
from geo_server.planning.compliance.judging import Flags, Judged, Verdict, folded, judged
from geo_server.planning.compliance.known import Known
from geo_server.planning.compliance.rules import Rule, rules
from layers.areas.schema import Area
from layers.cameras.installed import Installed, Practice

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cameras by what comes of all their rules; `not_asked` of whom no rule is asked."""

    cameras: int
    meets: int
    breaks: int
    cannot_tell: int
    not_asked: int

    @classmethod
    def of(cls, verdicts: NDArray[np.int8]) -> "Counts":
        """Count them."""
        by = np.bincount(verdicts, minlength=len(Verdict))
        return cls(
            cameras=len(verdicts),
            meets=int(by[Verdict.MEETS]),
            breaks=int(by[Verdict.BREAKS]),
            cannot_tell=int(by[Verdict.CANNOT_TELL]),
            not_asked=int(by[Verdict.NOT_ASKED]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assessed:
    """Cameras, what comes of each rule for them, over all rules, and by when they have to comply.

    `known` is what is known of their views, `starts` the number of each camera's first one, and `at` by camera and
    rule the view that the verdict is of: one that turns is judged at each preset, and its worst counts.
    """

    cameras: Sequence[Installed]
    known: Known
    starts: NDArray[np.int64]
    views: Sequence[Installed]
    judged: Judged
    at: NDArray[np.int64]
    worst: NDArray[np.int8]
    gaps: Mapping[str, Flags]
    deadlines: Sequence[Deadline]


def assessed(
    cameras: Sequence[Installed], practice: Mapping[int, Practice], streets: Mapping[int, float] | None = None
) -> Assessed:
    """Judge cameras by all rules; `streets` by the number of the view."""
    views, starts = viewed(cameras)
    known = Known.of(views, practice, streets)
    each = judged(rules(), known.cameras)
    found = folded(each, starts)
    return Assessed(
        cameras=cameras,
        known=known,
        starts=starts,
        views=views,
        judged=found.judged,
        at=found.at,
        worst=found.judged.worst(),
        gaps={name: _any(flags, starts) for name, flags in gaps(known, each, views).items()},
        deadlines=[deadline(one.installed_on, one.owner_kind) for one in cameras],
    )


def viewed(cameras: Sequence[Installed]) -> tuple[list[Installed], NDArray[np.int64]]:
    """Return all views, those of a camera one after the other, and the number of each one's first."""
    each = [one.views() for one in cameras]
    counts = np.fromiter(map(len, each), np.int64, len(each))
    return list(chain.from_iterable(each)), np.cumsum(counts) - counts


def _any(flags: Flags, starts: NDArray[np.int64]) -> Flags:
    return flags if len(starts) == len(flags) else np.logical_or.reduceat(flags, starts)


def by_rule(found: Assessed) -> list[tuple[Rule, Counts]]:
    """Return the counts of each rule, in the order of the articles."""
    return [(rule, Counts.of(found.judged.verdicts[:, n])) for n, rule in enumerate(found.judged.rules)]


def by_owner(found: Assessed) -> list[tuple[tuple[str | None, str], Counts]]:
    """Return the counts by owner and kind of owner, those that break most first."""
    grouped = _grouped(found.worst, [(one.owner, one.owner_kind) for one in found.cameras])
    return sorted(grouped.items(), key=lambda one: (-one[1].breaks, -one[1].cameras, one[0][0] or "", one[0][1]))


def by_year(found: Assessed) -> list[tuple[tuple[int | None, Grounds], Counts]]:
    """Return the counts by the year of the deadline, the earliest first, and those that have none last."""
    keys = [(None if one.day is None else one.day.year, one.why) for one in found.deadlines]
    return sorted(_grouped(found.worst, keys).items(), key=lambda one: (one[0][0] or 9999, one[0][1]))


def by_area(found: Assessed, tree: Sequence[Area]) -> list[tuple[Area, Counts]]:
    """Return the counts of each area with all below it that has cameras, in the order of the tree."""
    above = {area.id: area.parent_id for area in tree}
    rows: dict[int, list[int]] = {}
    for row, camera in enumerate(found.cameras):
        one = camera.area_id
        while one in above:
            rows.setdefault(one, []).append(row)
            one = above[one]
    return [(area, Counts.of(found.worst[rows[area.id]])) for area in tree if area.id in rows]


def listed(found: Assessed, column: int | None, verdict: int | None) -> NDArray[np.int64]:
    """Return the cameras of whom that comes, of one rule or of all, those that break most first.

    Of whom a rule is not asked, they are not in its list unless that is what is asked for.
    """
    verdicts = found.worst if column is None else found.judged.verdicts[:, column]
    if verdict is None:
        chosen = np.full(len(verdicts), column is None) | (verdicts != Verdict.NOT_ASKED)
    else:
        chosen = verdicts == verdict
    breaks, unknown = ((found.judged.verdicts == one).sum(axis=1) for one in (Verdict.BREAKS, Verdict.CANNOT_TELL))
    order = np.lexsort((np.arange(len(chosen)), -unknown, -breaks))
    return np.asarray(order[chosen[order]], np.int64)


def _grouped(worst: NDArray[np.int8], keys: Sequence[Key]) -> dict[Key, Counts]:
    rows: dict[Key, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    return {key: Counts.of(worst[those]) for key, those in rows.items()}
