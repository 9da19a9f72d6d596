"""A plan that is asked for in the shell: `./qyran coverage place …`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import shapely
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.errors import ERRORS, Refusal
from geo_server.planning.placement import queries
from geo_server.planning.placement.asking import ask
from geo_server.planning.placement.kinds import offer
from geo_server.planning.placement.question import Aim, Question
from geo_server.planning.purposes import purposes
from layers.areas import queries as areas
from layers.areas.scope import visit_whole
from layers.values import Role
from layers.viewer import Viewer

WHO = "./qyran coverage place"


class BadWish(Exception):
    """What was asked cannot be planned; its text is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks at the shell."""

    area: str
    question: Question
    drawn: bytes | None
    name: str

    @classmethod
    def of(
        cls,
        area: str,
        purpose: str,
        budget: float | None,
        number: int | None,
        cover: float | None,
        within: Path | None,
        name: str,
    ) -> Self:
        """Take what was told; raises BadWish where it is none, or more than one, of the aims."""
        told: dict[Aim, float | None] = {
            "budget": budget,
            "number": number,
            "cover": None if cover is None else cover / 100,
        }
        aims = [(aim, amount) for aim, amount in told.items() if amount is not None]
        if len(aims) != 1 or purpose not in purposes():
            raise BadWish("Tell one of --budget, --number and --cover, and a purpose: " + ", ".join(purposes()) + ".")
        ((aim, amount),) = aims
        drawn = None if within is None else _polygon(within)
        return cls(area=area, question=usual(purpose, aim, amount), drawn=drawn, name=name or f"{area} {purpose}")

    async def written(self, engine: AsyncEngine) -> int:
        """Write the plan and its job; returns the plan's id. Raises BadWish where it cannot be."""
        async with visit_whole(engine) as session:
            area = await areas.by_code(session, self.area)
            if area is None:
                raise BadWish(f"There is no area {self.area}.")
            try:
                return await ask(
                    session,
                    at_the_shell(area.id),
                    name=self.name,
                    area_id=area.id,
                    question=self.question,
                    drawn=self.drawn,
                )
            except Refusal as refusal:
                raise BadWish(refusal.title.en.format_map(refusal.details)) from None


def _polygon(file: Path) -> bytes:
    """Return the polygon of a GeoJSON file as WKB; BadWish where there is none."""
    try:
        shape = shapely.from_geojson(file.read_bytes())
    except (OSError, shapely.errors.GEOSException) as error:
        raise BadWish(f"There is no GeoJSON polygon in {file}: {error}") from None
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadWish(f"There is no GeoJSON polygon in {file}, but a {shape.geom_type}.")
    if not shape.is_valid or shape.area == 0:
        raise BadWish(ERRORS["no_ground"][1].en)
    wkb: bytes = shapely.to_wkb(shape)
    return wkb


def usual(purpose: str, aim: Aim, amount: float) -> Question:
    """Return the question with all kinds at their usual prices."""
    found = offer()
    prices = {source: mount.price for source, mount in found.mounts.items()}
    return Question(purpose=purpose, aim=aim, amount=amount, kinds=found.kinds, mounts=prices, currency=found.currency)


async def told_of(engine: AsyncEngine, plan_id: int) -> str:
    """Return in a sentence what became of a plan."""
    async with visit_whole(engine) as session:
        found = await queries.figures(session, plan_id)
    if found is None:
        return f"Plan {plan_id} is being reckoned by another process."
    if found["nothing"] is not None:
        return f"Plan {plan_id}: {ERRORS[found['nothing']][1].en}"
    weight = found["weight"]
    before, after = (100 * weight[name] / max(weight["whole"], 1e-9) for name in ("before", "after"))
    return (
        f"Plan {plan_id}: {found['cameras']} cameras for {found['price']:,.0f}; {before:.1f} % of what counts is seen "
        f"before, {after:.1f} % with them; {found['how']}, bound {found['bound']:,.2f}."
    )


def at_the_shell(area_id: int) -> Viewer:
    """Return whoever asks there, in an area."""
    return Viewer(account_id=0, name=WHO, role=Role.PLANNER, area_id=area_id, own_area_id=area_id)
