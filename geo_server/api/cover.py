"""Cover: how much of each area a service reaches in time, and which unit could stand by where it does not."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, cast

import shapely
from fastapi import APIRouter, Depends, Query, status
from starlette.requests import HTTPConnection

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.errors import Refusal
from geo_server.operations import asking_to_stand_by
from geo_server.operations.cover import SEEN_BEYOND, Cover, rolled_up, standard
from geo_server.operations.covers import Covers
from geo_server.routing.current import CurrentRoads
from geo_server.routing.profiles import profiles
from geo_server.routing.road_graph import RoadGraph
from layers.areas import queries as areas
from layers.areas.schema import Area
from layers.database import Session
from layers.places import queries as places
from layers.places.queries import Place
from layers.units import queries as units
from layers.units import standby_queries
from layers.units.schema import StandingBy
from layers.values import Service

if TYPE_CHECKING:
    from geo_server.operations.standby import Move

router = APIRouter(tags=["cover"])
EDGES_S = (300.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0)


async def current_covers(connection: HTTPConnection) -> Covers:
    """Return the app's covers; those of the roads that it has now."""
    state = connection.app.state
    covers = getattr(state, "covers", None)
    if covers is None or not covers.is_of(state.roads):
        covers = state.covers = Covers(state.engine, state.roads)
    return cast(Covers, covers)


CurrentCovers = Annotated[Covers, Depends(current_covers)]


@router.get("/cover")
async def cover(
    visiting: Annotated[Visiting, permitted("cover.read")],
    roads: CurrentRoads,
    covers: CurrentCovers,
    service: Annotated[Service, Query(description="Whose cover.")],
) -> models.CoverAnswer:
    """Return the cover by the units that the account sees, its map of minutes, and moves where it falls short."""
    from geo_server.operations import standby  # it brings numba, which comes with the roads

    viewer = visiting.viewer
    async with visiting.visit() as session:
        found = await covers.of(session, viewer, service)
        by_road = await roads.by_road(session, blue_light=service in profiles().blue_light.services)
        if found is None or by_road is None or len(by_road.graph.road_ids) != len(found.reached.first_s):
            raise Refusal("roads_not_loaded")
        posts = [p for kind in standard().posts[service] for p in await places.of_kind(session, kind)]
        seen = {unit.id: unit.call_sign for unit in await units.of_services(session, viewer, [service])}
        going = await _going(session, posts, seen)
        tree, inside = await areas.every(session), await areas.inside(session, viewer)
    bound_for = {one.unit_id: post for one, post in going if one.unit_id in found.stands.ids}
    moves = await asyncio.to_thread(standby.moves, by_road, found, posts, seen, bound_for)
    minutes = await asyncio.to_thread(_minutes, by_road.graph, found)
    return models.CoverAnswer(
        service=service,
        target_s=standard().services[service].target_s,
        wanted_share=found.wanted_share,
        share=found.share,
        falls_short=found.falls_short,
        free_units=len(found.stands),
        by_area=_by_area(found, [area for area in tree if area.id in inside]),
        minutes=minutes,
        moves=[_move(move, seen) for move in moves],
        asked=[_asked(one, post, seen) for one, post in going if one.unit_id in bound_for],
    )


@router.post("/cover/moves", status_code=status.HTTP_201_CREATED)
async def ask(new: models.NewStandby, visiting: Annotated[Visiting, permitted("cover.ask")]) -> models.StandbyAsked:
    """Ask a free crew to stand by at a post: it is told, and until it is there the move is not proposed again."""
    async with visiting.visit("units", new.unit_id) as session:
        unit = await asking_to_stand_by.ask(
            session, visiting.viewer, new.unit_id, new.post_id, drive_s=new.drive_s, text=new.text
        )
        visiting.say(details={"unit": unit.call_sign, "post": new.post_id})
    return models.StandbyAsked(unit_id=unit.id, call_sign=unit.call_sign, post_id=new.post_id)


async def _going(session: Session, posts: Sequence[Place], seen: Mapping[int, str]) -> list[tuple[StandingBy, Place]]:
    """Return who was asked to stand by at one of these posts and is still to arrive."""
    known = {post.id: post for post in posts}
    running = await standby_queries.running(session, list(seen))
    return [(one, known[one.place_id]) for one in running if one.place_id in known]


def _asked(one: StandingBy, post: Place, signs: Mapping[int, str]) -> models.AskedMove:
    plain = {name: getattr(one, name) for name in ("unit_id", "asked_at", "asked_by", "until")}
    return models.AskedMove(**plain, call_sign=signs.get(one.unit_id, ""), post=models.Post.model_validate(post))


def _by_area(found: Cover, tree: Sequence[Area]) -> list[models.AreaCover]:
    shares = rolled_up(found, tree)
    return [
        models.AreaCover(
            area=models.Area.model_validate(area),
            level=int(area.level),
            share=shares[area.id],
            falls_short=shares[area.id] < found.wanted_share,
        )
        for area in tree
        if area.id in shares
    ]


def _minutes(graph: RoadGraph, found: Cover) -> models.MinutesMap:
    from geo_server.routing.contours import bands

    limit_s = SEEN_BEYOND * float(found.ground.target_s.max(initial=0.0))
    edges = [edge for edge in EDGES_S if edge < limit_s] + [limit_s]
    return models.MinutesMap(
        features=[
            models.MinutesBand(
                properties={"from_min": band.from_s / 60, "to_min": band.to_s / 60},
                geometry=shapely.geometry.mapping(band.shape),
            )
            for band in bands(graph, found.reached.first_s, edges)
        ]
    )


def _move(move: "Move", signs: dict[int, str]) -> models.StandbyMove:
    plain = {name: getattr(move, name) for name in ("unit_id", "drive_s", "before", "after")}
    return models.StandbyMove(
        **plain,
        call_sign=signs.get(move.unit_id, ""),
        post=models.Post.model_validate(move.post),
        reason=models.Title.model_validate(move.reason),
    )
