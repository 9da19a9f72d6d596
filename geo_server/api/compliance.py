"""Compliance: whether cameras are installed by the rules (Almaty 213, art. 8 to 13), and what would mend them."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import compliance as models
from geo_server.api.models.base import Area, Id, Title
from geo_server.errors import Refusal
from geo_server.planning.compliance import cards, reports, tables
from geo_server.planning.compliance.gaps import MODULES, title_of
from geo_server.planning.compliance.judging import Verdict
from geo_server.planning.compliance.reading import assess
from geo_server.planning.compliance.reports import Assessed
from geo_server.planning.compliance.rules import rules
from geo_server.planning.compliance.words import words
from geo_server.record.schema import Language
from layers.areas import queries as areas
from layers.areas.schema import Area as AreaRow
from layers.database import Session
from layers.viewer import Viewer

_LAST_ID = 2**63 - 1
CODES = {name: code for code, name in cards.NAMES.items()}
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in KINDS.values()}}
}
router = APIRouter(prefix="/compliance", tags=["compliance"])

OfArea = Annotated[int | None, Query(ge=1, le=_LAST_ID, description="Of this area and all below it alone.")]
OfOwner = Annotated[
    str | None, Query(max_length=200, description="Of this owner alone; empty: of those whose owner nobody told.")
]


@router.get("")
async def report(
    visiting: Annotated[Visiting, permitted("compliance.read")], area_id: OfArea = None, owner: OfOwner = None
) -> models.Report:
    """Return how many cameras meet, break or cannot be told to meet the rules: by rule, area, owner, year, and gaps."""
    async with visiting.visit() as session:
        tree = await _tree(session, visiting.viewer, area_id)
        found = await assess(session, visiting.viewer, area_id=area_id, owner=owner)
    return await asyncio.to_thread(_report, found, tree)


@router.get("/cameras")
async def cameras(
    visiting: Annotated[Visiting, permitted("compliance.read")],
    area_id: OfArea = None,
    owner: OfOwner = None,
    rule: Annotated[str | None, Query(max_length=50, description="By this rule alone.")] = None,
    verdict: Annotated[models.Verdict | None, Query(description="Of whom that comes; of all rules, or of one.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    past: Annotated[int, Query(ge=0, le=1_000_000, description="Pass over so many.")] = 0,
) -> models.JudgedCameras:
    """Return cameras by what comes of the rules, those that break most first."""
    column = None if rule is None else _column(rule)
    async with visiting.visit() as session:
        await _tree(session, visiting.viewer, area_id)
        found = await assess(session, visiting.viewer, area_id=area_id, owner=owner)
    rows = reports.listed(found, column, None if verdict is None else CODES[verdict])
    return models.JudgedCameras(
        cameras=[_judged(found, int(row)) for row in rows[past : past + limit]],
        total=len(rows),
        next=past + limit if len(rows) > past + limit else None,
    )


@router.get("/cameras/{id}")
async def card(id: Id, visiting: Annotated[Visiting, permitted("compliance.card")]) -> models.CameraCompliance:
    """Return one camera by every rule that is asked of it, why some cannot be told, and what would mend others."""
    async with visiting.visit("cameras", id) as session:
        found = await assess(session, visiting.viewer, camera_id=id)
        if not found.cameras:
            raise Refusal("no_such_camera", id=id)
        area_id = found.cameras[0].area_id
        area = None if area_id is None else await areas.find(session, area_id)
    return _card(found, area)


@router.get("/export", response_class=Response, responses=_FILE)
async def export(
    visiting: Annotated[Visiting, permitted("compliance.export")],
    kind: Annotated[tables.Kind, Query(alias="format", description="A table, or a workbook of all.")] = "xlsx",
    table: Annotated[tables.TableName, Query(description="Which table, of comma-separated values.")] = "areas",
    language: Language = "en",
    area_id: OfArea = None,
    owner: OfOwner = None,
) -> Response:
    """Return the report as a file."""
    async with visiting.visit() as session:
        tree = await _tree(session, visiting.viewer, area_id)
        found = await assess(session, visiting.viewer, area_id=area_id, owner=owner)
        visiting.say(details={"format": kind, "table": table, "cameras": len(found.cameras)})
    told = tables.Report(found=found, tree=tree, language=language)
    body = await asyncio.to_thread(tables.file, told, kind, table)
    name = f"compliance-{table}.csv" if kind == "csv" else "compliance.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type=KINDS[kind])


async def _tree(session: Session, viewer: Viewer, area_id: int | None) -> list[AreaRow]:
    """Return the areas that are told of: those the viewer sees, in the part of the tree that is asked for."""
    inside = await areas.inside(session, viewer)
    if area_id is not None and area_id not in inside:
        raise Refusal("no_such_area", id=area_id)
    wanted = await areas.below(session, viewer.area_id if area_id is None else area_id)
    return [one for one in wanted if one.id in inside]


def _column(name: str) -> int:
    names = [one.name for one in rules()]
    if name not in names:
        raise Refusal("no_such_rule", rule=name)
    return names.index(name)


# ── what is told ────────────────────────────────────────────────────────────────────────────────────────────────


def _report(found: Assessed, tree: list[AreaRow]) -> models.Report:
    return models.Report(
        norm=Title.model_validate(words().norm),
        counts=_counts(reports.Counts.of(found.worst)),
        rules=[models.RuleCounts(rule=_rule(one), counts=_counts(n)) for one, n in reports.by_rule(found)],
        areas=[
            models.AreaCounts(
                area=Area.model_validate(area), parent_id=area.parent_id, level=int(area.level), counts=_counts(n)
            )
            for area, n in reports.by_area(found, tree)
        ],
        owners=[
            models.OwnerCounts(owner=owner, owner_kind=kind, counts=_counts(n))
            for (owner, kind), n in reports.by_owner(found)
        ],
        years=[
            models.YearCounts(year=year, why=why, title=_title(words().deadlines[why]), counts=_counts(n))
            for (year, why), n in reports.by_year(found)
        ],
        gaps=[
            models.GapCount(name=name, title=_title(title_of(name)), cameras=int(flags.sum()))
            for name, flags in found.gaps.items()
        ],
    )


def _counts(counts: reports.Counts) -> models.Counts:
    return models.Counts.model_validate(counts)


def _title(title: Any) -> Title:
    return Title.model_validate(title)


def _rule(rule: Any) -> models.Rule:
    return models.Rule.model_validate(rule)


def _judged(found: Assessed, row: int) -> models.JudgedCamera:
    camera, until = found.cameras[row], found.deadlines[row]
    plain = ("id", "code", "name", "place", "area_id", "owner", "owner_kind")
    told = {
        **{name: getattr(camera, name) for name in plain},
        "verdict": cards.NAMES[int(found.worst[row])],
        "breaks": tables.of_verdict(found, row, Verdict.BREAKS),
        "cannot_tell": tables.of_verdict(found, row, Verdict.CANNOT_TELL),
        "deadline": {"day": until.day, "why": until.why, "title": words().deadlines[until.why]},
    }
    return models.JudgedCamera.model_validate(told, from_attributes=True)


def _card(found: Assessed, area: AreaRow | None) -> models.CameraCompliance:
    camera = found.cameras[0]
    return models.CameraCompliance(
        norm=_title(words().norm),
        camera=_judged(found, 0),
        area=None if area is None else Area.model_validate(area),
        contract=camera.contract,
        installed_on=camera.installed_on,
        modules=[name for name in MODULES if found.known.cameras.flag(name)[0]],
        findings=[_finding(one) for one in cards.findings(found, 0)],
        gaps=[models.Gap(name=name, title=_title(title_of(name))) for name, flags in found.gaps.items() if flags[0]],
    )


def _finding(one: cards.Finding) -> models.Finding:
    told = {name: getattr(one, name) for name in cards.Finding.__dataclass_fields__}
    return models.Finding.model_validate({**told, "source_title": words().sources[one.source]}, from_attributes=True)
