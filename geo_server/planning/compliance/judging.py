"""Judging cameras by the rules, all at once: a column a rule, a row a camera; what is not known is not guessed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.compliance.rules import Rule

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SLACK = 1e-6  # facts are kept as 32-bit numbers: 1.8 m is not 1.79999995 m
RUNS = "function:"  # before the name of a function, as a flag


class Verdict(IntEnum):
    """What comes of one rule for one camera."""

    NOT_ASKED = 0
    MEETS = 1
    BREAKS = 2
    CANNOT_TELL = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cameras:
    """What is known of n cameras: facts by name, NaN where they are not, and flags by name.

    Flags: `every`, the modules, `function:NAME` for each function it runs, and what is watched: `road`, `barrier`,
    `passage`, `flow`, `slow`, `fast`. Of a pair of which neither is set it is not known which it is, and where no
    function is set, not which of them it runs. `at_most` flags facts that may be less than told:
    they show that a rule is met, and never that it is broken.
    """

    count: int
    facts: Mapping[str, Floats]
    flags: Mapping[str, Flags]
    at_most: Mapping[str, Flags] = field(default_factory=dict)

    def fact(self, name: str) -> Floats:
        """Return a fact of every camera; NaN where nobody knows it."""
        return self.facts.get(name, np.full(self.count, np.nan))

    def flag(self, name: str) -> Flags:
        """Return which cameras have a flag."""
        return (
            np.ones(self.count, np.bool_) if name == "every" else self.flags.get(name, np.zeros(self.count, np.bool_))
        )

    def runs(self, names: Collection[str] | None = None) -> Flags:
        """Return which cameras run one of these functions; of all functions where none is named."""
        told = [
            flag
            for name, flag in self.flags.items()
            if name.startswith(RUNS) and (not names or name[len(RUNS) :] in names)
        ]
        return np.any(told, axis=0) if told else np.zeros(self.count, np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Verdicts, n x rules, and `off`: how much a fact has to grow or shrink to be allowed; NaN where nobody knows."""

    rules: tuple[Rule, ...]
    verdicts: NDArray[np.int8]
    off: Floats

    def worst(self) -> NDArray[np.int8]:
        """Return the verdict over all rules: one that breaks any breaks, else what cannot be told is not told."""
        breaks, unknown = (self.verdicts == which for which in (Verdict.BREAKS, Verdict.CANNOT_TELL))
        meets = (self.verdicts == Verdict.MEETS).any(axis=1)
        found = np.where(unknown.any(axis=1), Verdict.CANNOT_TELL, np.where(meets, Verdict.MEETS, Verdict.NOT_ASKED))
        return np.where(breaks.any(axis=1), Verdict.BREAKS, found).astype(np.int8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Folded:
    """What comes of each camera over its views, and `at`, n x rules: the number of the view that it comes of."""

    judged: Judged
    at: NDArray[np.int64]


_RANK = np.array([0, 1, 3, 2], np.int8)  # of verdicts: one view that breaks a rule breaks it for the camera


def folded(views: Judged, starts: NDArray[np.int64]) -> Folded:
    """Return the worst of each camera's views by each rule, of several that break it the one furthest off.

    The views of one camera follow each other; `starts` are the numbers of each one's first.
    """
    count = len(views.verdicts)
    if len(starts) == count:
        return Folded(judged=views, at=np.broadcast_to(np.arange(count)[:, None], views.verdicts.shape))
    of = np.repeat(np.arange(len(starts)), np.diff(starts, append=count))
    rank, far = _RANK[views.verdicts], np.abs(np.nan_to_num(views.off))
    columns = range(views.verdicts.shape[1])
    at = np.column_stack([np.lexsort((-far[:, n], -rank[:, n], of))[starts] for n in columns])
    verdicts, off = np.take_along_axis(views.verdicts, at, axis=0), np.take_along_axis(views.off, at, axis=0)
    return Folded(judged=Judged(rules=views.rules, verdicts=verdicts, off=off), at=at)


EITHER = {
    "road": "barrier", "barrier": "road", "passage": "flow", "flow": "passage", "slow": "fast", "fast": "slow",
}  # fmt: skip


def judged(by: Sequence[Rule], cameras: Cameras) -> Judged:
    """Judge every camera by every rule that is asked of it."""
    columns = [_column(rule, cameras) for rule in by]
    empty: tuple[NDArray[np.int8], Floats] = (np.zeros((cameras.count, 0), np.int8), np.zeros((cameras.count, 0)))
    verdicts, off = (np.column_stack(part) for part in zip(*columns, strict=True)) if columns else empty
    return Judged(rules=tuple(by), verdicts=verdicts, off=off)


def _column(rule: Rule, cameras: Cameras) -> tuple[NDArray[np.int8], Floats]:
    value, asked = cameras.fact(rule.fact), _asked(rule, cameras)
    off = _off(rule, value)
    verdict = np.where(np.isnan(off), Verdict.CANNOT_TELL, np.where(off == 0, Verdict.MEETS, Verdict.BREAKS))
    perhaps = unsure(rule, cameras) | cameras.at_most.get(rule.fact, np.zeros(cameras.count, np.bool_))
    verdict = np.where(perhaps & (verdict == Verdict.BREAKS), Verdict.CANNOT_TELL, verdict)
    return np.where(asked, verdict, Verdict.NOT_ASKED).astype(np.int8), np.where(asked, off, np.nan)


def _asked(rule: Rule, cameras: Cameras) -> Flags:
    """Return of whom the rule is asked, or may have to be."""
    asked = cameras.flag(rule.of)
    if rule.for_:
        asked = asked & (cameras.runs(rule.for_) | ~cameras.runs())
    if rule.when:
        asked = asked & (cameras.flag(rule.when) | ~cameras.flag(EITHER[rule.when]))
    return asked


def unsure(rule: Rule, cameras: Cameras) -> Flags:
    """Return for whom the rule counts only perhaps: what the camera watches, or looks for, is not known."""
    watches = ~cameras.flag(rule.when) if rule.when else np.zeros(cameras.count, np.bool_)
    return watches | ~cameras.runs(rule.for_) if rule.for_ else watches


def _off(rule: Rule, value: Floats) -> Floats:
    """Return how much a fact has to grow (more than 0) or shrink (less) to be allowed."""
    least = -np.inf if rule.least is None else rule.least
    most = np.inf if rule.most is None else rule.most
    slack = SLACK * np.maximum(1.0, np.abs(value))
    return np.where(value < least - slack, least - value, np.where(value > most + slack, most - value, 0 * value))
