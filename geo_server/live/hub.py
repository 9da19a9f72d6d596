"""The hub: reads the store once a tick, encodes once a scope and cell, and hands every listener its part."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping

import numpy as np
import structlog
from numpy.typing import NDArray
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries as accounts
from geo_server.api.geojson import geojson
from geo_server.live import messages
from geo_server.live.bell import Bell
from geo_server.live.client import Client
from geo_server.live.fleet import Fleet, Sheet
from geo_server.live.scope import Areas, Bound, Scope, Stands, Units
from layers import changes, features
from layers.areas import queries as areas
from layers.areas.scope import visit_whole
from layers.changes import Change
from layers.database import Session
from layers.features import Feature
from layers.layer import Layer
from layers.units import positions
from layers.viewer import Sight, Viewer, sight

log = structlog.get_logger()

TICK_S = 0.05  # between two looks at the store, however often the bell rings
BREATH_S = 0.01  # left to the rest of the server where a look took longer than a tick
HEARTBEAT_S = 1.0  # tick messages, the check of sessions, and a look without a bell
AREAS_KEPT_S = 30.0  # how long the tree below an area is remembered
RESUMED_UP_TO = 5_000  # changes told again to one that was away
KNOWN_FEATURES = 50_000  # of which it is remembered where they stood, to tell those who lose sight of one
CLOSED_BY_SESSION, CLOSED_AS_SLOW, CLOSED_BY_SERVER = 4401, 4408, 1001
NOWHERE = 0  # the area of a unit that was retired
ENDED = "the session has ended, or what it may see has changed"

Crossing = tuple[int, int, int]  # a unit, the area it was in, the one it is in now

_listeners = Gauge("qyran_live_listeners", "Open sockets of the live feed")
_evicted = Counter("qyran_live_evicted_total", "Listeners sent away because they read too slowly")
_look_s = Histogram("qyran_live_look_seconds", "One look of the hub: reading, encoding, handing over")
_frames = Counter("qyran_live_frames_total", "Frames of positions handed to listeners")


class Hub:
    """One a server. `run` looks at the store; sockets come by `join` and go by `leave`."""

    def __init__(self, engine: AsyncEngine, bell: Bell, layers: Iterable[Layer], *, demo: bool) -> None:
        """Know the store, the bell and the layers; nothing is read before `run`."""
        self._engine, self._bell, self._demo = engine, bell, demo
        self._layers = {layer.name: layer for layer in layers}
        self._clients: set[Client] = set()
        self._fleet: Fleet | None = None
        self._batch, self._seq = -1, -1
        self._positions_at: float | None = None
        self._scopes: dict[Sight, tuple[float, Areas | None]] = {}
        self._tree: areas.TreeStamp | None = None
        self._stood: OrderedDict[tuple[str, int], Stands] = OrderedDict()
        self._looked_at = self._beat_at = float("-inf")

    @property
    def tick_age_s(self) -> float:
        """Return how long ago the hub last looked at the store, in seconds."""
        return time.monotonic() - self._looked_at

    @property
    def listeners(self) -> int:
        """Count the open sockets."""
        return len(self._clients)

    async def run(self) -> None:
        """Look at the store at every ring, at most every `TICK_S` and at least every `HEARTBEAT_S`, until cancelled."""
        while True:
            began = time.monotonic()
            try:
                with _look_s.time():
                    await self.look()
            except (SQLAlchemyError, OSError) as error:
                log.warning("live_store_lost", error=type(error).__name__)
                await asyncio.sleep(HEARTBEAT_S)
            except Exception as error:
                log.error("live_fault", exc_info=error)
                await asyncio.sleep(HEARTBEAT_S)
            # From one beginning to the next, so that a bell that rings late in the tick is answered at once.
            await asyncio.sleep(max(BREATH_S, began + TICK_S - time.monotonic()))
            await self._bell.wait(max(0.0, self._beat_at + HEARTBEAT_S - time.monotonic()))  # a ring delays no beat

    async def join(self, client: Client) -> None:
        """Greet a listener; from now on it gets every change."""
        seq = self._seq
        if seq < 0 or client.scope.incidents:
            async with visit_whole(self._engine) as session:
                newest = await changes.newest(session)
                bound = await _bound_to(session, client.scope.incidents)
            client.bound = bound.of(client.scope, client.bound)
            seq = newest if self._seq < 0 else self._seq
        self._clients.add(client)
        client.tell(messages.hello(seq, time.time()))
        _listeners.set(len(self._clients))

    def leave(self, client: Client) -> None:
        """Forget a listener."""
        self._clients.discard(client)
        _listeners.set(len(self._clients))

    async def holds(self, client: Client) -> bool:
        """Say whether the listener's session still holds, with the account, role, area and grants it came with."""
        return (await self._held([client.token_sha256])).get(client.token_sha256) == client.viewer

    def close(self) -> None:
        """Ask every socket to close: the server goes down."""
        for client in self._clients:
            client.close(CLOSED_BY_SERVER, "the server goes down")

    async def view(self, client: Client, view: messages.View) -> None:
        """Turn a listener to a viewport; its snapshot comes with the next look."""
        if self._fleet is not None:
            client.look(view.bbox, self._fleet.grid)
        else:
            client.box, client.wants_snapshot = view.bbox, True
        self._bell.rung.set()

    async def resume(self, client: Client, resume: messages.Resume) -> None:
        """Tell a listener what changed while it was away, or that this is too much to tell."""
        async with visit_whole(self._engine) as session:
            missed = await changes.since(session, resume.seq, limit=RESUMED_UP_TO + 1)
            found = await self._features(session, missed)
        if len(missed) > RESUMED_UP_TO:
            client.tell(messages.missed(missed[-1].seq))
            return
        client.tell(*self._told_all(client.scope, client.bound, _newest(missed), found))

    async def scope_of(self, viewer: Viewer) -> Scope:
        """Return what this viewer may see; those who see the same share the answer."""
        key = sight(viewer)
        kept = self._scopes.get(key)
        if kept is None or kept[0] < time.monotonic():
            async with visit_whole(self._engine) as session:
                inside = await areas.inside(session, viewer)
                everything = inside.issuperset(area.id for area in await areas.every(session))
            kept = (time.monotonic() + AREAS_KEPT_S, None if everything else inside)
            self._scopes[key] = kept
        seen = frozenset(layer.name for layer in self._layers.values() if features.may_see(layer, viewer))
        return Scope(area_id=viewer.area_id, areas=kept[1], layers=seen, incidents=frozenset(viewer.also_incidents))

    async def look(self) -> None:
        """Read what is new and hand it on; raises SQLAlchemyError or OSError where the store does not answer."""
        async with visit_whole(self._engine) as session:
            moved = await positions.moved_since(session, self._batch)
            changed = [] if self._seq < 0 else await changes.since(session, self._seq)
            if self._seq < 0:
                self._seq = await changes.newest(session)
            found = await self._features(session, changed)
            # Last, and at every look: a unit that was freed meanwhile is not shown where it drives after that.
            bound = await _bound_to(session, {i for client in self._clients for i in client.scope.incidents})
        self._looked_at, before = time.monotonic(), self._batch
        crossed, retired = self._take(moved), self._forget(changed, found)
        self._turn_sights(bound, crossed + retired)
        self._hand_changes(changed, found)
        self._hand_positions(_without(moved, retired), before)
        if self._looked_at - self._beat_at >= HEARTBEAT_S:
            self._beat_at = self._looked_at
            await self._beat()

    # ── positions ──

    def _hand_positions(self, moved: NDArray[np.void], before: int) -> None:
        fleet = self._fleet
        if fleet is None:
            return
        sheets: dict[tuple[Areas | None, Units], Sheet] = {}
        sent_at = time.time()
        for client in self._clients:
            if client.box is None or not client.free or "units" not in client.scope.layers:
                continue
            if client.wants_snapshot:
                self._show_snapshot(client, fleet, sent_at)
            elif client.sent_batch == before and len(moved):
                seen = client.scope.areas, client.bound
                if seen not in sheets:
                    sheets[seen] = fleet.sheet(moved, *seen)
                self._show(client, _cut(sheets[seen], client), sent_at)
            elif client.sent_batch < self._batch:  # it was busy: whatever moved meanwhile, each unit once
                body = fleet.newer(client.mask, client.scope.areas, client.sent_batch, client.bound)
                self._show(client, body, sent_at)

    def _take(self, moved: NDArray[np.void]) -> list[Crossing]:
        """Take over what moved, and return who went from one area into another."""
        if not len(moved):
            return []
        self._batch = int(moved["batch"].max())
        self._positions_at = max(self._positions_at or 0.0, float(moved["at"].max()))
        crossed: list[Crossing] = []
        if self._fleet is None:
            self._fleet = Fleet.of(moved)
        else:
            crossed = _crossings(moved, self._fleet.move(moved))
            if not self._fleet.outgrown:
                return crossed
            self._fleet.lay_anew()
        for client in self._clients:
            if client.box is not None:
                client.look(client.box, self._fleet.grid)
        return crossed

    def _forget(self, changed: Iterable[Change], found: Mapping[tuple[str, int], Feature]) -> list[Crossing]:
        """Forget the units that stand nowhere any more, and return them as gone into no area."""
        if self._fleet is None:
            return []
        gone = {c.feature_id for c in changed if c.layer == "units" and ("units", c.feature_id) not in found}
        left = [(unit_id, was, NOWHERE) for unit_id in sorted(gone) if (was := self._fleet.area_of(unit_id))]
        self._fleet.drop([unit_id for unit_id, _, _ in left])
        return left

    def _turn_sights(self, bound: Bound, crossed: list[Crossing]) -> None:
        """Take units from those who saw them and do not any more, and show at once those that were bound for them."""
        lost: dict[tuple[Areas, Units, Units], list[str]] = {}
        for client in self._clients:
            seen, had = client.scope.areas, client.bound
            has = client.bound = bound.of(client.scope, had)
            if seen is None or "units" not in client.scope.layers or not (crossed or had != has):
                continue
            client.wants_snapshot |= not has <= had
            if (seen, had, has) not in lost:
                gone = sorted(self._lost(crossed, seen, had, has))
                told = [messages.change("units", unit_id, self._seq, None) for unit_id in gone]
                lost[seen, had, has] = messages.changes(told)
            client.lose(lost[seen, had, has])

    def _lost(self, crossed: list[Crossing], seen: Areas, had: Units, has: Units) -> set[int]:
        """Return the units that left the areas seen, and those freed beyond them, but for those that are bound."""
        left = {unit_id for unit_id, was, now in crossed if was in seen and now not in seen}
        freed = {unit_id for unit_id in had - has if self._fleet is None or self._fleet.area_of(unit_id) not in seen}
        return (left | freed) - has

    def _show(self, client: Client, body: bytes, sent_at: float) -> None:
        client.sent_batch = self._batch
        if body:
            count = len(body) // messages.RECORD_BYTES
            client.show(messages.header(count, sent_at=sent_at) + body)
            _frames.inc()

    def _show_snapshot(self, client: Client, fleet: Fleet, sent_at: float) -> None:
        body = fleet.newer(client.mask, client.scope.areas, -1, client.bound)
        client.sent_batch, client.wants_snapshot = self._batch, False
        count = len(body) // messages.RECORD_BYTES
        client.show(messages.header(count, sent_at=sent_at, snapshot=True) + body)
        _frames.inc()

    # ── changes of rows ──

    async def _features(self, session: Session, changed: Iterable[Change]) -> dict[tuple[str, int], Feature]:
        ids: dict[str, set[int]] = {}
        for change in changed:
            if change.layer in self._layers:
                ids.setdefault(change.layer, set()).add(change.feature_id)
        return await features.some(session, {self._layers[name]: wanted for name, wanted in ids.items()}) if ids else {}

    def _hand_changes(self, changed: list[Change], found: dict[tuple[str, int], Feature]) -> None:
        if not changed:
            return
        self._seq = changed[-1].seq
        told: dict[tuple[Scope, Units], list[str]] = {}
        newest = _newest(changed)
        for client in self._clients:
            sees = client.scope, client.bound
            if sees not in told:
                told[sees] = self._told_all(*sees, newest, found)
            if told[sees]:
                client.tell(*told[sees])
        for key, feature in found.items():
            self._stood[key] = Stands.of(self._layers[key[0]], feature)
            self._stood.move_to_end(key)
        while len(self._stood) > KNOWN_FEATURES:
            self._stood.popitem(last=False)

    def _told_all(
        self, scope: Scope, bound: Units, newest: Iterable[Change], found: dict[tuple[str, int], Feature]
    ) -> list[str]:
        texts = (self._told(scope, bound, change, found) for change in newest)
        return messages.changes([text for text in texts if text is not None])

    def _told(self, scope: Scope, bound: Units, change: Change, found: dict[tuple[str, int], Feature]) -> str | None:
        """Return what a scope is told: the feature, that it is gone, or nothing where it never was theirs."""
        key = (change.layer, change.feature_id)
        if change.layer not in scope.layers:
            return None
        feature, layer = found.get(key), self._layers[change.layer]
        if feature is not None and scope.sees(layer, feature, bound):
            return messages.change(change.layer, change.feature_id, change.seq, geojson(feature))
        stood = self._stood.get(key)
        if stood is None:  # nobody knows where it stood: a scope that is but a part is told nothing of it
            theirs = feature is None and (layer.ground or scope.areas is None)
        else:
            theirs = scope.reaches(layer, stood)
        if theirs:
            return messages.change(change.layer, change.feature_id, change.seq, None)
        return None

    # ── once a second ──

    async def _beat(self) -> None:
        text = messages.tick(self._seq, time.time(), self._positions_at)
        for client in list(self._clients):
            if client.hopeless:
                _evicted.inc()
                log.warning("listener_evicted", waiting=len(client.texts))
                client.evict(CLOSED_AS_SLOW, "you read too slowly")
                self.leave(client)
            else:
                client.tell(text)
        await self._check_sessions()
        await self._check_tree()

    async def _check_tree(self) -> None:
        """Where the tree of areas changed, rows went to others without a bell: whoever sees but a part comes anew."""
        async with visit_whole(self._engine) as session:
            before, self._tree = self._tree, await areas.tree_stamp(session)
        if before is None or before == self._tree:
            return
        self._scopes.clear()
        self._fleet, self._batch = None, -1  # the next look reads where all units are, and whose they are by now
        for client in self._clients:
            if client.scope.areas is not None and client.closing is None:
                client.close(CLOSED_BY_SESSION, ENDED)

    async def _check_sessions(self) -> None:
        asked = list(self._clients)  # those who join while the store is asked are not in its answer
        if not asked:
            return
        tokens = list({client.token_sha256 for client in asked})
        held = await self._held(tokens)
        for client in asked:
            if held.get(client.token_sha256) == client.viewer:
                continue
            if client.closing is None:
                client.close(CLOSED_BY_SESSION, ENDED)
            else:  # asked a second ago, and stuck in a message that is not read
                client.evict(CLOSED_BY_SESSION, ENDED)

    async def _held(self, tokens: list[bytes]) -> dict[bytes, Viewer]:
        async with visit_whole(self._engine) as session:
            return await accounts.open_sessions(session, tokens, demo=self._demo)


async def _bound_to(session: Session, granted: Collection[int]) -> Bound:
    """Return the units that are bound to these incidents now; where none was granted the store is not asked."""
    return Bound(await areas.bound_units(session, granted) if granted else {})


def _crossings(moved: NDArray[np.void], before: NDArray[np.int64]) -> list[Crossing]:
    """Return who went from one area into another."""
    crossed = (before != 0) & (before != moved["area_id"])
    return list(zip(*(of[crossed].tolist() for of in (moved["unit_id"], before, moved["area_id"])), strict=True))


def _without(moved: NDArray[np.void], retired: list[Crossing]) -> NDArray[np.void]:
    """Return what moved, but for units that were retired while it was read."""
    return moved[~np.isin(moved["unit_id"], [unit_id for unit_id, _, _ in retired])] if retired else moved


def _newest(changed: Iterable[Change]) -> list[Change]:
    """Return each feature's last change, in their order."""
    last = {(change.layer, change.feature_id): change for change in changed}
    return sorted(last.values(), key=lambda change: change.seq)


def _cut(sheet: Sheet, client: Client) -> bytes:
    data, offsets = sheet.data, sheet.offsets
    return b"".join([data[offsets[first] : offsets[end]] for first, end in client.runs])
