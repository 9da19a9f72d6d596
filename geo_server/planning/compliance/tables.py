"""The report as tables: comma-separated values, one table a file, or a workbook with all of them."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from geo_server.planning.compliance.cards import NAMES, Finding, findings
from geo_server.planning.compliance.gaps import title_of
from geo_server.planning.compliance.reports import Assessed, Counts, by_area, by_owner, by_rule, by_year
from geo_server.planning.compliance.words import words
from geo_server.record.schema import Language
from geo_server.record.tables import as_csv, safe
from layers.areas.schema import Area
from layers.values import Title

TableName = Literal["areas", "owners", "years", "rules", "gaps", "cameras", "mends"]
Kind = Literal["csv", "xlsx"]
TABLES: tuple[TableName, ...] = ("areas", "owners", "years", "rules", "gaps", "cameras", "mends")
MOST_ROWS = 50_000  # of a sheet; the file of that table alone has all
_COUNTS = ("cameras", "meets", "breaks", "cannot_tell", "not_asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told, of which tree of areas, in which language."""

    found: Assessed
    tree: Sequence[Area]
    language: Language

    def say(self, title: Title | None) -> str:
        """Return a title in the report's language."""
        return "" if title is None else str(getattr(title, self.language))


def one_csv(report: Report, table: TableName) -> bytes:
    """Return one table, UTF-8 with a byte order mark."""
    head, rows = _TABLES[table](report)
    return as_csv(head, rows)


def workbook(report: Report) -> bytes:
    """Return all tables, a sheet each."""
    book = Workbook(write_only=True)
    for name in TABLES:
        sheet = book.create_sheet(name)
        head, rows = _TABLES[name](report)
        sheet.append(list(head))
        for n, row in enumerate(rows):
            if n == MOST_ROWS:
                sheet.append([f"… {MOST_ROWS}"])
                break
            sheet.append([_printable(safe(value)) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _printable(value: Any) -> Any:
    """A workbook is XML: what that cannot hold is left out."""
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


Rows = tuple[Sequence[str], Iterable[Sequence[Any]]]


def _counted(counts: Counts) -> list[int]:
    return [getattr(counts, name) for name in _COUNTS]


def _areas(report: Report) -> Rows:
    rows = (
        (area.code, report.say(area.name), int(area.level), *_counted(counts))
        for area, counts in by_area(report.found, report.tree)
    )
    return ("code", "area", "level", *_COUNTS), rows


def _owners(report: Report) -> Rows:
    return ("owner", "owner_kind", *_COUNTS), ((*key, *_counted(counts)) for key, counts in by_owner(report.found))


def _years(report: Report) -> Rows:
    rows = (
        (year, why, report.say(words().deadlines[why]), *_counted(counts))
        for (year, why), counts in by_year(report.found)
    )
    return ("year", "why", "deadline", *_COUNTS), rows


def _rules(report: Report) -> Rows:
    rows = (
        (rule.article, rule.name, report.say(rule.title), *_counted(counts)) for rule, counts in by_rule(report.found)
    )
    return ("article", "rule", "title", *_COUNTS), rows


def _gaps(report: Report) -> Rows:
    rows = ((name, report.say(title_of(name)), int(flags.sum())) for name, flags in report.found.gaps.items())
    return ("gap", "title", "cameras"), rows


def _cameras(report: Report) -> Rows:
    head = (
        "id", "code", "name", "lon", "lat", "area_id", "owner", "owner_kind", "installed_on", "deadline",
        "deadline_why", "verdict", "breaks", "cannot_tell", "gaps",
    )  # fmt: skip
    return head, (_camera(report, row) for row in range(len(report.found.cameras)))


def _camera(report: Report, row: int) -> tuple[Any, ...]:
    found, camera = report.found, report.found.cameras[row]
    until = found.deadlines[row]
    return (
        *(camera.id, camera.code, report.say(camera.name), round(camera.place.lon, 7), round(camera.place.lat, 7)),
        *(camera.area_id, camera.owner, camera.owner_kind, camera.installed_on, until.day, until.why),
        NAMES[int(found.worst[row])],
        " ".join(of_verdict(found, row, 2)),
        " ".join(of_verdict(found, row, 3)),
        " ".join(name for name, flags in found.gaps.items() if flags[row]),
    )


def of_verdict(found: Assessed, row: int, verdict: int) -> list[str]:
    """Return the names of the rules that come to a verdict for a camera."""
    return [found.judged.rules[n].name for n in np.flatnonzero(found.judged.verdicts[row] == verdict)]


def _mends(report: Report) -> Rows:
    """Tell every rule that a camera breaks, with what would mend it."""
    head = ("code", "owner", "article", "rule", "title", "value", "source", "mend")
    return head, (row for n in range(len(report.found.cameras)) for row in _found(report, n))


def _found(report: Report, row: int) -> Iterator[tuple[Any, ...]]:
    found, camera = report.found, report.found.cameras[row]
    for one in findings(found, row, only="breaks"):
        yield (camera.code, camera.owner, *_finding(report, one))


def _finding(report: Report, one: Finding) -> tuple[Any, ...]:
    rule = one.rule
    return (
        *(rule.article, rule.name, report.say(rule.title), report.say(one.shown)),
        *(report.say(words().sources[one.source]), "" if one.mend is None else report.say(one.mend.title)),
    )


_TABLES = {
    "areas": _areas,
    "owners": _owners,
    "years": _years,
    "rules": _rules,
    "gaps": _gaps,
    "cameras": _cameras,
    "mends": _mends,
}


def file(report: Report, kind: Kind, table: TableName) -> bytes:
    """Return the file that was asked for."""
    return workbook(report) if kind == "xlsx" else one_csv(report, table)
