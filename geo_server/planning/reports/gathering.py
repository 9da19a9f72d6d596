"""Gathers what a report tells, within what its viewer may see."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from geo_server.planning.reports import queries
from geo_server.planning.reports.schema import AreaTold, Drawn, Told, Wanted
from layers.areas import queries as areas
from layers.coverage import queries as coverage
from layers.coverage.schema import AreaShare
from layers.database import Session
from layers.gaps import queries as gaps
from layers.viewer import Viewer

MOST_GAPS = 50  # in the table of a report
MOST_UNSEEING = 200
Step = Callable[[], Awaitable[None]]  # says that one step of the work is done; raises where it is called off
STEPS = 8  # that gathering says


async def gathered(session: Session, viewer: Viewer, wanted: Wanted, made_at: datetime, step: Step) -> Told:
    """Return all that a page says of the viewer's area; LookupError where that is no more."""
    tree = await areas.below(session, viewer.area_id)
    own = next((one for one in tree if one.id == viewer.area_id), None)
    if own is None:
        raise LookupError(f"There is no area {viewer.area_id} any more.")
    shares = _by_area(await coverage.shares(session, viewer, wanted.purpose))
    state = await coverage.state(session, [one.id for one in tree])
    unseeing, whole = await queries.unseeing(session, viewer, wanted.language, MOST_UNSEEING)
    ranked = await gaps.ranked(session, viewer, wanted.purpose, most=MOST_GAPS)
    await step()
    return Told(
        wanted=wanted,
        area=own,
        made_by=viewer.name,
        made_at=made_at,
        oldest=state.oldest,
        waiting=state.waiting,
        areas=[AreaTold(area=one, shares=shares[one.id]) for one in tree if one.id in shares],
        gaps=ranked,
        unseeing=unseeing,
        unseeing_whole=whole,
        layers=await _layers(session, viewer, wanted, shares, step),
        hanging=await queries.hanging(session, viewer),
        tiles=await queries.seen_of_tiles(session, viewer, wanted.purpose),
        bbox=await queries.extent(session, viewer),
    )


async def _layers(
    session: Session, viewer: Viewer, wanted: Wanted, shares: dict[int, dict[str, AreaShare]], step: Step
) -> dict[str, Drawn]:
    asked: dict[str, Callable[[], Awaitable[Drawn]]] = {
        "areas": lambda: _areas(session, viewer, shares),
        "landcover": lambda: queries.landcover_of(session, viewer),
        "buildings": lambda: queries.buildings_of(session, viewer),
        "streets": lambda: queries.streets_of(session, viewer),
        "coverage": lambda: queries.coverage_of(session, viewer, wanted.purpose),
        "gaps": lambda: queries.gaps_of(session, viewer, wanted.purpose),
        "cameras": lambda: queries.cameras_of(session, viewer, wanted.language),
    }
    found: dict[str, Drawn] = {}
    for name, ask in asked.items():
        found[name] = await ask()
        await step()
    return found


async def _areas(session: Session, viewer: Viewer, shares: dict[int, dict[str, AreaShare]]) -> Drawn:
    """Return the areas of which a share is known, each with that of its ground, 0 to 1."""
    found = await queries.areas_of(session, viewer)
    told = [(one, shares.get(one.told["id"], {}).get("ground_m2")) for one in found.shapes]
    shapes = [
        replace(one, told={**one.told, "seen": ground.seen / ground.whole if ground.whole else 0.0})
        for one, ground in told
        if ground is not None
    ]
    return replace(found, shapes=shapes)


def _by_area(found: list[AreaShare]) -> dict[int, dict[str, AreaShare]]:
    told: dict[int, dict[str, AreaShare]] = {}
    for one in found:
        told.setdefault(one.area_id, {})[one.measure] = one
    return told
