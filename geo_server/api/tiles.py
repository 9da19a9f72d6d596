"""Vector tiles with an ETag: asked of the store once a version and area, then kept in memory."""

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, cast
from weakref import WeakValueDictionary

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.errors import Refusal
from layers import changes, features, opening
from layers.database import visit
from layers.layer import Layer
from layers.tiles import Tile, tile
from layers.viewer import Sight, Viewer, sight

MVT = "application/vnd.mapbox-vector-tile"
_KEPT_BYTES = 128 * 2**20
_VERSION_KEPT_S, _MOVING_S = 0.5, 15
Key = tuple[str, int, int, int, str, Sight]  # layer, z, x, y, version, whose sight


@dataclass(slots=True)
class Versions:
    """The version of each layer's tiles: the last change the bell told of, or the clock where nothing rings.

    Static layers change by an import, which the store counts; both are asked for at most twice a second.
    """

    engine: AsyncEngine
    _ground: int = 0
    _seq: int = -1
    _base: int = 0
    _asked_at: float = float("-inf")
    _by_layer: dict[str, int] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, layer: Layer) -> str:
        """Return the version of one layer's tiles now."""
        async with self._turn:
            if time.monotonic() - self._asked_at > _VERSION_KEPT_S:
                await self._ask()
        if layer.live == "positions" or (layer.live == "never" and layer.time is not None):
            return f"t{int(time.time() // _MOVING_S)}"
        return f"{self._ground}.{self._by_layer.get(layer.name, self._base)}"

    async def _ask(self) -> None:
        async with visit(self.engine) as session:
            self._ground = await opening.imported(session)
            if self._seq < 0:  # what changed while this process was not there is one unknown change to every layer
                self._base = self._seq = await changes.newest(session)
            for change in await changes.since(session, self._seq):
                self._by_layer[change.layer] = self._seq = change.seq
        self._asked_at = time.monotonic()


@dataclass(slots=True)
class TileStore:
    """Tiles in memory, the least lately asked go first; one question to the store for a tile that many ask for."""

    versions: Versions
    _kept: OrderedDict[Key, tuple[bytes, bytes]] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _turns: WeakValueDictionary[Key, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def get(self, visiting: Visiting, layer: Layer, at: Tile, version: str) -> tuple[bytes, bytes]:
        """Return the tile as it is and gzipped."""
        viewer = visiting.viewer
        key = (layer.name, at.z, at.x, at.y, version, _sight(layer, viewer))
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            async with visiting.visit(layer.name) as session:
                plain = await tile(session, layer, viewer, at)
            pair = (plain, gzip.compress(plain, 3) if len(plain) > 500 else b"")
            self._keep(key, pair)
            return pair

    def _keep(self, key: Key, pair: tuple[bytes, bytes]) -> None:
        self._kept[key] = pair
        self._bytes += len(pair[0]) + len(pair[1])
        while self._bytes > _KEPT_BYTES:
            _, old = self._kept.popitem(last=False)
            self._bytes -= len(old[0]) + len(old[1])


def tiles_router(layers: Iterable[Layer]) -> APIRouter:
    """Return the route of all these layers' tiles."""
    by_name = {layer.name: layer for layer in layers}
    router = APIRouter(tags=["tiles"])
    number = Annotated[int, Path(ge=0, le=2**30)]

    @router.get(
        "/tiles/{layer}/{z}/{x}/{y}",
        response_class=Response,
        responses={200: {"content": {MVT: {}}}, 304: {"description": "The tile is as it was"}},
        dependencies=[Depends(only("v"))],
    )
    async def one(
        layer: Annotated[str, Path(max_length=63)],
        z: number,
        x: number,
        y: number,
        request: Request,
        visiting: Annotated[Visiting, permitted("tiles.read")],
        v: Annotated[str, Query(max_length=60, description="A version, so that the address changes with it")] = "",
    ) -> Response:
        """Return one Mapbox vector tile of a layer, of what the viewer sees."""
        viewer, at, of = visiting.viewer, Tile(z=z, x=x, y=y), by_name.get(layer)
        if of is None or not features.may_see(of, viewer):
            raise Refusal("no_such_layer", name=layer)
        if not at.exists:
            raise Refusal("no_such_tile", z=z, x=x, y=y)
        store = cast(TileStore, request.app.state.tiles)
        version = await store.versions.of(of)
        headers = {"ETag": _etag(of, viewer, version), "Cache-Control": "private, no-cache", "Vary": _VARY}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        plain, packed = await store.get(visiting.of_layer(of), of, at, version)
        if packed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=MVT)
        return Response(plain, headers=headers, media_type=MVT)

    return router


_VARY = "Accept-Encoding, Authorization, Cookie"


def _sight(layer: Layer, viewer: Viewer) -> Sight:
    """Return whose viewers all get this tile; the ground is the same for everyone."""
    return (0, (), (), None) if layer.ground else sight(viewer)


def _etag(layer: Layer, viewer: Viewer, version: str) -> str:
    told = f"{layer.name} {version} {_sight(layer, viewer)}".encode()
    return f'W/"{hashlib.blake2b(told, digest_size=8).hexdigest()}"'
